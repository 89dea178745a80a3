"""`holdingline serve`: the worker as a process, with the channels of its register wired up for its mode."""

import asyncio
import platform
import re
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import FileRegisters, data_folder
from agents.adapters.registers.rota.fetcher import fetch_calendars
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    LogUrl,
    ModeName,
    RegisterFolder,
    make_room,
    secret,
)
from agents.entrypoints.pack_note import old_pack
from agents.entrypoints.worker.known_elsewhere import refuse_to_forget
from agents.entrypoints.worker.lane_processes import (
    Command,
    always,
    console_beside,
    feeds_beside,
    gone,
    kept_running,
    lanes_beside,
)
from agents.entrypoints.worker.last_good import last_good, unfit
from agents.entrypoints.worker.log_lines import LEVELS, log_lines_as_json
from agents.entrypoints.worker.monitor.listener import place_of
from agents.entrypoints.worker.monitor.monitor import Monitor
from agents.entrypoints.worker.monitor.readings import Readings
from agents.entrypoints.worker.monitor.span_exporter import SpanExporter, traces_url
from agents.entrypoints.worker.monitor.traces import traced
from agents.entrypoints.worker.own_pages import page_look, practice_folder
from agents.entrypoints.worker.register_watch import watch_registers
from agents.ports import Channel, Pager
from agents.runtime.cluster.doctor import newer_release
from agents.runtime.feeds.hearings import hears
from agents.runtime.worker.worker import Setup, Worker
from infra.addresses import with_worker
from streams.decisions.sign_off.links import LINK_KEY, Ticket
from streams.lanes import ALL, CONTROL_LANE, FEEDS, LANES, NAMED
from streams.subjects.past import ENDED_KEPT
from streams.telling.proof import unproven_orders
from streams.values import LIVE
from streams.words.register.changes import in_mode
from streams.words.register.entries import Register

app = typer.Typer()
logger = structlog.get_logger(__name__)

