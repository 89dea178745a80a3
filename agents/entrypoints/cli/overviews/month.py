"""`holdingline month`: what the trust said in a month, how fast, what it promised, and what was asked of it."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta, tzinfo
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.drill_scores import FILE, read_scores
from agents.entrypoints.cli.options import DEFAULT_LOG, DEFAULT_MODE, AsJson, LogUrl, Misused, ModeName, say, zone_of
from agents.runtime.door.door import Door
from agents.runtime.door.reading import BadRecord, told_bad
from agents.runtime.views.console_words import LANGUAGES, console_says
from agents.runtime.views.months import read_month
from streams.moments import month_called, told_in
from streams.projections.drill_scores import DrillScore
from streams.projections.month import MonthReport
from streams.telling.briefing.letter import said
from streams.telling.briefing.month_sections import MONTH_SECTIONS
from streams.telling.facts import apart
from streams.values import is_drill

app = typer.Typer()


@app.command()
def month(  # budget: which month, in which language, and where it is read
    which: Annotated[str, typer.Argument(metavar="MONTH", help="The month, as 2026-11.")],
    *,
    language: Annotated[str, typer.Option(help=f"The language: {' or '.join(LANGUAGES)}.")] = LANGUAGES[0],
    scores: Annotated[Path, typer.Option(help="The file of drills' figures, as `exercise run` keeps them.")] = FILE,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Report one month: posts, speed, promises, corrections, cases, hashtags, partners and drills.

    It reads the facts of that month only, and needs no running worker. `--json` gives the data, see docs/reports.md.
    """
    if language not in LANGUAGES:
        raise Misused(f"{language} is no language of the report: give {' or '.join(LANGUAGES)}")
    try:
        found, bad, zone = asyncio.run(_look(mode, log, which=which, scores=read_scores(scores)))
    except ValueError:
        raise Misused(f"{which} is no month: give it as 2026-11") from None
    lines = [apart(one) for one in _lines(found, language=language, zone=zone)]
    say(found.model_dump(mode="json"), [*told_bad(bad), *lines], as_json=as_json)


def _lines(report: MonthReport, *, language: str, zone: tzinfo) -> Iterator[str]:
    says = console_says(language, is_live=not is_drill(report.mode))
    yield says("month-heading", month=month_called(report.since.astimezone(zone), language))
    yield says("month-about", since=told_in(zone, report.since), until=told_in(zone, report.until))
    # It is read later, so that each moment needs its day.
    later = report.until + timedelta(days=1)
    for name, section in MONTH_SECTIONS.items():
        told = [said(one, says, zone=zone, now=later) for one in section(report)]
        yield from ["", says(f"month-{name}"), *(f"- {one}" for one in told)] if told else []


async def _look(
    mode: str, log: str, *, which: str, scores: Sequence[DrillScore]
) -> tuple[MonthReport, Sequence[BadRecord], ZoneInfo]:
    async with Door(mode, log) as door:
        register, now = await door.last_good_register(), SystemClock().now()
        report = await read_month(door, (mode, which), register=register, now=now, scores=scores)
        return report, door.bad, zone_of(register)
