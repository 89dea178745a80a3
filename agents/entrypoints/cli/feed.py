"""`holdingline feed`: partner posts and mentions from a file or a pipe, one JSON object a line, onto their topics."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, TextIO

import typer
from pydantic_core import from_json

from agents.entrypoints.cli.options import DEFAULT_LOG, DEFAULT_MODE, AsJson, LogUrl, Misused, ModeName, fail, say
from agents.entrypoints.terminal import utf8_input
from agents.runtime.door.door import Door
from streams.codec import decode
from streams.errors import MessageError
from streams.topics import MENTIONS, PARTNER_POSTS, Event, TopicPlan
from streams.values import canonical

app = typer.Typer()
LINES_AT_ONCE = 500


class LinesOf(StrEnum):
    """What the lines of a feed may be."""

    PARTNER_POSTS = "partner-posts"
    MENTIONS = "mentions"


PLANS = {LinesOf.PARTNER_POSTS: PARTNER_POSTS, LinesOf.MENTIONS: MENTIONS}


@app.command()
def feed(
    kind: Annotated[LinesOf, typer.Argument(help="What the lines are.")],
    *,
    file: Annotated[Path, typer.Option(help="A file of JSON lines, `-` for standard input.")] = Path("-"),
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Put posts on their topic, whether a worker runs or not; a line that is no post is named and skipped."""
    faults: list[str] = []
    with ExitStack() as opened:
        lines = _lines(file, opened)
        count = asyncio.run(_put(_posts(lines, PLANS[kind], mode=mode, faults=faults), Door(mode, log)))
    if faults:
        raise fail("\n".join(faults), as_json=as_json, more={"put": count, "faults": faults})
    say({"put": count}, [f"{count} {kind} put"], as_json=as_json)


def _lines(file: Path, opened: ExitStack) -> TextIO:
    if str(file) == "-":
        return utf8_input(errors="replace")
    try:
        return opened.enter_context(file.open(encoding="utf-8", errors="replace"))
    except OSError as error:
        raise Misused(f"{file} cannot be read: {error.strerror}") from None


def _posts(lines: Iterable[str], plan: TopicPlan, *, mode: str, faults: list[str]) -> Iterator[Event]:
    """The messages of the lines; a line may leave out its mode."""
    for number, line in enumerate(lines, 1):
        try:
            yield decode(plan, _with_mode(line, mode))
        except MessageError as error:
            faults.append(f"line {number}: {error}")


def _with_mode(line: str, mode: str) -> bytes:
    try:
        stored = from_json(line)
    except ValueError:
        return line.encode()
    return canonical({"mode": mode, **stored}) if isinstance(stored, dict) else line.encode()


async def _put(posts: Iterator[Event], closed: Door) -> int:
    count = 0
    async with closed as door:
        while several := list(islice(posts, LINES_AT_ONCE)):
            await door.put(several)
            count += len(several)
    return count
