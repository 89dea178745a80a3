"""Beside the agents: rota calendars are fetched, and what is wrong with the registers is logged as they change."""

import asyncio
import math
from pathlib import Path
from time import monotonic

import structlog

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import FileRegisters, report
from agents.adapters.registers import check as check_registers
from agents.adapters.registers.fetching import fetch_calendars
from agents.entrypoints.channels import SETTINGS

LOOK_SECONDS, FETCH_SECONDS, CHECK_SECONDS = 30.0, 900.0, 3600.0
LOGGED_MAX = 50
logger = structlog.get_logger(__name__)


async def watch_registers(registers: FileRegisters, data: Path, *, look_seconds: float = LOOK_SECONDS) -> None:
    """Fetch and check until cancelled; whatever fails here is logged and stops nothing.

    The first look comes `look_seconds` after the start, which has enough to do by itself.
    """
    fetched_at, checked_at, version = -math.inf, -math.inf, ""
    while True:
        await asyncio.sleep(look_seconds)
        try:
            if monotonic() - fetched_at >= FETCH_SECONDS:
                fetched_at = monotonic()
                await fetch_calendars(data, SystemClock().now())
            before, version = version, registers().version()
            if version != before or monotonic() - checked_at >= CHECK_SECONDS:
                checked_at = monotonic()
                await _tell(data, version)
        except Exception:
            logger.exception("the registers could not be looked after")


async def _tell(data: Path, version: str) -> None:
    faults = await asyncio.to_thread(check_registers, data, SystemClock().now(), settings=SETTINGS)
    if faults:
        logger.warning("the registers need mending", version=version, faults=report(faults)[:LOGGED_MAX])
