"""The registers that a log keeps: the one that the newest fact was judged by, and the one that was in force last."""

from collections.abc import Callable

from agents.runtime.door.reading import RecordReader
from agents.runtime.door.topic_reader import TopicReader
from infra.log import Log
from streams.topics import FACTS, REGISTERS
from streams.words.register.entries import Register

WhichLog = Callable[[], Log]
JUDGED_MS_MAX = 60_000
"""So long after the register by which an order is judged was asked for its fact may come."""


async def _judged_by(log: WhichLog, mode: str, *, reading: RecordReader) -> Register | None:
    """The register that the newest fact was judged by; None if there is no such fact."""
    async for record in TopicReader(log, FACTS.named(mode)).newest_first():
        if version := reading.register_version(record):
            key = version.encode()
            async for kept in TopicReader(log, REGISTERS.named(mode), key=key).newest_first():
                if register := reading.register(kept):
                    return register
    return None


async def in_force_last(log: WhichLog, mode: str, *, reading: RecordReader) -> Register | None:
    """The register that was in force last; None if the log keeps none.

    That is the one that the newest fact was judged by, unless a whole one was kept since. An order that was being
    judged while one came into force is no sign against that one, though its fact came later.
    """
    judged_ms = -1
    async for fact in TopicReader(log, FACTS.named(mode)).newest_first():
        judged_ms = fact.timestamp_ms
        break
    async for record in TopicReader(log, REGISTERS.named(mode)).newest_first():
        if record.timestamp_ms <= judged_ms - JUDGED_MS_MAX:
            break
        if register := reading.register(record):
            return register
    return await _judged_by(log, mode, reading=reading)
