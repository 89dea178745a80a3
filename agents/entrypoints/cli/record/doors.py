"""A door for a command that reads: what it could not read is told on the error stream, beside the answer."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import typer

from agents.runtime.door.door import Door
from agents.runtime.door.reading import BadRecord, told_bad


@asynccontextmanager
async def open_door(mode: str, log: str) -> AsyncIterator[Door]:
    """A door; once the command has read, each record that it could not read is told."""
    async with Door(mode, log) as door:
        yield door
    tell(door.bad)


def tell(bad: Iterable[BadRecord]) -> None:
    """Tell on the error stream which records cannot be read."""
    for line in told_bad(bad):
        typer.echo(line, err=True)
