"""Usual: how many posts a minute there would be at this hour anyhow. The highest of three looks at the past counts.

They are the last day, the two hours that ended half an hour ago (an hour ago for people with a hazard word), and the
same hour of the days before: what is usual at night is not usual at noon, and a quarrel that has gone on since the
morning is usual by the evening.
"""

from collections.abc import Iterator, Mapping

from streams.decisions.listening.crowd import BIN_SECONDS

QUARTER_MINUTES = 15
QUARTER_BINS = QUARTER_MINUTES * 60 // BIN_SECONDS
DAY = 24 * 60 // QUARTER_MINUTES
DAYS_MAX = 7
QUARTERS_KEPT = (DAYS_MAX + 1) * DAY
GUARD = 3
"""The running quarter of an hour, and the two before it, are what is judged: they are no past."""
WARNING_GUARD = 5
"""People with a hazard word are judged by the hour: the running quarter and the four before it are no past."""
PRIOR_A_DAY = 100.0
"""So many mentions a day are taken for usual until a whole day is known."""


def quarter_of(heard: int) -> int:
    """The quarter of an hour, counted from the epoch, that a bin lies in."""
    return heard // QUARTER_BINS


def with_quarter(quarters: Mapping[int, int], more: Mapping[int, int]) -> Mapping[int, int]:
    """Add posts by quarter; at most `QUARTERS_KEPT` up to the newest are kept."""
    added = {**quarters, **{one: quarters.get(one, 0) + count for one, count in more.items()}}
    oldest = max(added, default=0) - QUARTERS_KEPT
    return {one: count for one, count in sorted(added.items()) if one > oldest}


def usual(
    quarters: Mapping[int, int], now: int, *, since: int, prior_a_day: float = PRIOR_A_DAY, guard: int = GUARD
) -> float:
    """Posts a minute that are usual in quarter `now`. `since` is the first quarter in which anything was counted.

    The last `guard` quarters are no past of the two hours before them.
    """
    return max(_looks(quarters, now, last=now - guard, since=since, prior_a_day=prior_a_day))


def _looks(quarters: Mapping[int, int], now: int, *, last: int, since: int, prior_a_day: float) -> Iterator[float]:
    yield _rate(quarters, last - 8, last=last)
    if now - since < DAY:
        yield prior_a_day / (24 * 60)
        yield _rate(quarters, max(since, last - DAY), last=last)
        return
    yield _rate(quarters, now - DAY, last=now - GUARD)
    days = [back for back in range(DAY, DAYS_MAX * DAY + 1, DAY) if now - back - 2 >= since]
    if days:
        yield sum(_rate(quarters, now - back - 2, last=now - back + 1) for back in days) / len(days)


def _rate(quarters: Mapping[int, int], before: int, *, last: int) -> float:
    """Posts a minute from after quarter `before` up to and with `last`."""
    if last <= before:
        return 0.0
    return sum(quarters.get(one, 0) for one in range(before + 1, last + 1)) / ((last - before) * QUARTER_MINUTES)
