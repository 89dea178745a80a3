"""`python -m benchmarks`: take the figures that are asked for, print them as a table, draw them under `var/bench`."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from agents.entrypoints.garbage import look_seldom
from benchmarks.console import console
from benchmarks.drawing import drawing
from benchmarks.figures import Figure, table
from benchmarks.gate import gate
from benchmarks.ground import Kind, addresses
from benchmarks.growth import growth
from benchmarks.memory import memory
from benchmarks.mend import mended
from benchmarks.partners import relayed
from benchmarks.quiet import silence
from benchmarks.release import idle_and_flooded
from benchmarks.restart import after_a_kill
from benchmarks.speed import QUIX, speed
from benchmarks.spread import spread
from benchmarks.starts import Size as Record
from benchmarks.starts import starts

FOLDER = Path("var/bench")


class What(StrEnum):
    """What may be asked for; P2 and P3 are taken in the same run, P8 and P10 too, P12 and P13 too."""

    P1 = "P1"
    P2 = "P2"
    P4 = "P4"
    P5 = "P5"
    P6 = "P6"
    P7 = "P7"
    P8 = "P8"
    P9 = "P9"
    P11 = "P11"
    P12 = "P12"
    P14 = "P14"


EMBEDDED_ONLY = frozenset({What.P6, What.P7, What.P12, What.P14})
"""These do not ask the ground for anything that differs."""


@dataclass(frozen=True, slots=True)
class Size:
    """How often and how long."""

    runs: int = 5
    events: int = 100_000
    releases: int = 50
    mentions: int = 10_000_000
    grown: int = 2_000
    facts: int = 1_000_000
    facts_each: int = 1_000
    facts_live: int = 20_000
    page_facts: int = 10_000
    readers: int = 100
    asked: int = 20
    posts: int = 20
    asked_speed: float = 1.0
    texts: int = 100_000


QUICK = Size(
    runs=1,
    events=20_000,
    releases=10,
    mentions=200_000,
    grown=200,
    facts=10_000,
    facts_live=2_000,
    page_facts=500,
    readers=20,
    posts=2,
    texts=5_000,
)


async def measured(what: Sequence[What], grounds: Mapping[Kind, str], size: Size) -> AsyncIterator[Sequence[Figure]]:
    """The figures of each part on each ground, as soon as they are there."""
    for part in what:
        for kind, url in grounds.items():
            if kind is Kind.EMBEDDED or part not in EMBEDDED_ONLY:
                yield await _taken(part, kind, url, size=size)


async def _taken(part: What, kind: Kind, url: str, *, size: Size) -> Sequence[Figure]:
    match part:
        case What.P1:
            return await speed(kind, url, events=size.events, runs=size.runs)
        case What.P2:
            return await idle_and_flooded(kind, url, releases=size.releases, runs=size.runs)
        case What.P4:
            return await after_a_kill(kind, url, runs=size.runs)
        case What.P5:
            return [await memory(kind, url, events=size.mentions)]
        case What.P6 | What.P7 | What.P12 | What.P14:
            return await _on_no_ground(part, size)
        case What.P8:
            record = Record(size.facts, size.facts_each, size.facts_live, size.asked)
            return await starts(kind, url, size=record, runs=size.runs)
        case What.P9:
            return await spread(kind, url, events=size.events, runs=size.runs)
        case What.P11:
            return await mended(kind, url, releases=size.releases, runs=size.runs)


async def _on_no_ground(part: What, size: Size) -> Sequence[Figure]:
    if part is What.P6:
        return [await growth(releases=size.grown)]
    if part is What.P14:
        return [gate(posts=size.texts, runs=size.runs)]
    if part is What.P7:
        return await relayed(posts=size.posts, speed=size.asked_speed)
    return await console(facts=size.page_facts, readers=size.readers, runs=size.runs)


async def _show(what: Sequence[What], kinds: Sequence[Kind], size: Size) -> None:
    """Write after each part, so that what was measured is kept when a later part fails."""
    figures: list[Figure] = []
    with addresses(kinds) as grounds:
        async for found in measured(what, grounds, size):
            figures += found
            write(figures)
            typer.echo(table(found))
    typer.echo(f"Written to {FOLDER}.")


def write(figures: Sequence[Figure]) -> None:
    """Leave the table and the drawing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "figures.md").write_text(table(figures), encoding="utf-8")
    (FOLDER / "figures.svg").write_text(drawing(figures), encoding="utf-8")


def main(
    what: Annotated[
        list[What] | None, typer.Argument(help="Some figures; P3 comes with P2, P10 with P8, P13 with P12.")
    ] = None,
    *,
    ground: Annotated[list[Kind] | None, typer.Option(help="One ground only.")] = None,
    runs: Annotated[int | None, typer.Option(help="How often each figure is taken.")] = None,
    mentions: Annotated[int | None, typer.Option(help="How many mentions pass while memory is watched.")] = None,
    facts: Annotated[int | None, typer.Option(min=1, help="How many facts lie in the log of P8 and P10.")] = None,
    facts_each: Annotated[int | None, typer.Option(min=1, help="How many of them each incident has.")] = None,
    facts_live: Annotated[int | None, typer.Option(min=1, help="How many the one has that goes on.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Everything once, and small: to see that it runs.")] = False,
) -> None:
    """Measure; `HOLDINGLINE_KAFKA=host:port,...` names a cluster, else three brokers are started."""
    silence()
    look_seldom()
    plain = QUICK if quick else Size()
    given = {"runs": runs, "mentions": mentions, "facts": facts, "facts_each": facts_each, "facts_live": facts_live}
    size = replace(plain, **{name: count for name, count in given.items() if count})
    parts, kinds = what or list(What), ground or list(Kind)
    if What.P1 in parts and Kind.KAFKA in kinds and not QUIX.exists():
        typer.echo("P1c IS LEFT OUT: Quix Streams has no environment yet, `make bench` makes it.", err=True)
    asyncio.run(_show(parts, kinds, size))


if __name__ == "__main__":
    typer.run(main)
