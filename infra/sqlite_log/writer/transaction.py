"""Jobs and the transactions they share: each job is done as a whole or not at all, whatever its neighbours do."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.log import LogError
from infra.sqlite_log.trouble import is_final, translate
from infra.sqlite_log.writer.ledger import JobChanges, Ledger

Work = Callable[[Ledger, JobChanges], Any]
"""What a job does inside a transaction; what it returns or raises is the job's answer."""


@dataclass(slots=True, eq=False)
class Job:
    """A request on its way through the writer; `weight_bytes` counts against the queue and the transaction."""

    work: Work
    weight_bytes: int = 0
    answer: Any = None
    error: LogError | None = None
    changes: JobChanges = field(default_factory=JobChanges)

    def run(self, ledger: Ledger) -> None:
        """Do the work; what was noted by an earlier, rolled back attempt is forgotten."""
        self.error = None
        self.changes = JobChanges()
        self.answer = self.work(ledger, self.changes)

    def fail(self, error: LogError) -> None:
        """Answer with an error of its own; nothing was changed."""
        self.error = type(error)(str(error))
        self.changes = JobChanges()


class Transactions:
    """Runs jobs on the writing connection; used by one thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._ledger = Ledger(connection)
        self._broken: LogError | None = None

    @property
    def is_broken(self) -> bool:
        """Whether nothing more may be written."""
        return self._broken is not None

    def break_off(self, error: LogError) -> None:
        """Write nothing from here on, and answer every job with this error."""
        self._broken = error

    def settle(self, jobs: Sequence[Job]) -> None:
        """Commit the jobs together; if that fails, each by itself, so that the good ones pass."""
        error = self._begin()
        if error is None:
            error = self._commit(jobs)
            if error is not None and len(jobs) > 1:
                for job in jobs:
                    self.settle([job])
                return
        if error is not None:
            for job in jobs:
                job.fail(error)

    def _begin(self) -> LogError | None:
        if self._broken is not None:
            return self._broken
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            return self._translate(error)
        return None

    def _commit(self, jobs: Sequence[Job]) -> LogError | None:
        try:
            for job in jobs:
                self._attempt(job)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            return self._rolled_back(error)
        return None

    def _attempt(self, job: Job) -> None:
        self._connection.execute("SAVEPOINT job")
        try:
            job.run(self._ledger)
        except sqlite3.Error:
            # SQLite may have ended the whole transaction by itself: the group is done again, one by one.
            raise
        except LogError as error:
            self._take_back(job, error)
        except Exception as error:  # noqa: BLE001 - a fault in one job must not end the thread that all depend on
            self._take_back(job, LogError(f"The log could not do what was asked: {error!r}."))
        self._connection.execute("RELEASE job")

    def _take_back(self, job: Job, error: LogError) -> None:
        job.fail(error)
        self._connection.execute("ROLLBACK TO job")
        self._ledger.reload()

    def _rolled_back(self, error: sqlite3.Error) -> LogError:
        reason = self._translate(error)
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._ledger.reload()
        except sqlite3.Error as second:
            # Without knowing where the partitions end, nothing more may be written.
            self._broken = translate(second, self._path)
        return reason

    def _translate(self, error: sqlite3.Error) -> LogError:
        reason = translate(error, self._path)
        if is_final(error):
            self._broken = reason
        return reason