Beside = tuple[Command, Callable[[], bool]]
"""The command of a process beside this one, and whether it is needed now."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)

CHOICES = (*NAMED, FEEDS, ALL)


def _lane(given: str) -> str:
    if given not in CHOICES:
        raise typer.BadParameter(f"there is no lane {given}: there are {', '.join(CHOICES)}")
    return given


def _level(given: str) -> str:
    if given not in LEVELS:
        raise typer.BadParameter(f"there is no level {given}: there are {', '.join(LEVELS)}")
    return given


def _place(given: str | None) -> str | None:
    if given is not None:
        place_of(given)
    return given


def _collector(given: str | None) -> str | None:
    return given and traces_url(given)


LaneOption = Annotated[
    str,
    typer.Option(
        help="Which agents: all starts the lanes that are no part of this process as processes of their own.",
        metavar=f"[{'|'.join(CHOICES)}]",
        callback=_lane,
    ),
]
Name = Annotated[
    str | None,
    typer.Option(
        "--worker",
        envvar="HOLDINGLINE_WORKER",
        help="On a cluster, the name of this worker: the same after a restart, so that it gets its work back at once, "
        "and no other worker's of its lane, since of two with one name the older one stops. Unless said, it is made of "
        "the lane and this machine's name: give one where that name changes, as in containers, or where two workers "
        "of a lane share a machine. The embedded log has one worker, which needs no name.",
    ),
]
KEEP_ENDED_HOURS = ENDED_KEPT / timedelta(hours=1)
KeepEnded = Annotated[
    float,
    typer.Option(
        min=0.0,
        envvar="HOLDINGLINE_KEEP_ENDED_HOURS",
        help="How long an incident that is over stays in memory; afterwards it is read from the record when asked for.",
    ),
]
AnchorAddress = Annotated[
    str | None,
    typer.Option(
        "--anchor",
        envvar="HOLDINGLINE_ANCHOR",
        help="Where `holdingline anchor` notes anchors: a log is not begun anew if they know of its facts.",
    ),
]
Health = Annotated[
    str | None,
    typer.Option(
        envvar="HOLDINGLINE_HEALTH",
        metavar="ADDRESS:PORT",
        callback=_place,
        help="Answer there over HTTP to /health, /ready and /metrics, as 127.0.0.1:9108; on the loopback only. "
        "Unless said, there is no such place.",
    ),
]
TracesUrl = Annotated[
    str | None,
    typer.Option(
        "--traces",
        envvar="HOLDINGLINE_TRACES",
        metavar="URL",
        callback=_collector,
        help="Send traces there by OTLP over HTTP, as http://127.0.0.1:4318/v1/traces; unless said, none are made. "
        "They have no word that anybody wrote.",
    ),
]
LogLevel = Annotated[
    str,
    typer.Option(
        envvar="HOLDINGLINE_LOG_LEVEL",
        metavar=f"[{'|'.join(LEVELS)}]",
        callback=_level,
        help="Which lines are written: info has each fact, warning what is tried again, error what a person must mend.",
    ),
]
Origin = Annotated[
    str | None,
    typer.Option(
        envvar="HOLDINGLINE_ORIGIN", help="Where `holdingline console` is reached: pages to people link to it."
    ),
]
HooksPlace = Annotated[
    str | None,
    typer.Option(
        "--hooks",
        envvar="HOLDINGLINE_HOOKS",
        metavar="ADDRESS:PORT",
        callback=_place,
        help="Where the feeds take the signed webhooks of partners, as 127.0.0.1:9110; on the loopback only, behind a "
        "web server that has the certificate. Unless said, there is no such place.",
    ),
]
WithConsole = Annotated[bool, typer.Option("--console", help="Start the console beside it, as a process of its own.")]
Parent = Annotated[int | None, typer.Option(hidden=True, help="End when this process is no longer our parent.")]


@app.command()
def serve(  # budget: where, as what and with what it runs
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    lane: LaneOption = ALL,
    register: RegisterFolder = None,
    worker: Name = None,
    keep_ended_hours: KeepEnded = KEEP_ENDED_HOURS,
    anchor: AnchorAddress = None,
    origin: Origin = None,
    health: Health = None,
    log_level: LogLevel = "info",
    traces: TracesUrl = None,
    console: WithConsole = False,
    hooks: HooksPlace = None,
    parent: Parent = None,
) -> None:
    """Run the agents until SIGTERM; then finish what is being sent and commit what was handled."""
    log_lines_as_json(log_level)
    ends = [gone(parent)] if parent else []
    if lane == FEEDS:
        return _hear(mode, log, hooks=hooks, ends=ends)
    make_room(log)
    data = data_folder(register)
    asyncio.run(fetch_calendars(data, SystemClock().now(), missing_only=True))
    wire, page = partial(_channels, mode=mode, data=data, log=log), partial(_pagers, mode=mode)
    own = [one for one in LANES if not one.runs_beside] if lane == ALL else [NAMED[lane]]
    # Any other lane speaks to nobody, and has none of the secrets for that.
    speaks = CONTROL_LANE in own
    registers = FileRegisters(
        data,
        last_good=partial(last_good, mode, log),
        unfit=partial(unfit, channels=wire, pagers=page) if speaks else lambda _: (),
    )
    address = with_worker(log, worker or f"{own[0].name}-{host()}", given=worker is not None)
    if speaks:
        _look_before(registers(), log=log, mode=mode, anchor=anchor)
    kept, pagers = timedelta(hours=keep_ended_hours), page(registers()) if speaks else {}
    setup = Setup(mode, address, SystemClock(), registers, {}, ended_kept=kept, lanes=own, pagers=pagers, wire=wire)
    setup = replace(setup, link=partial(link_to, origin) if origin else None)
    spans = SpanExporter(traces) if traces else None
    if spans:
        setup = replace(setup, wire=lambda register: traced(wire(register), spans, clock=SystemClock()))
    own_page = page_look(data)

    def unusable() -> Sequence[str]:
        return [*registers.places(), *own_page()]

    agents = Worker(replace(setup, unusable=lambda: [*_pack(registers(), data, mode=mode), *unusable()]))
    beside: list[Beside] = [(console_beside(origin, mode=mode, log=log, register=register), always)] if console else []
    if lane == ALL:
        feeds = feeds_beside(mode=mode, log=log, hooks=hooks, log_level=log_level)
        lanes = lanes_beside(mode=mode, log=log, data=data, worker=worker, log_level=log_level)
        beside += [*((one, always) for one in lanes), (feeds, lambda: hears(registers(), mode))]
    if speaks:
        ends.append(watch_registers(registers, data, mode=mode))
    readings = Readings(agents, mode=mode, log_url=address, clock=SystemClock())
    monitor = Monitor(readings, place=place_of(health) if health else None, unusable=unusable, spans=spans)
    return asyncio.run(until_signalled([_run(agents, beside, monitor), *ends]))


def _channels(register: Register, *, mode: str, data: Path, log: str) -> Mapping[str, Channel]:
    from agents.entrypoints.worker import channels  # noqa: PLC0415 - only a lane that speaks needs them

    return channels.channels_of(register, mode=mode, data=data, practice=practice_folder(log, mode))


def _pagers(register: Register, *, mode: str) -> Mapping[str, Pager]:
    from agents.entrypoints.worker.pagers import pagers_of  # noqa: PLC0415 - as above

    return pagers_of(register, mode=mode)


def _pack(register: Register, data: Path, *, mode: str) -> Sequence[str]:
    """Where it says that the offline pack of live is too old."""
    return old_pack(data, register, now=SystemClock().now()) if mode == LIVE else ()


def _look_before(register: Register, *, log: str, mode: str, anchor: str | None) -> None:
    """Warn of orders that nothing will prove, and of a release that is older than the log.

    `Misused` if this log is begun although anchors know of another.
    """
    if newer := asyncio.run(newer_release(mode, log)):
        logger.error(newer)
    for warning in unproven_orders(in_mode(register, mode), mode):
        logger.warning(warning)
    refuse_to_forget(register, log=log, mode=mode, anchor=anchor)


def _hear(mode: str, log: str, *, hooks: str | None, ends: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Hear the partners until a signal, or until one of the ends."""
    from agents.entrypoints.worker.feeds.process import hearing  # noqa: PLC0415 - no other lane hears partners

    asyncio.run(until_signalled([hearing(mode, log, hooks=place_of(hooks) if hooks else None), *ends]))


