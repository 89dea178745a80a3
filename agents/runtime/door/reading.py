"""Reading records: each one that cannot be read is named with its place, and the reading goes on.

Whatever shows something to a person reads through here. A bad record hides no other, and is never left out silently.
The worker reads its topics by `dead_letters.receive`, which says the same in a dead letter.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from agents.runtime.door.dead_letters import dead_letter_of
from infra.log import DAMAGED, Partition, Record
from streams.codec import decode, says
from streams.errors import MessageError
from streams.subjects.fold import AnyState, fold_readable
from streams.topics import FACTS, REGISTERS, TopicPlan
from streams.values import sentence
from streams.words.facts import Fact
from streams.words.posts import DeadLetter
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord

OFFSETS_SHOWN = 5
DO = "what is shown may lack it; find out who wrote it (a newer release?), and see `holdingline log verify`"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read or does not fit: where it lies, its key as text, and why, without its content."""

    where: Partition
    offset: int
    key: str
    why: str

    def answer(self) -> Mapping[str, Any]:
        """The same for a program."""
        where = {"topic": self.where.topic, "partition": self.where.number, "offset": self.offset}
        return {**where, "key": self.key, "reason": self.why}


class RecordReader:
    """One reading of a log by a person's command or by a view; `bad` has what could not be read so far."""

    def __init__(self) -> None:
        self._bad: dict[tuple[Partition, int], BadRecord] = {}
        self._read_last: tuple[Record, Register] | None = None

    @property
    def bad(self) -> Sequence[BadRecord]:
        """Each bad record once, in the order in which they were met."""
        return [*self._bad.values()]

    def note(self, record: Record, why: str) -> None:
        """Name a record as bad; what was noted of it first stays."""
        key = (record.key or b"").decode(errors="replace")
        self._bad.setdefault((record.partition, record.offset), BadRecord(record.partition, record.offset, key, why))

    def message(self, plan: TopicPlan, record: Record) -> Any:  # noqa: ANN401 - the plan names the type
        """The message of a record; None if it holds none."""
        try:
            message = decode(plan, record.value)
        except MessageError as error:
            self.note(record, sentence(str(error)))
            return None
        if any(name == DAMAGED for name, _ in record.headers):
            self.note(record, "its headers are damaged; its content is whole")
        return message

    def register_version(self, record: Record) -> str | None:
        """The version of the register that a fact was judged by; None if it names none, or the record is no fact.

        The rest of the fact is not read: what reads every kind of fact takes longer to build than a question has.
        """
        with suppress(ValueError):
            stored = from_json(record.value or b"")
            if isinstance(stored, dict) and isinstance(version := stored.get("register_version"), str):
                return version
        fact: Fact | None = self.message(FACTS, record)
        return fact.register_version if fact is not None else None

    def facts(self, records: Iterable[Record]) -> list[Fact]:
        """The facts among these records."""
        found = (self.message(FACTS, record) for record in records)
        return [fact for fact in found if fact is not None]

    def fold(self, state: AnyState, records: Iterable[Record]) -> AnyState:
        """The state once the facts of these records are added, as far as they fit; see `fold_readable` for its use."""
        known = [(record, fact) for record in records if (fact := self.message(FACTS, record)) is not None]
        state, left_out = fold_readable(state, [fact for _, fact in known])
        why = {id(fact): reason for fact, reason in left_out}
        for record, fact in known:
            if id(fact) in why:
                self.note(record, why[id(fact)])
        return state

    def register(self, record: Record) -> Register | None:
        """The register that a record keeps; None if it keeps none, or another than its version names.

        The record that was read last is not read again: whoever looks on and on asks for it after every fact.
        """
        if self._read_last and self._read_last[0] == record:
            return self._read_last[1]
        kept: RegisterRecord | None = self.message(REGISTERS, record)
        if kept is None:
            return None
        try:
            if kept.is_whole():
                self._read_last = record, kept.register()
                return self._read_last[1]
        except ValidationError as error:
            self.note(record, sentence(f"its content is no register: {says(error)}"))
        else:
            self.note(record, "its content is not the register that its version names")
        return None

    def value(self, model: TypeAdapter[Any], record: Record) -> Any:  # noqa: ANN401 - the adapter names the type
        """The value of a table's record; None if it is none."""
        try:
            return model.validate_json(record.value or b"")
        except ValidationError as error:
            self.note(record, unknown_value(error))
            return None

    def letter(self, record: Record) -> DeadLetter | None:
        """The description of a dead letter; None if its headers hold none."""
        try:
            return dead_letter_of(record.headers)
        except ValidationError:
            self.note(record, "its headers do not say where it comes from and why, as those of a dead letter do")
            return None


def unknown_value(error: ValidationError) -> str:
    """Why a value of a table cannot be read."""
    return sentence(f"not a value of this table, or one of a newer release: {says(error)}")


def told_bad(bad: Iterable[BadRecord]) -> Sequence[str]:
    """A sentence for the bad records of one partition that are bad for one reason: where they lie, why, what to do."""
    alike: defaultdict[tuple[Partition, str], list[BadRecord]] = defaultdict(list)
    for one in bad:
        alike[one.where, one.why].append(one)
    return [
        f"CANNOT READ {_places(together)} of {where.topic} (partition {where.number}){_about(together)}: {why}; {DO}"
        for (where, why), together in alike.items()
    ]


def _places(bad: Sequence[BadRecord]) -> str:
    if len(bad) == 1:
        return f"record {bad[0].offset}"
    more = f" and {len(bad) - OFFSETS_SHOWN} more" if len(bad) > OFFSETS_SHOWN else ""
    return f"records {', '.join(str(one.offset) for one in bad[:OFFSETS_SHOWN])}{more}"


def _about(bad: Sequence[BadRecord]) -> str:
    """The keys, as far as they say something: those of facts and tables name a subject."""
    keys = list(dict.fromkeys(sentence(one.key) for one in bad if one.key.strip()))
    return f", {', '.join(keys[:OFFSETS_SHOWN])}" if keys else ""
