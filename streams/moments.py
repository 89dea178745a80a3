"""Moments as people read them: in one time zone, with day, year and zone wherever the time alone misleads."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

PLAIN_WITHIN = timedelta(hours=12)
"""A time of day alone is plain for a moment less than this ahead; later it needs its day."""
MONTHS: Mapping[str, Sequence[str]] = {
    "en": "January February March April May June July August September October November December".split(),  # noqa: SIM905 - a year on one line
    "cy": "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr".split(),  # noqa: SIM905 - a year on one line
}
_ON_DAYS: Mapping[str, Sequence[str]] = {
    "en": [f"on {day}" for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")],
    "cy": [f"ddydd {day}" for day in ("Llun", "Mawrth", "Mercher", "Iau", "Gwener", "Sadwrn", "Sul")],
}


def month_called(moment: datetime, language: str) -> str:
    """A month by its name, as `November 2026`; the moment is one of its own, in the zone that counts."""
    named = MONTHS.get(language, MONTHS["en"])
    return f"{named[moment.month - 1]} {moment.year}"


def ahead(moment: datetime, *, now: datetime, zone: ZoneInfo, language: str = "en") -> str:
    """A moment that is promised: `23:30`, `01:30 GMT` where the clocks go back, `23:00 on Friday 20 November`."""
    clock, *day = parts(moment, now=now, zone=zone, language=language)
    local = moment.astimezone(zone)
    if not day:
        return clock
    return f"{clock} {_ON_DAYS[language][local.weekday()]} {day[0]}" if language in _ON_DAYS else f"{clock}, {day[0]}"


def parts(moment: datetime, *, now: datetime, zone: ZoneInfo, language: str = "en") -> Sequence[str]:
    """What a text has to say so that a promised moment is plain: the time, and the day where that is not plain."""
    local = moment.astimezone(zone)
    if timedelta() < moment - now < PLAIN_WITHIN:
        return [time_of(local)]
    if language not in MONTHS:
        return [time_of(local), f"{local:%Y-%m-%d}"]
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return [time_of(local), f"{local.day} {MONTHS[language][local.month - 1]}{year}"]


def whole(moment: datetime, *, zone: ZoneInfo, months: Sequence[str]) -> str:
    """A moment as it stays true whenever it is read: `22:45, 21 November 2026`."""
    local = moment.astimezone(zone)
    return f"{time_of(local)}, {local.day} {months[local.month - 1]} {local.year}"


def told_in(zone: tzinfo, moment: datetime) -> str:
    """A moment in a line of the record or the status: `28 Nov 2027 16:43 GMT`; a year may lie between the two."""
    return f"{moment.astimezone(zone):%d %b %Y %H:%M %Z}"


def near_in(zone: tzinfo, moment: datetime, *, now: datetime) -> str:
    """A moment to a person who reads it now: `16:43` where that is plain, else with its day and zone."""
    return f"{moment.astimezone(zone):%H:%M}" if abs(moment - now) < PLAIN_WITHIN else told_in(zone, moment)


def minute_in(zone: tzinfo, moment: datetime) -> str:
    """A time of this day in a sentence to a person: `16:43 GMT`."""
    return f"{moment.astimezone(zone):%H:%M %Z}"


def second_in(zone: tzinfo, moment: datetime) -> str:
    """The same where seconds count: `16:43:07 GMT`."""
    return f"{moment.astimezone(zone):%H:%M:%S %Z}"


def time_of(local: datetime) -> str:
    """The time of day, with the zone's name in the hour that the clocks go through twice."""
    twice = local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
    return f"{local:%H:%M %Z}" if twice else f"{local:%H:%M}"
