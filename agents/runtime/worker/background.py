"""Work beside the streams: sends to channels that may take seconds, while facts keep flowing."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextvars import Context
from typing import Any

import structlog

from agents.ports import Work
from infra.log import LogError
from streams.words.orders import Command

logger = structlog.get_logger(__name__)

RUNNING_MAX = 64
STARTED_KEPT = 10_000
REPORT_WAIT_SECONDS = 0.5
REPORT_TRIES_MAX = 1_200
"""Ten minutes at least: the report may be the only proof that a message is public, as some channels cannot be asked."""

CANCEL_SECONDS = 0.5
"""The pause after which a task that goes on is cancelled once more."""

Put = Callable[[Sequence[Command]], Awaitable[None]]


async def cancel_all(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks until each has ended, whatever it raises.

    Once is not enough: a library may take the cancellation for its own, as `asyncio.wait_for` of Python 3.11 does if
    what it waits for ends at that moment. The task would go on, and the process would never end.
    """
    waiting = set(tasks)
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=CANCEL_SECONDS)


class BackgroundTasks:
    """Runs each piece of work once for its key, at most `RUNNING_MAX` at a time, and puts what it answers with.

    The last `STARTED_KEPT` keys are remembered.
    """

    def __init__(self, put: Put) -> None:
        self._put = put
        self._started: deque[str] = deque(maxlen=STARTED_KEPT)
        self._tasks: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(RUNNING_MAX)

    @property
    def running(self) -> int:
        """How many pieces of work have begun, or wait for their turn, and have not been reported."""
        return len(self._tasks)

    def start(self, key: str, work: Work) -> None:
        """Start the work in a context of its own: what it sends later belongs to no event."""
        if key in self._started:
            return
        self._started.append(key)
        task = asyncio.get_running_loop().create_task(self._run(key, work), context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds_max: float) -> None:
        """Let what is running end, then stop it: a claim without a report becomes unknown, never lost."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds_max)
        await cancel_all(self._tasks)

    async def _run(self, key: str, work: Work) -> None:
        async with self._places:
            try:
                commands = await work()
            except Exception:
                logger.exception("work beside the stream failed; its claim will lapse", work=key)
                return
        await self._report(key, commands)

    async def _report(self, key: str, commands: Sequence[Command]) -> None:
        for tries in range(REPORT_TRIES_MAX):
            try:
                await self._put(commands)
            except LogError as error:
                if tries == 0:
                    logger.warning("the log takes no report yet; trying again", work=key, reason=str(error))
                await asyncio.sleep(REPORT_WAIT_SECONDS)
            else:
                return
        logger.error("the report was lost; the claim lapses and its outcome is then unknown", work=key)
