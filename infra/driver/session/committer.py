"""The committer: what was acked while one commit ran is the next group. It waits for no timer."""

import asyncio
import logging
from collections.abc import Callable

from infra.driver.session.flights import Group
from infra.driver.session.session import Session
from infra.log import LogBusy, LogError, LogFull

FULL_PAUSE_SECONDS = 0.5

logger = logging.getLogger(__name__)


class Bell:
    """Rings on every ack; Faust has a future in its place, which its compiled stream iterator notifies."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    def done(self) -> bool:
        return self.rung.is_set()

    def set_result(self, result: object) -> None:
        del result
        self.rung.set()


class Committer:
    """Writes groups, one after the other, until it is closed."""

    def __init__(self, session: Callable[[], Session | None], on_committed: Callable[[Group], None]) -> None:
        self._session = session
        self._on_committed = on_committed
        self._closed = False
        self._writing = False
        self.bell = Bell()

    @property
    def busy(self) -> bool:
        """Whether something that could be committed is not committed yet."""
        return self._writing or self._ready() is not None

    @property
    def closed(self) -> bool:
        """Whether nothing is committed any more."""
        return self._closed

    def close(self) -> None:
        """Commit nothing from here on: an agent that is stopped in the middle of an event still acks it."""
        self._closed = True
        self.bell.rung.set()

    async def run(self) -> None:
        while not self._closed:
            await self.bell.rung.wait()
            self.bell.rung.clear()
            while session := self._ready():
                await self._write(session, session.flights.take_landed())

    def _ready(self) -> Session | None:
        """The session, if it has something to commit."""
        session = self._session()
        return session if session is not None and not self._closed and session.flights.landed() else None

    async def _write(self, session: Session, group: Group) -> None:
        self._writing = True
        try:
            written = await self._write_when_possible(session, group)
            if written and not session.is_over:
                self._on_committed(group)
        except LogError as error:
            if session.is_over:
                logger.warning("A commit was refused, others have the work already: %s", error)
            session.fail(error)
        finally:
            self._writing = False

    async def _write_when_possible(self, session: Session, group: Group) -> bool:
        """Keep a group while the log has no room; what is in flight is bounded, so fetching stops meanwhile.

        False if the group was dropped instead, since the session is over or the worker stops.
        """
        waits_count = 0
        while not session.is_over:
            try:
                await session.member.commit(group.drafts, group.offsets, session.generation)
            except (LogFull, LogBusy) as error:
                if waits_count == 0:
                    logger.error("Committing waits, nothing is lost: %s", error)  # noqa: TRY400 # No traceback needed.
                waits_count += 1
                if self._closed:
                    return False
                await asyncio.sleep(FULL_PAUSE_SECONDS)
            else:
                if waits_count:
                    logger.warning("Committing goes on after %.1f seconds.", waits_count * FULL_PAUSE_SECONDS)
                return True
        return False
