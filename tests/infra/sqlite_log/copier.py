"""A worker to be killed: copies `letters` to `copies`, one commit a batch, and counts them in `states`."""

import asyncio
import sys
from collections.abc import Sequence

from infra.log import Draft, Partition, Record, TopicSpec
from infra.sqlite_log import SqliteLog, SqliteLogSettings
from tests.contracts.log.grounds import join

LETTERS, COPIES, STATES = Partition("letters", 0), Partition("copies", 0), Partition("states", 0)
SETTINGS = SqliteLogSettings(inbox_slice_records=7, tidy_interval_seconds=0.02, compact_records_min=1)


def answer(records: Sequence[Record]) -> list[Draft]:
    copies = [Draft(COPIES, record.key, record.value, 1) for record in records]
    return [*copies, Draft(STATES, b"copied", str(records[-1].offset + 1).encode(), 1)]


async def main(path: str) -> None:
    log = SqliteLog(path, settings=SETTINGS)
    await log.open()
    await log.create_topics([TopicSpec("letters"), TopicSpec("copies"), TopicSpec("states", compacted=True)])
    member, listener = join(log, "copiers")
    await member.subscribe(["letters"])
    _, generation = await listener.assigned()
    position = (await member.committed([LETTERS]))[LETTERS] or 0
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        batches = await member.read({LETTERS: position}, records_max=5, wait_seconds=60)
        for batch in batches.values():
            await member.commit(answer(batch.records), {LETTERS: batch.next_offset}, generation)
            position = batch.next_offset


asyncio.run(main(sys.argv[1]))
