"""`holdingline watch`: what is heard of the trust before an incident is declared, and a person's answer to it."""

import asyncio
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    By,
    LogUrl,
    ModeName,
    said,
    say,
)
from agents.entrypoints.cli.orders import give
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.signatures import KeyFile, SaidTo
from streams.decisions.listening.surge import Counts
from streams.subjects.listening.watch import TrustWatch
from streams.telling.facts import apart
from streams.telling.listening.counts import heard_lately, lately_lines
from streams.telling.listening.watch import watch_lines
from streams.telling.names import Names, names_of
from streams.words.listening.watch import THE_WATCH, NotOurs, WatchCloser
from streams.words.orders import CommandBody

app = typer.Typer()
watch_app = typer.Typer(help="What is heard of the trust, and your answer to it.", invoke_without_command=True)
app.add_typer(watch_app, name="watch")


@watch_app.callback()
def watch(
    context: typer.Context, *, log: LogUrl = DEFAULT_LOG, mode: ModeName = DEFAULT_MODE, as_json: AsJson = False
) -> None:
    """Show what is heard of the trust, what was settled, and how many people spoke: numbers only.

    It needs no running worker.
    """
    if context.invoked_subcommand is not None:
        return
    found, counts, names = asyncio.run(_look(mode, log))
    now = SystemClock().now()
    lately = heard_lately(counts, now)
    lines = [*map(apart, watch_lines(found, now, names=names)), *lately_lines(lately, names.zone)]
    quarters = [{"at": one.at, "people": one.people, "warning": one.warning} for one in lately]
    shown = found.model_dump(mode="json", include=SHOWN) if found else None
    say({"watch": shown, "waits": bool(found and found.waits(now)), "quarters": quarters}, lines, as_json=as_json)


SHOWN = {"status", "noted", "noted_at", "first_seen", "peak", "until", "closer_by", "settled"}
"""What a program is told of the watch."""


@watch_app.command()
def closer(  # budget: who, with which key, on which log
    by: By,
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    key: KeyFile = None,
    said_to: SaidTo = None,
    as_json: AsJson = False,
) -> None:
    """Only look on for 30 minutes; then you hear what became of it. Twice as many people break through."""
    _give(WatchCloser(), by, mode=mode, log=log, key=key, said_to=said_to, as_json=as_json)


@watch_app.command("not-ours")
def not_ours(  # budget: who, why, with which key, on which log
    by: By,
    *,
    reason: Annotated[str, typer.Option(callback=said, help="Why, in a sentence; it is kept for ever: name nobody.")],
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    key: KeyFile = None,
    said_to: SaidTo = None,
    as_json: AsJson = False,
) -> None:
    """Say that it is not about us, or no incident; the same surge comes up again only at twice as many people."""
    _give(NotOurs(reason=reason), by, mode=mode, log=log, key=key, said_to=said_to, as_json=as_json)


def _give(body: CommandBody, by: str, **shared: object) -> None:
    give([body], {**shared, "subject": THE_WATCH, "by": by})


async def _look(mode: str, log: str) -> tuple[TrustWatch | None, Counts, Names]:
    async with open_door(mode, log) as door:
        state = await door.state(THE_WATCH)
        names = names_of([], await door.last_good_register())
        return (state if isinstance(state, TrustWatch) else None), await door.counts(THE_WATCH.key), names
