"""`holdingline cases`: what was addressed to us, by the clock; one case with what may answer it; and the counts."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    identified,
    moment,
    say,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.runtime.door.door import facts_of
from streams.decisions.cases.desks import has_it
from streams.decisions.cases.retention import kept
from streams.projections.case_list import answer_texts, by_clock, counted, offered
from streams.subjects.case import Case, CaseStatus
from streams.telling.cases import enquiry_line, told_kept, told_listed
from streams.telling.facts import apart
from streams.values import Subject, SubjectKind
from streams.words.cases import CaseSort
from streams.words.register.entries import Register

app = typer.Typer()
MONTH = timedelta(days=31)
CaseName = Annotated[str | None, typer.Argument(callback=identified, help="One case; all open ones, if none is given.")]
Sort = Annotated[CaseSort | None, typer.Option("--sort", help="Only cases of this sort.")]
Counts = Annotated[bool, typer.Option("--counts", help="How many complaints of each nature were closed, to publish.")]
Since = Annotated[str | None, typer.Option("--since", help="Count from this moment on; a month ago, if none is given.")]


@app.command()
def cases(  # budget: which of them, or their counts since when, and by which log
    case: CaseName = None,
    *,
    sort: Sort = None,
    counts: Counts = False,
    since: Since = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Show what was addressed to us, overdue first, with why it is here, its age and who has it.

    A case that is named is shown with the approved answers that fit it, and what is kept of people for it. Nothing goes
    out from here. It needs no running worker.
    """
    now = SystemClock().now()
    if counts:
        begins = moment(since) if since else now - MONTH
        found = asyncio.run(_counts(mode, log, since=begins, until=now))
        lines = [
            f"complaints closed since {begins:%Y-%m-%d}, by nature:",
            *(f"  {one}: {n}" for one, n in found.items()),
        ]
        say({"since": begins.isoformat(), "until": now.isoformat(), "counts": found}, lines, as_json=as_json)
        return
    listed, register = asyncio.run(_look(mode, log, name=case))
    if case and not listed:
        raise Misused(f"there is no case {case}: see `holdingline cases`")
    shown = by_clock(listed, sort=sort)
    lines = [line for one in shown for line in (_whole(one, register, now) if case else [_line(one, register, now)])]
    say([one.model_dump(mode="json") for one in shown], [*map(apart, lines)] or ["no cases"], as_json=as_json)


def _line(case: Case, register: Register, now: datetime) -> str:
    people = [register.called(name) for name in has_it(case, register, now=now)]
    return told_listed(case, people, now=now, zone=register.hours.zone)


def _whole(case: Case, register: Register, now: datetime) -> Iterator[str]:
    """One case, and the words that a person may send by hand."""
    yield _line(case, register, now)
    if case.enquiry:
        yield f"  {enquiry_line(case.enquiry)}"
    for one in offered(case, register, now=now) if case.waits else ():
        for language, text in answer_texts(one).items():
            yield f"  approved answer {one.id} ({language}), to be sent by hand: {' '.join(text.split())}"
    yield f"  {told_kept(kept(case), register.hours.zone)}"


async def _look(mode: str, log: str, *, name: str | None) -> tuple[Sequence[Case], Register]:
    """The open cases, or the one of this name, closed or not; and the register that is in force."""
    async with open_door(mode, log) as door:
        register = await door.last_good_register() or Register(trust="-")
        if name is None:
            return (await door.overview()).cases, register
        state = await door.state(Subject(kind=SubjectKind.CASE, id=name))
        return [state] if isinstance(state, Case) and state.status is not CaseStatus.NONE else [], register


async def _counts(mode: str, log: str, *, since: datetime, until: datetime) -> dict[str, int]:
    async with open_door(mode, log) as door:
        facts = facts_of(await door.fact_records())
    return {one.value: count for one, count in counted(facts, since=since, until=until).items()}
