"""Files of a running service that a person or a disk takes away: seen from outside, on real processes."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.entrypoints.commanding import INCIDENT, opened
from tests.entrypoints.commanding import run as command
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, wait_until

GONE = b"put the file back, or restore the log"


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Service]:
    """A service with one incident whose first message is out, on the page and by mail."""
    with opened(tmp_path, f"sqlite:////{tmp_path}/log.db") as running:
        yield running


def said(night: Service) -> bytes:
    return (night.folder / "serve.log").read_bytes()


def ended(night: Service) -> int:
    """How the worker ended by itself."""
    process = night.workers[0].process
    assert process is not None
    return process.wait(timeout=180)


def begun_again(night: Service) -> "subprocess.CompletedProcess[bytes]":
    """What a start says that is refused."""
    night.start()
    code = ended(night)
    return subprocess.CompletedProcess([], code, said(night))


def forget(folder: Path) -> None:
    for file in folder.glob("log.db*"):
        file.unlink()


@pytest.mark.parametrize("name", ["log.db", "log.db-wal", "log.db.lock"])
def test_a_file_of_the_log_that_is_removed_ends_the_worker_with_what_to_do(night: Service, name: str) -> None:
    """What it would write from then on would be nowhere: no order is taken any more."""
    (night.folder / name).unlink()
    assert ended(night) != 0
    assert GONE in said(night)
    refused = night.order("freeze", INCIDENT, "the log is away", by=CHIEF)
    assert refused.returncode == 1
    assert "start" in refused.stderr


def test_a_log_that_is_replaced_ends_the_worker(night: Service) -> None:
    (night.folder / "copy.db").write_bytes((night.folder / "log.db").read_bytes())
    (night.folder / "copy.db").replace(night.folder / "log.db")
    assert ended(night) != 0
    assert b"was replaced while this worker ran" in said(night)


def test_a_missing_log_is_not_begun_again_while_its_lock_remembers_it(night: Service) -> None:
    night.stop()
    (night.folder / "log.db").unlink()
    shutil.rmtree(night.folder / "site")
    start = begun_again(night)
    assert start.returncode != 0
    assert b"is missing, and a worker has used it before" in start.stdout
    assert not (night.folder / "log.db").exists()


@pytest.mark.parametrize("empty", [False, True])
def test_a_missing_log_is_not_begun_again_while_the_page_remembers_it(night: Service, *, empty: bool) -> None:
    """Else the trust would speak on with no memory of what it had said; an empty file is a missing log."""
    night.stop()
    forget(night.folder)
    if empty:
        sqlite3.connect(night.folder / "log.db").close()
    start = begun_again(night)
    assert start.returncode != 0
    assert b"the record of channel site has 1 posts of mode live: put the log back" in start.stdout
    shutil.move(night.folder / "site", night.folder / "before")
    night.start()
    wait_until(lambda: said(night).count(b'"event": "serving"') == 2, "a new log is begun")


def test_a_missing_log_is_not_begun_again_while_an_anchor_remembers_it(
    night: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    anchors = night.folder / "anchors.jsonl"
    monkeypatch.setenv("HOLDINGLINE_ANCHOR", f"file:{anchors}")
    assert command("anchor", "--log", night.log_url)[0] == 0
    night.stop()
    forget(night.folder)
    shutil.rmtree(night.folder / "site")
    start = begun_again(night)
    assert start.returncode != 0
    assert b"knows 1 chains of mode live: put the log back" in start.stdout


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("running", [False, True])
def test_a_lost_record_of_the_page_is_put_back_from_the_facts(night: Service, *, whole: bool, running: bool) -> None:
    """Byte by byte, while the worker runs or when it starts again, and with the public files or without them."""
    site = night.folder / "site"
    before = {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
    if not running:
        night.stop()
    shutil.rmtree(site if whole else site / "record")
    if not running:
        night.start()

    def is_back() -> bool:
        with suppress(FileNotFoundError):  # A staged file was put in its place while the test looked.
            return before == {path.relative_to(site): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        return False

    wait_until(is_back, "the record and the page are as they were")
    line = b"the record of a channel was lost, and is put back"
    wait_until(lambda: line in said(night), "the worker's own lines say it")
