"""The report of a month, to read and print, and the same as data."""

from contextlib import suppress
from datetime import timedelta

from aiohttp import web

from agents.console.visits import Visit
from agents.runtime.views.months import month_of, read_month
from streams.projections.month import MonthReport
from streams.telling.briefing.letter import said
from streams.telling.briefing.month_sections import MONTH_SECTIONS


async def page(visit: Visit) -> web.Response:
    """The report in sentences; of the running month, if none was chosen or what was chosen is none."""
    month = _month(visit)
    report = await _read(visit, month)
    # It is read later, so that each moment needs its day.
    zone, later = visit.house.zone, report.until + timedelta(days=1)
    sections = [
        (name, [(said(one, visit.says, zone=zone, now=later), one.urgent) for one in section(report)])
        for name, section in MONTH_SECTIONS.items()
    ]
    is_month = visit.field("month") in {"", month}
    return visit.page("month", report=report, month=month, is_month=is_month, sections=sections)


async def data(visit: Visit) -> web.Response:
    """The report as JSON; its shape is in docs/reports.md."""
    report = await _read(visit, _month(visit))
    return web.Response(text=report.model_dump_json(indent=1), content_type="application/json")


async def _read(visit: Visit, month: str) -> MonthReport:
    house = visit.house
    scores = house.looks.scores()
    return await read_month(house.board.door, (house.mode, month), zone=house.zone, now=visit.now, scores=scores)


def _month(visit: Visit) -> str:
    given = visit.field("month")
    with suppress(ValueError, OverflowError):
        month_of(given, visit.house.zone)
        return given
    return visit.now.astimezone(visit.house.zone).strftime("%Y-%m")
