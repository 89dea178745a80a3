"""What the console's pages show of the register's files, the log and drills, put together from their own parts."""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from agents.adapters.channels.practice import practised, practised_on
from agents.adapters.drill_scores import FILE, read_scores
from agents.adapters.pictures import Pictures, pictures_of
from agents.adapters.registers import data_folder
from agents.adapters.registers.checks.hours.cover import gaps_of
from agents.adapters.registers.table import as_lines, decision_table
from agents.console.looks import DrillRun, Looks, NoPractice, PractisedPost, Table
from agents.entrypoints.cli.exercise import scenarios_in
from agents.entrypoints.pack_note import told_of_pack
from agents.entrypoints.worker.lane_processes import plain_environment
from agents.entrypoints.worker.own_pages import practice_folder
from agents.ports import NotSent
from agents.runtime.cluster.doctor import Finding, examine
from streams.values import LIVE, sentence
from streams.words.register.entries import Register, StillPicture

HOUR_SECONDS, MINUTE_SECONDS, LOOK_SECONDS = 3600, 60, 3
"""So long a look is kept: a gap of hours changes slowly, who may what with the minute; a worker dies at any second."""
DRILL_LINES_MAX = 5_000
DRILL_SPEED = 60.0
Look = TypeVar("Look")


def looks(mode: str, log: str, *, folder: Path | None = None, drills_file: Path = FILE) -> Looks:
    """How the pages of the console of this mode look at the rest; `folder` holds the files of the trust's register.

    The exercises that a drill offers are the folder's own, where it has some; `drills_file` has the scores of drills.

    What takes long is kept for all who ask: the console serves nobody else while it looks.
    """
    scenarios = {path.stem: _title(path) for path in sorted(scenarios_in(data_folder(folder)).glob("*.yaml"))}
    service: list[tuple[datetime, Sequence[Finding]]] = []

    async def service_kept(now: datetime) -> Sequence[Finding]:
        if not service or not timedelta(0) <= now - service[0][0] < timedelta(seconds=LOOK_SECONDS):
            service[:] = [(now, await examine(mode, log, now=now))]
        return service[0][1]

    def pack(register: Register, now: datetime) -> str | None:
        is_true, words = told_of_pack(folder, register, now=now) if folder and mode == LIVE else (True, "")
        return None if is_true else words

    return Looks(
        _kept(decisions, MINUTE_SECONDS),
        _kept(gaps, HOUR_SECONDS),
        service_kept,
        scenarios,
        pack,
        PlayedDrills(drills_file=drills_file, register=folder) if mode != LIVE else None,
        practice=PracticePages(practice_folder(log, mode)) if mode != LIVE else NoPractice(),
        scores=partial(read_scores, drills_file),
        picture=partial(approved_picture, pictures_of(data_folder(folder))),
    )


class PracticePages:
    """The pages that a worker of a drill writes, one for each channel that it plays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def channels(self) -> frozenset[str]:
        """The channels on which something was practised."""
        return practised_on(self._folder)

    def posts(self, channel: str) -> Sequence[PractisedPost] | None:
        """The last posts on one of these, the newest first; None if they cannot be read."""
        try:
            found = practised(self._folder, channel)
        except (NotSent, OSError):
            return None
        return [PractisedPost(one.dispatch.message, one.at, one.withdrawn_at, one.corrected_at) for one in found]


def approved_picture(pictures: Pictures, picture: StillPicture) -> bytes | None:
    """The content of a picture; None where the file is not as it was approved."""
    try:
        return pictures(picture)
    except NotSent:
        return None


def _title(scenario: Path) -> str:
    """What an exercise is called: its file may be long, and only this line of it is shown."""
    with scenario.open(encoding="utf-8") as lines:
        named = (line.removeprefix("title:").strip() for line in lines if line.startswith("title:"))
        return next(named, scenario.stem)


def _kept(look: Callable[[Register, datetime], Look], seconds: int) -> Callable[[Register, datetime], Look]:
    """The same look, which is kept so long for the same register."""
    kept: dict[tuple[str, int], Look] = {}

    def look_or_recall(register: Register, now: datetime) -> Look:
        key = register.version(), int(now.timestamp() // seconds)
        if key not in kept:
            kept.clear()
            kept[key] = look(register, now)
        return kept[key]

    return look_or_recall


def decisions(register: Register, now: datetime) -> Table:
    """The decision table, section by section."""
    groups = [[*lines] for is_line, lines in groupby(as_lines(decision_table(register, now)), key=bool) if is_line]
    return [(first, [line.strip() for line in rest]) for first, *rest in groups]


def gaps(register: Register, now: datetime) -> Sequence[str]:
    """Each time in the next two weeks in which a power is not covered."""
    return [*gaps_of(register, now)]


class PlayedDrills:
    """Plays exercises by `holdingline exercise run`, each as a process of its own, without a secret of this one."""

    def __init__(self, speed: float = DRILL_SPEED, *, drills_file: Path = FILE, register: Path | None = None) -> None:
        self.latest: DrillRun | None = None
        self._register = ["--register", str(register)] if register else []
        self._speed, self._file = speed, drills_file
        self._playing: asyncio.Task[None] | None = None

    async def begin(self, scenario: str, *, by: str, now: datetime) -> bool:
        """Start it, unless another one is played."""
        if self._playing and not self._playing.done():
            return False
        self.latest = DrillRun(scenario, by, now)
        self._playing = asyncio.create_task(self._play(self.latest))
        return True

    async def _play(self, run: DrillRun) -> None:
        start = "from agents.entrypoints.cli.main import main; main()"
        with tempfile.TemporaryDirectory(prefix="drill-") as folder:
            options = ["--json", "--output", folder, "--speed", str(self._speed), "--scores", str(self._file)]
            options += self._register
            command = [sys.executable, "-c", start, "exercise", "run", run.scenario, *options]
            process = await asyncio.create_subprocess_exec(
                *command,
                env=plain_environment(command, os.environ),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                said, _ = await asyncio.gather(_errors(process), _moments(process, run))
                run.has_passed = await process.wait() == 0
                with suppress(OSError):
                    run.report = (Path(folder) / "report.html").read_bytes()
                run.trouble = "" if run.report else sentence(said)
            finally:
                run.is_over = True
                with suppress(ProcessLookupError):
                    process.kill()


async def _moments(process: asyncio.subprocess.Process, run: DrillRun) -> None:
    """Put what happens into the run, line by line, as it comes."""
    assert process.stdout  # noqa: S101 - it is a pipe, as we asked for
    async for line in process.stdout:
        with suppress(ValueError, KeyError, TypeError):
            moment = json.loads(line)
            if moment["kind"] == "judged":
                run.judged.append(moment["text"])
            elif len(run.lines) < DRILL_LINES_MAX:
                run.lines.append((datetime.fromisoformat(moment["at"]), moment["text"]))


async def _errors(process: asyncio.subprocess.Process) -> str:
    """What the process said about itself, its end."""
    assert process.stderr  # noqa: S101 - as above
    return (await process.stderr.read())[-1000:].decode(errors="replace")
