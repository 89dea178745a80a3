"""Surge: when mentions of an incident come so thick that the commander should be asked for a word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from streams.values import Frozen, Utc

MINUTE = timedelta(minutes=1)
COUNT_MIN = 20
FACTOR = 3.0
LOOK_BACK = timedelta(minutes=10)
KEPT = timedelta(hours=6)


class Counts(Frozen):
    """Mentions of one incident by minute, and when a surge was last signalled."""

    minutes: Mapping[Utc, int] = {}
    total: int = 0
    signalled_at: Utc | None = None


@dataclass(frozen=True, slots=True)
class Surge:
    """In this minute so many mentions came, `usual` being the median of the minutes before."""

    minute: datetime
    count: int
    usual: float


def minute_of(moment: datetime) -> datetime:
    """The start of the minute that a moment lies in."""
    return moment.replace(second=0, microsecond=0)


def counted(counts: Counts, more: Mapping[datetime, int]) -> Counts:
    """Add mentions by minute; minutes older than `KEPT` before the newest are dropped; `total` still includes them."""
    minutes = dict(counts.minutes)
    for minute, count in more.items():
        minutes[minute] = minutes.get(minute, 0) + count
    oldest = max(minutes, default=None)
    kept = {minute: count for minute, count in minutes.items() if oldest and minute > oldest - KEPT}
    return counts.model_copy(update={"minutes": kept, "total": counts.total + sum(more.values())})


def surge(counts: Counts) -> Surge | None:
    """The newest minute's surge, at most one signal for every `LOOK_BACK`."""
    if not counts.minutes:
        return None
    newest = max(counts.minutes)
    if counts.signalled_at and newest < counts.signalled_at + LOOK_BACK:
        return None
    span = [newest - MINUTE * back for back in range(1, int(LOOK_BACK / MINUTE) + 1)]
    usual = median(counts.minutes.get(minute, 0) for minute in span)
    count = counts.minutes[newest]
    return Surge(newest, count, usual) if count >= max(COUNT_MIN, FACTOR * usual) else None
