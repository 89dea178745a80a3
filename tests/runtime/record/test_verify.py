"""The table against a fresh fold of the facts: what differs is found, what an earlier release kept is none of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from pydantic import BaseModel

from agents.runtime.record.verify import verify
from infra.log import Partition, Record
from streams.codec import encode
from streams.subjects.declared import DECLARED, Declared
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.subjects.past import Pointer, set_aside
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
FOLD, ROWS = set_aside(fold_all(Incident(id=INCIDENT, mode=LIVE), FACTS), at=FACTS[-1].at)
STORED = [Record(Partition("t", 0), place, SUBJECT.key.encode(), encode(one), 0) for place, one in enumerate(FACTS)]


def found(rows: Mapping[str, BaseModel] = ROWS, declared: Declared | None = None, **changes: Any) -> list[str]:
    """What is found of tables that hold this instead."""
    kept = {SUBJECT.key: FOLD.model_copy(update=changes), **{f"{SUBJECT.key}|{key}": row for key, row in rows.items()}}
    kept |= {DECLARED: declared} if declared else {}
    records = [
        Record(Partition("table", 0), place, key.encode(), one.model_dump_json().encode(), 0)
        for place, (key, one) in enumerate(kept.items())
    ]
    return verify(STORED, records)


def test_a_table_that_equals_the_fold_is_whole() -> None:
    """Refused orders and searches are in it too."""
    assert FOLD.refused
    assert FOLD.searches
    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda: {"rows": {key: row for key, row in ROWS.items() if not key.startswith("order/")}},
        lambda: {"rows": {**ROWS, "order/cmd-that-never-came": Pointer(to="cmd-that-never-came")}},
        lambda: {"answered": ("cmd-that-never-came",)},
        lambda: {"refused": (*FOLD.refused, "cmd-that-never-came")},
        lambda: {"drafts": {}, "messages": {}},
    ],
)
def test_a_table_that_was_changed_is_found(change: Callable[[], dict[str, Any]]) -> None:
    """An order that would count again, one that would not be heard, and anything else that the facts do not say."""
    assert found(**change()) == [f"incident {INCIDENT}: its table differs from the fold of its facts"]


def test_a_count_of_incidents_that_the_facts_do_not_give_is_found() -> None:
    """By it planned posts are held: who sets it back would let them go out into an incident."""
    assert found(declared=Declared(count=1, latest=INCIDENT)) == []
    (wrong,) = found(declared=Declared(count=3, over=1, latest=INCIDENT))
    assert "2 incidents go on" in wrong