def link_to(origin: str, ticket: Ticket) -> str:
    """The link that opens a decision; the first page, where the console and this worker share no key for links."""
    key = secret(LINK_KEY)
    return ticket.link(origin, key) if key else f"{origin}/"


def host() -> str:
    """The name of this machine, as far as it can be a part of a worker's."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", platform.node())[:64] or "worker"


async def until_signalled(running: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run all of these until a signal, or until one of them ends or fails.

    A signal during the start ends the start.
    """
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in SIGNALS:
        # Not with the loop's own handlers: they end with the loop, and a second signal would then kill the process.
        signal.signal(name, lambda *_: loop.call_soon_threadsafe(stopped.set))
    tasks = [asyncio.create_task(end) for end in (stopped.wait(), *running)]
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    for name in SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    for task in done:
        task.result()
    logger.info("stopped")


async def _run(worker: Worker, beside: Sequence[Beside], monitor: Monitor) -> None:
    """Run the worker until cancelled. If the agents crash, raise what stopped them."""
    async with monitor.answers(), worker, monitor.while_serving(), AsyncExitStack() as others:
        logger.info("serving", run=worker.run, group=worker.app.conf.id)
        for command, needed in beside:
            await others.enter_async_context(kept_running(command, needed))
        await worker.crashed()
