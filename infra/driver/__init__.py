"""The driver: Faust on a log, exactly once, on every ground. It knows none of the grounds.

How it is used:

    app = create_app("trust", "sqlite:///var/trust.db", topic_partitions=4)
    commands, facts, dead = (app.topic(name, schema=RawSchema()) for name in ("commands", "facts", "dead"))
    totals = app.Table("totals", default=int)

    async def handle(event):
        totals[event.key] += 1
        await facts.send(key=event.key, value=event.value)

    async def bury(event, error):
        await dead.send(key=event.key, value=event.value)

    app.agent(commands, name="incident")(guarded(handle, bury))
    async with running(app):  # or `await serve(app)`, until SIGTERM
        await log_of(app).append([...])

What is staged belongs to the running event. Timers and tasks run outside any event: what they send goes straight to the
log, and they cannot write tables, so let a timer put an event on a topic. A table has one writer;
`table.claim(agent, topic)` says so at start-up, and a second writer is refused when it first writes. The rows of an
`app.lazy_table` are read when they are asked for, so that it may grow. What none of
our agents needs is refused with a sentence (`Unsupported`): joins, windows, global tables and tables of sets, streams
through other topics, questions to agents, web pages. `infra.grounds` says what only one ground promises.
"""

from infra.driver.app import DriverApp, create_app, log_of
from infra.driver.batches import batched
from infra.driver.faces.transport import Transport
from infra.driver.ground import LogNotOpen
from infra.driver.guard import guarded
from infra.driver.lifetime import running, serve, wait_until_ready
from infra.driver.refusals import Unsupported
from infra.driver.schemas import BatchSchema, RawSchema
from infra.driver.session.staging import StaleEvent
from infra.driver.tables.table import ManyWriters

__all__ = [
    "BatchSchema",
    "DriverApp",
    "LogNotOpen",
    "ManyWriters",
    "RawSchema",
    "StaleEvent",
    "Transport",
    "Unsupported",
    "batched",
    "create_app",
    "guarded",
    "log_of",
    "running",
    "serve",
    "wait_until_ready",
]
