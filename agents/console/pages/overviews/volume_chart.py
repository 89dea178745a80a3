"""The picture of the volume: where each bar, line and mark is in the drawing. The template draws it, with no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from streams.telling.briefing.volume import QuarterHeard, VolumeMark

WIDTH, HEIGHT, HEAD, FOOT = 372.0, 170.0, 34.0, 20.0
"""Of the drawing's view box: a telephone's page is about as wide. Marks are in the head, times in the foot."""
SHARE = 0.8
"""How much of its place a bar takes."""
TICKS_MAX = 5
MARK_SIZE = 10.0
ROWS = {"surge": 0, "release": 1, "correction": 2}
"""The row of the head that a mark is in, so that two of one quarter of an hour do not hide each other."""


@dataclass(frozen=True, slots=True)
class QuarterBar:
    """A quarter of an hour and where its bar is; `line_y` is the height of what is usual."""

    quarter: QuarterHeard
    x: float
    y: float
    width: float
    height: float
    line_y: float


@dataclass(frozen=True, slots=True)
class MarkPlace:
    """A mark, the middle of its sign, and from where a line falls to the time beneath."""

    mark: VolumeMark
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class VolumeChart:
    """All that the template draws."""

    bars: Sequence[QuarterBar]
    marks: Sequence[MarkPlace]
    ticks: Sequence[tuple[float, datetime]]
    most: QuarterHeard
    width: float = WIDTH
    height: float = HEIGHT
    foot: float = FOOT

    @property
    def usual_line(self) -> str:
        """The points of the line of what is usual."""
        return " ".join(f"{one.x:.1f},{one.line_y:.1f} {one.x + one.width:.1f},{one.line_y:.1f}" for one in self.bars)


def volume_chart(quarters: Sequence[QuarterHeard]) -> VolumeChart:
    """The picture of these quarters of an hour, of which there is at least one."""
    high = max(1.0, *(max(one.people, one.usual) for one in quarters))
    step, floor = WIDTH / len(quarters), HEIGHT - FOOT
    bars, marks = [], []
    for number, quarter in enumerate(quarters):
        x = step * number + step * (1 - SHARE) / 2
        tall = (floor - HEAD) * quarter.people / high
        usual_y = floor - (floor - HEAD) * quarter.usual / high
        bars.append(QuarterBar(quarter, round(x, 2), floor - tall, round(step * SHARE, 2), tall, usual_y))
        middle = min(max(x + step * SHARE / 2, MARK_SIZE / 2), WIDTH - MARK_SIZE / 2)
        once = {mark.sort: mark for mark in quarter.marks}
        marks += [MarkPlace(one, middle, 1 + MARK_SIZE * (ROWS[sort] + 0.5)) for sort, one in once.items()]
    every = -(-len(bars) // TICKS_MAX)
    ticks = [(one.x, one.quarter.at) for one in bars[::every]]
    return VolumeChart(bars, marks, ticks, max(quarters, key=lambda one: one.people))
