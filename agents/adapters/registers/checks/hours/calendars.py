"""Fetched calendars: a copy that is still used because its source is gone or is not asked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import REGISTER, Reading
from agents.adapters.registers.rota.attempts import attempts_at
from agents.adapters.registers.rota.turns import CALENDARS

STALE_AFTER = timedelta(days=1)


def faults(reading: Reading, folder: Path, *, now: datetime) -> Iterator[Fault]:
    """The age of each copy that could not be fetched again."""
    zone = ZoneInfo(reading.register.hours.timezone)
    for calendar, place in reading.calendars:
        if not calendar.is_fetched:
            continue
        made = attempts_at(folder / REGISTER / CALENDARS / calendar.file)
        at = made.fetched_at
        serves = f"the copy of {at.astimezone(zone):%d %B %Y %H:%M} serves" if at else "no copy is kept"
        if made.trouble:
            sentence = f"the calendar of {calendar.rota}: {calendar.source} fails ({made.trouble}); {serves}"
            yield place.fault("calendar", sentence=sentence)
        elif at and at < now - STALE_AFTER:
            sentence = f"the calendar of {calendar.rota}: {serves}; fetch it again with `holdingline register fetch`"
            yield place.fault("calendar", sentence=sentence)
