"""`holdingline anchor`: note in a place outside how far every chain has come, once or at intervals; read the notes."""

import asyncio
import signal
from contextlib import suppress
from typing import Annotated

import typer

from agents.adapters.anchors import place_of
from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    ModeName,
    fail,
    say,
    secret,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.ports import AnchorPlace
from agents.runtime.record.verify import chains_of
from streams.record.anchors import Anchor, anchor_of
from streams.topics import FACTS

app = typer.Typer()


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

    With `--every` it goes on until SIGTERM; it reports a note that failed, and the next note covers the gap.
    """
    place = place_of(to, secrets=secret)
    asyncio.run(_anchor(place, every, mode=mode, log=log, as_json=as_json))


async def _anchor(place: AnchorPlace, every: float | None, *, mode: str, log: str, as_json: bool) -> None:
    stopped = asyncio.Event()
    # As the first process of a container it would be deaf to the signal.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    while not stopped.is_set():
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
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), every)


async def _heads(mode: str, log: str) -> Anchor:
    async with open_door(mode, log) as door:
        chains, _ = chains_of(await door.records(FACTS))
    last = [chain[-1] for chain in chains.values()]
    return anchor_of(mode, last, at=SystemClock().now())
