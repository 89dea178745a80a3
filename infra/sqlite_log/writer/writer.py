"""The one thread that writes: what piles up while one transaction is committed forms the next."""

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from infra.log import LogBroken, LogError
from infra.sqlite_log.file.watch import FileWatch
from infra.sqlite_log.settings import SqliteLogSettings
from infra.sqlite_log.writer.inbox import take_over
from infra.sqlite_log.writer.transaction import Job, Transactions

logger = logging.getLogger(__name__)

Deliver = Callable[[Sequence[Job]], None]
"""Takes jobs that are committed or have failed; called on the writer's thread."""


class Writer:
    """Runs jobs in groups and looks into the inbox between them."""

    def __init__(  # budget: what it writes to, and to which two ears it tells what came of it
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        settings: SqliteLogSettings,
        deliver: Deliver,
        broke: Callable[[LogBroken], None],
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._deliver = deliver
        self._broke = broke
        self._watch = FileWatch(path)
        self._transactions = Transactions(connection, path)
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._stopping = False
        self._inbox_due = True
        self._inbox_looked = 0.0
        self._inbox_error = ""
        self._data_version = -1
        self._thread = threading.Thread(target=self._run, name=f"writer of {path.name}", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Queue a job; never waits."""
        self._queue.put(job)

    def stop(self, wait_seconds: float) -> bool:
        """Finish what is queued and end; tells whether that was done in time."""
        self._queue.put(None)
        self._thread.join(wait_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping:
            jobs = self._take()
            self._look_at_files()
            if jobs:
                self._transactions.settle(jobs)
                self._deliver(jobs)
            if self._inbox_waits():
                self._empty_inbox()
        self._connection.close()

    def _look_at_files(self) -> None:
        if not self._transactions.is_broken and (trouble := self._watch.trouble()):
            logger.error("%s", trouble)
            self._transactions.break_off(trouble)
            self._broke(trouble)

    def _take(self) -> list[Job]:
        jobs: list[Job] = []
        weight = 0
        try:
            job = self._queue.get(timeout=self._settings.inbox_poll_seconds)
            while job is not None:
                jobs.append(job)
                weight += job.weight_bytes
                if len(jobs) >= self._settings.group_requests_max or weight >= self._settings.group_bytes_max:
                    return jobs
                job = self._queue.get_nowait()
            self._stopping = True
        except queue.Empty:
            pass
        return jobs

    def _inbox_waits(self) -> bool:
        if time.monotonic() - self._inbox_looked < self._settings.inbox_poll_seconds:
            return False
        self._inbox_looked = time.monotonic()
        try:
            # It changes with the commits of other processes only; asking costs some microseconds.
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            # A damaged or unreadable file: the next job meets the same, and its caller gets the error.
            return False
        if version != self._data_version:
            self._data_version = version
            self._inbox_due = True
        return self._inbox_due

    def _empty_inbox(self) -> None:
        job = Job(partial(take_over, records_max=self._settings.inbox_slice_records, at_door=self._settings.at_door))
        self._transactions.settle([job])
        # After an error the inbox is still due and the next look tries again.
        self._inbox_due = job.error is not None or job.answer
        self._note(job.error)
        if job.error is None and job.answer:
            self._inbox_looked = 0.0
        self._deliver([job])

    def _note(self, error: LogError | None) -> None:
        # No caller waits for the inbox, so its trouble is logged here, once and not at every look.
        if error is not None and self._inbox_error != str(error):
            logger.warning("What other processes have left in the inbox has to wait: %s", error)
        self._inbox_error = "" if error is None else str(error)
