"""`python -m benchmarks`: run what was asked for, print the table, and draw it under `var/bench`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.figures import Figure, drawing, table
from benchmarks.mention_lane import memory, speed
from benchmarks.quiet import prepare
from benchmarks.release import after_a_kill, idle_and_flooded

FOLDER = Path("var/bench")


async def measured(*, runs: int, events: int, releases: int, long: int) -> Sequence[Figure]:
    """All figures."""
    figures = [*await speed(events, runs), *await idle_and_flooded(releases, runs), await after_a_kill(runs)]
    return [*figures, await memory(long)]


def main(
    *,
    runs: Annotated[int, typer.Option(help="How often each figure is taken.")] = 5,
    events: Annotated[int, typer.Option(help="Mentions for each run of the mention lane's speed.")] = 100_000,
    releases: Annotated[int, typer.Option(help="Releases for each run.")] = 50,
    long: Annotated[int, typer.Option(help="Mentions while memory is watched; ten million is the long form.")] = 10**6,
) -> None:
    """Measure everything on the embedded log."""
    prepare()
    figures = asyncio.run(measured(runs=runs, events=events, releases=releases, long=long))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "figures.svg").write_text(drawing(figures), encoding="utf-8")
    (FOLDER / "figures.md").write_text(table(figures), encoding="utf-8")
    typer.echo(table(figures))


if __name__ == "__main__":
    typer.run(main)
