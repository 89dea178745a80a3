"""A view waits for its log, so that what the log fails at is held against no event; and no record ends it."""

import asyncio
from collections.abc import Mapping, Sequence

from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.incidents import SubjectsView
from infra.log import Log, LogError, Partition, Record
from streams.codec import encode
from streams.decisions.desk.judge import judge
from streams.topics import FACTS
from streams.values import LIVE
from streams.words.delivery import DeliveryConfirmed, Receipt
from tests import builders

WHERE = Partition(FACTS.named(LIVE), 0)


class Troubled(TopicReader):
    """A reader of an empty topic whose log fails now and then: it has still to fail so many times."""

    failures = 2

    def __init__(self) -> None:
        super().__init__(_no_log, "live.facts")

    async def ends(self) -> Mapping[Partition, int]:
        if self.failures:
            self.failures -= 1
            raise LogError("The cluster is away.")
        return {}


class Given(TopicReader):
    """A reader of these records, all at once."""

    def __init__(self, values: Sequence[bytes]) -> None:
        super().__init__(_no_log, FACTS.named(LIVE))
        self._records = [Record(WHERE, offset, None, value, 0) for offset, value in enumerate(values)]
        self._given = False

    async def ends(self) -> Mapping[Partition, int]:
        return {WHERE: len(self._records)}

    def has_reached(self, ends: Mapping[Partition, int]) -> bool:
        return self._given and bool(ends)

    async def more(self, wait_seconds: float) -> Sequence[Record]:
        if self._given:
            await asyncio.sleep(wait_seconds)
            return []
        self._given = True
        return self._records


def _no_log() -> Log:
    raise AssertionError("the log is not asked for")


async def test_a_fact_that_fits_to_nothing_before_it_is_left_out_and_the_view_goes_on() -> None:
    """Forged, and rightly formed: it confirms a delivery that nobody ever asked for."""
    order = builders.command(builders.declaration())
    facts, _ = judge(builders.order(order.body), run="run-1", register_version="v1")
    forged = facts[0].model_copy(
        update={"body": DeliveryConfirmed(delivery_id="dlv-forged", receipt=Receipt(words="seen"))}
    )
    view = SubjectsView(Given([encode(forged), encode(facts[0])]), LIVE)
    running = asyncio.create_task(view.run())
    async with asyncio.timeout(20):
        (incident,) = await view.live()
    assert incident.id == builders.INCIDENT
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_log_that_does_not_answer_is_waited_for() -> None:
    reader = Troubled()
    async with asyncio.timeout(20):
        assert list(await SubjectsView(reader, "live").live()) == []
    assert reader.failures == 0
