"""Volume: how many people spoke in each quarter of an hour, how many are usual, and what happened meanwhile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from streams.decisions.listening.surge import Counts
from streams.decisions.listening.usual import QUARTER_MINUTES, usual
from streams.subjects.incident import Incident
from streams.values import Identifier, Purpose

QUARTER = timedelta(minutes=QUARTER_MINUTES)
BEFORE = timedelta(minutes=30)
"""The picture begins so long before the declaration: what was said before it is part of what happened."""
QUARTERS_MIN, QUARTERS_MAX = 8, 96
"""At least two hours are shown, and at most a day."""
MarkSort = Literal["surge", "release", "correction"]
MENDING = (Purpose.CORRECTION, Purpose.WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class VolumeMark:
    """Something that happened at a moment; `figure` is the people of a surge, `message` is what went out."""

    sort: MarkSort
    at: datetime
    figure: int = 0
    message: Identifier | None = None


@dataclass(frozen=True, slots=True)
class QuarterHeard:
    """The quarter of an hour from `at` on. `usual` is how many people are usual in one, at that hour."""

    at: datetime
    people: int
    usual: float
    marks: Sequence[VolumeMark] = ()


def quarters_heard(counts: Counts, incident: Incident, *, now: datetime) -> Sequence[QuarterHeard]:
    """Every quarter of an hour from before the declaration up to the running one, at most a day; oldest first.

    `incident` is whole. Quarters in which nothing was heard are there too.
    """
    last = _number(now)
    since = _number((incident.declared_at or now) - BEFORE)
    first = min(max(since, last + 1 - QUARTERS_MAX), last + 1 - QUARTERS_MIN)
    happened = sorted(volume_marks(counts, incident), key=lambda one: one.at)
    begun = counts.since if counts.since is not None else last
    return [
        QuarterHeard(
            at=_moment(number),
            people=counts.quarters.get(number, 0),
            usual=usual(counts.quarters, number, since=begun) * QUARTER_MINUTES,
            marks=[one for one in happened if _number(one.at) == number],
        )
        for number in range(first, last + 1)
    ]


def volume_marks(counts: Counts, incident: Incident) -> Iterator[VolumeMark]:
    """Surges, our own words, and those that mend; posts of partners are no marks, since there may be hundreds."""
    for surge in counts.surges:
        yield VolumeMark("surge", surge.at, surge.people)
    for message in incident.messages.values():
        if message.credit is None:
            sort: MarkSort = "correction" if message.purpose in MENDING else "release"
            yield VolumeMark(sort, incident.authorisations[message.id].at, message=message.id)


def _number(moment: datetime) -> int:
    return int(moment.timestamp() // QUARTER.total_seconds())


def _moment(number: int) -> datetime:
    return datetime.fromtimestamp(number * QUARTER.total_seconds(), UTC)
