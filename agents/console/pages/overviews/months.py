"""The report of a month, to read and print, and the same as data."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from aiohttp import web

from agents.console.pages.overviews.sentences import sentence
from agents.console.visits import Visit
from agents.runtime.views.months import month_of, read_month
from streams.moments import month_called
from streams.projections.month import MonthReport
from streams.telling.briefing.month_sections import MONTH_SECTIONS
from streams.telling.briefing.sections import BriefingLine
from streams.telling.happenings.names import WrittenWords

MONTHS_OFFERED = 24


async def page(visit: Visit) -> web.Response:
    """The report in sentences; of the running month, if none was chosen or what was chosen is none."""
    month = _month(visit)
    report = await _read(visit, month)
    # It is read later, so that each moment needs its day.
    zone, later = visit.house.zone, report.until + timedelta(days=1)
    sections = [
        (name, [(_told(one, visit, later), one.urgent) for one in section(report)])
        for name, section in MONTH_SECTIONS.items()
    ]
    is_month = visit.field("month") in {"", month}
    name = month_called(report.since.astimezone(zone), visit.language)
    choices = _choices(visit, month)
    return visit.page(
        "month", report=report, month=month, name=name, choices=choices, is_month=is_month, sections=sections
    )


def _told(one: BriefingLine, visit: Visit, now: datetime) -> str:
    """The sentence, by the names that people know; how many read it is in the register's own English words."""
    gaps = {name: _gap(name, value, visit) for name, value in one.gaps.items()}
    return sentence(replace(one, gaps=gaps), visit.words, zone=visit.house.zone, now=now)


def _gap(name: str, value: object, visit: Visit) -> object:
    match name, value:
        case "channel", str(channel):
            return visit.house.place(channel)
        case "partner", str(partner):
            return visit.register.partner(partner)
        case "audience", str(audience):
            return WrittenWords(audience)
        case _:
            return value


def _choices(visit: Visit, chosen: str) -> Sequence[tuple[str, str]]:
    """The months of the last two years, the newest first, each by its name; and the one that is shown."""
    first = visit.now.astimezone(visit.house.zone).replace(day=1)
    found = []
    for _ in range(MONTHS_OFFERED):
        found.append((f"{first:%Y-%m}", month_called(first, visit.language)))
        first = (first - timedelta(days=1)).replace(day=1)
    if chosen in dict(found):
        return found
    since, _ = month_of(chosen, visit.house.zone)
    return [*found, (chosen, month_called(since.astimezone(visit.house.zone), visit.language))]


async def data(visit: Visit) -> web.Response:
    """The report as JSON; its shape is in docs/reports.md."""
    report = await _read(visit, _month(visit))
    month = report.since.astimezone(visit.house.zone).strftime("%Y-%m")
    name = {"Content-Disposition": f'attachment; filename="month-{month}.json"'}
    return web.Response(text=report.model_dump_json(indent=1), content_type="application/json", headers=name)


async def _read(visit: Visit, month: str) -> MonthReport:
    house = visit.house
    scores = house.looks.scores()
    return await read_month(
        house.board.door, (house.mode, month), register=visit.register, now=visit.now, scores=scores
    )


def _month(visit: Visit) -> str:
    given = visit.field("month")
    with suppress(ValueError, OverflowError):
        month_of(given, visit.house.zone)
        return given
    return visit.now.astimezone(visit.house.zone).strftime("%Y-%m")
