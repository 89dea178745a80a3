"""The page over time: whose word is the latest, what was promised where, when it was published, and what lasts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
from lxml import etree

from agents.adapters.clocks import ScaledClock
from streams.values import Purpose
from streams.words.delivery import Dispatch
from streams.words.release import Credit
from tests.adapters.channels.dispatches import NIGHT, dispatch
from tests.adapters.grounds import site

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
FIRST = dispatch("first")


def partners(number: int, *, minutes: int = 5) -> Dispatch:
    """A partner's post that we carry, which promises nothing of ours."""
    plain = dispatch(f"partner-{number}", purpose=Purpose.AMPLIFICATION, texts={"en": f"Lane {number} is shut."})
    credit = Credit(partner="police", partner_name="Vale Police", account_id="did:1", post_id=f"{number}")
    message = plain.message.model_copy(
        update={"credit": credit, "next_update_at": None, "titles": {"en": "Vale Police"}}
    )
    at = NIGHT + timedelta(minutes=minutes, seconds=number)
    authorisation = plain.authorisation.model_copy(update={"at": at, "content_hash": message.content()})
    message = message.model_copy(update={"content_hash": message.content()})
    return plain.model_copy(update={"message": message, "authorisation": authorisation})


def elsewhere(one: Dispatch) -> Dispatch:
    """The same in another incident."""
    return one.model_copy(update={"incident_id": "inc-2"})


async def publish(folder: Path, *sent: Dispatch, at: datetime = NIGHT, **options: str) -> Path:
    channel = site(folder, "live", clock=ScaledClock(at, elapsed=lambda: 0.0), options=options)
    for one in sent:
        await channel.publish(one)
    return folder / "public"


def articles(public: Path, kind: str = "") -> Sequence[str]:
    page = lxml.html.fromstring((public / "index.html").read_bytes())
    return [" ".join(one.text_content().split()) for one in page.iter("article") if kind in (one.get("class") or "")]


def feed(public: Path, tag: str, name: str = "feed.atom") -> list[str]:
    return [one.text or "" for one in etree.parse(public / name).iter(f"{ATOM}{tag}")]


async def test_no_promise_of_ours_stands_under_a_partners_words(tmp_path: Path) -> None:
    """It stands under our own newest word, which stays the latest."""
    public = await publish(tmp_path, FIRST, partners(1))
    (latest,) = articles(public, "latest")
    assert "Next update by 23:30, 21 November 2026" in latest
    assert [one for one in articles(public) if "Lane 1" in one and "Next update" in one] == []


async def test_each_incident_has_its_own_latest_word_and_promise(tmp_path: Path) -> None:
    """Two at once are two readers' nights; one that is over makes room."""
    other = elsewhere(dispatch("other", texts={"en": "A flood at Betws."}, minutes=10))
    public = await publish(tmp_path, FIRST, other)
    latest = articles(public, "latest")
    assert ["A flood" in one for one in latest] == [True, False]
    assert [one.count("Next update by") for one in latest] == [1, 1]
    over = dispatch("over", purpose=Purpose.ALL_CLEAR, texts={"en": "The fire is out."}, minutes=5)
    assert len(articles(await publish(tmp_path, over), "latest")) == 1


async def test_however_much_a_partner_says_our_words_stay(tmp_path: Path) -> None:
    """A correction, a withdrawal and a line are on the page and in the feed, whatever comes after them."""
    ours = [
        FIRST,
        dispatch("line", purpose=Purpose.LINE, texts={"en": "All clinics are open."}, minutes=1),
        dispatch("mend", purpose=Purpose.CORRECTION, texts={"en": "It is the east wing."}, follows="first", minutes=2),
        dispatch("back", purpose=Purpose.WITHDRAWAL, texts={"en": "We were wrong."}, follows="line", minutes=3),
    ]
    public = await publish(tmp_path, *ours, *(partners(number) for number in range(12)), shown_max="6")
    shown = articles(public)
    assert len(shown) == len(feed(public, "entry")) == 6
    assert all(any(words in one for one in shown) for words in ("east wing", "We were wrong", "Taken back"))
    assert "We were wrong" in articles(public, "latest")[0]


