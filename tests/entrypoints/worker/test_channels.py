"""The live channels are built from the register, with the trust's own pages where it has some."""

import shutil
from pathlib import Path

import pytest

from agents.adapters.channels.practice import PracticeChannel
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.registers import data_folder
from agents.entrypoints.cli.options import Misused
from agents.entrypoints.worker.channels import channels_of
from agents.entrypoints.worker.own_pages import page_faults, practice_folder
from agents.entrypoints.worker.pagers import pagers_of
from agents.ports import Rejected
from streams.values import LIVE
from streams.words.delivery import Sight
from streams.words.register.accounts import Credential
from streams.words.register.entries import PagerEntry, Register
from tests import builders
from tests.adapters.channels.dispatches import dispatch


def site(folder: Path) -> Register:
    options = {
        "folder": str(folder / "site"),
        "url": "https://www.ashby.example.org/news/",
        "trust": "Ashby Vale",
        "sender": "ashby.example.org",
    }
    return builders.register(channels={"site": builders.channel("site", kind="site", options=options)})


def test_a_trust_without_pages_of_its_own_has_those_of_the_service(tmp_path: Path) -> None:
    assert list(channels_of(site(tmp_path), mode=LIVE, data=tmp_path, practice=tmp_path / "practice")) == ["site"]


DRILL_WORDS = "There is a fire at Northgate Hospital."


def both_of(folder: Path, **own: str) -> Register:
    """Letters and a page, with these options beside their own."""
    mail = {"host": "127.0.0.1", "sender": "alerts@ashby.example.org", "recipients": "desk@paper.example"}
    page = site(folder).channels["site"]
    channels = {
        "email": builders.channel("email", kind="email", options={**mail, **own}),
        "site": page.model_copy(update={"options": {**page.options, **own}}),
    }
    return site(folder).model_copy(update={"channels": channels})


async def test_whoever_practises_reads_their_words_and_reaches_no_reader_and_no_page_of_the_live_service(
    tmp_path: Path,
) -> None:
    """What is practised is shown on a page of its own, which says that it is an exercise, and not by mail."""
    practice = tmp_path / "practice"
    built = channels_of(both_of(tmp_path), mode="training", data=tmp_path, practice=practice)
    for name in ("site", "email"):
        receipt = await built[name].publish(dispatch(f"first-on-{name}", mode="training", texts={"en": DRILL_WORDS}))
        shown = practice / name / "public" / "index.html"
        assert (receipt.url, receipt.words) == (None, f"EXERCISE: not public, shown on the practice page {shown}")
        assert (await built[name].look(dispatch(f"first-on-{name}", mode="training"))).sight is Sight.SHOWN
        page = shown.read_text("utf-8")
        assert all(said in page for said in (DRILL_WORDS, "<title>EXERCISE", "EXERCISE. This page is part of a drill"))
        assert "ashby.example.org" not in "".join(one.read_text("utf-8") for one in shown.parent.rglob("*.xml"))
    assert not (tmp_path / "site").exists()
    with pytest.raises(Rejected, match="mode training, not in live"):
        await built["site"].publish(dispatch("real", mode=LIVE))


def test_a_channel_that_names_the_mode_of_practice_is_used_there_and_never_by_the_live_service(tmp_path: Path) -> None:
    """It has recipients and a folder of its own; in live it refuses everything."""
    for started in (LIVE, "training"):
        built = channels_of(
            both_of(tmp_path, mode="training"), mode=started, data=tmp_path, practice=tmp_path / "practice"
        )
        assert not any(isinstance(one, PracticeChannel) for one in built.values())
        assert {channel.mode for channel in built.values()} == {"training"}


def test_a_practice_of_another_log_has_other_pages() -> None:
    """Else a new practice would begin with the words of the one before."""
    assert practice_folder("sqlite:///var/training.db", "training") == Path("var/training.db-practice")
    assert practice_folder("kafka://one:9092", "training") == Path("var/practice/training")


