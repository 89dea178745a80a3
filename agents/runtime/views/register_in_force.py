"""The register in force: the files, and what the register's own log says of them, for everybody who judges."""

import asyncio
from collections.abc import Callable

import structlog

from agents.ports import Registers
from agents.runtime.door.topic_reader import TopicReader
from infra.log import LogError
from streams.codec import decode
from streams.errors import MessageError
from streams.subjects.fold import fold
from streams.subjects.register_log import RegisterLog
from streams.topics import FACTS
from streams.values import THE_REGISTER
from streams.words.register.changes import differences, in_force
from streams.words.register.entries import Register
from streams.words.register.kept import REGISTER_BYTES_MAX, RegisterRecord

logger = structlog.get_logger(__name__)

PAUSE_SECONDS = 0.25
LOGGED_MAX = 20
Look = Callable[[], RegisterLog | None]


class Unknown(LogError):
    """Who may do what cannot be told, since the register's own log could not be read: see that the log answers."""


async def register_log(reader: TopicReader, mode: str) -> RegisterLog:
    """The register's own log as it stands, read past all other facts, which are many."""
    log, ends = RegisterLog(mode=mode), await reader.ends()
    while not reader.has_reached(ends):
        for record in await reader.more(wait_seconds=0.1):
            if record.key != THE_REGISTER.key.encode():
                continue
            try:
                log = fold(log, decode(FACTS, record.value))
            except MessageError:
                continue  # `log verify` names it.
    return log


class InForce:
    """The port `Registers`; it answers with the very same object until the files or the register's log change."""

    def __init__(self, files: Registers, mode: str, *, own: Look, followed: Look) -> None:
        """`own` is the register's log in the table of whoever writes it, `followed` as its facts were read."""
        self._files = files
        self._own = own
        self._followed = followed
        self._begun = RegisterLog(mode=mode)
        self._last: tuple[Register, str, Register] | None = None

    async def begin(self, reader: Callable[[], TopicReader], *, seconds_max: float) -> None:
        """Read the register's log to its end before anybody is judged; `Unknown` where that takes too long."""
        try:
            async with asyncio.timeout(seconds_max):
                while True:
                    facts = reader()
                    try:
                        self._begun = await register_log(facts, self._begun.mode)
                    except LogError as error:
                        logger.warning("the register's log cannot be read yet; trying again", reason=str(error))
                        await asyncio.sleep(PAUSE_SECONDS)
                    else:
                        return
                    finally:
                        await facts.close()
        except TimeoutError:
            raise Unknown from None

    def __call__(self) -> Register:
        """The register in force."""
        files, log = self._files(), self._own() or self._read()
        if self._last is None or self._last[0] is not files or self._last[1] != log.head:
            self._last = (files, log.head, self._composed(files, log))
        return self._last[2]

    def _read(self) -> RegisterLog:
        """Who follows begins with the first fact, and has not come as far yet as was read at the start."""
        followed = self._followed()
        return followed if followed and followed.sequence > self._begun.sequence else self._begun

    def _composed(self, files: Register, log: RegisterLog) -> Register:
        """What would be too large to be kept is not judged by: the last good one stays in force, as with the files."""
        register = in_force(files, log.changes)
        if register is files:
            return files
        size = len(RegisterRecord.of(register, mode=log.mode).model_dump_json().encode())
        if size <= REGISTER_BYTES_MAX:
            waiting = [f"{one.section} {one.entry}" for one in differences(files, log.changes)][:LOGGED_MAX]
            logger.info("register in force", version=register.version(), log=log.sequence, unconfirmed=waiting)
            return register
        told = f"files and confirmed changes take {size} bytes of {REGISTER_BYTES_MAX}: take out old entries"
        if self._last is None:
            raise Unknown(told)
        logger.error("register unusable, the last good one stays in force", reason=told)
        return self._last[2]
