"""Working hours of the trust: whether they are open at a moment, and when that ends; by the clock on the wall."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo

from streams.words.register.entries import WorkingHours

LONGEST = timedelta(hours=24)


def in_hours(at: datetime, hours: WorkingHours) -> bool:
    """Tell whether this moment lies in the trust's working hours."""
    local = at.astimezone(ZoneInfo(hours.timezone))
    works = local.weekday() in hours.days and local.date() not in hours.bank_holidays
    return works and hours.opens <= local.time() < hours.closes


@lru_cache(8)
def hours_end(at: datetime, hours: WorkingHours) -> datetime:
    """The next moment at which working hours begin or end, or `LONGEST` from now."""
    is_open, longest = in_hours(at, hours), at + LONGEST
    edges = (edge for edge in _edges(at, hours) if at < edge < longest and in_hours(edge, hours) is not is_open)
    return min(edges, default=longest)


def _edges(at: datetime, hours: WorkingHours) -> Iterator[datetime]:
    """Moments at which hours may begin or end; where the clocks change, a time comes twice, or is passed over."""
    zone = ZoneInfo(hours.timezone)
    today = at.astimezone(zone).date()
    for day, turn, fold in product((today, today + timedelta(days=1)), (hours.opens, hours.closes), (0, 1)):
        yield datetime.combine(day, turn.replace(fold=fold), zone).astimezone(UTC)
    before, after = at, at + LONGEST
    if before.astimezone(zone).utcoffset() == after.astimezone(zone).utcoffset():
        return
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        changed = middle.astimezone(zone).utcoffset() != at.astimezone(zone).utcoffset()
        before, after = (before, middle) if changed else (middle, after)
    yield after.replace(microsecond=0)
