"""A view waits for its log, so that what the log fails at is held against no event."""

import asyncio
from collections.abc import Mapping

from faust.types import TP

from agents.runtime.reading import TopicReader
from agents.runtime.views import IncidentsView
from infra.log import Log, LogError


class Troubled(TopicReader):
    """A reader of an empty topic whose log fails now and then: it has still to fail so many times."""

    failures = 2

    def __init__(self) -> None:
        super().__init__(_no_log, "live.facts")

    async def ends(self) -> Mapping[TP, int]:
        if self.failures:
            self.failures -= 1
            raise LogError("The cluster is away.")
        return {}


def _no_log() -> Log:
    raise AssertionError("the log is not asked for")


async def test_a_log_that_does_not_answer_is_waited_for() -> None:
    reader = Troubled()
    async with asyncio.timeout(20):
        assert list(await IncidentsView(reader, "live").live()) == []
    assert reader.failures == 0
