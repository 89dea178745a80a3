"""A partner's text that was never finished: a person decides about it, and ordinary posts go by themselves."""

import pytest

from streams.decisions.wording.placeholders.shared import gaps_of_others
from streams.subjects.attention import waiting
from streams.words.release import LineDrafted, MessageAuthorised, SignOff
from tests import builders
from tests.builders import NOW, WRITER
from tests.streams.decisions.release.test_partner_posts import AGENT, after, post

UNFINISHED = {
    "XX people were taken to [HOSPITAL].": ["XX (a row of X)", "[HOSPITAL] (a field in brackets)"],
    "We were called at HH:MM to a fire at {place}.": ["HH:MM (an hour as letters)", "{place} (a field in braces)"],
    "Crews are at <insert address> tonight.": ["<insert address> (a field in angle brackets)"],
    "Call 0X on DD/MM for AREA_NAME.": [
        "0X (X in a number)",
        "DD/MM (a date as letters)",
        "AREA_NAME (words in capitals joined by underscores)",
    ],
    "Lorem ipsum at Block C.": ["Lorem ipsum (filler)"],
}
ORDINARY = (
    "#BlockC fire: crews from @ValeFire and @vale_ambulance are there. Thank you xx",
    "[UPDATE] The road is open again.",
    "[Vale News] Fire at Block C: what we know",
    "Fire at Block C [via @ValeNews] https://vale.example/a_b?c=%7Bd%7D [map: https://vale.example/m]",
    "Time of the next update TBC... please wait !!! What happened??",
    "Call 101, quote 0012/30-11, or 01234 567 890. Open 9.00-17.00 & at weekends <3",
    "Mae’r ffordd ar gau. « Tân » ym Mloc C &gt; ewch o’r ffordd",
    "Smoke is heading north-east --> close windows | stay in | *keep away* _please_ ~15 mph, 100% safe at £5 ($6)",
    "Superintendent J. Ffug (Vale Police) said: “We are there.”",
)


@pytest.mark.parametrize("text", UNFINISHED)
def test_an_unfinished_post_waits_for_a_person_with_the_reason(text: str) -> None:
    """Every gap is named; nothing goes out until somebody says yes, and then it goes out as the partner wrote it."""
    facts, incident = after(builders.declared(), post(text=text), AGENT)
    [draft] = [fact.body.message for fact in facts if isinstance(fact.body, LineDrafted)]
    assert [one.rstrip(".") for one in draft.doubts] == [f"it may be unfinished: {gap}" for gap in UNFINISHED[text]]
    assert ("draft", draft.id) in {(one.kind, one.what) for one in waiting(incident, NOW)}
    assert incident.messages == {}
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    facts, _ = after(incident, yes, WRITER)
    [out] = [fact.body.message for fact in facts if isinstance(fact.body, MessageAuthorised)]
    assert text in out.texts["en"]


def test_a_person_who_shares_an_unfinished_post_by_hand_is_obeyed() -> None:
    facts, _ = after(builders.declared(), post(text="XX people were taken to [HOSPITAL]."), WRITER)
    assert any(isinstance(fact.body, MessageAuthorised) for fact in facts)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_signs_of_a_post_are_no_gap(text: str) -> None:
    """Hashtags, names of accounts, tags, links, kisses, quotations, figures, and what is to be confirmed."""
    assert [*gaps_of_others(text)] == []
