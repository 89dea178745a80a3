"""What of a batch is kept: counts and hashes of people, by incident or by what names us."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.wording import read_wording
from streams.decisions.listening.keep import UNMATCHED, WATCH, DayKeys, keep, person_of
from streams.decisions.listening.matcher import matcher, terms
from streams.decisions.listening.tags.heard import STUFFED_FROM, TAG_BYTES_MAX, tags_of
from streams.decisions.listening.vocabulary import TERMS_MAX, Vocabulary, vocabulary, words_of
from streams.decisions.listening.watched import watched
from streams.signs import folded
from streams.words.posts import Mention
from tests import builders
from tests.builders import INCIDENT, LIVE, NOW

KNOWN = vocabulary(
    [(WATCH, ("ysbyty ardudwy", "ysbytyardudwy")), (INCIDENT, ("m62",))], hazards=("fire", "gas leak", "tân")
)
WORDS = st.lists(
    st.sampled_from(["ashby", "coach", "crash", "junction", "M62", "blue", "lane", "ashbycrash"]), max_size=9
)


def post(text: str, author: str = "somebody") -> Mention:
    return Mention(id="m", mode=LIVE, author_id=author, at=NOW, text=text)


def kept_words(text: str, known: Vocabulary = KNOWN) -> tuple[str, ...]:
    (voice,) = keep([post(text)], known, keys=DayKeys(b"k"), now=NOW)[WATCH].voices
    return voice.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FIRE at Ysbyty Ardudwy!", ("fire",)),
        ("gas-leak by Ysbyty Ardudwy", ("gas leak",)),
        ("#YsbytyArdudwy #wardfire", ("fire",)),
        ("Mae tan yn Ysbyty Ardudwy", ("tan",)),
        ("Diolch Ysbyty Ardudwy", ()),
    ],
)
def test_a_post_that_names_us_is_kept_with_its_hazard_words(text: str, words: tuple[str, ...]) -> None:
    """In any case, without accents, as a phrase, or inside a hashtag."""
    assert kept_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Thân bach yn Ysbyty Ardudwy", ("than",)),
        (unicodedata.normalize("NFD", "THÂN bach yn Ysbyty Ardudwy"), ("than",)),
        ("longer than ever at Ysbyty Ardudwy", ()),
        ("Ysbyty Ardudwy #fire, rather than rain", ("fire",)),
    ],
)
def test_a_word_that_has_a_meaning_of_every_day_without_its_accents_counts_only_with_them(
    text: str, words: tuple[str, ...]
) -> None:
    assert kept_words(text, vocabulary([(WATCH, ("ysbyty ardudwy",))], hazards=("fire", "=thân"))) == words


def test_a_word_that_any_language_has_without_accents_counts_without_them() -> None:
    assert kept_words("tan yn Ysbyty Ardudwy", vocabulary([(WATCH, ("ysbyty ardudwy",))], hazards=("=tân", "tan")))


EVERY_DAY = """
Waited longer than six hours in accident and emergency at our hospital, then sent to the minor injuries unit
Brand new ward at our hospital, and Dan the porter got a tan on Tues
Our hospital: temporal arteritis clinic, with a replica of the old door and a tote bag for each patient
The llamas came to our hospital today
Four hours in casualty, but triage at our hospital was quick
The choir of cancer survivors sang at our hospital
Ar agor tan bump yn our hospital, gwn i ddim pam; llif cleifion, ac uned mân anafiadau
Diolch i bawb o dan bwysau yn our hospital
Las emergencias de our hospital funcionan bien, il pronto soccorso di our hospital, la salle d'attente de our hospital
"""


@pytest.mark.parametrize("text", EVERY_DAY.strip().splitlines())
def test_the_words_of_a_hospitals_every_day_warn_of_nothing(text: str) -> None:
    """In any language of the area; a word of one is often a word of another once its accents are left out."""
    shipped = vocabulary([(WATCH, ("our hospital",))], hazards=read_wording(data_folder()).words.hazard_words)
    assert kept_words(text, shipped) == ()


def test_a_post_of_an_incident_is_no_news_for_the_watch() -> None:
    """It is counted once, where somebody knows of it already."""
    found = keep(
        [post("fire at Ysbyty Ardudwy, M62"), post("Ysbyty Ardudwy"), post("no name")],
        KNOWN,
        keys=DayKeys(b"k"),
        now=NOW,
    )
    assert {name: sum(one.minutes.values()) for name, one in found.items()} == {INCIDENT: 1, WATCH: 1, UNMATCHED: 2}


def test_no_word_of_a_post_and_no_account_is_counted() -> None:
    """Only a number that another key makes another one, and words of our own lists; the posts stay with their batch."""
    found = keep([post("secret fire at Ysbyty Ardudwy", "planted-account")], KNOWN, keys=DayKeys(b"k"), now=NOW)
    counted = [(one.minutes, one.voices, one.routed, one.sample) for one in found.values()]
    assert "secret" not in repr(counted)
    assert "planted" not in repr(counted)
    assert person_of("planted-account", b"k") != person_of("planted-account", b"another")


@given(words=WORDS)
def test_the_gate_finds_the_incidents_that_the_matcher_finds(words: list[str]) -> None:
    """It is another way to look for the same terms."""
    incident = builders.declared(words=("M62", "Blue Lane"))
    text = " ".join(words)
    known = vocabulary([(incident.id, terms(incident))])
    assert known.owners(words_of(text)) == matcher([incident]).incidents(text)


@given(text=st.text(st.one_of(st.characters(), st.sampled_from("aÉ’“”'`#＃_ 1…🔥\u0301\u200d"))))
def test_the_words_and_tags_of_a_post_are_those_of_its_folded_text(text: str) -> None:
    """Whichever way is quicker for its signs."""
    whole = folded(text)
    assert list(words_of(text)) == re.findall(r"\w+", whole)
    found = dict.fromkeys(one for one in re.findall(r"#\w+", whole) if not one[1:].isdecimal())
    assert tags_of(text) == tuple(one for one in found if len(one.encode()) <= TAG_BYTES_MAX)[:STUFFED_FROM]


@given(text=st.text())
def test_no_text_breaks_the_gate(text: str) -> None:
    """Whatever somebody posts, its words have no capital and no space."""
    assert all(word and word.split() == [word] for word in words_of(text))
    KNOWN.hazards_in(text, words_of(text))


def test_a_vocabulary_is_bounded_and_says_what_it_left_out() -> None:
    """Names come first, then hazard words."""
    known = vocabulary([(WATCH, ("ours",))], hazards=[f"hazard{number}" for number in range(TERMS_MAX + 9)])
    assert len(known.hazards) == TERMS_MAX - 1
    assert known.left_out == 10
    assert known.owners(["ours"]) == {WATCH}


def test_the_register_says_what_names_us() -> None:
    """The trust's name, also without how such names end."""
    known = watched(builders.register().model_copy(update={"trust": "Cwm Helyg Hospitals NHS Trust"}))
    assert {"cwm helyg hospitals nhs trust", "cwm helyg hospitals", "cwmhelyghospitals", "gwm helyg hospitals"} <= {
        *known
    }
