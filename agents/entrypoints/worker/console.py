"""`holdingline console`: the pages for people, a process of its own for each mode, on a host name of its own."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import structlog
import typer
from aiohttp import web
from yarl import URL

from agents.adapters.clocks import SystemClock
from agents.adapters.directory import DirectorySettings, OpenIdDirectory, Strength
from agents.adapters.kept_sessions import KeptSessions
from agents.console.app import application
from agents.console.drawing import Drawing
from agents.console.house import Address, House
from agents.console.pages.directory import BACK
from agents.console.rates import Rates
from agents.console.sessions import AccountsThere, Sessions
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    make_room,
    secret,
)
from agents.entrypoints.worker.lane_processes import gone
from agents.entrypoints.worker.log_lines import log_lines_as_json
from agents.entrypoints.worker.looks import looks
from agents.ports import Clock
from agents.runtime.door.door import Door
from agents.runtime.views.board import Board
from infra.addresses import ALONE, path_of
from infra.log import LogError
from infra.operating import has_log
from streams.decisions.sign_off.links import LINK_KEY

app = typer.Typer()
logger = structlog.get_logger(__name__)

PORT, ENDS_WITHIN_SECONDS, WAITS_SECONDS = 8470, 1.0, 0.5
DRILLS = "/exercises"
ISSUER = "HOLDINGLINE_DIRECTORY_ISSUER"
CLIENT = "HOLDINGLINE_DIRECTORY_CLIENT"
SECRET = "HOLDINGLINE_DIRECTORY_SECRET"  # noqa: S105 - the name under which the secret is looked up
CLAIM = "HOLDINGLINE_DIRECTORY_CLAIM"
STRENGTH = "HOLDINGLINE_DIRECTORY_STRENGTH"

Origin = Annotated[
    str, typer.Option(envvar="HOLDINGLINE_ORIGIN", help="How people reach it: https and the host name of this mode.")
]
Service = Annotated[
    str | None,
    typer.Option(
        envvar="HOLDINGLINE_PASSKEY_SERVICE",
        help="The domain that passkeys are made for: the host name, or a parent of it that all modes share.",
    ),
]
DrillsAt = Annotated[
    str | None,
    typer.Option(
        "--drills",
        envvar="HOLDINGLINE_DRILLS",
        help="How people reach the console of drills: the first page of the live one leads to its drills.",
    ),
]
Listen = Annotated[
    str | None,
    typer.Option(help=f"Address and port, 127.0.0.1:{PORT} unless given; a reverse proxy of yours is before it."),
]
SessionsFile = Annotated[
    Path | None,
    typer.Option(
        "--sessions",
        envvar="HOLDINGLINE_SESSIONS",
        help="The file that keeps who is signed in through a restart: beside an embedded log unless given; on a "
        "cluster none unless given, and people then sign in again.",
    ),
]
Proxies = Annotated[
    list[str] | None,
    typer.Option(
        "--proxy",
        help="The address of a reverse proxy whose X-Forwarded-For is believed, once for each: without it all people "
        "who come through it are counted as one.",
    ),
]
Parent = Annotated[int | None, typer.Option(hidden=True, help="End when this process is no longer our parent.")]


@app.command()
def console(  # budget: where it is reached, what it follows, what it keeps and whom it believes
    *,
    origin: Origin = f"http://localhost:{PORT}",
    service: Service = None,
    drills: DrillsAt = None,
    listen: Listen = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    sessions: SessionsFile = None,
    proxy: Proxies = None,
    parent: Parent = None,
) -> None:
    """Serve the pages on which people see, decide and sign, until SIGTERM. It needs a worker that runs `serve`."""
    try:
        address = Address.of(origin, service)
        drills_at = f"{Address.of(drills).origin}{DRILLS}" if drills else ""
        host, _, port = (listen or own_place(address)).rpartition(":")
        place = host, int(port)
    except ValueError as error:
        raise Misused(str(error)) from None
    log_lines_as_json()
    make_room(log)
    directory = directory_of(address, SystemClock())
    file = sessions or beside_the_log(log, mode)
    kept = kept_in(file)
    accounts = kept_in(file.with_name(f"{file.name}-accounts")) if file and directory else None
    key, rates = secret(LINK_KEY), Rates(frozenset(proxy or ()))

    def house_on(board: Board) -> House:
        return House(
            mode,
            address,
            board,
            SystemClock(),
            Drawing(),
            Sessions(kept),
            link_key=key,
            rates=rates,
            looks=replace(looks(mode, log, folder=register), drills_at=drills_at),
            directory=directory,
            accounts_there=AccountsThere(accounts),
        )

    with ExitStack() as open_files:
        for one in filter(None, (kept, accounts)):
            open_files.callback(one.close)
        asyncio.run(_serve(Way(mode, log), house_on, place, parent=parent))


def own_place(address: Address) -> str:
    """Where a console listens unless it is said: on this machine alone, in a trial on the port of its pages."""
    return f"127.0.0.1:{URL(address.origin).port if address.origin.startswith('http:') else PORT}"


def directory_of(address: Address, clock: Clock) -> OpenIdDirectory | None:
    """The directory that the environment names; None if it names none, `Misused` if half of it is missing."""
    issuer, client = os.environ.get(ISSUER), os.environ.get(CLIENT)
    if not issuer:
        return None
    kept = secret(SECRET)
    if not client or not kept:
        raise Misused(f"{ISSUER} is set, so {CLIENT} and {SECRET} have to be set too: the directory gives you both")
    try:
        asked = os.environ.get(STRENGTH)
        strength = Strength.told(asked) if asked else None
    except ValueError as error:
        raise Misused(f"{STRENGTH}: {error}") from None
    try:
        settings = DirectorySettings(issuer, client, kept, os.environ.get(CLAIM) or "email", strength)
    except ValueError as error:
        raise Misused(f"{ISSUER}: {error}") from None
    return OpenIdDirectory(settings, clock, back=f"{address.origin}{BACK}")


def beside_the_log(log: str, mode: str) -> Path | None:
    """The file for sessions beside an embedded log; a cluster has no place of its own for them."""
    if not log.startswith(f"{ALONE}:"):
        return None
    file = path_of(URL(log))
    return file.with_name(f"{file.name}-console-{mode}")


def kept_in(file: Path | None) -> KeptSessions | None:
    """The sessions that this file keeps; `Misused` if it cannot be used."""
    try:
        return KeptSessions(file) if file else None
    except (OSError, sqlite3.Error) as error:
        raise Misused(f"{file} cannot keep sessions ({error}): name another file with --sessions") from None


@dataclass(frozen=True, slots=True)
class Way:
    """Which log of which mode the console follows."""

    mode: str
    log: str

    async def opens(self) -> bool:
        """Whether a door and the pictures behind it open: a worker that has just begun is still making the log."""
        try:
            async with Door(self.mode, self.log) as door, Board(door):
                return True
        except LogError:
            return False


async def _made(way: Way) -> None:
    """Wait until the worker has made the log; what is wrong with a log that is there is told at once, and ends it."""
    if has_log(way.log):
        return
    logger.warning("console waits for the log: start the worker with `holdingline serve`", log=way.log, mode=way.mode)
    while not has_log(way.log) or not await way.opens():  # noqa: ASYNC110 - nothing tells that a file is there
        await asyncio.sleep(WAITS_SECONDS)


async def _serve(way: Way, house_on: Callable[[Board], House], place: tuple[str, int], *, parent: int | None) -> None:
    """Follow the log and answer, until a signal; open pages then connect again to whatever comes next."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    ends = [asyncio.create_task(one) for one in (stopped.wait(), *([gone(parent)] if parent else []))]
    made = asyncio.create_task(_made(way))
    await asyncio.wait([made, *ends], return_when=asyncio.FIRST_COMPLETED)
    if not made.done():
        made.cancel()
        return
    await made
    async with Door(way.mode, way.log) as door, Board(door) as board:
        house = house_on(board)
        runner = web.AppRunner(application(house), access_log=None, shutdown_timeout=ENDS_WITHIN_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, *place).start()
            logger.info("console serves", origin=house.address.origin, mode=house.mode)
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await runner.cleanup()
