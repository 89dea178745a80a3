"""What stands on a topic and does not belong there keeps no record from being shown."""

from collections.abc import Mapping, Sequence

from agents.runtime.door.door import Door
from agents.runtime.record.export import export
from infra.log import Partition, Record
from streams.codec import encode
from streams.topics import COMMANDS, FACTS, REGISTERS, Event, TopicPlan, key_of
from tests import evidence_kit
from tests.builders import LIVE, NOW, SUBJECT


class Shelf(Door):
    """A door on records that are given."""

    def __init__(self, shelf: Mapping[str, Sequence[Record]]) -> None:
        self.shelf = shelf

    async def records(self, plan: TopicPlan) -> Sequence[Record]:
        return self.shelf[plan.name]


def stored(messages: Sequence[Event]) -> list[Record]:
    return [Record(Partition("t", 0), place, key_of(one), encode(one), 0) for place, one in enumerate(messages)]


async def test_a_register_that_is_none_hides_no_incident_from_an_inquiry() -> None:
    """Somebody who can write one record there could else stop every export for ever."""
    night = evidence_kit.night()
    good = stored(night.registers)
    shelf = {FACTS.name: stored(night.facts), COMMANDS.name: stored(night.orders), REGISTERS.name: good}
    clean, _ = await export(Shelf(shelf), SUBJECT, mode=LIVE, by="test", at=NOW)
    none = Record(Partition("t", 0), 9, b"x", b"no register", 0)
    spoilt, _ = await export(Shelf({**shelf, REGISTERS.name: [none, *good]}), SUBJECT, mode=LIVE, by="test", at=NOW)
    assert spoilt == clean
    assert clean.registers == len(good)
