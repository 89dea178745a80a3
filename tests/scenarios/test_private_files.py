"""Who may open the files of a service: its own user those of the record, everybody those of the public page."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.entrypoints.commanding import INCIDENT, opened
from tests.entrypoints.commanding import run as command
from tests.examples import CHIEF
from tests.scenarios.kill_bench import wait_until

PRIVATE = (
    *("log.db", "log.db-wal", "log.db-shm", "log.db.lock", "site/.lock"),
    *("copy.db", "copy.db-files", "night.jsonl", "anchors.jsonl"),
)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_each_file_is_as_open_as_it_should_be_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    """The record in all its forms is for the service alone; what a web server shows it can read."""
    with umask(mask), opened(tmp_path, f"sqlite:////{tmp_path}/log.db") as night:
        for made in (
            ("backup", str(tmp_path / "copy.db")),
            ("evidence", INCIDENT, "--as", CHIEF, "--out", str(tmp_path / "night.jsonl")),
            ("anchor", "--to", f"file:{tmp_path / 'anchors.jsonl'}"),
        ):
            assert command(*made, "--log", night.log_url)[0] == 0
        assert {name: oct(mode_of(tmp_path / name)) for name in PRIVATE} == dict.fromkeys(PRIVATE, "0o600")
        record, public = tmp_path / "site/record", tmp_path / "site/public"
        assert {mode_of(path) for path in (record, *record.iterdir())} == {0o700, 0o600}
        for path in (tmp_path / "site", public, *public.rglob("*")):
            assert mode_of(path) == (0o755 if path.is_dir() else 0o644), path


def test_files_that_an_earlier_release_left_open_are_closed(tmp_path: Path) -> None:
    with opened(tmp_path, f"sqlite:////{tmp_path}/log.db") as night:
        night.stop()
        for name in ("log.db", "log.db.lock", "site/.lock"):
            (tmp_path / name).chmod(0o644)
        night.start()
        wait_until(lambda: (tmp_path / "serve.log").read_bytes().count(b'"event": "serving"') == 2, "it serves")
        wait_until(lambda: mode_of(tmp_path / "site/.lock") == 0o600, "the page was looked at")
        assert mode_of(tmp_path / "log.db") == mode_of(tmp_path / "log.db.lock") == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT CHECKED: only root may become another user")
def test_another_user_cannot_hold_the_lock_or_read_the_log(tmp_path: Path) -> None:
    """Holding the lock would keep the worker from starting again."""
    with opened(tmp_path, f"sqlite:////{tmp_path}/log.db"):
        for folder in (tmp_path, *tmp_path.parents[:-2]):
            folder.chmod(0o755)
        (tmp_path / "answer").touch()
        (tmp_path / "answer").chmod(0o666)
        if (child := os.fork()) == 0:
            os.setgid(65534)
            os.setuid(65534)
            answers = [_tried(tmp_path / name) for name in ("log.db.lock", "log.db", "log.db-wal", "site/.lock")]
            (tmp_path / "answer").write_text(" ".join(answers))
            os._exit(0)
        os.waitpid(child, 0)
        assert (tmp_path / "answer").read_text() == "refused refused refused refused"


def _tried(path: Path) -> str:
    try:
        fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return "refused"
    return "held"
