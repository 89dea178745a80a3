"""The live channels are built from the register, with the trust's own pages where it has some."""

import shutil
from pathlib import Path

import pytest

from agents.adapters.registers import data_folder
from agents.entrypoints.cli.options import Misused
from agents.entrypoints.worker.channels import channels_of
from agents.entrypoints.worker.own_pages import page_faults
from streams.values import LIVE
from streams.words.register.accounts import Credential
from streams.words.register.entries import Register
from tests import builders


def site(folder: Path) -> Register:
    options = {
        "folder": str(folder / "site"),
        "url": "https://www.ashby.example.org/news/",
        "trust": "Ashby Vale",
        "sender": "ashby.example.org",
    }
    return builders.register(channels={"site": builders.channel("site", kind="site", options=options)})


def test_a_trust_without_pages_of_its_own_has_those_of_the_service(tmp_path: Path) -> None:
    assert list(channels_of(site(tmp_path), mode=LIVE, data=tmp_path)) == ["site"]


def test_whoever_practises_reaches_no_reader_and_no_page_of_the_live_service(tmp_path: Path) -> None:
    """A channel without a credential is of the live service, unless its options name another mode."""
    mail = {"host": "127.0.0.1", "sender": "alerts@ashby.example.org", "recipients": "desk@paper.example"}
    register = site(tmp_path)
    for mode, own in ((LIVE, {}), ("training", {"mode": "training"})):
        letters = builders.channel("email", kind="email", options={**mail, **own})
        page = register.channels["site"].model_copy(update={"options": {**register.channels["site"].options, **own}})
        both = register.model_copy(update={"channels": {"email": letters, "site": page}})
        for started in (LIVE, "training"):
            built = channels_of(both, mode=started, data=tmp_path)
            assert {channel.mode for channel in built.values()} == {mode}


def test_pages_of_the_trust_that_lack_a_file_have_the_one_of_the_service(tmp_path: Path) -> None:
    """A trust may have a page and no words of its own, or the reverse."""
    pages = tmp_path / "pages"
    shutil.copytree(data_folder() / "pages", pages)
    for name in ("site.words.json", "site.html.j2"):
        (pages / name).unlink()
        assert list(channels_of(site(tmp_path), mode=LIVE, data=tmp_path)) == ["site"]
        assert page_faults(tmp_path) == []


@pytest.mark.parametrize("linked", ["pages", "pages/site.html.j2", "pages/site.words.json"])
def test_a_page_that_is_a_link_out_of_its_folder_is_not_followed(tmp_path: Path, linked: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(data_folder() / "pages", data / "pages")
    (data / linked).rename(tmp_path / "elsewhere")
    (data / linked).symlink_to(tmp_path / "elsewhere")
    assert list(channels_of(site(tmp_path), mode=LIVE, data=data)) == ["site"]
    assert {fault.file for fault in page_faults(data)} <= {"pages/site.html.j2", "pages/site.words.json"}
    assert all("is a link that leads out of its folder" in fault.sentence for fault in page_faults(data))
    assert page_faults(data)


def test_a_channel_on_bluesky_speaks_in_the_mode_of_its_credential(tmp_path: Path) -> None:
    """The password is looked up when something is sent; without the name of one there is no channel."""
    options = {"did": f"did:plc:{'a' * 24}", "url": "https://server.example"}
    live = Credential(secret="BLUESKY_APP_PASSWORD", mode=LIVE)
    entry = builders.channel("bluesky", kind="bluesky", options=options)
    named = builders.register(channels={"bluesky": entry.model_copy(update={"credential": live})})
    assert channels_of(named, mode=LIVE, data=tmp_path)["bluesky"].mode == LIVE
    with pytest.raises(Misused, match="credential of mode live"):
        channels_of(named, mode="training", data=tmp_path)
    with pytest.raises(Misused, match="`credential` is missing"):
        channels_of(builders.register(channels={"bluesky": entry}), mode=LIVE, data=tmp_path)


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
        channels_of(register, mode=LIVE, data=tmp_path)
