"""The jars of a broker: fetched once by Maven into the user's cache, never into the tree."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

POM = Path(__file__).with_name("pom.xml")
FETCH_SECONDS_MAX = 300.0
COMPLETE = "complete"


class NoKafka(Exception):
    """No broker can be started here: install a Java 17 runtime and Maven, or name a running cluster."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


def java() -> str:
    """The Java to run brokers with; raises `NoKafka` if there is none."""
    found = shutil.which("java")
    if found is None:
        raise NoKafka
    return found


def jars() -> Path:
    """The folder with the jars, filled first if it is empty; raises `NoKafka` if that cannot be done."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "holdingline" / "kafka-4.2.0"
    with alone(folder):
        if not (folder / COMPLETE).exists():
            _fetch(folder)
    return folder


def classes() -> Path:
    """Where Java keeps what it made of the jars, so that a broker starts in half the time; see `Cluster`."""
    return jars() / "classes.jsa"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time: those of one test run all need the jars at once."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        flock(lock, LOCK_EX)
        yield


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoKafka
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
    command = [maven, "--quiet", "--batch-mode", "--file", str(POM), *goal]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=FETCH_SECONDS_MAX)
    except (subprocess.SubprocessError, OSError) as error:
        raise NoKafka(f"Maven could not bring the jars of Kafka: {error}.") from error
    (folder / COMPLETE).touch()
