"""Runs beside the agents: fetches rota calendars, and logs faults of the registers as they change."""

import asyncio
import math
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

import structlog

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import FileRegisters, report
from agents.adapters.registers import check as check_registers
from agents.adapters.registers.rota.fetcher import fetch_calendars
from agents.entrypoints.worker.secrets import unset

LOOK_SECONDS, FETCH_SECONDS, CHECK_SECONDS = 30.0, 900.0, 3600.0
LOGGED_MAX = 50
logger = structlog.get_logger(__name__)


async def watch_registers(
    registers: FileRegisters, data: Path, *, mode: str, look_seconds: float = LOOK_SECONDS
) -> None:
    """Fetch calendars and check registers and secrets until cancelled; a failure is logged and stops nothing.

    The first look comes `look_seconds` after the start, so that the start is not slowed down.
    """
    fetched_at, checked_at, version = -math.inf, -math.inf, ""
    while True:
        await asyncio.sleep(look_seconds)
        try:
            if monotonic() - fetched_at >= FETCH_SECONDS:
                fetched_at = monotonic()
                await fetch_calendars(data, SystemClock().now())
            register = registers()
            before, version = version, register.version()
            if version != before or monotonic() - checked_at >= CHECK_SECONDS:
                checked_at = monotonic()
                # A vault may let us wait.
                lacking = await asyncio.to_thread(unset, register, mode=mode)
                await _tell(data, version, lacking=lacking)
        except Exception:
            logger.exception("the registers could not be looked after")


async def _tell(data: Path, version: str, *, lacking: Sequence[str]) -> None:
    # Publishers, pagers and feeds take long to import: not while the worker starts.
    from agents.entrypoints.worker import pagers  # noqa: PLC0415 - as above
    from agents.entrypoints.worker.channels import SETTINGS  # noqa: PLC0415 - as above
    from agents.entrypoints.worker.feeds.wiring import SETTINGS as FEED_SETTINGS  # noqa: PLC0415 - as above

    now = SystemClock().now()
    faults = await asyncio.to_thread(
        check_registers, data, now, settings=SETTINGS, pagers=pagers.SETTINGS, accounts_heard=FEED_SETTINGS
    )
    if found := [*lacking, *report(faults)]:
        logger.warning("the registers need mending", version=version, faults=found[:LOGGED_MAX])
