"""The board: everything in memory at a worker, and the register in force, followed for people who look on and on."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Self

import structlog

from agents.runtime.door.door import Door
from agents.runtime.door.reading import BadRecord
from agents.runtime.door.tables import PAST, SUBJECTS
from agents.runtime.views.tables import Overview, Tables, last_records, of_one_moment
from infra.log import LogError, Record
from streams.subjects.fold import BEGUN
from streams.subjects.past import ENDED, spent_in
from streams.subjects.state import State
from streams.topics import REGISTERS
from streams.values import Subject, subject_of_key
from streams.words.register.entries import Register

logger = structlog.get_logger(__name__)

WAIT_SECONDS = 0.5
APART_SECONDS = 0.03
"""What came first is shown at once; what comes within so long after it is shown together."""


class Board:
    """What a door would read, kept up to date; used with `async with`. Every move has a higher `version`.

    `is_live` is false while the log cannot be read: what is here may be old then.
    """

    def __init__(self, door: Door) -> None:
        self.door = door
        self.version = 0
        self.is_live = False
        self.overview = Overview((), (), ())
        self.register: Register | None = None
        self._subjects, self._past = door.table_reader(SUBJECTS), door.table_reader(PAST)
        self._registers = door.topic_reader(REGISTERS)
        self._rows: dict[str, dict[str, Record]] = defaultdict(dict)
        self._ended: dict[str, bytes] = {}
        self._states: dict[str, Record] = {}
        self._whole: dict[str, State | None] = {}
        self._changed: set[str] = set()
        self._moved = asyncio.Condition()
        self._following: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._registers.skip()
        await self._take(())
        self._following = asyncio.create_task(self._follow())
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        for reader in (self._subjects, self._past, self._registers):
            await reader.close()

    @property
    def bad(self) -> tuple[BadRecord, ...]:
        """What could not be read of what is here."""
        return tuple(self.door.bad)

    @property
    def spent(self) -> frozenset[str]:
        """The codes of sheets that proved an order of any incident."""
        return spent_in(key for rows in self._rows.values() for key in rows)

    async def moved_on(self, version: int, *, seconds_max: float) -> int:
        """The version of now, as soon as it is another than this one, or after so many seconds."""
        try:
            async with asyncio.timeout(seconds_max), self._moved:
                await self._moved.wait_for(lambda: self.version != version)
        except TimeoutError:
            pass
        return self.version

    async def state(self, subject: Subject) -> State | None:
        """The state of one subject, whole; what left memory is read from its facts. None if it has none."""
        found = self._whole.get(subject.key)
        if found is None and (subject.key in self._states or f"{subject.key}|{ENDED}" in self._ended):
            return await self.door.state(subject)
        return found

    async def _follow(self) -> None:
        while True:
            try:
                states = await self._subjects.more(WAIT_SECONDS)
                if states or await self._registers.more(0.0) or not self.is_live:
                    await self._take(states)
                    await asyncio.sleep(APART_SECONDS)
            except LogError as error:
                if self.is_live:
                    logger.warning("the log cannot be read; trying again", reason=str(error))
                self.is_live = False
                await asyncio.sleep(WAIT_SECONDS)

    async def _take(self, states: Sequence[Record]) -> None:
        """Take these states, and what else there is of the tables, up to one moment."""
        self._take_each(states)
        async for records in of_one_moment(self._subjects, self._past):
            self._take_each(records)
        await self._compose()

    def _take_each(self, records: Sequence[Record]) -> None:
        for record in records:
            (key,) = last_records([record])
            if record.partition.topic == self._past.topic:
                self._take_row(key, record)
                continue
            self._changed.add(key)
            if record.value is None:
                self._states.pop(key, None)
            else:
                self._states[key] = record

    def _take_row(self, key: str, record: Record) -> None:
        subject, _, row = key.partition("|")
        self._changed.add(subject)
        if row == ENDED:
            self._ended.pop(key, None)
            self._ended |= {key: record.value} if record.value else {}
        if record.value is None:
            self._rows[subject].pop(key, None)
        else:
            self._rows[subject][key] = record

    async def _compose(self) -> None:
        """Put together what changed, show all of it at once, and wake those who wait for it."""
        register = await self.door.last_good_register()
        read = {key: await self._read(key) for key in self._changed if key in self._states}
        # Nobody sees a part of this: nothing is waited for from here on.
        self._whole = {key: one for key, one in {**self._whole, **read}.items() if key in self._states}
        self._changed.clear()
        self.overview = Tables({}, self._ended).overview({key: self._whole[key] for key in self._states})
        self.register = register
        self.is_live = True
        async with self._moved:
            self.version += 1
            self._moved.notify_all()

    async def _read(self, key: str) -> State | None:
        """One state of the tables; as its facts have it, where the tables' own cannot be read."""
        rows = {name: one.value or b"" for name, one in self._rows[key].items()}

        def note(of: str, why: str) -> None:
            self.door.reading.note(self._rows[key].get(of) or self._states[key], why)

        found = Tables({key: self._states[key].value or b""}, rows, note).state(key)
        subject = subject_of_key(key)
        lost = found is None and subject is not None and subject.kind in BEGUN
        return await self.door.state(subject) if lost and subject else found
