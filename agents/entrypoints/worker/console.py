"""`holdingline console`: the pages for people, a process of its own for each mode, on a host name of its own."""

import asyncio
import os
import signal
from typing import Annotated

import structlog
import typer
from aiohttp import web

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder
from agents.console.app import application
from agents.console.drawing import Drawing
from agents.console.house import Address, House
from agents.console.sessions import Sessions
from agents.entrypoints.cli.options import DEFAULT_LOG, DEFAULT_MODE, LogUrl, Misused, ModeName
from agents.entrypoints.worker.log_lines import log_lines_as_json
from agents.entrypoints.worker.looks import looks
from agents.runtime.door.door import Door
from agents.runtime.views.board import Board
from streams.decisions.sign_off.links import LINK_KEY

app = typer.Typer()
logger = structlog.get_logger(__name__)

PORT, ENDS_WITHIN_SECONDS = 8470, 1.0


@app.command()
def console(
    *,
    origin: Annotated[
        str,
        typer.Option(envvar="HOLDINGLINE_ORIGIN", help="How people reach it: https and the host name of this mode."),
    ] = f"http://localhost:{PORT}",
    service: Annotated[
        str | None,
        typer.Option(
            envvar="HOLDINGLINE_PASSKEY_SERVICE",
            help="The domain that passkeys are made for: the host name, or a parent of it that all modes share.",
        ),
    ] = None,
    listen: Annotated[
        str, typer.Option(help="Address and port; a reverse proxy stands before it.")
    ] = f"127.0.0.1:{PORT}",
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
) -> None:
    """Serve the pages on which people see, decide and sign, until SIGTERM. It needs a worker that runs `serve`."""
    try:
        address = Address.of(origin, service)
        host, _, port = listen.rpartition(":")
        place = host, int(port)
    except ValueError as error:
        raise Misused(str(error)) from None
    log_lines_as_json()
    asyncio.run(_serve(address, place, mode=mode, log=log))


async def _serve(address: Address, place: tuple[str, int], *, mode: str, log: str) -> None:
    """Follow the log and answer, until a signal; open pages then connect again to whatever comes next."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    drawing = Drawing(data_folder() / "console")
    async with Door(mode, log) as door, Board(door) as board:
        house = House(
            mode,
            address,
            board,
            SystemClock(),
            drawing,
            Sessions(),
            link_key=os.environ.get(LINK_KEY),
            looks=looks(mode, log),
        )
        runner = web.AppRunner(application(house), access_log=None, shutdown_timeout=ENDS_WITHIN_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, *place).start()
            logger.info("console serves", origin=address.origin, mode=mode)
            await stopped.wait()
        finally:
            await runner.cleanup()
