"""Reading a topic in no group, from its beginning or from a moment on: for views, for people, for evidence."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from infra.log import Log, LogError, Member, Partition, Record
from infra.placement import partition_number

RECORDS_MAX = 2_000
SPAN_RECORDS_MAX = 500
LOOK_SECONDS = 0.1
"""How long the search for a moment waits for a record: it looks at what is there."""


class TopicReader:
    """Reads on through every partition of one topic; what a partition holds comes in its order.

    `key` keeps it to the records of one key. `since_ms` (milliseconds since the epoch, UTC) leaves out what was written
    before, without reading it; `is_before` says the same of each record, where its own time is another. A topic that
    is made later is read from its first record on.
    """

    def __init__(
        self,
        log: Callable[[], Log],
        topic: str,
        *,
        key: bytes | None = None,
        since_ms: int | None = None,
        is_before: Callable[[Record], bool] | None = None,
    ) -> None:
        self._log = log
        self.topic = topic
        self._key = key
        self._is_before = is_before if since_ms is None else lambda record: record.timestamp_ms < since_ms
        self._positions: dict[Partition, int] = {}
        self._member: Member | None = None

    async def more(self, wait_seconds: float) -> Sequence[Record]:
        """The next records, after waiting up to `wait_seconds` for the first; none where nothing came."""
        member = await self._join()
        batches = await member.read(self._positions, records_max=RECORDS_MAX, wait_seconds=wait_seconds)
        for partition, batch in batches.items():
            self._positions[partition] = batch.next_offset
        records = [record for batch in batches.values() for record in batch.records]
        return records if self._key is None else [record for record in records if record.key == self._key]

    async def places(self) -> Mapping[Partition, int]:
        """Where it reads on in each partition; before the first record was read, where it begins."""
        await self._join()
        return dict(self._positions)

    async def ends(self) -> Mapping[Partition, int]:
        """Where each partition ends now."""
        await self._join()
        return await self._log().ends(list(self._positions))

    def has_reached(self, ends: Mapping[Partition, int]) -> bool:
        """Whether everything before these ends was read."""
        return all(self._positions.get(partition, 0) >= end for partition, end in ends.items())

    async def skip(self, ends: Mapping[Partition, int] | None = None) -> None:
        """Leave out everything before these ends, or everything committed before the call."""
        if ends is None:
            ends = await self.ends()  # The first call puts the positions in place: they are looked at after it.
        self._positions.update(ends)

    async def rest(self) -> Sequence[Record]:
        """Every record committed before the call that was not read yet; after an error they come with the next call."""
        ends = await self.ends()
        begun, records = dict(self._positions), list[Record]()
        try:
            while not self.has_reached(ends):
                records.extend(await self.more(wait_seconds=0.1))
        except LogError:
            self._positions = begun
            raise
        return records

    async def newest_first(self, wanted: Callable[[Record], bool] | None = None) -> AsyncIterator[Record]:
        """Every record committed before the call, in each partition the newest first.

        They are read from the end in spans that grow, so that whoever wants the last few pays for few.
        If records are `wanted` up to a place only, that place is found by halving, and those after it are not read.
        """
        member, ends = await self._join(), await self.ends()
        for partition, begins in list(self._positions.items()):
            end, size = ends[partition], 1
            if wanted:
                end = await _first_not(wanted, member, partition, (begins, end))
            while end > begins:
                start = max(begins, end - size)
                for record in reversed(await _span(member, partition, (start, end))):
                    if self._key in {None, record.key}:
                        yield record
                end, size = start, min(2 * size, SPAN_RECORDS_MAX)

    async def close(self) -> None:
        """Stop reading."""
        if self._member is not None:
            await self._member.leave()

    async def _join(self) -> Member:
        """Become a reader at the first need: a view is built before its log is open, or its topic made."""
        if self._member is not None and self._positions:
            return self._member
        log, name = self._log(), f"readers-of-{self.topic}"
        member = self._member or log.join(name, on_revoked=_nothing, on_assigned=_nothing, assign=lambda _: set())
        positions = await self._beginnings(log, member)
        if not self._positions:
            # Whoever asked at the same time, and was answered first, may have read on since.
            self._positions, self._member = positions, member
        return self._member or member

    async def _beginnings(self, log: Log, member: Member) -> dict[Partition, int]:
        """Where to begin in each partition."""
        count = log.partitions_of(self.topic) or 0
        numbers = range(count) if self._key is None or not count else [partition_number(self._key, count)]
        positions = dict(await log.beginnings([Partition(self.topic, number) for number in numbers]))
        is_before = self._is_before
        if is_before is None:
            return positions
        ends = await log.ends(list(positions))
        return {one: await _first_not(is_before, member, one, (at, ends[one])) for one, at in positions.items()}


async def _first_not(  # budget: what is asked of a record, and where it lies
    is_before: Callable[[Record], bool], member: Member, partition: Partition, span: tuple[int, int]
) -> int:
    """The place of the first record that is not before a moment, found by halving; times are taken to go up."""
    start, end = span
    while start < end:
        middle = (start + end) // 2
        batches = await member.read({partition: middle}, records_max=1, wait_seconds=LOOK_SECONDS)
        records = batches[partition].records if partition in batches else ()
        if records and is_before(records[0]):
            start = records[0].offset + 1
        else:
            end = middle
    return start


async def _span(member: Member, partition: Partition, span: tuple[int, int]) -> Sequence[Record]:
    """The records from a place to before another, however many of the places hold none."""
    position, end = span
    records: list[Record] = []
    while position < end:
        batches = await member.read({partition: position}, records_max=end - position, wait_seconds=LOOK_SECONDS)
        if partition in batches:
            position = batches[partition].next_offset
            records += [record for record in batches[partition].records if record.offset < end]
    return records


async def _nothing(partitions: set[Partition], generation: int) -> None:
    """A reader is in no group: nothing is ever assigned to it."""
