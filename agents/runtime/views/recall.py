"""Recall: the state of an incident that left memory, folded from its own facts when somebody asks."""

from collections.abc import Callable

from agents.runtime.door.topic_reader import TopicReader
from infra.log import Log
from streams.codec import decode
from streams.errors import MessageError
from streams.incident import Incident, fold
from streams.projections.ended import Ended
from streams.topics import FACTS


class Disagreement(MessageError):
    """The facts of an incident that left memory are not those that were kept in mind: run `holdingline log verify`."""


async def recalled(log: Callable[[], Log], left: Ended) -> Incident:
    """Fold the facts of this incident; `Disagreement` where they do not end as they did when it left memory.

    Every fact that was written before its last one is passed over, and only its own are read.
    """
    reader = TopicReader(log, FACTS.named(left.mode), key=left.id.encode())
    incident, ends = Incident(id=left.id, mode=left.mode), await reader.ends()
    try:
        while incident.sequence < left.sequence and not reader.has_reached(ends):
            for record in await reader.more(wait_seconds=0.1):
                incident = fold(incident, decode(FACTS, record.value))
    finally:
        await reader.close()
    if (incident.sequence, incident.head) != (left.sequence, left.head):
        raise Disagreement
    return incident
