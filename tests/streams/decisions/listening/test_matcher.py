"""Which incident a post speaks of."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.listening.matcher import matcher, terms
from streams.subjects.incident import Incident, Status
from tests import builders

HIT = {builders.INCIDENT}
WORDS = st.lists(st.sampled_from(["ashby", "coach", "crash", "junction", "fire", "Ash", "ashbycrash"]), max_size=8)


def matched(text: str, *incidents: Incident) -> set[str]:
    return matcher(incidents or (builders.declared(words=("M62", "Blue Lane")),)).incidents(text)


@pytest.mark.parametrize(
    "text",
    [
        "What happened? #AshbyCrash",
        "#ASHBYCRASH!!",
        "ashbycrash",
        "The ASHBY coach CRASH is bad",
        "Ashby: coach crash",
        "smoke at Ashby Junction.",
        "queue on the m62",
        "by the blue  lane\nwall",
    ],
)
def test_a_post_is_matched_by_hashtag_name_word_or_place(text: str) -> None:
    """Whatever the case, the punctuation, and how the words are spaced."""
    assert matched(text) == HIT


@pytest.mark.parametrize(
    "text", ["", "#", "Ashby", "coach crash elsewhere", "blue", "lane blue", "M621", "Ashby Junctions", "🚑🚑🚑"]
)
def test_a_part_of_a_phrase_or_of_a_word_is_no_match(text: str) -> None:
    """Half a name is not the name."""
    assert matched(text) == set()


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.DECLARED])
def test_only_live_incidents_are_matched(status: Status) -> None:
    """What is over, or not declared, takes no posts."""
    assert matched("#AshbyCrash", builders.declared().model_copy(update={"status": status})) == set()


def test_a_post_may_speak_of_several_incidents() -> None:
    """Both get it."""
    other = builders.declared(name="Fire", hashtags=("#AshbyCrash",)).model_copy(update={"id": "inc-2"})
    assert matched("#AshbyCrash", builders.declared(), other) == {builders.INCIDENT, "inc-2"}


@given(words=WORDS)
def test_the_quick_lookup_finds_what_reading_every_term_would(words: list[str]) -> None:
    """The matcher is only a faster way to look for each term between word boundaries."""
    text, incident = " ".join(words), builders.declared()
    slowly = any(re.search(rf"\b{re.escape(term)}\b", text.casefold()) for term in terms(incident))
    assert (matched(text, incident) == HIT) is slowly


@given(text=st.text())
def test_no_text_breaks_the_matcher(text: str) -> None:
    """Whatever somebody posts."""
    assert matched(text) <= HIT


@pytest.mark.parametrize(
    "text",
    [
        "Smoke #TyGwyn",
        "Smoke #Ty\u0302Gwyn",
        "Smoke \uff03\uff34\u0177\uff27\uff57\uff59\uff4e",
        "Mae'r lôn i Dŷ Gwyn ar gau.",
        "tan mawr heno",
        "a dân mawr",
        "#TanMawr",
        "Ty\u200b Gwyn",
        "near St Marys Hall",
        "near St Mary’s Hall",
    ],
)
def test_a_post_is_matched_however_people_type_its_words(text: str) -> None:
    """Without accents, with accents as signs of their own, in full width, mutated, as a hashtag, without apostrophe."""
    given = builders.declaration(
        name="Tân yn Nhŷ Gwyn",
        hashtags=("#TŷGwyn",),
        words=("tân mawr", "St Mary's Hall"),
        methane=builders.methane(exact_location="Tŷ Gwyn"),
    )
    incident = builders.carried_out(Incident(id=builders.INCIDENT, mode=builders.LIVE), given)
    assert matched(text, incident) == HIT
    assert matched("A tan in the garden, Ty said", incident) == set()
