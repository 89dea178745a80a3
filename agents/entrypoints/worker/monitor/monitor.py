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
from agents.entrypoints.worker.monitor.span_exporter import SpanExporter
from agents.entrypoints.worker.monitor.traces import Traces
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.incidents import View
from agents.runtime.worker.background import cancel_all
from streams.topics import FACTS

logger = structlog.get_logger(__name__)


class Monitor:
    """Watches over one worker; `place` None: no question is answered, and nothing is counted.

    `spans` None: no traces are made. They are sent until the worker has stopped.
    """

    def __init__(
        self,
        readings: Readings,
        *,
        place: ListenAt | None,
        unusable: Callable[[], Sequence[str]],
        spans: SpanExporter | None = None,
    ) -> None:
        self._readings, self._place, self._unusable, self._spans = readings, place, unusable, spans
        self._manager = ServiceManager()
        self._counts = FactCounts()

    @asynccontextmanager
    async def answers(self) -> AsyncIterator[None]:
        """From before the worker starts until after it has stopped."""
        tasks = [asyncio.create_task(self._manager.keep_saying())]
        async with AsyncExitStack() as stack:
            if self._spans:
                stack.push_async_callback(asyncio.to_thread, self._spans.close)
            stack.push_async_callback(cancel_all, tasks)
            if self._place:
                tasks.append(asyncio.create_task(self._readings.beat()))
                figures = Figures(self._readings, self._counts, unusable=self._unusable)
                stack.push_async_callback(self._readings.close)
                port = await stack.enter_async_context(listening(self._place, figures))
                logger.info("health, readiness and figures are served", address=ListenAt(self._place.host, port).called)
            yield

    @asynccontextmanager
    async def while_serving(self) -> AsyncIterator[None]:
        """While the worker serves: its facts are counted, if it writes any."""
        worker, mode, tasks = self._readings.worker, self._readings.mode, list[asyncio.Task[None]]()
        if self._place and worker.registers is not None:
            reader = TopicReader(lambda: worker.log, FACTS.named(mode))
            await reader.skip()
            tasks.append(asyncio.create_task(View(reader, self._counts.take).run()))
        if self._spans and worker.registers is not None:
            traces = Traces(worker, mode, export=self._spans)
            await traces.skip()
            tasks.append(asyncio.create_task(traces.follow()))
        self._manager.say(READY)
        try:
            yield
        finally:
            self._manager.say(STOPPING)
            await cancel_all(tasks)
