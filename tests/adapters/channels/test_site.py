"""The site: valid feeds and alerts, a page that can be trusted, and whole files whatever happens."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import lxml.html
import pytest
from lxml import etree

from agents.adapters.channels.site import Disk
from agents.adapters.channels.site.cap import Alert
from agents.adapters.channels.site.settings import settings_of
from agents.ports import NotSent, Rejected
from streams.values import Purpose
from streams.words.delivery import Dispatch, Sight
from streams.words.release import Credit
from tests.adapters.channels.dispatches import DRILL, dispatch
from tests.adapters.grounds import SITE, entry, site

SCHEMAS = Path(__file__).parents[4] / "shared" / "data" / "cap-google" / "schema"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"
CLOSED = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)

FIRST = dispatch("first")
WRONG = dispatch("wrong", purpose=Purpose.LINE, texts={"en": "All clinics are open."}, minutes=10)
WITHDRAWAL = dispatch("back", purpose=Purpose.WITHDRAWAL, texts={"en": "We were wrong."}, follows="wrong", minutes=15)
CORRECTION = dispatch(
    "mended", purpose=Purpose.CORRECTION, texts={"en": "It is the east wing."}, follows="first", minutes=20
)
ALL_CLEAR = dispatch("over", purpose=Purpose.ALL_CLEAR, texts={"en": "The fire is out."}, minutes=40)
STORY = (FIRST, WRONG, WITHDRAWAL, CORRECTION, ALL_CLEAR)


async def publish(folder: Path, *dispatches: Dispatch, mode: str = "live") -> Path:
    channel = site(folder, mode)
    for each in dispatches:
        await channel.publish(each)
    return folder / "public"


def page(public: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((public / "index.html").read_bytes())


def alerts(public: Path) -> Mapping[str, etree._Element]:
    """Every alert by its identifier."""
    roots = [etree.parse(path, CLOSED).getroot() for path in sorted((public / "cap").glob("*.xml"))]
    return {root.findtext(f"{CAP}identifier"): root for root in roots}


def references(alert: etree._Element) -> list[str]:
    """The identifiers of the alerts that it is about."""
    return [part.split(",")[1] for part in alert.findtext(f"{CAP}references", "").split()]


def tree(folder: Path) -> Mapping[str, bytes]:
    """Every file but the lock, staged ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def test_the_schema_of_cap_is_beside_the_checkout() -> None:
    """Without it the tests of validity say nothing."""
    if not SCHEMAS.is_dir():
        pytest.skip(f"NOT CHECKED: there is no shared/data/cap-google/schema beside this checkout ({SCHEMAS.name})")
    assert (SCHEMAS / "cap12.xsd").is_file()


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="NOT CHECKED: the schema of CAP is not beside this checkout")
@pytest.mark.parametrize("mode", ["live", DRILL])
async def test_every_alert_is_valid_against_the_schema_of_oasis(tmp_path: Path, mode: str) -> None:
    """CAP 1.2, parsed with entities and network off."""
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "cap12.xsd", CLOSED))
    purposes = (Purpose.HOLDING, Purpose.LINE, Purpose.CORRECTION, Purpose.ALL_CLEAR, Purpose.LINE, Purpose.WITHDRAWAL)
    told = [dispatch(f"{at}", purpose=purpose, mode=mode, minutes=at) for at, purpose in enumerate(purposes)]
    found = alerts(await publish(tmp_path, *told, mode=mode))
    assert {root.findtext(f"{CAP}msgType") for root in found.values()} == {"Alert", "Update", "Cancel"}
    for root in found.values():
        schema.assertValid(root)
        assert root.findtext(f"{CAP}status") == ("Actual" if mode == "live" else "Exercise")
        assert [info.findtext(f"{CAP}language") for info in root.findall(f"{CAP}info")] == ["en", "cy"]


async def test_alerts_name_what_they_update_and_cancel(tmp_path: Path) -> None:
    """The schema would let an empty Cancel pass."""
    found = alerts(await publish(tmp_path, *STORY))
    told = {
        key: (
            root.findtext(f"{CAP}msgType"),
            [part.split(",")[1] for part in root.findtext(f"{CAP}references", "").split()],
        )
        for key, root in found.items()
    }
    assert told == {
        FIRST.key: ("Alert", []),
        WITHDRAWAL.key: ("Cancel", [WRONG.key]),
        CORRECTION.key: ("Update", [FIRST.key]),
        ALL_CLEAR.key: ("Cancel", [CORRECTION.key]),
    }
    assert found[CORRECTION.key].findtext(f"{CAP}references") == (
        f"{SITE['sender']},{FIRST.key},{found[FIRST.key].findtext(f'{CAP}sent')}"
    )


