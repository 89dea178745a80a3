"""The app: Faust with the settings that this driver needs, so that nobody else has to know them."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

import faust
from faust.agents.replies import ReplyConsumer as FaustReplyConsumer

from infra.driver.agents import Agent, ReplyConsumer
from infra.driver.ground import Ground
from infra.driver.recovery import TableManager
from infra.driver.streams import Stream
from infra.driver.tables import GlobalTable, SetGlobalTable, SetTable, Table
from infra.log import Log

STREAM_BUFFER_RECORDS = 65_536
"""More than can be in flight: a full buffer would let one topic hold up the others."""


class DriverApp(faust.App):
    """A Faust app standing on a log."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        self.ground = Ground(self)
        super().__init__(*args, **settings)

    def once_open(self, prepare: Callable[[Log], Awaitable[None]]) -> None:
        """Run this as soon as the log is open, before any event is handled: to make topics, to start views."""
        self.ground.on_open = prepare

    @cached_property
    def _reply_consumer(self) -> FaustReplyConsumer:
        return ReplyConsumer(self, loop=self.loop, beacon=self.beacon)

    async def finish(self) -> None:
        """Take no event more; those that have begun end and are committed, and nothing is committed afterwards."""
        if self._consumer is not None:
            await self.consumer.finish()  # type: ignore[attr-defined] # Our Consumer.

    async def on_stop(self) -> None:
        """Finish what was begun before agents are cancelled: a cancelled agent acks an event it has not finished."""
        await self.finish()
        await super().on_stop()

    def _create_directories(self) -> None:
        """Tables live in memory: there is nothing to keep in a directory."""


def create_app(app_id: str, broker_url: str, *, worker: str = "0", **settings: Any) -> DriverApp:
    """Build an app on the log that the URL names; `settings` are Faust's and win.

    `app_id` names the consumer group and prefixes changelogs; `worker` tells workers of one group apart.
    """
    ours = {
        "broker": broker_url,
        "autodiscover": False,
        "store": "memory://",
        "web_enabled": False,
        "topic_partitions": 1,
        # A table that is taken over is read anew: a copy kept by the way may hold what was not committed.
        "table_standby_replicas": 0,
        "reply_create_topic": True,
        "reply_to": f"{app_id}-replies-{worker}",
        "stream_wait_empty": False,
        "stream_buffer_maxsize": STREAM_BUFFER_RECORDS,
        # Faust's name for what it does by itself; the driver makes it exactly once.
        "processing_guarantee": "at_least_once",
        "Agent": Agent,
        "Stream": Stream,
        "Table": Table,
        "SetTable": SetTable,
        "GlobalTable": GlobalTable,
        "SetGlobalTable": SetGlobalTable,
        "TableManager": TableManager,
    }
    app = DriverApp(app_id, **{**ours, **settings})
    app.ground.worker = worker
    return app


def log_of(app: DriverApp) -> Log:
    """The log that the app has opened; `LogNotOpen` before it has started."""
    return app.ground.log
