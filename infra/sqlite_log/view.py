"""What the event loop knows of the log: topics, ends, the newest records, and who waits for news."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from infra.log import Batch, Partition, Record, TopicSpec
from infra.sqlite_log.cache import TailCache
from infra.sqlite_log.file.queries import Bounds, Stretch, batch_of, within
from infra.sqlite_log.writer.ledger import JobChanges, Shelf, unknown


class LogView:
    """The committed state as readers see it; changed only by what the writer has committed."""

    def __init__(
        self, topics: Mapping[str, TopicSpec], shelves: Mapping[Partition, Shelf], *, cache_bytes_max: int
    ) -> None:
        self.topics = dict(topics)
        self.cache = TailCache(cache_bytes_max)
        self._shelves: dict[Partition, Shelf] = {}
        self._waiting: dict[Partition, set[asyncio.Future[None]]] = {}
        self._add_shelves(shelves)

    def _add_shelves(self, shelves: Mapping[Partition, Shelf]) -> None:
        for partition, shelf in shelves.items():
            self._shelves[partition] = Shelf(shelf.id, shelf.end)
            self.cache.begin(partition, shelf.end)

    def span(self, partition: Partition, start: int = 0) -> Stretch:
        """The partition from an offset to its present end; raise `LogError` if there is no such partition."""
        shelf = self._shelves.get(partition)
        if shelf is None:
            raise unknown(partition)
        return Stretch(shelf.id, start, shelf.end)

    def require(self, partitions: Iterable[Partition]) -> None:
        """Raise `LogError` unless all of them exist."""
        for partition in partitions:
            if partition not in self._shelves:
                raise unknown(partition)

    def cached(self, partition: Partition, *, span: Stretch, bounds: Bounds) -> Batch | None:
        """What the cache has to say about a stretch up to the end; None sends the reader to the file."""
        if span.start < self.cache.start_of(partition):
            return None
        records = within(list(self.cache.since(partition, span.start, records_max=bounds.records_max)), bounds)
        return batch_of(records, span.end, cut=bool(records) and records[-1].offset + 1 < span.end)

    def apply(self, changes: JobChanges) -> None:
        """Learn what one job has changed and wake those who wait for it."""
        self.topics.update((spec.name, spec) for spec in changes.topics)
        self._add_shelves(changes.shelves)
        self._add_records(changes.records)
        for partition, offset in changes.thinned.items():
            self.cache.forget_before(partition, offset)

    def _add_records(self, records: Sequence[Record]) -> None:
        if not records:
            return
        touched = {}
        for record in records:
            touched[record.partition] = record.offset + 1
        for partition, end in touched.items():
            self._shelves[partition].end = end
        self.cache.add(records)
        self.wake(touched)

    @contextmanager
    def watch(self, partitions: Collection[Partition]) -> Iterator[asyncio.Future[None]]:
        """A future that is done when one of the partitions has news."""
        news = asyncio.get_running_loop().create_future()
        for partition in partitions:
            self._waiting.setdefault(partition, set()).add(news)
        try:
            yield news
        finally:
            for partition in partitions:
                self._waiting[partition].discard(news)

    def wake(self, partitions: Iterable[Partition]) -> None:
        """Wake those who wait for one of these partitions."""
        for partition in partitions:
            for news in self._waiting.get(partition, ()):
                if not news.done():
                    news.set_result(None)

    def wake_all(self) -> None:
        """Wake everyone, since the log is about to close."""
        self.wake(list(self._waiting))
