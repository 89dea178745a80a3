"""The register in force: the files, and what the register's own log says of them, for everybody who judges."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from agents.ports import Registers
from infra.log import LogError
from streams.errors import MessageError
from streams.subjects.account import AccountLog
from streams.subjects.register_log import RegisterLog
from streams.words.register.accounts import Shut
from streams.words.register.changes import differences, in_force
from streams.words.register.entries import Register
from streams.words.register.kept import REGISTER_BYTES_MAX, RegisterRecord

logger = structlog.get_logger(__name__)

LOGGED_MAX = 20
Look = Callable[[], RegisterLog | None]
Accounts = Callable[[str], AccountLog | None]
Kept = Callable[[], Awaitable[Register | None]]


class Unknown(LogError):
    """Who may do what cannot be told, since the register's own log could not be read: see that the log answers."""


class InForce:
    """The port `Registers`; it returns the same object until the files, the register's log or a shut account change."""

    def __init__(
        self, files: Registers, mode: str, *, own: Look, followed: Look, accounts: Accounts = lambda _: None
    ) -> None:
        """`own` gives the register's log if this worker writes it, else `followed` gives it as read from the writer.

        `accounts` gives the state of a channel's account.
        """
        self._files = files
        self._own = own
        self._followed = followed
        self._empty = RegisterLog(mode=mode)
        self._accounts = accounts
        self._last: tuple[Register, str, Register] | None = None
        self._open: Register | None = None
        self._shown: Register | None = None
        self._kept: Register | None = None
        self._told = ""

    async def begin(
        self, caught_up: Callable[[], Awaitable[object]], *, seconds_max: float, kept: Kept | None = None
    ) -> None:
        """Wait until this worker has read the register's log; `Unknown` if that takes too long.

        If the log was read and what it says cannot be, `kept` gives the register that was in force last.
        """
        try:
            async with asyncio.timeout(seconds_max):
                await caught_up()
        except TimeoutError:
            raise Unknown from None
        try:
            self._log()
        except (LogError, MessageError):
            self._kept = await kept() if kept else None

    def __call__(self) -> Register:
        """The register in force.

        If the register's own log cannot be read, that is the one that was in force last, which the log keeps: it was
        made of that log while it could be read. The files alone would give back a power that two people took away.
        """
        try:
            log = self._log()
        except (LogError, MessageError) as error:
            if (register := self._last[2] if self._last else self._kept) is None:
                raise
            self._tell(str(error))
            return self._with_shut(register)
        files = self._files()
        if self._last is None or self._last[0] is not files or self._last[1] != log.head:
            self._last = (files, log.head, self._compose(files, log))
        return self._with_shut(self._last[2])

    def _with_shut(self, register: Register) -> Register:
        """The register with the accounts that people shut."""
        stops = {name: self._stop_of(name) for name in register.channels}
        shut = {name: stop for name, stop in stops.items() if stop}
        if self._shown is None or self._open is not register or self._shown.shut != shut:
            self._open = register
            self._shown = register if register.shut == shut else register.model_copy(update={"shut": shut})
        return self._shown

    def _stop_of(self, channel: str) -> Shut | None:
        """Who shut the account; what was known last if that cannot be read now."""
        try:
            found = self._accounts(channel)
        except (LogError, MessageError) as error:
            logger.error("the state of an account cannot be read", account=channel, reason=str(error))  # noqa: TRY400 - the sentence is enough
            return self._shown.shut.get(channel) if self._shown else None
        return found.shut if found else None

    def _log(self) -> RegisterLog:
        return self._own() or self._followed() or self._empty

    def _tell(self, why: str) -> None:
        """Tell it once for each reason: it is asked for with every order."""
        if why != self._told:
            self._told = why
            do = "the register that was in force last stays so, and no change of it is judged"
            logger.error("the register's own log cannot be read", reason=why, now=do)

    def _compose(self, files: Register, log: RegisterLog) -> Register:
        """What would be too large to be kept is not judged by: the last good one stays in force, as with the files."""
        register = in_force(files, log.changes, mode=log.mode)
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
