"""Running an app inside an event loop that is already there, and stopping it in good order."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from infra.driver.app import DriverApp

READY_SECONDS_MAX = 60.0


@asynccontextmanager
async def running(app: DriverApp, *, ready_seconds_max: float = READY_SECONDS_MAX) -> AsyncIterator[DriverApp]:
    """Start the app, wait until its tables are rebuilt and its streams open, and stop it at the end."""
    try:
        await app.start()
        await wait_until_ready(app, seconds_max=ready_seconds_max)
        yield app
    finally:
        await app.stop()


async def wait_until_ready(app: DriverApp, *, seconds_max: float = READY_SECONDS_MAX) -> None:
    """Wait until every table is rebuilt and every stream open; raise what stopped the app instead."""
    consumer: Any = app.consumer
    ready = asyncio.create_task(consumer.ready.wait())
    crashed = asyncio.create_task(app._crashed.wait())
    try:
        done, _ = await asyncio.wait({ready, crashed}, timeout=seconds_max, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ready.cancel()
        crashed.cancel()
    if crashed in done and app.crash_reason is not None:
        raise app.crash_reason
    if ready not in done:
        raise TimeoutError(f"The app was not ready after {seconds_max} seconds.")


async def serve(app: DriverApp) -> None:
    """Run the app until SIGTERM or SIGINT, or until it crashes; then raise the reason."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    starting = asyncio.create_task(app.start())
    ends = {asyncio.create_task(stop.wait()), asyncio.create_task(app._crashed.wait())}
    try:
        await asyncio.wait({starting, *ends}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await _stop(app, starting, ends)
    if app.crash_reason is not None:
        raise app.crash_reason


async def _stop(app: DriverApp, starting: "asyncio.Task[Any]", ends: "set[asyncio.Task[Any]]") -> None:
    await app.stop()
    for task in (starting, *ends):
        task.cancel()
    await asyncio.gather(starting, *ends, return_exceptions=True)