@pytest.mark.parametrize("purpose", [Purpose.WITHDRAWAL, Purpose.ALL_CLEAR])
async def test_words_that_cancel_nothing_are_on_the_page_and_no_alert(tmp_path: Path, purpose: Purpose) -> None:
    """What they end was never published here."""
    public = await publish(tmp_path, dispatch("end", purpose=purpose, follows="elsewhere"))
    assert alerts(public) == {}
    assert len(page(public).findall(".//article")) == 1


def test_an_alert_cannot_be_made_without_what_it_is_about() -> None:
    """Nor can a first one refer to others."""
    for kind, about in (("Cancel", ()), ("Update", ()), ("Alert", (FIRST,))):
        with pytest.raises(ValueError, match="references"):
            Alert(WITHDRAWAL, kind, about)  # type: ignore[arg-type]  # the kinds are written out above


async def test_a_partners_words_are_no_alert_of_ours(tmp_path: Path) -> None:
    """Nor is taking them back."""
    amplified = dispatch("theirs", purpose=Purpose.AMPLIFICATION)
    taken_back = dispatch("taken", purpose=Purpose.WITHDRAWAL, follows="theirs", minutes=1)
    assert alerts(await publish(tmp_path, amplified, taken_back)) == {}


async def test_the_feeds_are_what_rfc_4287_asks_for(tmp_path: Path) -> None:
    """One id, title and update time each, an author, identifiers that differ, times with a zone."""
    public = await publish(tmp_path, *STORY)
    for name, count in (("feed.atom", 5), ("cap/index.atom", 4)):
        root = etree.parse(public / name, CLOSED).getroot()
        entries = root.findall(f"{ATOM}entry")
        assert len(entries) == count
        assert root.findtext(f"{ATOM}author/{ATOM}name")
        for node in (root, *entries):
            assert [len(node.findall(f"{ATOM}{part}")) for part in ("id", "title", "updated")] == [1, 1, 1]
            assert node.findtext(f"{ATOM}updated", "").endswith("+00:00")
            assert node.find(f"{ATOM}link") is not None
        assert len({each.findtext(f"{ATOM}id") for each in entries}) == count
        assert root.findtext(f"{ATOM}updated") == max(each.findtext(f"{ATOM}updated") for each in entries)


async def test_the_index_of_alerts_leads_to_their_files(tmp_path: Path) -> None:
    """Every address in it is a file of the folder, and every file is in it."""
    public = await publish(tmp_path, *STORY)
    links = etree.parse(public / "cap" / "index.atom", CLOSED).findall(f"{ATOM}entry/{ATOM}link")
    named = {link.get("href").removeprefix(SITE["url"]) for link in links}
    assert named == {path.relative_to(public).as_posix() for path in (public / "cap").glob("*.xml")}


async def test_the_newest_word_comes_first_however_late_the_older_arrives(tmp_path: Path) -> None:
    """A delivery that was tried again does not push newer words down."""
    public = await publish(tmp_path, CORRECTION, FIRST)
    headings = [article.findtext(".//h3") for article in page(public).findall(".//article")]
    assert headings == ["Correction: Fire – Northgate Hospital", "First statement: Fire – Northgate Hospital"]


async def test_words_that_were_taken_back_are_nowhere_any_more(tmp_path: Path) -> None:
    """The page says that they were withdrawn and when; page, feed and alerts hold them no longer."""
    public = await publish(tmp_path, *STORY)
    assert not [name for name, content in tree(public).items() if b"All clinics are open" in content]
    withdrawn = page(public).find_class("withdrawn")
    assert len(withdrawn) == 1
    assert "Withdrawn 23:00, 21 November 2026" in withdrawn[0].text_content()


async def test_a_corrected_message_says_so(tmp_path: Path) -> None:
    """And leads to the newer one."""
    public = await publish(tmp_path, FIRST, CORRECTION)
    assert "Corrected 23:05, 21 November 2026" in page(public).findall(".//article")[1].text_content()


async def test_a_withdrawal_that_names_nothing_is_about_the_last_word(tmp_path: Path) -> None:
    """The trust's own last word of the same incident, not a partner's."""
    amplified = dispatch("theirs", purpose=Purpose.AMPLIFICATION, texts={"en": "Avoid Mill Road."}, minutes=12)
    nameless = dispatch("back", purpose=Purpose.WITHDRAWAL, texts={"en": "We were wrong."}, minutes=15)
    public = await publish(tmp_path, FIRST, WRONG, amplified, nameless)
    text = page(public).text_content()
    assert "All clinics are open" not in text
    assert "Avoid Mill Road" in text


