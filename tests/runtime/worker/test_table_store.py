"""A table as a store of models: what it gives is what the table holds, however it came there."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from agents.runtime.worker.table_store import KEPT, TableStore, UnreadableRow
from streams.subjects.incident import Incident
from streams.values import LIVE
from tests import builders


def stored(table: dict[bytes, bytes]) -> TableStore[Incident]:
    """A store on a table that is a plain mapping."""
    as_table: Any = table
    return TableStore(as_table, TypeAdapter(Incident))


def test_what_was_put_is_given_back_and_reads_the_same_from_its_bytes() -> None:
    table: dict[bytes, bytes] = {}
    store, incident = stored(table), builders.released()
    store.put(incident.id, incident)
    assert store.get(incident.id) == incident
    assert stored(dict(table)).get(incident.id) == incident


def test_what_the_table_takes_back_is_not_given_any_more() -> None:
    """An event that failed undoes its writes under the store: the state before it counts again."""
    table: dict[bytes, bytes] = {}
    store, before = stored(table), builders.declared()
    store.put(before.id, before)
    written = table[before.id.encode()]
    store.put(before.id, builders.released())
    table[before.id.encode()] = written
    assert store.get(before.id) == before
    del table[before.id.encode()]
    assert store.get(before.id) is None


def test_more_models_than_are_kept_are_all_given_back() -> None:
    store = stored({})
    many = [Incident(id=f"incident-{number}", mode=LIVE) for number in range(KEPT + 3)]
    for one in many:
        store.put(one.id, one)
    assert [store.get(one.id) for one in many] == many


def test_a_value_that_cannot_be_read_is_an_error_for_the_one_who_asks_for_it_alone() -> None:
    """It says what to do; other values are given, also where a key is no text."""
    healthy = builders.declared()
    store = stored({b"a": b"{}", b"\xff|row": b"{}", healthy.id.encode(): healthy.model_dump_json().encode()})
    with pytest.raises(UnreadableRow, match="what the table has of a is not a value of this table"):
        store.get("a")
    assert store.get(healthy.id) == healthy
    assert store.keys("a") == ["a"]
    assert store.keys("a|") == []
