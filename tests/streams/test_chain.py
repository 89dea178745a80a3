"""A changed, dropped, added or reordered fact is found."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.chain import faults, hash_of
from streams.subjects.incident import Incident
from streams.words.facts import Fact
from tests import builders
from tests.strategies import built

EMPTY = Incident(id=builders.INCIDENT, mode=builders.LIVE)
STORED = [
    fact.model_dump(mode="json")
    for fact in builders.facts_of(
        EMPTY,
        [
            *(builders.order(builders.declaration()).refused(f"reason {number}")[0] for number in range(5)),
            *builders.order(builders.holding(), builders.declared()).refused("no"),
        ],
    )
]
PLACES = st.integers(0, len(STORED) - 1)
VALUES = st.none() | st.integers() | st.text() | st.booleans() | st.lists(st.integers(), max_size=2)


def test_a_chain_as_it_was_written_has_no_faults() -> None:
    """Nothing is found where nothing is wrong."""
    assert faults(STORED) == []
    assert faults([]) == []


@given(place=PLACES, field=st.sampled_from(sorted(STORED[0])), value=VALUES)
def test_any_single_change_is_found(place: int, field: str, value: Any) -> None:
    """Whichever field of whichever fact: changed to anything else, it shows; and nothing raises."""
    changed = [dict(fact) for fact in STORED]
    changed[place][field] = value
    assert bool(faults(changed)) == (STORED[place][field] != value or type(STORED[place][field]) is not type(value))


@given(place=PLACES, field=st.sampled_from(sorted(STORED[0])))
def test_a_field_taken_out_is_found(place: int, field: str) -> None:
    """A missing field is a change."""
    changed = [dict(fact) for fact in STORED]
    del changed[place][field]
    assert faults(changed)


@given(place=PLACES, other=PLACES)
def test_two_facts_swapped_are_found(place: int, other: int) -> None:
    """Order is part of the record."""
    swapped = list(STORED)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert bool(faults(swapped)) == (place != other)


@given(place=PLACES)
def test_a_dropped_fact_is_found_unless_it_was_the_last(place: int) -> None:
    """A chain cannot know what should follow its end: the head has to be known from elsewhere."""
    assert bool(faults([*STORED[:place], *STORED[place + 1 :]])) == (place != len(STORED) - 1)


@given(place=PLACES)
def test_a_doubled_fact_is_found(place: int) -> None:
    """A fact that is there twice was added."""
    assert faults([*STORED[: place + 1], *STORED[place:]])


@given(place=st.integers(0, len(STORED) - 2))
def test_a_fact_rewritten_with_a_fitting_hash_is_found_by_the_next_one(place: int) -> None:
    """Whoever changes a fact and its hash has to change all that follow."""
    forged = [dict(fact) for fact in STORED]
    forged[place]["by"] = "somebody-else"
    forged[place]["hash"] = hash_of(forged[place])
    assert faults(forged)


@given(fact=built(Fact))
def test_the_hash_is_the_same_after_writing_and_reading(fact: Fact) -> None:
    """The hash of a fact does not depend on which Python values carried it."""
    again = Fact.model_validate_json(fact.model_dump_json())
    assert hash_of(again.model_dump(mode="json")) == hash_of(fact.model_dump(mode="json"))
