"""Recall: the state of an incident that left memory, folded from its own facts when somebody asks."""

from collections.abc import Callable

from agents.ports import Recall
from agents.runtime.door.topic_reader import TopicReader
from infra.log import Log
from streams.codec import decode
from streams.errors import MessageError
from streams.subjects.fold import begun, fold
from streams.subjects.past import Ended
from streams.subjects.state import State
from streams.topics import FACTS
from streams.values import Subject


class Disagreement(MessageError):
    """The facts of an incident that left memory are not those that were kept in mind: run `holdingline log verify`."""


def recall_from(log: Callable[[], Log], mode: str) -> Recall:
    """How to fold the facts of a subject; `Disagreement` if they do not end as they did when it left memory.

    Every fact that was written before its last one is passed over, and only its own are read.
    """

    async def recall(subject: Subject, left: Ended) -> State:
        reader = TopicReader(log, FACTS.named(mode), key=subject.key.encode())
        state, ends = begun(subject, mode), await reader.ends()
        try:
            while state.sequence < left.sequence and not reader.has_reached(ends):
                for record in await reader.more(wait_seconds=0.1):
                    state = fold(state, decode(FACTS, record.value))
        finally:
            await reader.close()
        if (state.sequence, state.head) != (left.sequence, left.head):
            raise Disagreement
        return state

    return recall
