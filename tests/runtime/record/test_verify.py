"""The table against a fresh fold of the facts: what differs is found, what an earlier release kept is none of it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from agents.runtime.record.verify import verify
from infra.log import Partition, Record
from streams.codec import encode
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.words.facts import Fact
from tests import builders, searches
from tests.builders import INCIDENT, LIVE, SUBJECT


def night() -> Sequence[Fact]:
    """A refused order, and a search."""
    asking = searches.Asking(searches.register())
    asking.give(builders.declaration())
    asking.draft()
    return asking.facts


FACTS = night()
FOLD = fold_all(Incident(id=INCIDENT, mode=LIVE), FACTS)
STORED = [Record(Partition("t", 0), place, SUBJECT.key.encode(), encode(one), 0) for place, one in enumerate(FACTS)]


def found(**changes: Any) -> list[str]:
    """What is found of a table that holds this instead."""
    kept = FOLD.model_copy(update=changes).model_dump_json().encode()
    return verify(STORED, [Record(Partition("table", 0), 0, SUBJECT.key.encode(), kept, 0)])


def test_a_table_that_equals_the_fold_is_whole() -> None:
    """Refused orders and searches are in it too."""
    assert FOLD.refused
    assert FOLD.searches
    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda: {"answered": FOLD.answered[1:]},
        lambda: {"answered": (*FOLD.answered, "cmd-that-never-came")},
        lambda: {"refused": (*FOLD.refused, "cmd-that-never-came")},
        lambda: {"drafts": {}, "messages": {}},
    ],
)
def test_a_table_that_was_changed_is_found(change: Callable[[], dict[str, Any]]) -> None:
    """An order that would count again, one that would not be heard, and anything else that the facts do not say."""
    assert found(**change()) == [f"incident {INCIDENT}: its table differs from the fold of its facts"]
