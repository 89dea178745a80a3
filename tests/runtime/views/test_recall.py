"""What left memory is folded from its own facts, and nothing is read that was written before or long after them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from agents.runtime.views.recall import MARGIN, Disagreement, recall_from
from infra.log import Batch, Draft, Partition
from streams.codec import encode
from streams.subjects.fold import begun, fold_all
from streams.subjects.incident import Incident, Status
from streams.subjects.past import Ended
from streams.topics import FACTS, key_of
from streams.values import LIVE
from streams.words.facts import Fact, FactBody
from streams.words.incident import IncidentStoodDown, ReportReceived
from tests import builders
from tests.builders import NOW
from tests.contracts.driver.memory_log import MemoryLog, MemoryMember, Shelf

WHERE = Partition(FACTS.named(LIVE), 0)
HOURS = 40


class Counting(MemoryLog):
    """A log that counts the records that were read."""

    def __init__(self) -> None:
        super().__init__(Shelf(topics={WHERE.topic: 1}))
        self.count = 0

    def join(self, group: str, **given: Any) -> MemoryMember:
        member = super().join(group, **given)
        read = member.read

        async def counted(positions: Mapping[Partition, int], **limits: Any) -> Mapping[Partition, Batch]:
            batches = await read(positions, **limits)
            self.count += sum(len(batch.records) for batch in batches.values())
            return batches

        member.read = counted  # type: ignore[method-assign] # it reads as before
        return member


def facts_of_one(number: int, at: datetime) -> Sequence[Fact]:
    """A report of an incident, and its end."""
    bodies: list[FactBody] = [ReportReceived(methane=builders.methane()), IncidentStoodDown(reason="over", rule="rule")]
    return builders.facts_of(Incident(id=f"inc-{number}", mode=LIVE), bodies, at=at)


async def put(log: MemoryLog, facts: Sequence[Fact]) -> None:
    await log.append([Draft(WHERE, key_of(fact), encode(fact), 0) for fact in facts])


def left(facts: Sequence[Fact]) -> Ended:
    last = facts[-1]
    return Ended(status=Status.STOOD_DOWN, name=None, sequence=last.sequence, head=last.hash, last_at=last.at)


async def test_recall_reads_what_was_written_while_the_incident_went_on() -> None:
    """Each hour has an incident of its own: of a hundred facts before and after, some dozen are read."""
    log = Counting()
    nights = [facts_of_one(number, NOW + timedelta(hours=number)) for number in range(HOURS)]
    for facts in nights:
        await put(log, facts)
    wanted = nights[HOURS // 2]
    state = await recall_from(lambda: log, LIVE)(wanted[0].subject, left(wanted))
    assert state == fold_all(begun(wanted[0].subject, LIVE), wanted)
    assert log.count < HOURS / 2


@pytest.mark.parametrize("wrong", [-2 * MARGIN, 2 * MARGIN], ids=["slow", "fast"])
async def test_recall_finds_the_facts_also_where_a_clock_was_wrong(wrong: timedelta) -> None:
    log = Counting()
    nights = [facts_of_one(number, NOW + timedelta(minutes=number) + (number == 2) * wrong) for number in range(5)]
    for facts in nights:
        await put(log, facts)
    for facts in nights:
        assert (await recall_from(lambda: log, LIVE)(facts[0].subject, left(facts))).head == facts[-1].hash


async def test_facts_that_do_not_end_as_they_did_are_told() -> None:
    log, facts = Counting(), facts_of_one(1, NOW)
    await put(log, facts[:1])
    with pytest.raises(Disagreement):
        await recall_from(lambda: log, LIVE)(facts[0].subject, left(facts))


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_what_is_no_fact_of_the_desk_keeps_no_incident_from_being_recalled(place: int) -> None:
    """A record that is none, and one beside the chain: the chain that ends where it was left is found all the same."""
    log, facts = MemoryLog(Shelf(topics={WHERE.topic: 1})), facts_of_one(1, NOW)
    beside = facts[0].model_copy(update={"hash": "f" * 64, "by": "stranger"})
    drafts = [Draft(WHERE, key_of(fact), encode(fact), 0) for fact in facts]
    drafts[place:place] = [Draft(WHERE, key_of(facts[0]), value, 0) for value in (b"no fact", encode(beside))]
    await log.append(drafts)
    state = await recall_from(lambda: log, LIVE)(facts[0].subject, left(facts))
    assert state == fold_all(begun(facts[0].subject, LIVE), facts)
