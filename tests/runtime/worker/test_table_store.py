"""A table as a store of models: what it gives is what the table holds, however it came there."""

from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import TypeAdapter

from agents.runtime.door.tables import own_key
from agents.runtime.worker import table_store
from agents.runtime.worker.table_store import KEPT, OwnRows, TableStore, UnreadableRow
from infra.placement import partition_number
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


def test_each_partition_has_a_row_of_its_own_where_its_key_belongs(monkeypatch: pytest.MonkeyPatch) -> None:
    """An event sees that of its partition alone; on the embedded log, which has one, the key is as it is."""
    at = SimpleNamespace(message=SimpleNamespace(partition=0))
    monkeypatch.setattr(table_store, "current_event", lambda: at)
    rows = OwnRows(stored({}), partitions=4)
    for at.message.partition in range(4):
        rows.put("day", builders.declared().model_copy(update={"id": f"inc-{at.message.partition}"}))
    for at.message.partition in range(4):
        found = rows.get("day")
        assert found
        assert found.id == f"inc-{at.message.partition}"
        assert rows.keys() == ["day"]
    rows.remove("day")
    assert rows.get("day") is None
    assert rows.keys() == []
    at.message.partition = 0
    assert rows.keys() == ["day"]
    assert [partition_number(own_key("day", one, of=4).encode(), 4) for one in range(4)] == [0, 1, 2, 3]
    assert own_key("day", 0, of=1) == "day"
