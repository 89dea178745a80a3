"""Lanes as processes beside the control lane: started with it, ended with it, started again when they die."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import structlog

from streams.decisions.sign_off.links import LINK_KEY
from streams.lanes import Lane

logger = structlog.get_logger(__name__)

Command = Sequence[str]

PAUSE_SECONDS = 2.0
"""The pause before a process is started again: one that cannot run must not keep the machine busy."""
STOP_SECONDS_MAX = 15.0
LOOK_SECONDS = 0.5
KEPT = frozenset({"PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "SSL_CERT_FILE"})
KEPT_PREFIXES = ("PYTHON", "LC_")
CONSOLE = "console"
OF_DIRECTORY = ("ISSUER", "CLIENT", "SECRET", "SECRET_FILE", "CLAIM")
DIRECTORY = frozenset(f"HOLDINGLINE_DIRECTORY_{one}" for one in OF_DIRECTORY)
OF_CONSOLE = DIRECTORY | {LINK_KEY, "HOLDINGLINE_PASSKEY_SERVICE", "HOLDINGLINE_SESSIONS", "HOLDINGLINE_ORIGIN"}
"""What the console is set up by, with its two secrets: the key of the links, and what the trust's directory gave it."""


def beside_this(lane: Lane, *, mode: str, log: str, data: Path, worker: str | None) -> Command:
    """The command that starts a lane beside this process; its group is its own, so it may have our name."""
    start = f"import os; os.nice({lane.niceness}); from agents.entrypoints.cli.main import main; main()"
    options = {"--lane": lane.name, "--mode": mode, "--log": log, "--register": data, "--parent": os.getpid()}
    if worker is not None:
        options["--worker"] = worker
    return [sys.executable, "-c", start, "serve", *(str(part) for pair in options.items() for part in pair)]


def console_beside(origin: str | None, *, mode: str, log: str) -> Command:
    """The command that starts the console beside this process."""
    start = "from agents.entrypoints.cli.main import main; main()"
    options = {"--mode": mode, "--log": log, "--parent": os.getpid()} | ({"--origin": origin} if origin else {})
    return [sys.executable, "-c", start, CONSOLE, *(str(part) for pair in options.items() for part in pair)]


@asynccontextmanager
async def kept_running(command: Command) -> AsyncIterator[None]:
    """Keep a process running; if it ends, start it again. Its failures do not touch this process."""
    keeping = asyncio.create_task(_keep(command))
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def gone(parent: int) -> None:
    """Return when the parent of this process was killed; the parent's successor starts a lane of its own."""
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells an orphan
        await asyncio.sleep(LOOK_SECONDS)


async def _keep(command: Command) -> None:
    while True:
        try:
            await _run(command)
        except OSError as error:
            logger.warning("a process beside this one cannot be started", reason=str(error))
        await asyncio.sleep(PAUSE_SECONDS)


def plain_environment(command: Command, given: Mapping[str, str]) -> Mapping[str, str]:
    """What a process needs to find Python, its files and its time zone: no secret of a channel, pager or person.

    A lane beside the control lane sends nothing and pages no person; its log, folder and mode are in its command.
    It gets one password, that of the log, if the address in its command names one.
    """
    log = parse_qs(urlsplit(command[command.index("--log") + 1]).query) if "--log" in command else {}
    kept = KEPT.union(log.get("password_env", ()), OF_CONSOLE if CONSOLE in command else ())
    return {name: value for name, value in given.items() if name in kept or name.startswith(KEPT_PREFIXES)}


async def _run(command: Command) -> None:
    process = await asyncio.create_subprocess_exec(*command, env=plain_environment(command, os.environ))
    logger.info("started beside", process=process.pid)
    try:
        code = await process.wait()
        logger.warning("ended beside; starting it again", process=process.pid, code=code)
    finally:
        if process.returncode is None:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask the process to end; kill it after a while. What it had not committed is delivered again."""
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS_MAX):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
