"""How many people spoke of the trust lately, by quarter of an hour: numbers only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from streams.decisions.listening.crowd import bin_of, moment_of
from streams.decisions.listening.surge import Counts
from streams.decisions.listening.usual import QUARTER_BINS, quarter_of
from streams.moments import told_in

QUARTERS_SHOWN = 24
"""Six hours."""


@dataclass(frozen=True, slots=True)
class HeardQuarter:
    """One quarter of an hour: when it began, how many people were heard, and how many of them with a hazard word."""

    at: datetime
    people: int
    warning: int


def heard_lately(counts: Counts, now: datetime) -> Sequence[HeardQuarter]:
    """The quarters of the last hours in which anybody was heard, the newest first."""
    last = quarter_of(bin_of(now))
    numbers = range(last, last - QUARTERS_SHOWN, -1)
    return [
        HeardQuarter(moment_of(one * QUARTER_BINS), people, counts.warning_quarters.get(one, 0))
        for one in numbers
        if (people := counts.quarters.get(one, 0))
    ]


def lately_lines(quarters: Sequence[HeardQuarter], zone: tzinfo) -> Iterator[str]:
    """A line for each quarter."""
    if not quarters:
        yield "nobody named the trust in the last six hours"
        return
    yield "people who named the trust, by quarter of an hour:"
    for one in quarters:
        words = f", {one.warning} of them with a hazard word" if one.warning else ""
        yield f"  {told_in(zone, one.at)}  {one.people}{words}"