async def test_the_promise_is_the_newest_and_ends_with_the_incident(tmp_path: Path) -> None:
    """An all-clear promises nothing more."""
    public = await publish(tmp_path / "going on", FIRST, WRONG)
    assert [node.text_content() for node in page(public).find_class("next")] == [
        "Next update by 23:40, 21 November 2026"
    ]
    assert not page(await publish(tmp_path / "over", *STORY)).find_class("next")


async def test_the_page_needs_no_script_and_nothing_from_elsewhere(tmp_path: Path) -> None:
    """It is read on old telephones, on a bad line, by people in a hurry; each part names its language."""
    public = await publish(tmp_path, FIRST)
    found = page(public)
    assert found.xpath("//script | //img | //iframe | //link[@rel='stylesheet'] | //@onclick") == []
    assert found.get("lang") == "en"
    assert found.xpath("//article/section/@lang") == ["en", "cy"]
    assert found.xpath("//meta[@name='viewport']")
    assert len(found.xpath("//h1")) == 1
    assert found.xpath("//main//article//h3")
    assert found.xpath("//time/@datetime")
    assert all(text in found.text_content() for text in FIRST.message.texts.values())
    assert found.text_content().count(SITE["url"]) == 4


async def test_hostile_words_are_only_words(tmp_path: Path) -> None:
    """Text, names and addresses are escaped; an address that could run is no link."""
    sly = dispatch("sly", purpose=Purpose.AMPLIFICATION, texts={"en": "<script>alert(1)</script>&lt;"})
    credit = Credit(
        partner="fire", partner_name="<i>Fire</i>", account_id="1", post_id="2", url="javascript:alert(document.domain)"
    )
    sly = sly.model_copy(
        update={"incident_name": '"><img src=x>', "message": sly.message.model_copy(update={"credit": credit})}
    )
    found = page(await publish(tmp_path, sly))
    assert found.xpath("//script | //img | //i | //a[contains(@href, 'javascript')]") == []
    assert "<script>alert(1)</script>&lt;" in found.text_content()


async def test_a_drill_is_marked_on_the_page_and_in_every_title(tmp_path: Path) -> None:
    """A reader who sees any part of it cannot take it for real."""
    public = await publish(tmp_path, dispatch(mode=DRILL), mode=DRILL)
    found = page(public)
    assert [node.get("lang") for node in found.find_class("drill")[0]] == ["en", "cy"]
    assert found.findtext(".//title", "").startswith("EXERCISE")
    for name in ("feed.atom", "cap/index.atom"):
        assert all(
            "EXERCISE" in (title.text or "") for title in etree.parse(public / name, CLOSED).iter(f"{ATOM}title")
        )


async def test_a_folder_belongs_to_one_mode_whatever_the_register_says(tmp_path: Path) -> None:
    """A drill that was pointed at the live folder by mistake."""
    public = await publish(tmp_path, FIRST)
    before = tree(public)
    with pytest.raises(Rejected, match="belongs to mode live"):
        await site(tmp_path, DRILL).publish(dispatch("drill", mode=DRILL))
    assert tree(public) == before


async def test_nobody_who_signed_off_is_named_in_public(tmp_path: Path) -> None:
    """The record knows, the public folder does not."""
    await publish(tmp_path, *STORY)
    naming = [name for name, content in tree(tmp_path).items() if FIRST.authorisation.person.encode() in content]
    assert naming
    assert all(name.startswith("record/") for name in naming)
    assert (tmp_path / "record").stat().st_mode & 0o077 == 0


async def test_the_same_key_with_other_words_is_rejected(tmp_path: Path) -> None:
    """A receipt for it would confirm words that are not public."""
    await publish(tmp_path, FIRST)
    with pytest.raises(Rejected, match="with other words"):
        await site(tmp_path, "live").publish(WRONG.model_copy(update={"key": FIRST.key}))


class Crash(Exception):
    """The process died here."""


class FailingDisk(Disk):
    """Counts steps, and fails before or after the one that is given, once."""

    def __init__(self, step: int, error: Exception, *, after: bool) -> None:
        self.steps, self.fails_at, self.error, self.after = 0, step, error, after

    def stage(self, place: Path, content: bytes) -> Path:
        self._fail(before=True)
        staged = super().stage(place, content)
        self._fail(before=False)
        return staged

    def commit(self, staged: Path, place: Path) -> None:
        self._fail(before=True)
        super().commit(staged, place)
        self._fail(before=False)

    def remove(self, place: Path) -> None:
        self._fail(before=True)
        super().remove(place)
        self._fail(before=False)

    def _fail(self, *, before: bool) -> None:
        self.steps += before
        if self.steps == self.fails_at and before is not self.after:
            raise self.error


