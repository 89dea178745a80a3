"""Keeping: each register that orders are judged by goes on a topic of its own before the first of them is judged."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from agents.ports import Keep, Registers
from infra.log import LogError
from streams.topics import Event
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord

logger = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.25
LOOK_SECONDS = 1.0

Put = Callable[[Sequence[Event]], Awaitable[None]]


def keeper(mode: str, put: Put) -> Keep:
    """The port `Keep` on a log. A register that comes back into force is written once more: doors take the newest."""
    last: tuple[Register, str] | None = None

    async def keep(register: Register) -> str:
        nonlocal last
        if last is None or last[0] is not register:
            record = RegisterRecord.of(register, mode=mode)
            if last is None or last[1] != record.id:
                await _put(record, put)
            last = (register, record.id)
        return last[1]

    return keep


async def keep_each(registers: Registers, keep: Keep) -> None:
    """Keep each register as it comes into force, so that the log has it also where no order was judged by it."""
    while True:
        await keep(registers())
        await asyncio.sleep(LOOK_SECONDS)


async def _put(record: RegisterRecord, put: Put) -> None:
    """Try until the log takes it: the order that is to be judged waits, and does not become a dead letter."""
    while True:
        try:
            await put([record])
        except LogError as error:
            logger.warning("the log takes no register yet; trying again", reason=str(error))
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return
