"""The bound on what may wait for the writer: appends are refused, commits wait their turn."""

import asyncio
from collections import deque

from infra.log import LogBusy
from infra.sqlite_log.settings import SqliteLogSettings


class Gate:
    """Counts requests and bytes between the event loop and the writer; used from one event loop."""

    def __init__(self, settings: SqliteLogSettings) -> None:
        self._settings = settings
        self._requests = 0
        self._bytes = 0
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()

    def enter(self, weight_bytes: int) -> None:
        """Go in or raise `LogBusy`."""
        if self._waiting or not self._has_room(weight_bytes):
            raise LogBusy(
                f"{self._requests} writes with {self._bytes} bytes are waiting for the disk: send again in a moment."
            )
        self._count(weight_bytes)

    async def enter_in_turn(self, weight_bytes: int) -> None:
        """Wait for room behind those who came earlier, then go in; raise `LogBusy` after a long wait."""
        if self._waiting or not self._has_room(weight_bytes):
            await self._wait(weight_bytes)
        else:
            self._count(weight_bytes)

    def exit(self, weight_bytes: int) -> None:
        """Come out again, done or failed, and let the next in."""
        self._requests -= 1
        self._bytes -= weight_bytes
        self._let_in()

    async def _wait(self, weight_bytes: int) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, weight_bytes))
        try:
            async with asyncio.timeout(self._settings.queue_wait_seconds_max):
                await turn
        except BaseException as error:
            self._give_up(turn, weight_bytes)
            if isinstance(error, TimeoutError):
                raise LogBusy("The disk did not keep up: nothing of this commit was written.") from error
            raise

    def _give_up(self, turn: asyncio.Future[None], weight_bytes: int) -> None:
        if (turn, weight_bytes) in self._waiting:
            self._waiting.remove((turn, weight_bytes))
            self._let_in()
        else:
            # Its turn had come in the same moment: it was counted and must come out again.
            self.exit(weight_bytes)

    def _let_in(self) -> None:
        while self._waiting and self._has_room(self._waiting[0][1]):
            turn, weight_bytes = self._waiting.popleft()
            self._count(weight_bytes)
            if not turn.done():
                turn.set_result(None)

    def _has_room(self, weight_bytes: int) -> bool:
        # Alone it may pass whatever its size, or it would wait for ever.
        fits = self._bytes + weight_bytes <= self._settings.queue_bytes_max
        return self._requests == 0 or (fits and self._requests < self._settings.queue_requests_max)

    def _count(self, weight_bytes: int) -> None:
        self._requests += 1
        self._bytes += weight_bytes
