"""The one Chromium of a test process: started at the first need, ended with the tests of the process."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Lock

from tests.browser.packages import NoBrowser, chromium

START_SECONDS_MAX, STOP_SECONDS_MAX = 180.0, 20.0
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--no-first-run", "--disable-extensions", "--disable-background-networking", "--remote-debugging-port=0"),
    "--remote-debugging-address=127.0.0.1",
)
_LISTENS = re.compile(rb"DevTools listening on (ws://\S+)")
_ends = ExitStack()
_one_at_a_time = Lock()
_running: dict[str, subprocess.Popen[bytes]] = {}


def address() -> str:
    """Where the browser is spoken to; raises `NoBrowser` if none starts. One that crashed is started again."""
    with _one_at_a_time:
        for where, process in _running.items():
            if process.poll() is None:
                return where
        return _start()


def _start() -> str:
    folder = Path(tempfile.mkdtemp(prefix="browser-"))
    _ends.callback(shutil.rmtree, folder, ignore_errors=True)
    # Without a page to begin with, it draws one of its own, which takes as long as the test's.
    command = (chromium(), *FLAGS, f"--user-data-dir={folder}", "about:blank")
    said = folder / "said.txt"
    with said.open("wb") as errors:
        own = {**os.environ, "XDG_CONFIG_HOME": str(folder)}
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=own)
    _ends.callback(stop, process, folder)
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        if found := _LISTENS.search(said.read_bytes()):
            where = found[1].decode()
            _running[where] = process
            return where
        time.sleep(0.05)
    raise NoBrowser(f"the browser did not start: {said.read_text(encoding='utf-8', errors='replace')[-1000:]}")


def stop(process: subprocess.Popen[bytes], folder: Path) -> None:
    """End the browser with this folder, and all that it started: its crash handlers live in sessions of their own."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS_MAX)
    for one in _named(folder):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    process.wait()


def _named(folder: Path) -> Iterator[int]:
    """The processes whose command names this folder, as that of everything does that the browser starts."""
    name = os.fsencode(folder)
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if name in one.read_bytes():
                yield int(one.parent.name)


def end() -> None:
    """End the browser and remove its data; the processes of pytest-xdist run no handlers of `atexit`."""
    _ends.close()
