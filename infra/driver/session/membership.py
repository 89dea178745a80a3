"""Membership: joining the group, what happens when partitions come and go, and starting again after any error."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from infra.log import LogBroken, LogError, Member, OnPartitions, Partition, Replaced

REJOIN_PAUSE_SECONDS = 0.2
REJOIN_PAUSE_SECONDS_MAX = 10.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Partitions that a member was given, and the generation in which it commits for them."""

    member: Member
    generation: int
    partitions: frozenset[Partition]


class MembershipHost(Protocol):
    """What a membership asks of its worker."""

    def join(self, on_revoked: OnPartitions, on_assigned: OnPartitions) -> Member:
        """Become a member of the group."""

    async def gain(self, assignment: Assignment) -> None:
        """Begin a session."""

    async def lose(self) -> None:
        """End the session, and wait until the agents have stopped."""

    def fail(self) -> None:
        """End the session at once, and trust nothing that memory holds of the log."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
        """Run this in a task of the worker's own."""

    def stop_app(self, error: LogError) -> None:
        """Stop the worker for this reason."""


class _Seat:
    """One joining of the group; what its member says after the seat was given up is ignored."""

    member: Member
    is_given_up = False


class Membership:
    """One worker's part in its group.

    There is one path after an error of the log, known or not: drop all, leave, join, start again. No retry logic.
    A worker does not start again, but stops, if another one has taken its name or its log is broken.
    """

    def __init__(self, worker: MembershipHost) -> None:
        self._worker = worker
        self._topics: set[str] = set()
        self._seat: _Seat | None = None
        self._changing = asyncio.Lock()
        self._rejoining: asyncio.Future[None] | None = None
        self._left = False
        self._wanted = False
        self._pause_seconds = REJOIN_PAUSE_SECONDS

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Take part in these topics, and no longer in others."""
        self._topics = set(topics)
        if self._rejoining is not None and not self._rejoining.done():
            self._wanted = True
            return
        seat = self._seat or self._sit_down()
        await seat.member.subscribe(self._topics)

    async def leave(self) -> None:
        """Give up the seat for good."""
        self._left = True
        if self._rejoining is not None:
            self._rejoining.cancel()
        await self._get_up()

    def rejoin(self, error: LogError) -> None:
        """Drop all at once, and start again in a task of the worker's, since the caller is part of what is dropped.

        At once, because the next commit might succeed and move an offset beyond the work that this one has lost.
        """
        if self._left:
            return
        self._worker.fail()
        if self._seat is not None:
            self._seat.is_given_up = True
        if isinstance(error, Replaced | LogBroken):
            # Joining again would drive out the newer worker, which would do the same; or it could not be done.
            self._worker.stop_app(error)
            return
        logger.warning("The worker starts again at its last commit: %s", error)
        self._wanted = True
        if self._rejoining is None or self._rejoining.done():
            self._rejoining = self._worker.spawn(self._start_again())

    def on_committed(self) -> None:
        """Trust the log again: the next trouble is a new one."""
        self._pause_seconds = REJOIN_PAUSE_SECONDS

    async def _pause(self) -> None:
        """Wait longer each time, so that trouble that stays does not flood the machine and its logs."""
        pause_seconds, self._pause_seconds = self._pause_seconds, min(self._pause_seconds * 2, REJOIN_PAUSE_SECONDS_MAX)
        await asyncio.sleep(pause_seconds)

    async def _start_again(self) -> None:
        while self._wanted:
            seat, self._seat = self._seat, None
            if seat is not None:
                seat.is_given_up = True
            async with self._changing:
                await self._worker.lose()
            await self._pause()
            # What has gone wrong until here is covered by the next joining; what goes wrong from here on is not.
            self._wanted = False
            try:
                if seat is not None:
                    await seat.member.leave()
                await self._sit_down().member.subscribe(self._topics)
            except LogError as error:
                logger.warning("The worker cannot rejoin yet: %s", error)
                self._wanted = True

    async def _get_up(self) -> None:
        seat, self._seat = self._seat, None
        if seat is not None:
            seat.is_given_up = True
            await seat.member.leave()

    def _sit_down(self) -> _Seat:
        seat = _Seat()

        async def on_revoked(partitions: set[Partition], generation: int) -> None:
            del partitions, generation
            async with self._changing:
                if not seat.is_given_up:
                    await self._worker.lose()

        async def on_assigned(partitions: set[Partition], generation: int) -> None:
            async with self._changing:
                if not seat.is_given_up:
                    await self._worker.gain(Assignment(seat.member, generation, frozenset(partitions)))

        seat.member = self._worker.join(on_revoked, on_assigned)
        self._seat = seat
        return seat
