"""The desk's tables as somebody outside reads them: the last record of each key, put together again."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agents.runtime.door.reading import unknown_value
from agents.runtime.door.topic_reader import TopicReader
from infra.log import Record
from streams.subjects.account import AccountLog
from streams.subjects.case import Case
from streams.subjects.fold import STATES
from streams.subjects.incident import Incident
from streams.subjects.listening.watch import TrustWatch
from streams.subjects.past import ENDED, REPORTS, ROWS, Ended, whole
from streams.subjects.plan import Plan
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import SubjectKind
from streams.words.listening.watch import THE_WATCH

READS_MAX = 20
"""So often the tables are read until none moved on meanwhile; under an endless stream they are shown as last read."""


def latest(records: Sequence[Record]) -> dict[str, bytes]:
    """The last value of each key of a compacted topic, in the order in which they were written.

    A key whose last record has no value is gone. A key that is no text is shown with marks in its place.
    """
    return values_of(last_records(records))


def values_of(records: Mapping[str, Record]) -> dict[str, bytes]:
    """The values of these records, but for those that say that a key is gone."""
    return {key: record.value for key, record in records.items() if record.value is not None}


async def of_one_moment(states: TopicReader, rows: TopicReader) -> AsyncIterator[Sequence[Record]]:
    """The records of the desk's two tables that were not read yet, up to one moment; new states and new rows in turn.

    The rows are read after the states, so that what left a record meanwhile is among them; then the states again, or a
    state of before would have the answers of now.
    """
    for number in range(READS_MAX):
        read = await states.rest()
        if number and not read:
            return
        yield read
        yield await rows.rest()


def last_records(records: Sequence[Record]) -> dict[str, Record]:
    """The last record of each key, in the order in which they were written."""
    last: dict[str, Record] = {}
    for record in records:
        key = (record.key or b"").decode(errors="replace")
        last.pop(key, None)
        last[key] = record
    return last


@dataclass(frozen=True, slots=True, repr=False)
class Overview:
    """Incidents in memory, the cases that are not closed, the accounts, and the names of incidents that left memory.

    The one that left last comes first in `ended`. `register_log` is None where no fact is about the register yet.
    `watch` is what is heard of the trust; None where nothing was.
    `plans` are the posts that are open, by their time, then the others.
    It has no `repr`: `asyncio.run` makes one of what it returns, which would take longer than to read the tables.
    """

    incidents: Sequence[Incident]
    cases: Sequence[Case]
    ended: Sequence[str]
    register_log: RegisterLog | None = None
    accounts: Sequence[AccountLog] = ()
    plans: Sequence[Plan] = ()
    watch: TrustWatch | None = None

    @property
    def states(self) -> Sequence[State]:
        """Everything in which something may wait for a person."""
        own = [one for one in (self.watch, self.register_log) if one]
        return [*self.incidents, *own, *self.accounts, *self.cases, *self.plans]


def _by_time(plan: Plan) -> tuple[bool, str]:
    return not plan.is_open, f"{plan.at:%Y-%m-%dT%H:%M:%S} {plan.id}"


_is_pointer = re.compile(rb'\{"kind":"pointer","to":"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,119}"\}').fullmatch
"""Whether a row is a `Pointer` as the desk writes it; any other is read whole."""
NONE_LOST: Mapping[str, State | None] = {}
Note = Callable[[str, str], None]
"""Takes the key in a table of what cannot be read, and why."""


def _unnoted(key: str, why: str) -> None:
    del key, why


@dataclass(frozen=True)
class Tables:
    """What was written last of each state, and of each row that left one. What cannot be read is handed to `note`.

    Of the reports of an incident only the newest `reports_max` are read; None reads all.
    """

    states: Mapping[str, bytes]
    rows: Mapping[str, bytes]
    note: Note = _unnoted
    reports_max: int | None = None

    def state(self, key: str) -> State | None:
        """The state of one subject, with what left its record; None if it is not in memory or cannot be read."""
        state: State | None = self._read(STATES, key, self.states.get(key))
        if state is not None and state.subject.key != key:
            self.note(key, "it is the state of another subject")
            return None
        if not isinstance(state, Incident):
            return state
        older = 0 if self.reports_max is None else state.reported - self.reports_max
        unread = frozenset(f"{REPORTS}{number}" for number in range(1, older + 1))
        own = self._by_subject.get(key, {}).items()
        written = {name: (f"{key}|{name}", row) for name, row in own if name not in unread}
        # Of a pointer only the key is looked at, and there is one for each order that was answered.
        rows = {
            name: row
            for name, at in written.items()
            if (row := at[1] if _is_pointer(at[1]) else self._read(ROWS, *at)) is not None
        }
        try:
            return whole(state, rows)
        except Exception as error:  # noqa: BLE001 - rows that the desk did not write may name anything: it is told
            self.note(key, f"the rows that left it do not fit to it ({type(error).__name__})")
            return state

    def left(self, key: str) -> Ended | None:
        """What stays of one subject that left memory; None if it did not, or it cannot be read."""
        left = self._read(ROWS, f"{key}|{ENDED}", self._by_subject.get(key, {}).get(ENDED))
        return left if isinstance(left, Ended) else None

    def _read(self, model: TypeAdapter[Any], key: str, written: bytes | None) -> Any:  # noqa: ANN401 - the adapter names the type
        try:
            return None if written is None else model.validate_json(written)
        except ValidationError as error:
            self.note(key, unknown_value(error))
            return None

    @cached_property
    def lost(self) -> Sequence[str]:
        """The keys of the states that cannot be read."""
        return [key for key, state in self._whole.items() if state is None]

    def overview(self, instead: Mapping[str, State | None] = NONE_LOST) -> Overview:
        """The incidents and cases of these tables; what only had orders refused, as by a typing error, is none.

        `instead` gives the states of those that are lost, as far as there is something to show.
        """
        states = [*{**self._whole, **instead}.values()]
        return Overview(
            incidents=[one for one in states if isinstance(one, Incident) and one.is_begun],
            cases=sorted((one for one in states if isinstance(one, Case) and one.is_open), key=lambda one: one.id),
            ended=self._names_left(),
            plans=sorted((one for one in states if isinstance(one, Plan) and one.at), key=_by_time),
            register_log=next((one for one in states if isinstance(one, RegisterLog)), None),
            watch=next((one for one in states if isinstance(one, TrustWatch) and one.id == THE_WATCH.id), None),
            accounts=sorted((one for one in states if isinstance(one, AccountLog)), key=lambda one: one.id),
        )

    def _names_left(self) -> Sequence[str]:
        """Only the keys of the rows are looked at: a trust has many incidents behind it, and few are asked for."""
        left = [key.partition("|") for key in reversed([*self.rows])]
        begins = f"{SubjectKind.INCIDENT}/"
        return [about.removeprefix(begins) for about, _, row in left if row == ENDED and about.startswith(begins)]

    @cached_property
    def _whole(self) -> Mapping[str, State | None]:
        return {key: self.state(key) for key in self.states}

    @cached_property
    def _by_subject(self) -> Mapping[str, Mapping[str, bytes]]:
        rows: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        for key, written in self.rows.items():
            subject, _, name = key.partition("|")
            rows[subject][name] = written
        return rows
