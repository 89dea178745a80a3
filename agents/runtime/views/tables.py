"""The desk's tables as somebody outside reads them: the last record of each key, put together again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from infra.log import Record
from streams.subjects.case import Case
from streams.subjects.fold import STATES
from streams.subjects.incident import Incident
from streams.subjects.past import ENDED, ROWS, Ended, whole
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import SubjectKind


def latest(records: Sequence[Record]) -> dict[str, bytes]:
    """The last value of each key of a compacted topic, in the order in which they were written.

    A key whose last record has no value is gone.
    """
    last: dict[str, bytes | None] = {}
    for record in records:
        key = (record.key or b"").decode()
        last.pop(key, None)
        last[key] = record.value
    return {key: value for key, value in last.items() if value is not None}


@dataclass(frozen=True, slots=True, repr=False)
class Overview:
    """Incidents in memory, the cases that are not closed, and the names of the incidents that left memory.

    The one that left last comes first in `ended`. `register_log` is None where no fact is about the register yet.
    It has no `repr`: `asyncio.run` makes one of what it returns, which would take longer than to read the tables.
    """

    incidents: Sequence[Incident]
    cases: Sequence[Case]
    ended: Sequence[str]
    register_log: RegisterLog | None = None

    @property
    def states(self) -> Sequence[State]:
        """Everything in which something may wait for a person."""
        return [*self.incidents, *([self.register_log] if self.register_log else []), *self.cases]


@dataclass(frozen=True)
class Tables:
    """What was written last of each state, and of each row that left one."""

    states: Mapping[str, bytes]
    rows: Mapping[str, bytes]

    def state(self, key: str) -> State | None:
        """The state of one subject, with what left its record; None if it is not in memory."""
        written = self.states.get(key)
        state = STATES.validate_json(written) if written is not None else None
        if not isinstance(state, Incident):
            return state
        return whole(state, {name: ROWS.validate_json(row) for name, row in self._by_subject.get(key, {}).items()})

    def left(self, key: str) -> Ended | None:
        """What stays of one subject that left memory; None if it did not."""
        written = self._by_subject.get(key, {}).get(ENDED)
        return Ended.model_validate_json(written) if written is not None else None

    def overview(self) -> Overview:
        """The incidents and cases of these tables."""
        states = [self.state(key) for key in self.states]
        return Overview(
            incidents=[one for one in states if isinstance(one, Incident)],
            cases=sorted((one for one in states if isinstance(one, Case) and one.is_open), key=lambda one: one.id),
            ended=self._names_left(),
            register_log=next((one for one in states if isinstance(one, RegisterLog)), None),
        )

    def _names_left(self) -> Sequence[str]:
        """Only the keys of the rows are looked at: a trust has many incidents behind it, and few are asked for."""
        left = [key.partition("|") for key in reversed([*self.rows])]
        begins = f"{SubjectKind.INCIDENT}/"
        return [about.removeprefix(begins) for about, _, row in left if row == ENDED and about.startswith(begins)]

    @cached_property
    def _by_subject(self) -> Mapping[str, Mapping[str, bytes]]:
        rows: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        for key, written in self.rows.items():
            subject, _, name = key.partition("|")
            rows[subject][name] = written
        return rows
