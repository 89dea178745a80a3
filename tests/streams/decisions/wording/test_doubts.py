"""What is only suspected refuses nothing: it is shown to the person who signs, and their yes is given in view of it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.wording import contents
from streams.decisions.wording.message_policy import DOUBTS_MAX, doubted, faults
from streams.decisions.wording.placeholders.search import gaps, suspected
from streams.values import LIVE, Purpose
from streams.words.holds import HeldField, Holds
from streams.words.register.wording import WordLists
from streams.words.release import Message
from tests import builders
from tests.builders import NEXT_UPDATE

DATA = Path(__file__).parent / "data"
LEFT = [line.split("\t")[1] for line in (DATA / "placeholders_left.txt").read_text("utf-8").splitlines()]
TEXTS = [line for line in (re.sub("[⟦⟧]", "", one) for one in LEFT) if line.isprintable()]
"""Signs that nobody sees are refused before any word is looked at."""
REGISTER = builders.register()
WITHOUT_LISTS = builders.register(words=WordLists(held=REGISTER.words.held, parts=REGISTER.words.parts))
DOUBTFUL = [
    text
    for text in TEXTS
    if suspected(text, REGISTER.words) and not gaps(text) and len(text) < builders.SOCIAL_CHARACTERS_MAX
]
CASUALTIES = "The death toll is rising."


def message(text: str, **changes: object) -> Message:
    plain: dict[str, object] = {
        "id": "msg-1",
        "purpose": Purpose.LINE,
        "texts": {"en": text},
        "channels": ("website", "social"),
        "expires_at": NEXT_UPDATE,
    }
    return Message.model_validate({**plain, **changes}).sealed()


@given(texts=st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))
def test_whatever_is_suspected_no_fault_comes_of_it(texts: list[str]) -> None:
    """The policy finds the same faults with the lists of placeholders and without them."""
    one = message(" ".join(texts))
    assert faults(one, REGISTER, mode=LIVE) == faults(one, WITHOUT_LISTS, mode=LIVE)


@given(text=st.sampled_from(DOUBTFUL))
def test_a_message_with_a_doubt_and_no_other_fault_is_never_refused(text: str) -> None:
    """Whatever the doubt is, it is with the message, and the message may go out."""
    one = doubted(message(text), REGISTER)
    assert any("may be unfinished: " in doubt or "no hold keeps that back now" in doubt for doubt in one.doubts)
    assert [fault for fault in faults(one, REGISTER, mode=LIVE) if "still holds" in fault] == []
    if not faults(one, WITHOUT_LISTS, mode=LIVE):
        assert faults(one, REGISTER, mode=LIVE) == ()


def test_most_of_what_is_suspected_meets_no_other_fault() -> None:
    """So that the property above speaks of messages that do go out."""
    free = [text for text in DOUBTFUL if not faults(message(text), REGISTER, mode=LIVE)]
    assert len(free) > 500


def test_a_yes_covers_the_doubts() -> None:
    """In a form of its own: take one away, or say another, and the hash is another."""
    one = doubted(message("Call NUMBER for help."), REGISTER)
    assert one.doubts == ("the en text may be unfinished: NUMBER (a capital word for a value)",)
    assert one.form == 3
    assert one.content() == one.content_hash
    for changes in ({"doubts": ()}, {"doubts": ("other",)}, {"follows": "msg-2"}, {"texts": {"en": "Call us."}}):
        assert one.model_copy(update=changes).content() != one.content_hash
    assert doubted(message("Call us for help."), REGISTER).form == 1
    assert doubted(message("Call us.", purpose=Purpose.CORRECTION, follows="msg-0"), REGISTER).form == 2


def test_more_doubts_than_anybody_reads_are_counted() -> None:
    """The number of those that are left out is a doubt too."""
    text = ". ".join(f"We are open (gate {word}?)" for word in "abcdefghijklmnopqrstuvwxyz")
    one = doubted(message(text), REGISTER)
    assert len(one.doubts) == DOUBTS_MAX + 1
    assert one.doubts[-1] == "and 6 doubts more: read the text again"


def test_what_may_be_personal_is_told_by_its_place_in_a_doubt_too() -> None:
    """Doubts are kept for ever."""
    one = doubted(message("Our doors are open (Alun Prys to confirm)."), REGISTER)
    (doubt,) = one.doubts
    assert "Alun" not in doubt
    assert "(characters 20 to 41)" in doubt


def test_a_partners_words_are_not_doubted() -> None:
    """What they leave open is theirs."""
    theirs = message("Call NUMBER.", purpose=Purpose.AMPLIFICATION, credit=builders.credit())
    assert doubted(theirs, REGISTER).doubts == ()


@pytest.mark.parametrize("field", [HeldField.CASUALTIES, HeldField.NAMES])
def test_a_held_field_is_refused_while_a_hold_keeps_it_back_and_shown_when_none_does(field: HeldField) -> None:
    """A hold that was lifted lets the words out; who signs is still told what they say."""
    text = CASUALTIES if field is HeldField.CASUALTIES else "Mr Alun Prys drove."
    register = builders.register(holds={"one": builders.hold(id="one", field=field)})
    one = message(text)
    assert any("which the hold one keeps back" in fault for fault in faults(one, register, mode=LIVE))
    assert [doubt for doubt in doubted(one, register).doubts if "no hold" in doubt] == []
    lifted = Holds(lifted={"one": None})
    assert faults(one, register, mode=LIVE, holds=lifted) == ()
    (doubt,) = doubted(one, register, holds=lifted).doubts
    assert doubt.startswith(f"the en text {contents.SAYS[field]} (characters ")
    assert doubt.endswith("and no hold keeps that back now")
