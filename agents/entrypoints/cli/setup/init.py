"""`holdingline init`: ask a trust what it is, and write the folder that everything else reads."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from stat import S_IMODE
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import Fault, report
from agents.adapters.registers import check as check_registers
from agents.entrypoints.cli.options import AsJson, Misused, fail, say
from agents.entrypoints.cli.setup.answers import ANSWERS_MAX, Typed, Written
from agents.entrypoints.cli.setup.drill import drill_files
from agents.entrypoints.cli.setup.left import left_to_do
from agents.entrypoints.cli.setup.message_files import RISKS, message_files, risk_file
from agents.entrypoints.cli.setup.prompts import Answers, questions
from agents.entrypoints.cli.setup.register_files import register_files
from agents.entrypoints.terminal import utf8_input
from agents.entrypoints.worker import pagers
from agents.entrypoints.worker.channels import SETTINGS
from agents.entrypoints.worker.feeds.wiring import SETTINGS as FEED_SETTINGS

REVIEWED_AFTER = timedelta(days=365)
LEFT = "left-to-do.txt"

app = typer.Typer()


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make; an empty one may be there.")] = Path("trust"),
    *,
    answers: Annotated[
        Path | None, typer.Option(help="A file with one answer a line, in the order of the questions; - for a pipe.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask for your trust, its people, places and channels; write its register, messages and a first exercise.

    Nothing is written before the last answer, and nothing is ever written over.
    """
    if folder.is_symlink() or (folder.exists() and not _is_empty(folder)):
        do = "name a folder that is empty or not there yet"
        raise Misused(f"{folder} is there already, and nothing is written over: {do}")
    if not folder.resolve().parent.is_dir():
        raise Misused(f"there is no folder {folder.resolve().parent}: make it first, or name another")
    now = SystemClock().now()
    given = _asked(answers, now)
    review_on = (now + REVIEWED_AFTER).date()
    messages = message_files(given, review_on)
    names = [name.removesuffix(".yaml") for name in messages]
    left = [*left_to_do(given, names, folder=str(folder), review_on=review_on)]
    faults = _write(
        folder,
        {
            **{f"register/{name}": text for name, text in register_files(given, now).items()},
            **{f"messages/{name}": text for name, text in messages.items()},
            **{f"exercises/{name}": text for name, text in drill_files(given, now).items()},
            RISKS: risk_file(given, review_on),
            LEFT: "\n".join([*left, ""]),
        },
        now=now,
    )
    if faults:
        found = [f"{folder} is written, and this is to be mended in it:", *report(faults)]
        raise fail("\n".join(found), as_json=as_json, more={"faults": report(faults)})
    lines = [
        f"{folder} is written, and `holdingline check` finds no fault in it",
        f"left to do, also in {folder}/{LEFT}:",
    ]
    say({"folder": str(folder), "left_to_do": left}, [*lines, *left], as_json=as_json)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _asked(answers: Path | None, now: datetime) -> Answers:
    """The answers of the person at this terminal, else those of the file or the pipe."""
    today = now.date()
    if answers is None and sys.stdin.isatty():
        return questions(Typed(), today)
    lines = Written(_lines(answers))
    given = questions(lines, today)
    lines.end()
    return given


def _lines(answers: Path | None) -> Sequence[str]:
    try:
        with ExitStack() as opened:
            piped = answers is None or str(answers) == "-"
            file = utf8_input() if piped else opened.enter_context(Path(str(answers)).open(encoding="utf-8-sig"))
            return [line for _, line in zip(range(ANSWERS_MAX), file, strict=False)]
    except (OSError, UnicodeError) as error:
        raise Misused(f"{answers or 'the pipe'} cannot be read ({error}): give a file of UTF-8 text") from None


def _write(folder: Path, files: Mapping[str, str], *, now: datetime) -> Sequence[Fault]:
    """Make the folder with these files at once, or not at all; the faults that `check` finds in it."""
    try:
        with TemporaryDirectory(prefix=".holdingline-", dir=folder.resolve().parent) as made:
            fresh = Path(made) / "trust"
            for name, text in files.items():
                (fresh / name).parent.mkdir(parents=True, exist_ok=True)
                (fresh / name).write_text(text, encoding="utf-8")
            faults = check_registers(
                fresh, now, settings=SETTINGS, pagers=pagers.SETTINGS, accounts_heard=FEED_SETTINGS
            )
            if folder.exists():  # Empty, and made for the service: its rights and its owner stay.
                fresh.chmod(S_IMODE(folder.stat().st_mode))
                if os.geteuid() == 0:
                    os.chown(fresh, folder.stat().st_uid, folder.stat().st_gid)
            # On Linux and macOS this fails if there is anything of that name by now, but for an empty folder.
            os.rename(fresh, folder)  # noqa: PTH104 - `Path.rename` says the same
    except OSError as error:
        raise Misused(f"{folder} cannot be written ({error.strerror}): name another folder") from None
    return faults
