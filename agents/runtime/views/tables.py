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
from streams.subjects.state import State
from streams.values import named


def latest(records: Sequence[Record]) -> dict[str, bytes]:
    """The last value of each key of a compacted topic; a key whose last record has no value is gone."""
    last = {(record.key or b"").decode(): record.value for record in records}
    return {key: value for key, value in last.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Overview:
    """The incidents in memory, the cases that are not closed, and what stays of each incident that left memory."""

    incidents: Sequence[Incident]
    open_cases: Sequence[Case]
    ended: Mapping[str, Ended]

    @property
    def newest_ended(self) -> Sequence[str]:
        """The identifiers of those that left memory, the one that ended last first."""
        return sorted(self.ended, key=lambda name: self.ended[name].last_at, reverse=True)


@dataclass(frozen=True)
class Tables:
    """What was written last of each state, and of each row that left one."""

    states: Mapping[str, bytes]
    rows: Mapping[str, bytes]

    def whole(self) -> Mapping[str, State]:
        """Every state in memory by its subject's key, with what left its record."""
        return {key: self._whole(key, STATES.validate_json(written)) for key, written in self.states.items()}

    def ended(self) -> Mapping[str, Ended]:
        """What stays of the subjects that left memory, by key."""
        left = {subject: rows[ENDED] for subject, rows in self._by_subject.items() if ENDED in rows}
        return {subject: Ended.model_validate_json(written) for subject, written in left.items()}

    def overview(self) -> Overview:
        """The incidents and cases of these tables."""
        states = self.whole().values()
        return Overview(
            incidents=[one for one in states if isinstance(one, Incident)],
            open_cases=sorted((one for one in states if isinstance(one, Case) and one.is_open), key=lambda one: one.id),
            ended={named(key).id: row for key, row in self.ended().items()},
        )

    def _whole(self, key: str, state: State) -> State:
        if not isinstance(state, Incident):
            return state
        return whole(state, {name: ROWS.validate_json(row) for name, row in self._by_subject[key].items()})

    @cached_property
    def _by_subject(self) -> Mapping[str, Mapping[str, bytes]]:
        rows: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        for key, written in self.rows.items():
            subject, _, name = key.partition("|")
            rows[subject][name] = written
        return rows