STEPS_OF_A_WITHDRAWAL = 15
"""Record, page, banner (twice), feed, alert and index are staged and committed; the alert taken back is removed."""


async def test_a_withdrawal_takes_as_many_steps_as_the_tests_of_crashes_try(tmp_path: Path) -> None:
    """Else they would leave some out."""
    await publish(tmp_path, FIRST, WRONG)
    disk = FailingDisk(0, Crash(), after=False)
    await site(tmp_path, "live", disk).publish(WITHDRAWAL)
    assert disk.steps == STEPS_OF_A_WITHDRAWAL


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(1, STEPS_OF_A_WITHDRAWAL + 1))
async def test_a_crash_at_any_step_and_a_repeat_end_like_one_that_went_well(
    tmp_path: Path, step: int, *, after: bool
) -> None:
    """At the crash every public file is whole; after the repeat the folder is the same, byte by byte."""
    await publish(tmp_path / "well", FIRST, WRONG, WITHDRAWAL)
    public = await publish(tmp_path / "crashed", FIRST, WRONG)
    with pytest.raises(Crash):
        await site(tmp_path / "crashed", "live", FailingDisk(step, Crash(), after=after)).publish(WITHDRAWAL)
    assert len(page(public).findall(".//article")) in {2, 3}
    for path in public.rglob("*.[ax][tm][ol]*"):
        if not path.name.startswith("."):
            etree.parse(path, CLOSED)
    await site(tmp_path / "crashed", "live").publish(WITHDRAWAL)
    assert tree(tmp_path / "crashed") == tree(tmp_path / "well")


@pytest.mark.parametrize("step", range(1, STEPS_OF_A_WITHDRAWAL + 1))
async def test_a_full_disk_is_not_sent_only_while_nothing_is_public(tmp_path: Path, step: int) -> None:
    """Up to and with the commit of the record, which is step 8; from then on the outcome is unknown, and said to be."""
    public = await publish(tmp_path, FIRST, WRONG)
    before = tree(tmp_path)
    disk = FailingDisk(step, OSError(28, "No space left on device"), after=False)
    with pytest.raises(NotSent if step <= 8 else OSError, match="No space left"):
        await site(tmp_path, "live", disk).publish(WITHDRAWAL)
    if step <= 8:
        assert tree(tmp_path) == before
        assert (await site(tmp_path, "live").look(WITHDRAWAL)).sight is Sight.ABSENT
    assert not list(public.rglob(".*.staged"))


async def test_what_is_recorded_and_not_shown_yet_is_not_claimed_to_be_public(tmp_path: Path) -> None:
    """`look` cannot tell until the page was put in place."""
    with pytest.raises(Crash):
        await site(tmp_path, "live", FailingDisk(8, Crash(), after=True)).publish(FIRST)
    with pytest.raises(NotSent, match="send it again"):
        await site(tmp_path, "live").look(FIRST)


async def test_a_record_that_cannot_be_understood_stops_the_site_with_advice(tmp_path: Path) -> None:
    """Leaving it out would take words off the page."""
    await publish(tmp_path, FIRST)
    next((tmp_path / "record").glob("*.json")).write_text("{", encoding="utf-8")
    with pytest.raises(NotSent, match="backup"):
        await site(tmp_path, "live").publish(CORRECTION)


async def test_a_folder_that_cannot_be_made_is_not_sent(tmp_path: Path) -> None:
    """In a plain sentence, without the machine's own path."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotSent, match="cannot be read or written") as refusal:
        await site(tmp_path / "file", "live").publish(FIRST)
    assert os.fspath(tmp_path) not in str(refusal.value)


def wrong_options() -> Sequence[Mapping[str, str]]:
    return [
        {},
        {**SITE, "url": "javascript:alert(1)"},
        {**SITE, "sender": "two words"},
        {**SITE, "timezone": "Europe/Nowhere"},
        {**SITE, "unheard_of": "1"},
    ]


@pytest.mark.parametrize("options", wrong_options())
def test_options_that_are_wrong_are_found_at_once(options: Mapping[str, str]) -> None:
    """At the start, not at the first word of an incident."""
    with pytest.raises(ValueError, match=r"\w"):
        settings_of(entry("site", options))
