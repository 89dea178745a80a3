"""`holdingline status`: what waits for a person, each incident with the words that are out, and the open cases."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Annotated, Any

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    identified,
    say,
    zone_of,
)
from agents.entrypoints.pack_note import told_of_pack
from agents.runtime.door.door import Door
from agents.runtime.door.reading import BadRecord, told_bad
from agents.runtime.views.tables import Overview
from streams.decisions.cases.retention import KeptRecords, kept_records
from streams.projections.words_out import NotOut, not_out
from streams.subjects.attention import waiting
from streams.subjects.case import Case
from streams.subjects.incident import OVER, Incident
from streams.subjects.listening.watch import TrustWatch
from streams.subjects.plan import Plan
from streams.subjects.promises import promises
from streams.subjects.state import State
from streams.telling.attention import told_attention, told_promises
from streams.telling.brief import ALL, at_most, brief
from streams.telling.cases import case_line, told_records
from streams.telling.changes import told_shut, told_stopped
from streams.telling.facts import apart, picture, plan_lines
from streams.telling.listening.watch import watch_lines
from streams.telling.names import Names
from streams.values import LIVE, Subject, named
from streams.words.register.entries import Register

app = typer.Typer()

WAITS_SHOWN, CASES_SHOWN = 8, 8
"""So many of each are shown, unless everything is asked for."""
INCIDENTS_SHOWN, LINES_TOGETHER, LINES_EACH_MIN = 5, 24, 4
"""So many incidents are shown, and about so many lines of all of them, where several go on."""
REPORTS_READ = 50
"""So many of the newest reports are read of each incident, of which the newest that differ are shown."""
ENDED_SHOWN = 10
"""So many incidents that left memory are named one by one."""


@app.command()
def status(  # budget: which subject, how much of it, and by which log and register
    incident: Annotated[
        str | None,
        typer.Argument(
            callback=identified, help="One incident, or `case/` or `plan/` and an identifier; all, if none is given."
        ),
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Show every message, delivery and hold, and the incidents that are over.")
    ] = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show on one screen what waits for a person, which words are out, since when and where, and the open cases.

    A record that cannot be read hides nothing else: it is named first. It needs no running worker.
    """
    about = named(incident) if incident is not None else None
    now = SystemClock().now()
    seen, bad, known, kept = asyncio.run(
        _look(mode, log, about=about, now=now, reports_max=None if as_json else REPORTS_READ)
    )
    zone, old_pack = zone_of(known), None
    if register and mode == LIVE and about is None and not (seen.register_log and seen.register_log.waits_for_pack):
        is_true, words = told_of_pack(register, known, now=now)
        old_pack = None if is_true else words
    if about and not (seen.incidents or seen.cases or seen.plans or seen.watch):
        raise Misused(
            "; ".join([f"there is no {about.called.removeprefix('the ')}: see `holdingline status`", *told_bad(bad)])
        )
    named_one = about is not None
    shown = screen_lines(seen, now, zone=zone, named_one=named_one, register=known)
    lines = _lines(seen, now, zone=zone) if everything else shown
    unread = [{"kind": "bad-record", **one.answer()} for one in bad]
    packs = [{"kind": "pack", "says": old_pack}] if old_pack else []
    people = [{"kind": "kept-people", **kept.model_dump(mode="json")}] if kept.is_any else []
    told = [*told_bad(bad), *([f"WAITS  {old_pack}"] if old_pack else []), *lines]
    told += [told_records(kept, zone)] if kept.is_any else []
    answer = [*_answer(seen, now), *packs, *people, *unread] if as_json else []
    say(answer, told, as_json=as_json)


def _lines(seen: Overview, now: datetime, *, zone: tzinfo) -> Iterator[str]:
    """What waits comes first, whichever incident it is of."""
    yield from (line for state in seen.states for line in waits_of(state, now, zone=zone))
    yield from _shut(seen, zone=zone)
    for incident in seen.incidents:
        yield from lines_of(incident, now, zone=zone)
    if not seen.incidents and not seen.cases:
        yield "no incidents"
    yield from _left(seen.ended)
    for case in (*seen.cases, *seen.plans):
        yield from lines_of(case, now, zone=zone)


