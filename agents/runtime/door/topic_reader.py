"""Reading a topic from its beginning, in no group: for views, for people, for evidence."""

from collections.abc import Callable, Mapping, Sequence

from infra.log import Log, Member, Partition, Record

RECORDS_MAX = 500


class TopicReader:
    """Reads on through every partition of one topic; what a partition holds comes in its order."""

    def __init__(self, log: Callable[[], Log], topic: str) -> None:
        self._log = log
        self._topic = topic
        self._positions: dict[Partition, int] = {}
        self._member: Member | None = None

    async def more(self, wait_seconds: float) -> Sequence[Record]:
        """The next records, after waiting up to `wait_seconds` for the first; none where nothing came."""
        member = await self._joined()
        batches = await member.read(self._positions, records_max=RECORDS_MAX, wait_seconds=wait_seconds)
        for partition, batch in batches.items():
            self._positions[partition] = batch.next_offset
        return [record for batch in batches.values() for record in batch.records]

    async def ends(self) -> Mapping[Partition, int]:
        """Where each partition ends now."""
        await self._joined()
        return await self._log().ends(list(self._positions))

    def has_reached(self, ends: Mapping[Partition, int]) -> bool:
        """Whether everything before these ends was read."""
        return all(self._positions.get(partition, 0) >= end for partition, end in ends.items())

    async def skip(self) -> None:
        """Leave out everything committed before the call."""
        self._positions.update(await self.ends())

    async def rest(self) -> Sequence[Record]:
        """Every record committed before the call that was not read yet."""
        ends = await self.ends()
        records: list[Record] = []
        while not self.has_reached(ends):
            records.extend(await self.more(wait_seconds=0.1))
        return records

    async def close(self) -> None:
        """Stop reading."""
        if self._member is not None:
            await self._member.leave()

    async def _joined(self) -> Member:
        """Become a reader at the first need: a view is built before its log is open."""
        if self._member is None:
            log, name = self._log(), f"readers-of-{self._topic}"
            numbers = range(log.partitions_of(self._topic) or 0)
            positions = dict(await log.beginnings([Partition(self._topic, number) for number in numbers]))
            if self._member is None:
                # Whoever asked at the same time, and was answered first, may have read on since.
                self._positions = positions
                self._member = log.join(name, on_revoked=_nothing, on_assigned=_nothing, assign=lambda _: set())
        return self._member


async def _nothing(partitions: set[Partition], generation: int) -> None:
    """A reader is in no group: nothing is ever assigned to it."""