def test_a_pager_whose_secret_is_of_live_pages_nobody_in_practice() -> None:
    """A trust with a mail password can practise with the register that it has."""
    live = Credential(secret="MAIL_PASSWORD", mode=LIVE)
    options = {"host": "mail.example", "sender": "alerts@ashby.example.org", "username": "alerts"}
    entry = PagerEntry(id="letters", via="email", kind="email", credential=live, options=options)
    register = builders.register(pagers={"letters": entry})
    assert isinstance(pagers_of(register, mode="training")["email"], MemoryPager)
    assert not isinstance(pagers_of(register, mode=LIVE)["email"], MemoryPager)
    drilled = entry.model_copy(update={"credential": live.model_copy(update={"mode": "training"})})
    with pytest.raises(Misused, match="credential of mode training, this is mode live"):
        pagers_of(builders.register(pagers={"letters": drilled}), mode=LIVE)


def test_pages_of_the_trust_that_lack_a_file_have_the_one_of_the_service(tmp_path: Path) -> None:
    """A trust may have a page and no words of its own, or the reverse."""
    pages = tmp_path / "pages"
    shutil.copytree(data_folder() / "pages", pages)
    for name in ("site.words.json", "site.html.j2"):
        (pages / name).unlink()
        assert list(channels_of(site(tmp_path), mode=LIVE, data=tmp_path, practice=tmp_path / "practice")) == ["site"]
        assert page_faults(tmp_path) == []


@pytest.mark.parametrize("linked", ["pages", "pages/site.html.j2", "pages/site.words.json"])
def test_a_page_that_is_a_link_out_of_its_folder_is_not_followed(tmp_path: Path, linked: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_folder() / "pages", data / "pages")
    (data / linked).rename(tmp_path / "elsewhere")
    (data / linked).symlink_to(tmp_path / "elsewhere")
    assert list(channels_of(site(tmp_path), mode=LIVE, data=data, practice=tmp_path / "practice")) == ["site"]
    assert {fault.file for fault in page_faults(data)} <= {"pages/site.html.j2", "pages/site.words.json"}
    assert all("is a link that leads out of its folder" in fault.sentence for fault in page_faults(data))
    assert page_faults(data)


def test_a_channel_on_bluesky_speaks_in_the_mode_of_its_credential(tmp_path: Path) -> None:
    """The password is looked up when something is sent; without the name of one there is no channel."""
    options = {"did": f"did:plc:{'a' * 24}", "url": "https://server.example"}
    live = Credential(secret="BLUESKY_APP_PASSWORD", mode=LIVE)
    entry = builders.channel("bluesky", kind="bluesky", options=options)
    named = builders.register(channels={"bluesky": entry.model_copy(update={"credential": live})})
    assert channels_of(named, mode=LIVE, data=tmp_path, practice=tmp_path / "practice")["bluesky"].mode == LIVE
    practised = channels_of(named, mode="training", data=tmp_path, practice=tmp_path / "practice")["bluesky"]
    assert isinstance(practised, PracticeChannel)
    drilled = entry.model_copy(update={"credential": live.model_copy(update={"mode": "training"})})
    with pytest.raises(Misused, match="credential of mode training"):
        channels_of(
            builders.register(channels={"bluesky": drilled}), mode=LIVE, data=tmp_path, practice=tmp_path / "practice"
        )
    with pytest.raises(Misused, match="`credential` is missing"):
        channels_of(
            builders.register(channels={"bluesky": entry}), mode=LIVE, data=tmp_path, practice=tmp_path / "practice"
        )


@pytest.mark.parametrize(
    ("option", "value"),
    [("did", "trust.example"), ("did", "did:plc:short"), ("url", "http://server.example"), ("url", "server.example")],
)
def test_an_option_of_bluesky_that_cannot_be_right_is_named(tmp_path: Path, option: str, value: str) -> None:
    """A name may change hands, and a password never travels in the open."""
    options = {"did": f"did:plc:{'a' * 24}", "url": "https://server.example", option: value}
    entry = builders.channel("bluesky", kind="bluesky", options=options)
    live = Credential(secret="BLUESKY_APP_PASSWORD", mode=LIVE)
    register = builders.register(channels={"bluesky": entry.model_copy(update={"credential": live})})
    with pytest.raises(Misused, match=option):
        channels_of(register, mode=LIVE, data=tmp_path, practice=tmp_path / "practice")
