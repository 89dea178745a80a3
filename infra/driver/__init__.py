"""The driver: Faust on a log, exactly once, on every ground. It knows nothing of SQLite or Kafka.

app = create_app("trust", "sqlite:///var/trust.db", topic_partitions=4)
commands = app.topic("live.commands", schema=RawSchema())
totals = app.Table("totals", default=int)

async def handle(event): totals[event.key] += 1; await app.topic("live.facts", schema=RawSchema()).send(value=b"..")
async def dead_letter(event, error): await dead_letters.send(key=event.key, value=event.value)

app.agent(commands, name="incident")(guarded(handle, dead_letter))
async with running(app):            # or: await serve(app), until SIGTERM
await log_of(app).append([...])
"""

from infra.driver.app import DriverApp, create_app, log_of
from infra.driver.batches import batched
from infra.driver.door import Door, DoorLog
from infra.driver.ground import LogNotOpen, StaleEvent
from infra.driver.guard import guarded
from infra.driver.running import connected, running, serve, wait_until_ready
from infra.driver.schemas import BatchSchema, RawSchema
from infra.driver.staging import straight_through
from infra.driver.tables import ManyWriters
from infra.driver.transport import Transport

__all__ = [
    "BatchSchema",
    "Door",
    "DoorLog",
    "DriverApp",
    "LogNotOpen",
    "ManyWriters",
    "RawSchema",
    "StaleEvent",
    "Transport",
    "batched",
    "connected",
    "create_app",
    "guarded",
    "log_of",
    "running",
    "serve",
    "straight_through",
    "wait_until_ready",
]