async def test_published_is_when_it_was_published(tmp_path: Path) -> None:
    """Not when somebody said yes to it: the folder may have been busy, and an inquiry reads both."""
    later = NIGHT + timedelta(minutes=4)
    public = await publish(tmp_path, FIRST, at=later)
    assert "Published 22:49, 21 November 2026" in articles(public)[0]
    assert feed(public, "published") == ["2026-11-21T22:49:00.000+00:00"]
    (alert,) = (public / "cap").glob("*.xml")
    assert etree.parse(alert).findtext(f"{CAP}sent") == "2026-11-21T22:49:00-00:00"
    await publish(tmp_path, FIRST, at=later + timedelta(minutes=9))
    assert "Published 22:49" in articles(public)[0]


async def test_a_record_from_before_it_told_the_moment_is_read_for_ever(tmp_path: Path) -> None:
    """The yes is the nearest moment that it knows."""
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "m-0.json").write_text(FIRST.model_dump_json(), encoding="utf-8")
    public = await publish(tmp_path, dispatch("next", minutes=3), at=NIGHT + timedelta(minutes=5))
    assert feed(public, "published") == ["2026-11-21T22:50:00.000+00:00", "2026-11-21T22:45:00.000+00:00"]


@pytest.mark.parametrize(
    ("purpose", "hours"), [(Purpose.HOLDING, None), (Purpose.ALL_CLEAR, 24), (Purpose.CORRECTION, 24)]
)
async def test_an_alert_is_valid_until_the_next_word_is_due(
    tmp_path: Path, purpose: Purpose, hours: int | None
) -> None:
    """Not until it may no longer be sent; without a promise the trust's own hours count."""
    plain = dispatch("second", purpose=purpose, follows="first", minutes=1)
    promised = plain.message.next_update_at if hours is None else None
    message = plain.message.model_copy(update={"next_update_at": promised})
    public = await publish(tmp_path, FIRST, plain.model_copy(update={"message": message}))
    roots = [etree.parse(path).getroot() for path in (public / "cap").glob("*.xml")]
    (alert,) = [one for one in roots if one.findtext(f"{CAP}identifier") == plain.key]
    ends = {datetime.fromisoformat(one.findtext(f"{CAP}expires") or "") for one in alert.iter(f"{CAP}info")}
    sent = datetime.fromisoformat(alert.findtext(f"{CAP}sent") or "")
    assert ends == {promised or sent + timedelta(hours=hours or 0)}


async def test_no_identifier_changes_with_the_address_of_the_site(tmp_path: Path) -> None:
    """Else every reader and relay takes the whole incident for new and sends it out again."""
    public = await publish(tmp_path, FIRST, dispatch("next", minutes=3))
    before = [feed(public, "id", name) for name in ("feed.atom", "cap/index.atom")]
    public = await publish(tmp_path, FIRST, url="https://www.trust.example/moved/")
    assert [feed(public, "id", name) for name in ("feed.atom", "cap/index.atom")] == before
    every = [one for ids in before for one in ids]
    assert len(set(every)) == len(every) == 6
    assert all(one.startswith("urn:uuid:") for one in every)


async def test_no_title_stands_in_a_section_of_another_language(tmp_path: Path) -> None:
    """A screen reader would read it with the wrong sounds; each title says its language, in the feeds too."""
    public = await publish(tmp_path, FIRST)
    page = lxml.html.fromstring((public / "index.html").read_bytes())
    titles = {section.get("lang"): section.findtext("h3") for section in page.findall(".//article/section")}
    assert titles == {
        "en": "First statement: Fire – Northgate Hospital",
        "cy": "Datganiad cyntaf: Tân – Ysbyty Northgate",
    }
    for name in ("feed.atom", "cap/index.atom"):
        (title,) = etree.parse(public / name).findall(f"{ATOM}entry/{ATOM}title")
        assert title.get(LANG) == "en"


async def test_a_partners_words_that_name_no_language_are_in_none(tmp_path: Path) -> None:
    """What is around them has one; a screen reader does not read Welsh words with English sounds."""
    plain = partners(1)
    message = plain.message.model_copy(update={"texts": {"und": "Mae'r lôn ar gau."}, "titles": {"und": "Vale Police"}})
    public = await publish(tmp_path, plain.model_copy(update={"message": message}))
    page = lxml.html.fromstring((public / "index.html").read_bytes())
    (section,) = page.findall(".//article/section")
    assert (section.get("lang"), section.findtext("h3")) == ("en", "Partner’s message: Vale Police")
    (words,) = [one for one in section.iter("div") if one.get("class") == "words"]
    assert words.get("lang") == ""
    assert [one.get(LANG) for one in etree.parse(public / "feed.atom").iter("{http://www.w3.org/1999/xhtml}div")][
        1:
    ] == [""]
