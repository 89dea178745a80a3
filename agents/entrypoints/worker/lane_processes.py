"""Lanes as processes beside the control lane: started with it, ended with it, started again when they die."""

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import structlog

from streams.decisions.sign_off.links import LINK_KEY
from streams.lanes import FEEDS, FEEDS_NICENESS, LANES, Lane
from streams.words.register.partners import FEED_NAMES_BEGIN

logger = structlog.get_logger(__name__)

Command = Sequence[str]

PAUSE_SECONDS = 2.0
"""The pause before a process is started again: one that cannot run must not keep the machine busy."""
STOP_SECONDS_MAX = 15.0
LOOK_SECONDS = 0.5
KEPT = frozenset({"PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "SSL_CERT_FILE"})
KEPT_PREFIXES = ("PYTHON", "LC_")
CONSOLE = "console"
OF_DIRECTORY = ("ISSUER", "CLIENT", "SECRET", "SECRET_FILE", "CLAIM", "STRENGTH")
DIRECTORY = frozenset(f"HOLDINGLINE_DIRECTORY_{one}" for one in OF_DIRECTORY)
REACHED = ("PASSKEY_SERVICE", "SESSIONS", "ORIGIN", "DRILLS")
OF_CONSOLE = DIRECTORY | {LINK_KEY, f"{LINK_KEY}_FILE", *(f"HOLDINGLINE_{one}" for one in REACHED)}
"""What the console is set up by, with its two secrets: the key of the links, and what the trust's directory gave it."""
OF_FEEDS = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"})
"""The way out of the trust's network."""


def beside_this(lane: Lane, *, mode: str, log: str, data: Path, worker: str | None) -> Command:
    """The command that starts a lane beside this process; its group is its own, so it may have our name."""
    start = f"import os; os.nice({lane.niceness}); from agents.entrypoints.cli.main import main; main()"
    options = {"--lane": lane.name, "--mode": mode, "--log": log, "--register": data, "--parent": os.getpid()}
    if worker is not None:
        options["--worker"] = worker
    return [sys.executable, "-c", start, "serve", *(str(part) for pair in options.items() for part in pair)]


def lanes_beside(*, mode: str, log: str, data: Path, worker: str | None, log_level: str) -> list[Command]:
    """The commands of all lanes that run beside the control lane."""
    several = [beside_this(one, mode=mode, log=log, data=data, worker=worker) for one in LANES if one.runs_beside]
    return [[*one, "--log-level", log_level] for one in several]


def console_beside(origin: str | None, *, mode: str, log: str, register: Path | None) -> Command:
    """The command that starts the console beside this process, on the same folder of the trust."""
    start = "from agents.entrypoints.cli.main import main; main()"
    options = {"--mode": mode, "--log": log, "--parent": os.getpid()} | ({"--origin": origin} if origin else {})
    options |= {"--register": register} if register else {}
    return [sys.executable, "-c", start, CONSOLE, *(str(part) for pair in options.items() for part in pair)]


def feeds_beside(*, mode: str, log: str, hooks: str | None, log_level: str) -> Command:
    """The command that starts the feeds beside this process; `hooks` is where sources may call."""
    start = f"import os; os.nice({FEEDS_NICENESS}); from agents.entrypoints.cli.main import main; main()"
    options = {"--lane": FEEDS, "--mode": mode, "--log": log, "--parent": os.getpid(), "--log-level": log_level}
    options |= {"--hooks": hooks} if hooks else {}
    return [sys.executable, "-c", start, "serve", *(str(part) for pair in options.items() for part in pair)]


def always() -> bool:
    """A process that is needed whatever the register says."""
    return True


@asynccontextmanager
async def kept_running(command: Command, needed: Callable[[], bool]) -> AsyncIterator[None]:
    """Keep a process running once it is needed; if it ends, start it again. Its failures do not touch this process."""
    keeping = asyncio.create_task(_keep(command, needed))
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def gone(parent: int) -> None:
    """Return when the parent of this process was killed; the parent's successor starts a lane of its own.

    This process holds files that the successor needs, and nobody is left who kills it if it hangs while it stops: so
    it ends after `STOP_SECONDS_MAX`, whatever it waits for. What it had not committed is delivered again.
    """
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells an orphan
        await asyncio.sleep(LOOK_SECONDS)
    last = threading.Timer(STOP_SECONDS_MAX, os._exit, (1,))
    last.daemon = True
    last.start()


async def _keep(command: Command, needed: Callable[[], bool]) -> None:
    while True:
        while not needed():  # noqa: ASYNC110 - nothing tells that the register names something new
            await asyncio.sleep(PAUSE_SECONDS)
        try:
            await _run(command)
        except OSError as error:
            logger.warning("a process beside this one cannot be started", reason=str(error))
        await asyncio.sleep(PAUSE_SECONDS)


def plain_environment(command: Command, given: Mapping[str, str]) -> Mapping[str, str]:
    """What a process needs to find Python, its files and its time zone: no secret of a channel, pager or person.

    A lane beside the control lane sends nothing and pages no person; its log, folder and mode are in its command.
    It gets one password, that of the log, if the address in its command names one. The feeds get their own secrets.
    """
    is_feeds = FEEDS in command
    log = parse_qs(urlsplit(command[command.index("--log") + 1]).query) if "--log" in command else {}
    own = OF_CONSOLE if CONSOLE in command else OF_FEEDS if is_feeds else ()
    kept = KEPT.union(log.get("password_env", ()), own)
    begins = (*KEPT_PREFIXES, FEED_NAMES_BEGIN) if is_feeds else KEPT_PREFIXES
    return {name: value for name, value in given.items() if name in kept or name.startswith(begins)}


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
