"""Exporting: one incident's record, gathered from the log into the bytes of an evidence file."""

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version

from agents.runtime.door import Door, facts_of
from infra.log import Record
from streams.chain import START
from streams.codec import decode
from streams.errors import MessageError
from streams.evidence.container import Item, Manifest, written
from streams.topics import COMMANDS, FACTS, REGISTERS


class NoSuchIncident(MessageError):
    """There are no facts of this incident: see `holdingline status`."""


async def export(door: Door, incident_id: str, *, mode: str, by: str, at: datetime) -> tuple[Manifest, bytes]:
    """Everything that an incident's facts rest on; `NoSuchIncident` where there is none.

    The orders are those that facts answer; what was ordered and gave nothing is not part of the record.
    """
    records = _of(incident_id, await door.records(FACTS))
    facts = facts_of(records)
    if not facts:
        raise NoSuchIncident(f"there are no facts of an incident {incident_id}: see `holdingline status`")
    causes = {(fact.cause, fact.cause_hash) for fact in facts}
    versions = {fact.register_version for fact in facts}
    registers: dict[str, Item] = {}
    for record in await door.records(REGISTERS):
        kept = decode(REGISTERS, record.value)
        if kept.id in versions:
            registers.setdefault(kept.id, ("register", kept.id, kept.content))
    orders: dict[tuple[str, str], Item] = {}
    for record in _of(incident_id, await door.records(COMMANDS)):
        try:
            order = decode(COMMANDS, record.value)
        except MessageError:
            continue  # It became a dead letter, and no fact answers it.
        if (order.id, order.content()) in causes:
            orders.setdefault((order.id, order.content()), ("order", order.id, _text(record)))
    stored: list[Item] = [("fact", _id(record), _text(record)) for record in records]
    manifest = Manifest(
        incident_id=incident_id,
        mode=mode,
        exported_by=by,
        exported_at=at,
        software=f"holdingline {version('holdingline')}",
        registers=len(registers),
        orders=len(orders),
        facts=len(stored),
        first=facts[0].hash or START,
        last=facts[-1].hash or START,
    )
    return manifest, written(manifest, [*registers.values(), *orders.values(), *stored])


def _of(incident_id: str, records: Sequence[Record]) -> Sequence[Record]:
    return [record for record in records if record.key == incident_id.encode()]


def _text(record: Record) -> str:
    """What is no UTF-8 is no message either: the check of the file will say so."""
    return (record.value or b"").decode(errors="replace")


def _id(record: Record) -> str:
    known = facts_of([record])
    return known[0].id if known else "no-fact"
