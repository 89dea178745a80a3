"""Evidence for an inquiry: one incident's record in a file, its check, and what the commander saw at a moment."""

import asyncio
import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    By,
    IncidentId,
    LogUrl,
    Misused,
    ModeName,
    fail,
    moment,
    say,
    zone_of,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.record.noted_anchors import AnchorsFile, anchors_in
from agents.entrypoints.cli.record.status import answer_of, lines_of, waits_of
from agents.runtime.record.export import export, software
from streams.record import checks
from streams.record.container import Evidence, Manifest, Unreadable, read
from streams.record.second_judgement import rules_of
from streams.subjects.fold import begun, fold_readable
from streams.telling.facts import fact_lines
from streams.values import THE_REGISTER, Subject, named, sentence
from streams.words.facts import Fact

app = typer.Typer()

FOUND_EXIT = 4
UNREADABLE_EXIT = 5
LAST_FACTS = 10
JUDGED_BY = "judged again was by the rules of"
JUDGED_BEFORE = "if an earlier release was at work that night, check with that one too"
NO_OWN_LOG = "the register's own log is not in this file: nothing here shows who let in the powers that were used"

EvidenceFile = Annotated[Path, typer.Argument(help="A file that `holdingline evidence` wrote.")]


@app.command("evidence")
def export_evidence(  # budget: what, by whom, from where and where to
    incident: IncidentId,
    by: By,
    *,
    out: Annotated[Path, typer.Option("--out", help="The file to write; none is written over.")],
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Write one incident's record into a file that can be checked anywhere; note down the hash that it prints."""
    manifest, content = asyncio.run(_export(incident, by, mode=mode, log=log))
    try:
        # For the service's own user, whatever the umask: it holds who said what that night.
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise Misused(f"{out} cannot be written ({error.strerror}): name a new file") from None
    digest = hashlib.sha256(content).hexdigest()
    lines = [
        f"{out} holds {manifest.facts} facts, {manifest.orders} orders and {manifest.registers} registers",
        f"SHA-256 {digest}: note it where nobody can change it",
    ]
    say({"file": str(out), "sha256": digest, **manifest.model_dump(mode="json")}, lines, as_json=as_json)


@app.command()
def verify(file: EvidenceFile, *, anchors: AnchorsFile = None, as_json: AsJson = False) -> None:
    """Check an evidence file from its own content alone: exit code 4 on any finding, 5 if it cannot be read."""
    try:
        evidence = _read(file)
    except Unreadable as error:
        raise fail(str(error), as_json=as_json, code=UNREADABLE_EXIT) from None
    manifest = evidence.manifest
    noted = anchors_in(anchors, manifest.mode)
    if found := checks.check(evidence, noted):
        advice = f"{JUDGED_BY} {software()}; {sentence(manifest.software)} wrote the file: {JUDGED_BEFORE}"
        words = [*found, *([advice] if any("judged again" in one for one in found) else [])]
        raise fail("\n".join(words), as_json=as_json, code=FOUND_EXIT, more={"found": found})
    own = f"{manifest.changes} facts of the register's own log give those registers" if manifest.changes else NO_OWN_LOG
    heads = [one.heads[manifest.subject.key] for one in noted if manifest.subject.key in one.heads]
    known = max((head.sequence for head in heads), default=0)
    lines = [
        f"{manifest.facts} facts of {manifest.subject.called} ({manifest.mode}) hold together",
        f"each of {manifest.orders} orders, judged again by the register of its hour, gives exactly these",
        *([own] if manifest.subject != THE_REGISTER else []),
        *rules_of(checks.facts_of(evidence, [])),
        *([f"the anchors know {known} of these facts; a later one could be missing unseen"] if anchors else []),
        f"exported by {sentence(manifest.exported_by)} at {manifest.exported_at:%d %B %Y %H:%M:%S} UTC",
    ]
    say({"found": [], "anchored": known, **manifest.model_dump(mode="json")}, lines, as_json=as_json)


@app.command("at")
def show_at(  # budget: what, when, and where it is read
    incident: IncidentId,
    time: Annotated[str, typer.Argument(help="The moment, with its offset, as in 2026-11-21T22:42:07+00:00.")],
    *,
    source: Annotated[Path | None, typer.Option("--from", help="An evidence file instead of the log.")] = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Show what the commander saw at a moment: the status as it stood then, and the last facts."""
    then = moment(time)
    known, zone = _from_file(source) if source else asyncio.run(_facts(named(incident), mode=mode, log=log))
    facts = [fact for fact in known if fact.subject == named(incident)]
    if not facts:
        raise Misused(f"there are no facts of an incident {incident} here: see `holdingline status`")
    seen = _until(then, facts)
    stood, left_out = fold_readable(begun(seen[0].subject, seen[0].mode), seen)
    last = seen[-LAST_FACTS:]
    shown = [
        *(f"LEFT OUT  fact {fact.sequence}: {why}; see `holdingline log verify`" for fact, why in left_out),
        f"at {then.astimezone(zone):%d %B %Y %H:%M:%S %Z}, after {len(seen)} of {len(facts)} facts:",
        *waits_of(stood, then, zone=zone),
        *lines_of(stood, then, zone=zone),
        "the last facts:",
        *fact_lines(last, known=seen, zone=zone),
    ]
    answer = {
        "at": then,
        "incident": answer_of(stood, then),
        "last": [one.model_dump(mode="json") for one in last],
        "left_out": [{"fact": fact.id, "why": why} for fact, why in left_out],
    }
    say(answer, shown, as_json=as_json)


def _until(then: datetime, facts: Sequence[Fact]) -> Sequence[Fact]:
    """The facts in order up to the last one at or before `then`, with earlier ones that a clock set back dates later.

    A moment without a fraction of a second means the whole second.
    """
    until = then if then.microsecond else then.replace(microsecond=999_999)
    there = [number for number, fact in enumerate(facts, 1) if fact.at <= until]
    if not there:
        raise Misused(f"nothing was known at that moment: the first fact is of {facts[0].at:%Y-%m-%dT%H:%M:%S}+00:00")
    return facts[: there[-1]]


def _read(file: Path) -> Evidence:
    try:
        with file.open("rb") as opened:
            return read(opened.readline)
    except OSError as error:
        raise Unreadable(f"{file} cannot be read ({error.strerror}): name an evidence file") from None


def _from_file(file: Path) -> tuple[Sequence[Fact], ZoneInfo]:
    """Its facts, and the zone of the register by which the last one was judged."""
    evidence = _read(file)
    if checks.check(evidence):
        raise Misused(f"{file} is not shown, since it does not hold together: see `holdingline verify {file}`")
    facts, registers = checks.facts_of(evidence, []), checks.registers_of(evidence, [])
    return facts, zone_of(registers.get(facts[-1].register_version or "") if facts else None)


async def _export(incident: str, by: str, *, mode: str, log: str) -> tuple[Manifest, bytes]:
    async with open_door(mode, log) as door:
        return await export(door, named(incident), mode=mode, by=by, at=SystemClock().now())


async def _facts(subject: Subject, *, mode: str, log: str) -> tuple[Sequence[Fact], ZoneInfo]:
    async with open_door(mode, log) as door:
        return await door.facts_about(subject), zone_of(await door.last_good_register())
