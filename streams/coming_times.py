"""Times to come, or just over, as a person says them: `17:00` by the trust's clock, `+30m`, or the whole moment."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from streams.errors import MessageError
from streams.values import Utc
from streams.why import because

CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)", re.ASCII)
SPAN = re.compile(r"\+(?:(?P<hours>\d{1,3})h)?(?:(?P<minutes>\d{1,4})m)?(?<=[hm])", re.ASCII)
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Utc)
TONIGHT = timedelta(hours=12)
"""A time of day that is over today is tomorrow's only where that is so near."""


class NoSuchTime(MessageError):
    """This is no plain time: give one as 17:00, or one to come also as +30m."""

    @property
    def reason(self) -> str:
        """What is wrong with it; it may know how it was made."""
        reason: str = self.args[0]
        return reason


def coming(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment that is meant, in the trust's `zone`; `NoSuchTime` if it is none, over, or not plain."""
    if span := SPAN.fullmatch(text):
        ahead = timedelta(hours=int(span["hours"] or 0), minutes=int(span["minutes"] or 0))
        meant = (now + ahead).astimezone(zone).replace(second=0, microsecond=0)
    elif clock := CLOCK.fullmatch(text):
        meant = _next(int(clock["hour"]), int(clock["minute"]), now=now, zone=zone)
    else:
        try:
            # A mere number would be read as seconds since 1970.
            meant = _MOMENT.validate_python(text if "-" in text[1:] else "").astimezone(zone)
        except ValidationError:
            form = "{typed} is no moment: write 17:00, +30m, or all of it with its offset, as 2026-11-21T23:30:00+00:00"
            raise NoSuchTime(because("no-moment", form, typed=text)) from None
    if meant <= now:
        form = "{typed} is over, it was {when}: give a time to come, as 17:00 or +30m"
        raise NoSuchTime(because("moment-over", form, typed=text, when=shown(meant)))
    return meant


def last(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """When it was that time of day last, in the trust's `zone`; `NoSuchTime` if it is none, or not plain."""
    clock = CLOCK.fullmatch(text)
    if clock is None:
        raise NoSuchTime(f"{text} is no time of day: write 22:50, or all of it with its offset")
    today = now.astimezone(zone).replace(hour=int(clock["hour"]), minute=int(clock["minute"]), second=0, microsecond=0)
    meant = today if today <= now else today - timedelta(days=1)
    return _the_one(sorted({meant.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}), meant)


def shown(meant: datetime) -> str:
    """A moment with its day, its year and its zone."""
    form, day = "{clock} on {weekday} {time} ({zone})", f"{meant.day} {meant:%B %Y}"
    return because("moment-shown", form, clock=f"{meant:%H:%M}", weekday=f"{meant:%A}", time=day, zone=f"{meant:%Z}")


def _next(hour: int, minute: int, *, now: datetime, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone)
    said = today.replace(hour=hour, minute=minute, second=0, microsecond=0)
    for meant in (said, said + timedelta(days=1)):
        # On the night when the clocks go back a time comes twice.
        ahead = sorted({one for fold in (0, 1) if (one := meant.replace(fold=fold).astimezone(UTC)) > now})
        if ahead and (meant is said or ahead[0] - now <= TONIGHT):
            return _the_one(ahead, meant)
    form = "{clock} is over today, it is {now} now: give a time to come, as +30m, "
    form += "or for another day all of it with its offset"
    raise NoSuchTime(because("over-today", form, clock=f"{hour:02}:{minute:02}", now=f"{today:%H:%M}"))


def _the_one(ahead: Sequence[datetime], meant: datetime) -> datetime:
    """The moment when that clock shows that time; `NoSuchTime` if it never does, or does so twice."""
    found = [local for one in ahead if (local := one.astimezone(meant.tzinfo)).hour == meant.hour]
    if not found:
        form = "there is no {clock} that night, the clocks go forward: give another time"
        raise NoSuchTime(because("no-such-hour", form, clock=f"{meant:%H:%M}"))
    if len(found) > 1:
        either = " or ".join(one.isoformat(timespec="minutes") for one in found)
        form = "{clock} comes twice that night, the clocks go back: write which, {either}"
        raise NoSuchTime(because("hour-twice", form, clock=f"{meant:%H:%M}", either=either))
    return found[0]
