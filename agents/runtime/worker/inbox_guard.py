"""What another process may leave for the worker: orders, mentions and posts, never facts and never tables."""

from collections.abc import Callable

import structlog

from agents.ports import Clock
from agents.runtime.door.dead_letters import Origin, beginnings, dead_letter_headers
from infra.doors import LEFT_FOR_THE_WORKER
from infra.log import DAMAGED, Draft, Partition, Record
from streams.codec import decode
from streams.errors import Forged, MessageError
from streams.topics import CARRYING, COMMANDS, DEAD_LETTERS
from streams.words.orders import Giver

logger = structlog.get_logger(__name__)

OPEN = frozenset(plan.name for plan in CARRYING if plan.from_doors)
OWN_GIVERS = frozenset({Giver.PUBLISHING, Giver.ESCALATION, Giver.AMPLIFICATION, Giver.BRIEFING, Giver.CLOCK})
"""The agents of the control lane give their orders inside its worker. Those of the mention lane come by a door."""


def inbox_guard(mode: str, clock: Clock, *, bytes_max: Callable[[], int | None]) -> Callable[[Draft], Draft]:
    """A rule for `DriverApp.guard_door`: a record that may not come this way becomes a dead letter with its reason."""

    def guard(draft: Draft) -> Draft:
        reason = _hindrance(draft)
        if reason is None:
            return draft
        where = draft.partition
        record = Record(where, LEFT_FOR_THE_WORKER, draft.key, draft.value, draft.timestamp_ms)
        key, value = beginnings(record, bytes_max=bytes_max())
        cut = (key, value) != (draft.key, draft.value)
        origin = Origin(where.topic, where.number, LEFT_FOR_THE_WORKER, "inbox")
        headers = dead_letter_headers(origin, Forged(reason), at=clock.now(), cut=cut)
        logger.warning("a door left what it may not write", topic=where.topic, reason=reason)
        buried = Partition(f"{mode}.{DEAD_LETTERS}", 0)
        return Draft(buried, key, value, draft.timestamp_ms, tuple(headers.items()))

    return guard


def _hindrance(draft: Draft) -> str | None:
    topic = draft.partition.topic
    name = topic.rpartition(".")[2]
    if name not in OPEN:
        return f"another process left it for {topic}, which the worker alone writes: find out who writes to the log"
    if any(header == DAMAGED for header, _ in draft.headers):
        return f"another process left it for {topic} with damaged headers: find out who writes to the log"
    if name != COMMANDS.name:
        return None
    try:
        by = decode(COMMANDS, draft.value).by
    except MessageError:
        return None  # The desk buries it with what is wrong.
    if by in OWN_GIVERS:
        return f"another process left it as an order of {by}, which gives its orders inside the worker: find out who"
    return None
