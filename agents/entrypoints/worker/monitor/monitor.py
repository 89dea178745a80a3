"""The monitor of a worker: reads its figures, answers who asks at its place, and speaks to the service manager."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from agents.entrypoints.worker.monitor.counts import FactCounts
from agents.entrypoints.worker.monitor.figures import Figures
from agents.entrypoints.worker.monitor.listener import ListenAt, listening
from agents.entrypoints.worker.monitor.readings import Readings
from agents.entrypoints.worker.monitor.service_manager import READY, STOPPING, ServiceManager
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.incidents import View
from agents.runtime.worker.background import cancel_all
from streams.topics import FACTS

logger = structlog.get_logger(__name__)


class Monitor:
    """Watches over one worker; `place` None: no question is answered, and nothing is counted."""

    def __init__(self, readings: Readings, *, place: ListenAt | None, unusable: Callable[[], Sequence[str]]) -> None:
        self._readings, self._place, self._unusable = readings, place, unusable
        self._manager = ServiceManager()
        self._counts = FactCounts()

    @asynccontextmanager
    async def answers(self) -> AsyncIterator[None]:
        """From before the worker starts until after it has stopped."""
        tasks = [asyncio.create_task(self._manager.keep_saying())]
        async with AsyncExitStack() as stack:
            stack.push_async_callback(cancel_all, tasks)
            if self._place:
                tasks.append(asyncio.create_task(self._readings.beat()))
                figures = Figures(self._readings, self._counts, unusable=self._unusable)
                stack.push_async_callback(self._readings.close)
                port = await stack.enter_async_context(listening(self._place, figures))
                logger.info("health, readiness and figures are served", address=f"http://{self._place.host}:{port}")
            yield

    @asynccontextmanager
    async def while_serving(self) -> AsyncIterator[None]:
        """While the worker serves: its facts are counted, if it writes any."""
        worker, tasks = self._readings.worker, []
        if self._place and worker.registers is not None:
            reader = TopicReader(lambda: worker.log, FACTS.named(self._readings.mode))
            await reader.skip()
            tasks.append(asyncio.create_task(View(reader, self._counts.take).run()))
        self._manager.say(READY)
        try:
            yield
        finally:
            self._manager.say(STOPPING)
            await cancel_all(tasks)
