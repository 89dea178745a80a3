"""Reads the record: the facts of an incident, whether they hold together, the dead letters."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    fail,
    identified,
    say,
    zone_of,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.record.noted_anchors import AnchorsFile, anchors_in
from agents.runtime.door.dead_letters import Buried
from agents.runtime.door.door import Door
from agents.runtime.door.reading import BadRecord, told_bad
from agents.runtime.door.tables import PAST
from infra.log import Record
from streams.moments import second_in
from streams.record.anchors import Anchor
from streams.telling.facts import fact_lines
from streams.values import Subject, named, sentence
from streams.words.facts import Fact

app = typer.Typer()
log_app = typer.Typer(no_args_is_help=True, help="The facts of an incident, and whether the record holds together.")
app.add_typer(log_app, name="log")


@log_app.command("show")
def show(
    incident: Annotated[
        str, typer.Argument(callback=identified, help="An incident's identifier, or `case/` and a case's.")
    ],
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Show every fact of one incident or case in order."""
    facts, zone = asyncio.run(_facts(mode, log, about=named(incident)))
    if not facts:
        raise Misused(f"there are no facts of {named(incident).called}: see `holdingline status`")
    say([fact.model_dump(mode="json") for fact in facts], fact_lines(facts, zone=zone), as_json=as_json)


@log_app.command("verify")
def verify_log(
    *,
    anchors: AnchorsFile = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Check every chain of facts, every search, and the table against a fresh fold; exit code 1 on any fault."""
    from agents.runtime.record.verify import lateness, other_rules  # noqa: PLC0415 - judging again needs every rule, showing none

    noted = anchors_in(anchors, mode)
    facts, found = asyncio.run(_verify(mode, log, anchors=noted))
    if found:
        raise fail("\n".join(map(sentence, found)), as_json=as_json, more={"faults": found})
    late = lateness(facts, SystemClock().now())
    compared = [f"{len(noted)} anchors of mode {mode} were compared"] if anchors else []
    rules = other_rules(facts)
    lines = [f"{len(facts)} facts hold together", *compared, *rules, *late]
    answer = {"facts": len(facts), "faults": [], "late": late, "rules": rules, "anchors": len(noted)}
    say(answer, lines, as_json=as_json)


@app.command("dead-letters")
def dead_letters(
    *,
    content: Annotated[bool, typer.Option(help="Show what they hold: that may be somebody's words.")] = False,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """List what could not be decoded or handled, with its reason; a dead letter that cannot be read is named too."""
    buried, bad, zone = asyncio.run(_read_dead_letters(mode, log))
    answer = [{**one.letter.model_dump(mode="json"), **_content(one, shown=content)} for one in buried]
    answer += [{**one.answer(), "handler": None, "at": None} for one in bad]
    lines = [
        f"{second_in(zone, one.letter.at)}  {one.letter.topic} {one.letter.offset}: {one.letter.reason}"
        + "".join(f"\n      {name} {words!r}" for name, words in _content(one, shown=content).items())
        for one in buried
    ]
    say(answer, [*told_bad(bad), *lines] or ["no dead letters"], as_json=as_json)


async def _facts(mode: str, log: str, *, about: Subject) -> tuple[Sequence[Fact], ZoneInfo]:
    async with open_door(mode, log) as door:
        return await door.facts_about(about), zone_of(await door.last_good_register())


async def _verify(mode: str, log: str, *, anchors: Sequence[Anchor]) -> tuple[Sequence[Record], list[str]]:
    """Read the table before the facts, so that the facts are level with it or ahead; and once more after them."""
    from agents.runtime.record.verify import verify  # noqa: PLC0415 - as above

    async with Door(mode, log) as door:
        tables = [*await door.table_records(), *await door.table_records(PAST)]
        facts = await door.fact_records()
        later = await door.table_records()
    return facts, verify(facts, tables, anchors=anchors, later=later)


async def _read_dead_letters(mode: str, log: str) -> tuple[Sequence[Buried], Sequence[BadRecord], ZoneInfo]:
    async with Door(mode, log) as door:
        return await door.dead_letters(), door.bad, zone_of(await door.last_good_register())


def _content(one: Buried, *, shown: bool) -> dict[str, str]:
    return {"key": one.key, "value": one.value} if shown else {}
