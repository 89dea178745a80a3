"""Which register the log says was in force last."""

import pytest

from agents.runtime.door.reading import RecordReader
from agents.runtime.door.registers import JUDGED_MS_MAX, in_force_last
from infra.log import Draft, Partition
from streams.codec import encode
from streams.subjects.incident import Incident
from streams.topics import FACTS, REGISTERS
from streams.values import LIVE
from streams.words.incident import ReportReceived
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord
from tests import builders
from tests.contracts.driver.memory_log import MemoryLog, Shelf

OLD, NEW = builders.register(), builders.register(mail_domains=("vale.example",))
NEW_KEPT_MS = 10


@pytest.mark.parametrize(
    ("fact_ms", "in_force"),
    [
        (NEW_KEPT_MS - 1, NEW),
        (NEW_KEPT_MS, NEW),
        (NEW_KEPT_MS + JUDGED_MS_MAX - 1, NEW),
        (NEW_KEPT_MS + JUDGED_MS_MAX, OLD),
    ],
    ids=["before", "at once", "while it was judged", "long after"],
)
async def test_an_order_that_was_judged_while_a_register_came_into_force_hides_it_not(
    fact_ms: int, in_force: Register
) -> None:
    """Its fact names the register of before, and comes after the new one was kept."""
    log = MemoryLog(Shelf(topics={FACTS.named(LIVE): 1, REGISTERS.named(LIVE): 1}))
    for register, at_ms in ((OLD, 0), (NEW, NEW_KEPT_MS)):
        kept = RegisterRecord.of(register, mode=LIVE)
        await log.append([Draft(Partition(REGISTERS.named(LIVE), 0), kept.id.encode(), encode(kept), at_ms)])
    begun = Incident(id=builders.INCIDENT, mode=LIVE)
    (fact,) = builders.facts_of(begun, [ReportReceived(methane=builders.methane())])
    fact = fact.model_copy(update={"register_version": OLD.version()})
    await log.append([Draft(Partition(FACTS.named(LIVE), 0), fact.subject.key.encode(), encode(fact), fact_ms)])
    found = await in_force_last(lambda: log, LIVE, reading=RecordReader())
    assert found is not None
    assert found.version() == in_force.version()
