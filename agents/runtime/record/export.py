"""Exporting: one incident's record, gathered from the log into the bytes of an evidence file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from agents.runtime.door.door import Door, facts_of
from infra.log import Record
from streams.chain import START
from streams.codec import decode
from streams.errors import MessageError
from streams.record.container import Item, Kind, Manifest, written
from streams.topics import COMMANDS, FACTS, REGISTERS
from streams.values import THE_REGISTER, Subject
from streams.words.facts import Fact


class NoSuchIncident(MessageError):
    """There are no facts of this incident: see `holdingline status`."""


def software() -> str:
    """This release, as an evidence file names the one that wrote it."""
    return f"holdingline {version('holdingline')}"


async def export(door: Door, subject: Subject, *, mode: str, by: str, at: datetime) -> tuple[Manifest, bytes]:
    """Everything that an incident's facts rest on, the register's own log too; `NoSuchIncident` where there is none.

    The orders are those that facts answer; what was ordered and gave nothing is not part of the record.
    """
    stored, given = await door.records(FACTS), await door.records(COMMANDS)
    record = _record(subject, stored, given=given)
    door.reading.facts(record.records)  # Those that are none are in the file as they are, and told.
    if not record.facts:
        raise NoSuchIncident(f"there are no facts of {subject.called}: see `holdingline status`")
    own = _record(THE_REGISTER, stored if subject != THE_REGISTER else (), given=given)
    versions = {fact.register_version for fact in (*record.facts, *own.facts)}
    registers: dict[str, Item] = {}
    for kept in await door.records(REGISTERS):
        register = door.reading.message(REGISTERS, kept)
        if register and register.id in versions:
            registers.setdefault(register.id, ("register", register.id, register.content))
    manifest = Manifest(
        subject=subject,
        mode=mode,
        exported_by=by,
        exported_at=at,
        software=software(),
        registers=len(registers),
        orders=len(record.orders),
        facts=len(record.records),
        first=record.facts[0].hash or START,
        last=record.facts[-1].hash or START,
        changes=len(own.records),
    )
    items = [*registers.values(), *own.items("change-order", "change"), *record.items("order", "fact")]
    return manifest, written(manifest, items)


@dataclass(frozen=True, slots=True)
class _Record:
    """One chain as it is stored, and the orders that its facts answer, by identifier and content."""

    records: Sequence[Record]
    facts: Sequence[Fact]
    orders: Mapping[tuple[str, str], Record]

    def items(self, order: Kind, fact: Kind) -> list[Item]:
        """The entries of a file, as these kinds."""
        given: list[Item] = [(order, name, _text(record)) for (name, _), record in self.orders.items()]
        return [*given, *((fact, _id(record), _text(record)) for record in self.records)]


def _record(subject: Subject, facts: Sequence[Record], *, given: Sequence[Record]) -> _Record:
    records = _of(subject, facts)
    known = facts_of(records)
    causes = {(fact.cause, fact.cause_hash) for fact in known}
    orders: dict[tuple[str, str], Record] = {}
    for record in _of(subject, given):
        try:
            order = decode(COMMANDS, record.value)
        except MessageError:
            continue  # It became a dead letter, and no fact answers it.
        if (order.id, order.content()) in causes:
            orders.setdefault((order.id, order.content()), record)
    return _Record(records, known, orders)


def _of(subject: Subject, records: Sequence[Record]) -> Sequence[Record]:
    return [record for record in records if record.key == subject.key.encode()]


def _text(record: Record) -> str:
    """What is no UTF-8 is no message either: the check of the file will say so."""
    return (record.value or b"").decode(errors="replace")


def _id(record: Record) -> str:
    known = facts_of([record])
    return known[0].id if known else "no-fact"
