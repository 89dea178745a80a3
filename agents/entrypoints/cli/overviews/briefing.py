"""`holdingline briefing`: one page about an incident for people who decide nothing tonight, and have to know."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import tzinfo
from typing import Annotated, Any

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    IncidentId,
    LogUrl,
    Misused,
    ModeName,
    say,
    zone_of,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.runtime.views.console_words import LANGUAGES, console_says
from streams.subjects.incident import Incident
from streams.telling.briefing.letter import Says, briefing_lines, said
from streams.telling.briefing.sections import SECTIONS, Situation
from streams.values import Subject, is_drill
from streams.words.register.entries import Register

app = typer.Typer()


@app.command()
def briefing(
    incident: IncidentId,
    *,
    language: Annotated[str, typer.Option(help=f"The language: {' or '.join(LANGUAGES)}.")] = LANGUAGES[0],
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Show on one page how many people speak of an incident, our words, the cases, and what is not known.

    It is the page of the console and the letter that goes to the people whom the register names. It needs no running
    worker.
    """
    if language not in LANGUAGES:
        raise Misused(f"{language} is no language of the briefing: give {' or '.join(LANGUAGES)}")
    known, register = asyncio.run(_look(mode, log, incident=incident))
    if known is None:
        raise Misused(f"there is no incident {incident}: see `holdingline status`")
    zone, says = zone_of(register), console_says(language, is_live=not is_drill(mode))
    say(_answer(known, says, zone=zone), [*briefing_lines(known, says, zone=zone)], as_json=as_json)


def _answer(known: Situation, says: Says, *, zone: tzinfo) -> dict[str, Any]:
    """The same for a program: the sentences by section, and every quarter of an hour."""
    told: dict[str, Sequence[str]] = {
        name: [said(one, says, zone=zone, now=known.now) for one in section(known)]
        for name, section in SECTIONS.items()
    }
    return {
        "incident": known.incident.id,
        "at": known.now,
        "sections": told,
        "quarters": [*map(asdict, known.quarters)],
    }


async def _look(mode: str, log: str, *, incident: str) -> tuple[Situation | None, Register | None]:
    async with open_door(mode, log) as door:
        state = await door.state(Subject.incident(incident))
        register = await door.last_good_register()
        if not isinstance(state, Incident) or not state.is_begun:
            return None, register
        overview = await door.overview()
        counts = await door.counts(incident)
    return Situation(state, counts, SystemClock().now(), overview.cases, overview.register_log), register
