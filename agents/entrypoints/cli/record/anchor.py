"""`holdingline anchor`: note in a place outside how far every chain has come, once or at intervals; read the notes."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from agents.adapters.anchors import place_of
from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    fail,
    say,
    secret,
)
from agents.ports import AnchorPlace
from agents.runtime.door.door import Door
from agents.runtime.record.verify import chains_of
from streams.codec import says
from streams.record.anchors import Anchor, anchor_of
from streams.topics import FACTS

app = typer.Typer()

ANCHORS_BYTES_MAX = 64 * 1024 * 1024

AnchorsFile = Annotated[
    Path | None, typer.Option("--anchors", help="Anchors that were noted down elsewhere, one a line, to compare with.")
]


@app.command()
def anchor(  # budget: from where, to where and how often
    *,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            envvar="HOLDINGLINE_ANCHOR",
            help="file:PATH, git:FOLDER?remote=NAME or mail:ADDRESS?host=HOST&sender=US.",
        ),
    ],
    every: Annotated[
        float | None,
        typer.Option(envvar="HOLDINGLINE_ANCHOR_EVERY", min=1, help="Seconds between two; unless said, once."),
    ] = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Note the heads of all chains in a place outside, so that cutting off or rewriting the record is found out.

    With `--every` it goes on until it is stopped; it reports a note that failed, and the next note covers the gap.
    """
    place = place_of(to, secrets=secret)
    asyncio.run(_anchor(place, every, mode=mode, log=log, as_json=as_json))


def anchors_in(file: Path | None, mode: str) -> Sequence[Anchor]:
    """The anchors of this mode in a file, and those that were changed; `Misused` names a line that is no anchor.

    One file may take the anchors of several modes, which call their incidents by the same names.
    """
    if file is None:
        return []
    try:
        with file.open("rb") as opened:
            content = opened.read(ANCHORS_BYTES_MAX + 1)
    except OSError as error:
        raise Misused(f"{file} cannot be read ({error.strerror}): name a file of anchors") from None
    if len(content) > ANCHORS_BYTES_MAX:
        raise Misused(f"{file} is larger than {ANCHORS_BYTES_MAX} bytes: give the anchors of a shorter time")
    anchors = []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            anchors.append(Anchor.model_validate_json(line))
        except ValidationError as error:
            raise Misused(f"line {number} of {file} is no anchor: {says(error)}") from None
    return [one for one in anchors if one.mode == mode or one.digest != one.content()]


async def _anchor(place: AnchorPlace, every: float | None, *, mode: str, log: str, as_json: bool) -> None:
    clock = SystemClock()
    while True:
        try:
            made = await _heads(mode, log)
            receipt = await place.note(made)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, it is told, and the next anchor covers it
            failed = fail(f"no anchor was noted down: {str(error) or type(error).__name__}", as_json=as_json)
            if every is None:
                raise failed from None
        else:
            words = f"{len(made.heads)} chains at {made.at:%Y-%m-%d %H:%M:%S} UTC: {receipt}"
            say({"receipt": receipt, **made.model_dump(mode="json")}, [words], as_json=as_json)
        if every is None:
            return
        await clock.sleep(every)


async def _heads(mode: str, log: str) -> Anchor:
    async with Door(mode, log) as door:
        chains, _ = chains_of(await door.records(FACTS))
    last = [chain[-1] for chain in chains.values()]
    return anchor_of(mode, last, at=SystemClock().now())
