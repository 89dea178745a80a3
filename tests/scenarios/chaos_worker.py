"""One worker as a process: it is started, killed, paused and woken, and its own lines tell what it was at."""

import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

COMMAND = "from agents.entrypoints.cli.main import main; main()"
STOP_SECONDS_MAX = 180
HAS_ITS_PARTITIONS = b"Setting newly assigned partitions"
SERVES = b'"event": "serving"'


class Phase(StrEnum):
    """How far a worker has come, as far as can be told from outside."""

    STARTING = "starting"
    RECOVERING = "recovering"
    RUNNING = "running"


@dataclass
class Serving:
    """`holdingline serve` with these options, in a folder that takes its lines; `problems` are ends of its own."""

    lines: Path
    options: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    problems: list[str] = field(default_factory=list)
    _since: int = 0
    _runs_since: int = -1

    def start(self) -> None:
        """Start the worker, as a service manager does."""
        self._since = self.length()
        with self.lines.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, "serve", *self.options],
                stdout=output,
                stderr=output,
                cwd=self.lines.parent,
            )

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        assert self.process is not None
        if self.process.poll() is not None:
            self.problems.append(f"the worker had ended by itself with {self.process.returncode}")
        self.send(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, and the exit code of a clean end."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=STOP_SECONDS_MAX)

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def phase(self) -> Phase:
        """Told by its lines, which are there a moment after the deed."""
        if self._runs_since == self._since:
            return Phase.RUNNING
        said = self.said(self._since)
        if SERVES in said:
            self._runs_since = self._since
            return Phase.RUNNING
        return Phase.RECOVERING if HAS_ITS_PARTITIONS in said else Phase.STARTING

    def length(self) -> int:
        """How much it has said, in bytes: where to read on."""
        return self.lines.stat().st_size if self.lines.exists() else 0

    def said(self, since: int) -> bytes:
        """What it has said since."""
        with self.lines.open("rb") as lines:
            lines.seek(since)
            return lines.read()