def screen_lines(
    seen: Overview, now: datetime, *, zone: tzinfo, named_one: bool, register: Register | None
) -> Iterator[str]:
    """The same on one screen; an incident that is over is shown where it was asked for by name."""
    waits = [line for state in seen.states for line in waits_of(state, now, zone=zone)]
    yield from at_most(WAITS_SHOWN, waits, rest="that wait")
    yield from _shut(seen, zone=zone)
    shown = [one for one in seen.incidents if named_one or one.status not in OVER]
    several = len(shown) > 1
    each = max(LINES_EACH_MIN, LINES_TOGETHER // max(1, len(shown))) if several else LINES_TOGETHER * 2
    for incident in shown[:INCIDENTS_SHOWN]:
        lines = [*brief(incident, now, zone=zone, several=several, register=register)]
        yield from at_most(each, lines, rest=f"lines of {incident.id}")
    if len(shown) > INCIDENTS_SHOWN:
        yield f"and {len(shown) - INCIDENTS_SHOWN} more incidents that go on: {ALL}"
    over = len(seen.incidents) - len(shown) + len(seen.ended)
    if not shown and not seen.cases:
        yield "no incidents" if not over else "no incident goes on"
    if over:
        yield f"{over} {'incident is' if over == 1 else 'incidents are'} over: {ALL}"
    cases = [line for case in seen.cases for line in lines_of(case, now, zone=zone)]
    yield from at_most(CASES_SHOWN, cases, rest="cases")
    yield from _of_plans(seen, named_one=named_one, zone=zone)


def _of_plans(seen: Overview, *, named_one: bool, zone: tzinfo) -> Iterator[str]:
    """One post that was asked for, or how many are planned."""
    is_live = any(one.is_live for one in seen.incidents)
    if named_one:
        yield from (apart(line) for one in seen.plans for line in plan_lines(one, zone, is_live=is_live))
    elif count := sum(1 for one in seen.plans if one.is_open):
        held = "; an incident goes on, so that none goes out by itself" if is_live else ""
        yield f"{count} {'post is' if count == 1 else 'posts are'} planned{held}: see `holdingline plans`"


def _shut(seen: Overview, *, zone: tzinfo) -> Iterator[str]:
    """A line for each account that a person shut, and each partner stopped in all incidents: who, when and why."""
    yield from (apart(f"account {one.id}: {told_shut(one.shut, zone)}") for one in seen.accounts if one.shut)
    stopped = seen.register_log.changes.stopped if seen.register_log else {}
    yield from (apart(told_stopped(name, stop, zone=zone)) for name, stop in stopped.items())


def waits_of(state: State, now: datetime, *, zone: tzinfo) -> Iterator[str]:
    """What waits for a person in one subject at a moment, in lines."""
    return (f"WAITS  {told_attention(one, zone)}" for one in waiting(state, now))


def lines_of(state: State, now: datetime, *, zone: tzinfo) -> Iterator[str]:
    """The state of one incident or case at a moment, in lines."""
    match state:
        case Incident():
            yield from picture(state, told_promises(promises(state, now), zone), zone=zone)
        case Case():
            yield apart(case_line(state, zone))
        case Plan():
            yield from map(apart, plan_lines(state, zone))
        case TrustWatch():
            yield from map(apart, watch_lines(state, now, names=Names(zone=zone)))


def answer_of(state: State, now: datetime) -> Mapping[str, Any]:
    """The same of one incident or case for a program."""
    made = promises(state, now) if isinstance(state, Incident) else []
    promised = [promise.model_dump(mode="json") for promise in made]
    refused = [_refused(one) for one in not_out(state)] if isinstance(state, Incident) else []
    more = {"promises": promised, "waiting": _waiting(state, now), **({"not_out": refused} if refused else {})}
    return {**state.model_dump(mode="json"), **more}


def _refused(one: NotOut) -> Mapping[str, Any]:
    message, delivery = one.message, one.delivery
    return {"message_id": message.id, "channel": delivery.channel, "reason": delivery.reason}


def _answer(seen: Overview, now: datetime) -> Iterator[Mapping[str, Any]]:
    """The same for a program: every state with what waits in it; of the register only that, if there is any.

    Of the watch and the accounts those come in which something waits.
    """
    yield from (answer_of(one, now) for one in (*seen.incidents, *seen.cases, *seen.plans))
    if seen.register_log and (waits := _waiting(seen.register_log, now)):
        yield {"kind": seen.register_log.kind, "waiting": waits}
    own = [seen.watch] if seen.watch else []
    yield from (answer_of(one, now) for one in (*own, *seen.accounts) if _waiting(one, now))


def _waiting(state: State, now: datetime) -> Sequence[Mapping[str, Any]]:
    return [one.model_dump(mode="json") for one in waiting(state, now)]


def _left(ended: Sequence[str]) -> Iterator[str]:
    """What is said of incidents that left memory, the newest first."""
    if ended:
        more = f" and {len(ended) - ENDED_SHOWN} more" if len(ended) > ENDED_SHOWN else ""
        yield f"incidents that ended longer ago, each to be seen by its name: {', '.join(ended[:ENDED_SHOWN])}{more}"


async def _look(
    mode: str, log: str, *, about: Subject | None, now: datetime, reports_max: int | None
) -> tuple[Overview, Sequence[BadRecord], Register | None, KeptRecords]:
    """One incident or case, or everything; what could not be read; the register in force; what is kept of people."""
    async with Door(mode, log) as door:
        known = await door.last_good_register()
        if about is None:
            # The cases are read last: what is kept for one that was opened meanwhile does not wait to be deleted.
            kept, seen = await door.case_posts(), await door.overview(reports_max=reports_max)
            return seen, door.bad, known, kept_records(kept, seen.cases, now=now)
        found = await door.state(about, reports_max=reports_max)
    incidents = [found] if isinstance(found, Incident) and found.is_begun else []
    cases = [found] if isinstance(found, Case) else []
    plans = [found] if isinstance(found, Plan) and found.at else []
    watch = found if isinstance(found, TrustWatch) else None
    return Overview(incidents, cases=cases, ended=[], plans=plans, watch=watch), door.bad, known, KeptRecords()
