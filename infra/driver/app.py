"""The app: Faust with the settings that this driver needs, so that no caller has to know them."""

from collections.abc import Awaitable, Callable
from typing import Any

import faust
from faust.types import TransportT
from mode.utils.imports import FactoryMapping

from infra.driver.faces.agents import Agent
from infra.driver.faces.transport import Transport
from infra.driver.ground import Ground
from infra.driver.refusals import OTHER_TABLE, PAGE, Stream
from infra.driver.schemas import RawSchema
from infra.driver.tables.lazy import LazyTable
from infra.driver.tables.recovery import TableManager
from infra.driver.tables.table import Table
from infra.log import Draft, Log

TRANSPORTS: FactoryMapping[type[Transport]] = FactoryMapping(
    sqlite="infra.transports:SqliteTransport", kafka="infra.transports:KafkaTransport"
)
"""Transports by the scheme of the broker's URL. Faust's own table is not used: its `kafka` loses events."""
STREAM_BUFFER_RECORDS = 65_536
"""More than can be in flight: a full buffer would let one topic hold up the others."""


class DriverApp(faust.App):
    """A Faust app on a log."""

    SetTable = GlobalTable = SetGlobalTable = OTHER_TABLE
    page = table_route = topic_route = PAGE

    def __init__(self, *args: Any, **settings: Any) -> None:
        self.ground = Ground(self)
        super().__init__(*args, **settings)

    def _new_transport(self) -> TransportT:
        urls = self.conf.broker_consumer
        return TRANSPORTS.by_url(urls[0])(urls, self)

    def _new_producer_transport(self) -> TransportT:
        return self.transport

    def lazy_table(self, name: str, *, partitions: int) -> LazyTable:
        """Declare a table of bytes whose rows are read when they are asked for, and not at the start."""
        beacon = self.tables.beacon
        table = LazyTable(self, name=name, schema=RawSchema(), partitions=partitions, beacon=beacon)
        self.tables.add(table)
        return table

    def once_open(self, prepare: Callable[[Log], Awaitable[None]]) -> None:
        """Run this as soon as the log is open, before any event is handled: to make topics, to start views."""
        self.ground.on_open = prepare

    def guard_door(self, at_door: Callable[[Draft], Draft]) -> None:
        """Have each record that another process left for this worker pass `at_door`, where a log has an inbox.

        It returns the record that is written, the same or another in its place; call this before the app starts.
        """
        self.ground.at_door = at_door

    async def finish(self) -> None:
        """Take no event more; those that have begun end and are committed, and nothing is committed afterwards."""
        if self._consumer is not None:
            await self.consumer.finish()  # type: ignore[attr-defined] # Our Consumer.

    async def on_stop(self) -> None:
        """Finish what was begun before agents are cancelled: a cancelled agent acks an event it has not finished."""
        await self.finish()
        await super().on_stop()

    def _create_directories(self) -> None:
        """Tables are in memory or in the log: there is nothing to keep in a directory."""


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
        # A worker that takes a table over reads it again: a standby copy may hold what was not committed.
        "table_standby_replicas": 0,
        "stream_wait_empty": False,
        "stream_buffer_maxsize": STREAM_BUFFER_RECORDS,
        # Faust's name for what it does by itself; the driver makes it exactly once.
        "processing_guarantee": "at_least_once",
        "Agent": Agent,
        "Stream": Stream,
        "Table": Table,
        "TableManager": TableManager,
    }
    app = DriverApp(app_id, **{**ours, **settings})
    app.ground.worker = worker
    return app


def log_of(app: DriverApp) -> Log:
    """The log that the app has opened; `LogNotOpen` before it has started."""
    return app.ground.log
