"""The worker that the kill tests kill: a chain of three agents, and one on a batched topic, with a table each.

`python -m tests.contracts.driver.chain <url>` runs it until SIGTERM and says on its output how far it has come.
"""

import asyncio
import sys
from typing import Any

from faust.types import EventT

from infra.driver import DriverApp, RawSchema, batched, create_app, guarded, serve, wait_until_ready

STEPS = ("first", "second", "third")
TOPICS = ("chain-0", "chain-1", "chain-2", "chain-3")
PARTITIONS = 2


def chain(url: str) -> tuple[DriverApp, list[Any]]:
    """The app and its tables.

    Each step counts the events of a key and appends its count to the value it sends on; the end is counted in batches.
    """
    app = create_app("chain", url, topic_partitions=PARTITIONS)
    tables = [app.Table(f"{name}-counts", default=int) for name in STEPS]
    for name, table, source, target in zip(STEPS, tables, TOPICS[:-1], TOPICS[1:], strict=True):
        handler = _step(table, app.topic(target, schema=RawSchema()))
        app.agent(app.topic(source, schema=RawSchema()), name=name)(guarded(handler, _fail))
    tables.append(app.Table("batch-counts", default=int))
    app.agent(batched(app, TOPICS[-1]), name="collector")(guarded(_collector(tables[-1]), _fail))
    return app, tables


def _step(table: Any, target: Any) -> Any:
    async def handle(event: Any) -> None:
        key = event.key.decode()
        table[key] += 1
        await asyncio.sleep(0.0005)
        await target.send(key=event.key, value=event.value + b" %d" % table[key])

    return handle


def _collector(table: Any) -> Any:
    async def handle(event: Any) -> None:
        for record in event.value:
            table[record.key.decode()] += 1

    return handle


async def _fail(event: EventT[Any], error: Exception) -> None:
    raise RuntimeError(f"The chain meets no error, but for {event}.") from error


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def main(url: str) -> None:
    app, _ = chain(url)
    app.on_partitions_assigned.connect(_say_assigned)  # type: ignore[arg-type] # Faust passes the assigned set too.
    watch = asyncio.create_task(_say_ready(app))
    await serve(app)
    watch.cancel()


async def _say_assigned(app: Any, *_: Any, **_named: Any) -> None:
    say(f"assigned partitions of {app.conf.id}")


async def _say_ready(app: DriverApp) -> None:
    await wait_until_ready(app)
    say("ready")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
