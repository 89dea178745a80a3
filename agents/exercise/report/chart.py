"""Places each mark and label of the timeline and each bar of the chart. The page's template draws them.

All lengths are units of the drawing's view box, which is `WIDTH` wide and as high as its `height` says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.exercise.played import Played
from streams.words.facts import CommandRefused, Fact
from streams.words.incident import IncidentCancelled, IncidentDeclared, IncidentStoodDown, ReportReceived, SignalNoted
from streams.words.release import AmplifiedPostChanged, MessageAuthorised

WIDTH = 1000.0
LEFT, RIGHT = 110.0, 32.0
ROW, MARK_ROW = 15.0, 22.0
ROWS_MAX = 4
CHARACTER = 6.3
CHART_HEIGHT, CHART_TOP, CHART_FOOT = 190.0, 22.0, 26.0
TICKS = (10, 15, 30, 60, 120, 300, 600, 1800, 3600)
TICKS_MAX = 12
STRIPS = ("Situation", "Signed off", "Public", "Refused", "Partners", "Set aside")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the timeline; `label_y` is the baseline of its words. They begin at `x`, or end there if `ends`."""

    x: float
    y: float
    strip: int
    label: str
    label_y: float
    ends: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """A band of the timeline."""

    name: str
    y: float
    height: float
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A line across at a round moment."""

    x: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Plot:
    """The whole drawing."""

    height: float
    strips: Sequence[Strip]
    ticks: Sequence[ClockLine]


@dataclass(frozen=True, slots=True)
class Bar:
    """The mentions of one minute."""

    x: float
    y: float
    width: float
    height: float
    at: datetime
    count: int
    surge: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Mentions by minute; a bar is marked as a surge if the commander was shown it."""

    height: float
    foot: float
    bars: Sequence[Bar]


def timeline(played: Played) -> Plot:
    """Lay out what happened: a strip for each sort of thing, labels staggered so that none lies on another."""
    told: dict[int, list[tuple[float, str]]] = {number: [] for number in range(len(STRIPS))}
    for number, at, label in sorted(_happenings(played), key=lambda one: one[1]):
        told[number].append((_x(at, played), label))
    y, strips = 8.0, list[Strip]()
    for number, name in enumerate(STRIPS):
        strip = _strip(name, number, y, _together(told[number]))
        strips.append(strip)
        y += strip.height
    return Plot(y + 24, strips, list(_ticks(played)))


def chart(played: Played) -> Chart:
    """One bar for each minute that lies in the exercise."""
    counts, highest = played.mentions_by_minute, max(played.mentions_by_minute.values(), default=1)
    surges = {fact.body.minute for fact in played.facts if isinstance(fact.body, SignalNoted)}
    minutes = list(_minutes(played))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(minutes))
    room, foot = CHART_HEIGHT - CHART_TOP - CHART_FOOT, CHART_HEIGHT - CHART_FOOT
    bars = []
    for number, minute in enumerate(minutes):
        count = counts.get(minute, 0)
        high = room * count / highest
        x = LEFT + number * step + step * 0.1
        bars.append(Bar(x, foot - high, step * 0.8, high, minute, count, minute in surges))
    return Chart(CHART_HEIGHT, foot, bars)


def _happenings(played: Played) -> Iterator[tuple[int, datetime, str]]:
    """Strip, moment and short label of everything that is drawn."""
    for fact in played.facts:
        yield from ((strip, fact.at, label) for strip, label in _of_fact(fact))
    for one in played.publications:
        yield 2, one.at, f"{one.purpose}: {one.channel}"
    for moment in played.moments:
        if moment.label:
            yield 4, moment.at, moment.label
    for letter in played.dead_letters:
        yield 5, letter.at, letter.topic.rpartition(".")[2]


def _of_fact(fact: Fact) -> Iterator[tuple[int, str]]:
    match fact.body:
        case ReportReceived(methane=one):
            yield 0, "METHANE" if one.major_incident else "ETHANE"
        case IncidentDeclared():
            yield 0, "declared"
        case IncidentStoodDown() | IncidentCancelled():
            yield 0, fact.body.kind.removeprefix("incident_").replace("_", " ")
        case SignalNoted(count=count):
            yield 0, f"surge ({count})"
        case MessageAuthorised(message=message):
            yield 1, message.purpose
        case CommandRefused(command_kind=kind):
            yield 3, kind.replace("_", " ")
        case AmplifiedPostChanged(change=change):
            yield 4, f"noted: {change}"
        case _:
            pass


def _together(told: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Join what falls on the same spot: `holding: site` and `holding: email` become one label."""
    joined: list[tuple[float, str]] = []
    for x, label in told:
        head, _, tail = label.partition(": ")
        if joined and tail and x - joined[-1][0] < 1 and joined[-1][1].startswith(f"{head}: "):
            joined[-1] = (joined[-1][0], f"{joined[-1][1]}, {tail}")
        else:
            joined.append((x, label))
    return joined


def _strip(name: str, number: int, y: float, told: Sequence[tuple[float, str]]) -> Strip:
    """Each label goes to the first row that has room for it; what finds none is on its mark's tooltip only."""
    free_from = [0.0] * ROWS_MAX
    placed, rows = [], 1
    for x, label in told:
        wide = len(label) * CHARACTER + 8
        ends = x + wide > WIDTH - RIGHT
        left = x - wide if ends else x
        row = next((row for row in range(ROWS_MAX) if free_from[row] <= left), None)
        if row is not None:
            free_from[row] = left + wide
            rows = max(rows, row + 1)
        placed.append((x, label, row, ends))
    marks = [
        Mark(x, y + 12, number, label, y + MARK_ROW + 8 + ROW * row if row is not None else 0.0, ends)
        for x, label, row, ends in placed
    ]
    return Strip(name, y, MARK_ROW + ROW * rows + 8, marks)


def _x(at: datetime, played: Played) -> float:
    whole = max(1.0, (played.ended_at - played.started_at).total_seconds())
    share = min(1.0, max(0.0, (at - played.started_at).total_seconds() / whole))
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _ticks(played: Played) -> Iterator[ClockLine]:
    whole = (played.ended_at - played.started_at).total_seconds()
    step = next((seconds for seconds in TICKS if whole / seconds <= TICKS_MAX), TICKS[-1])
    for number in range(int(whole // step) + 1):
        at = played.started_at + timedelta(seconds=step * number)
        yield ClockLine(_x(at, played), at)


def _minutes(played: Played) -> Iterator[datetime]:
    minute = played.started_at.replace(second=0, microsecond=0)
    while minute < played.ended_at.replace(second=0, microsecond=0) + timedelta(minutes=1):
        yield minute
        minute += timedelta(minutes=1)
