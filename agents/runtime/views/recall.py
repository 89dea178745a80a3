"""Recall: the state of an incident that left memory, folded from its own facts when somebody asks."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

from agents.ports import Recall
from agents.runtime.door.reading import RecordReader
from agents.runtime.door.topic_reader import TopicReader
from infra.log import Log, Record
from streams.codec import decode
from streams.errors import MessageError
from streams.subjects.fold import begun, chain_to, fold_all
from streams.subjects.past import Ended
from streams.subjects.state import State
from streams.topics import FACTS
from streams.values import Subject
from streams.words.facts import Fact


class Disagreement(MessageError):
    """The facts of an incident that left memory are not those that were kept in mind: run `holdingline log verify`."""


MARGIN = timedelta(minutes=10)
"""What the clocks of workers that followed one another may differ by."""


def recall_from(log: Callable[[], Log], mode: str) -> Recall:
    """How to fold the facts of a subject; `Disagreement` if they do not end as they did when it left memory.

    The facts are looked for backwards from the time of the last one, so that recall costs what was written meanwhile.
    """

    async def recall(subject: Subject, left: Ended) -> State:
        for find in (facts_back, _forwards):
            reader = TopicReader(log, FACTS.named(mode), key=subject.key.encode())
            try:
                state = fold_all(begun(subject, mode), await find(reader, left))
            finally:
                await reader.close()
            if (state.sequence, state.head) == (left.sequence, left.head):
                return state
        raise Disagreement

    return recall


def until(upto: Ended | State) -> Callable[[Record], bool]:
    """Whether a record of facts may be among those that led to this, by its time."""

    def is_early(record: Record) -> bool:
        with suppress(MessageError):
            fact: Fact = decode(FACTS, record.value)
            return upto.last_at is not None and fact.at <= upto.last_at + MARGIN
        return True

    return is_early


async def facts_back(reader: TopicReader, upto: Ended | State) -> Sequence[Fact]:
    """The facts of a subject up to where this left it, in order; none where clocks or records are not in order.

    They are read from the last one back to the first, so that nothing is read that was written before or long after.
    """
    found: list[Fact] = []
    with suppress(MessageError):
        async for record in reader.newest_first(until(upto)):
            fact: Fact = decode(FACTS, record.value)
            if fact.sequence <= upto.sequence:
                found.append(fact)
            if fact.sequence == 1:
                break
    # A fact beside the chain has a place in it too: only the hashes tell that it is none of them.
    linked = all(later.previous == fact.hash for later, fact in pairwise(found))
    whole = linked and [fact.sequence for fact in found] == [*range(upto.sequence, 0, -1)]
    return found[::-1] if whole and found and found[0].hash == upto.head else []


async def _forwards(reader: TopicReader, left: Ended) -> Sequence[Fact]:
    """The facts that lead to where this was left, from the first record of the topic on.

    A record with this key that is no fact, or a fact beside the chain, is none of them: it was not there when the
    desk kept in mind where the chain ended. If the chain itself is not whole, it is a `Disagreement`.
    """
    return chain_to(left.head, RecordReader().facts(await reader.rest()))
