"""Jobs that share a transaction."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from infra.log import Fenced, LogBusy, LogError, LogFull, LogUnusable, TopicSpec
from infra.sqlite_log.file.connections import connect_writer
from infra.sqlite_log.settings import SqliteLogSettings
from infra.sqlite_log.trouble import translate
from infra.sqlite_log.writer.ledger import JobChanges, Ledger
from infra.sqlite_log.writer.transaction import Job, Transactions
from tests.contracts.log.grounds import draft
from tests.infra.sqlite_log.kit import LETTERS


class Failing:
    """A connection on which the next statement of a kind fails as a disk would make it fail."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.fail: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        name = self.fail.pop(statement, None)
        if name is not None:
            raise failure(name)
        return self._connection.execute(statement, *values)


def failure(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    return error


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    with closing(connect_writer(tmp_path / "log", SqliteLogSettings())) as opened:
        yield Failing(opened)


@pytest.fixture
def transactions(connection: Any, tmp_path: Path) -> Transactions:
    transactions = Transactions(connection, tmp_path / "log")
    transactions.settle([Job(lambda ledger, changes: ledger.create([TopicSpec("letters")], changes))])
    return transactions


def append(value: bytes, then: Callable[[Ledger, JobChanges], object] = lambda _ledger, _changes: None) -> Job:
    def work(ledger: Ledger, changes: JobChanges) -> list[int]:
        offsets = ledger.append([draft(LETTERS, value)], changes)
        then(ledger, changes)
        return offsets

    return Job(work)


def values(connection: Any) -> list[bytes]:
    return [row[0] for row in connection.execute("SELECT value FROM record ORDER BY place")]


@pytest.mark.parametrize("error", [Fenced, KeyError])
def test_a_job_that_fails_takes_back_what_it_wrote(
    transactions: Transactions, connection: Any, error: type[Exception]
) -> None:
    """Its neighbours are written without a gap in the offsets, whether it failed as foreseen or by a fault."""

    def fail(_ledger: Ledger, _changes: JobChanges) -> None:
        raise error

    jobs = [append(b"one"), append(b"bad", fail), append(b"two")]
    transactions.settle(jobs)
    assert values(connection) == [b"one", b"two"]
    assert [job.answer for job in jobs] == [[0], None, [1]]
    assert isinstance(jobs[1].error, Fenced if error is Fenced else LogError)
    assert jobs[1].changes == JobChanges()


def test_a_commit_that_finds_no_room_is_tried_job_by_job(transactions: Transactions, connection: Any) -> None:
    """Room may be there for one and not for all; what is repeated is written once."""
    connection.fail["COMMIT"] = "SQLITE_FULL"
    jobs = [append(b"one"), append(b"two")]
    transactions.settle(jobs)
    assert [job.error for job in jobs] == [None, None]
    assert values(connection) == [b"one", b"two"]


def test_after_a_failed_sync_nothing_more_is_written(transactions: Transactions, connection: Any) -> None:
    """It is unknown what the disk has kept: every further write is refused until the file is opened again."""
    connection.fail["COMMIT"] = "SQLITE_IOERR_FSYNC"
    first, second = append(b"one"), append(b"two")
    transactions.settle([first])
    transactions.settle([second])
    assert isinstance(first.error, LogUnusable)
    assert isinstance(second.error, LogUnusable)
    assert values(connection) == []


def test_a_lock_that_is_not_given_fails_the_group_once(transactions: Transactions, connection: Any) -> None:
    """The writer does not wait again for each job of the group; it tries again with the next group."""
    connection.fail["BEGIN IMMEDIATE"] = "SQLITE_BUSY"
    jobs = [append(b"one"), append(b"two")]
    transactions.settle(jobs)
    assert [type(job.error) for job in jobs] == [LogBusy, LogBusy]
    assert jobs[0].error is not jobs[1].error, "an error raised in two tasks would mix their traces"
    transactions.settle(jobs)
    assert values(connection) == [b"one", b"two"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("SQLITE_FULL", LogFull),
        ("SQLITE_IOERR_WRITE", LogFull),
        ("SQLITE_IOERR_SHMSIZE", LogFull),
        ("SQLITE_IOERR_FSYNC", LogUnusable),
        ("SQLITE_IOERR_READ", LogUnusable),
        ("SQLITE_CORRUPT", LogUnusable),
        ("SQLITE_CORRUPT_INDEX", LogUnusable),
        ("SQLITE_NOTADB", LogUnusable),
        ("SQLITE_CANTOPEN", LogUnusable),
        ("SQLITE_READONLY", LogUnusable),
        ("SQLITE_BUSY", LogBusy),
        ("SQLITE_BUSY_SNAPSHOT", LogBusy),
        ("", LogUnusable),
    ],
)
def test_every_error_of_the_file_becomes_a_sentence(name: str, kind: type[LogError]) -> None:
    """It says which file, and is of the kind that tells the worker whether trying again makes sense."""
    translated = translate(failure(name), Path("the.log"))
    assert type(translated) is kind
    assert "the.log" in str(translated)
    assert str(translated).endswith(".")
