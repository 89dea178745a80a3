"""`holdingline status`: what waits for a person, each incident with the words that are out, and the open cases."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import DEFAULT_LOG, DEFAULT_MODE, AsJson, LogUrl, Misused, ModeName, identified, say
from agents.runtime.door.door import Door
from agents.runtime.door.reading import BadRecord, told_bad
from agents.runtime.views.tables import Overview
from streams.projections.attention import waiting
from streams.projections.promises import promises
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.past import OVER
from streams.subjects.state import State
from streams.telling.attention import told_attention, told_promises
from streams.telling.brief import ALL, at_most, brief
from streams.telling.cases import case_line
from streams.telling.facts import apart, picture
from streams.values import Subject, named

app = typer.Typer()

WAITS_SHOWN, CASES_SHOWN = 8, 8
"""So many of each are shown, unless everything is asked for."""
ENDED_SHOWN = 10
"""So many incidents that left memory are named one by one."""


@app.command()
def status(
    incident: Annotated[
        str | None,
        typer.Argument(
            callback=identified, help="One incident, or `case/` and a case's identifier; all, if none is given."
        ),
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every message, delivery and hold, and the incidents that are over.")
    ] = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Show on one screen what waits for a person, which words are out, since when and where, and the open cases.

    A record that cannot be read hides nothing else: it is named first. It needs no running worker.
    """
    about = named(incident) if incident is not None else None
    now, (seen, bad) = SystemClock().now(), asyncio.run(_look(mode, log, about=about))
    if about and not (seen.incidents or seen.cases):
        raise Misused("; ".join([f"there is no {about.called}: see `holdingline status`", *told_bad(bad)]))
    lines = _lines(seen, now) if everything else _brief_lines(seen, now, named_one=about is not None)
    unread = [{"kind": "bad-record", **one.answer()} for one in bad]
    say([*_answer(seen, now), *unread], [*told_bad(bad), *lines], as_json=as_json)


def _lines(seen: Overview, now: datetime) -> Iterator[str]:
    """What waits comes first, whichever incident it is of."""
    yield from (line for state in seen.states for line in waits_of(state, now))
    for incident in seen.incidents:
        yield from lines_of(incident, now)
    if not seen.incidents and not seen.cases:
        yield "no incidents"
    yield from _left(seen.ended)
    for case in seen.cases:
        yield from lines_of(case, now)


def _brief_lines(seen: Overview, now: datetime, *, named_one: bool) -> Iterator[str]:
    """The same on one screen; an incident that is over is shown where it was asked for by name."""
    waits = [line for state in seen.states for line in waits_of(state, now)]
    yield from at_most(WAITS_SHOWN, waits, rest="that wait")
    shown = [one for one in seen.incidents if named_one or one.status not in OVER]
    for incident in shown:
        yield from brief(incident, now)
    over = len(seen.incidents) - len(shown) + len(seen.ended)
    if not shown and not seen.cases:
        yield "no incidents" if not over else "no incident goes on"
    if over:
        yield f"{over} {'incident is' if over == 1 else 'incidents are'} over: {ALL}"
    yield from at_most(CASES_SHOWN, [line for case in seen.cases for line in lines_of(case, now)], rest="cases")


def waits_of(state: State, now: datetime) -> Iterator[str]:
    """What waits for a person in one subject at a moment, in lines."""
    return (f"WAITS  {told_attention(one)}" for one in waiting(state, now))


def lines_of(state: State, now: datetime) -> Iterator[str]:
    """The state of one incident or case at a moment, in lines."""
    match state:
        case Incident():
            yield from picture(state, told_promises(promises(state, now)))
        case Case():
            yield apart(case_line(state))


def answer_of(state: State, now: datetime) -> Mapping[str, Any]:
    """The same of one incident or case for a program."""
    made = promises(state, now) if isinstance(state, Incident) else []
    promised = [promise.model_dump(mode="json") for promise in made]
    return {**state.model_dump(mode="json"), "promises": promised, "waiting": _waiting(state, now)}


def _answer(seen: Overview, now: datetime) -> Iterator[Mapping[str, Any]]:
    """The same for a program: every state with what waits in it; of the register only that, if there is any."""
    yield from (answer_of(one, now) for one in (*seen.incidents, *seen.cases))
    if seen.register_log and (waits := _waiting(seen.register_log, now)):
        yield {"kind": seen.register_log.kind, "waiting": waits}


def _waiting(state: State, now: datetime) -> Sequence[Mapping[str, Any]]:
    return [one.model_dump(mode="json") for one in waiting(state, now)]


def _left(ended: Sequence[str]) -> Iterator[str]:
    """What is said of incidents that left memory, the newest first."""
    if ended:
        more = f" and {len(ended) - ENDED_SHOWN} more" if len(ended) > ENDED_SHOWN else ""
        yield f"incidents that ended longer ago, each to be seen by its name: {', '.join(ended[:ENDED_SHOWN])}{more}"


async def _look(mode: str, log: str, *, about: Subject | None) -> tuple[Overview, Sequence[BadRecord]]:
    """One incident or case, wherever its state is to be found, or everything; and what could not be read."""
    async with Door(mode, log) as door:
        if about is None:
            return await door.overview(), door.bad
        found = await door.state(about)
    incidents = [found] if isinstance(found, Incident) and found.is_begun else []
    return Overview(incidents, cases=[found] if isinstance(found, Case) else [], ended=[]), door.bad
