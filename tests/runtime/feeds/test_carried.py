"""Which posts of partners the feeds look up: those that live incidents carry, until they are taken back."""

from typing import cast

from agents.runtime.door.door import Door
from agents.runtime.feeds.carried import CarriedPosts, carried_in
from infra.log import Partition, Record
from streams.decisions.release.amplification import says
from streams.subjects.incident import Incident
from streams.words.incident import StandDown
from tests import builders
from tests.builders import COMMANDER, WRITER
from tests.streams.decisions.release.test_partner_posts import AGENT, GONE, after, echoed, post, public

ACCOUNT = "did:vale:1"


def heard_of(incident: Incident) -> dict[str, bool]:
    return {name: one.is_heard for name, one in carried_in([incident])[ACCOUNT].items()}


def test_a_post_that_is_out_is_looked_up_with_whether_a_feed_brought_it() -> None:
    """What a person typed is not compared with what their network says: they may have left something out."""
    incident = public(after(echoed(), post(2, text="Keep away from Block C."), WRITER)[1])
    assert heard_of(incident) == {"post-1": True, "post-2": False}


def test_what_was_taken_back_is_looked_up_no_more_unless_newer_words_of_it_are_out() -> None:
    incident = public(after(echoed(), GONE)[1])
    assert carried_in([incident]) == {}
    newer = post(text="Please come back.").model_copy(update={"renews": True})
    incident = public(after(incident, newer, AGENT)[1])
    assert heard_of(incident) == {"post-1": True}
    assert says(carried_in([incident])[ACCOUNT]["post-1"].copy, "Please come back.", mode=incident.mode)


def test_after_the_end_of_an_incident_nothing_is_looked_up() -> None:
    over = after(echoed(), StandDown(reason="It is over."), COMMANDER)[1]
    assert not over.is_live
    assert carried_in([over, builders.declared()]) == {}


class Log:
    """A door on a log with one incident."""

    def __init__(self, incident: Incident) -> None:
        self.incident, self.whole = incident, 0

    async def table_records(self) -> list[Record]:
        value = self.incident.model_dump_json().encode()
        return [Record(Partition("subjects", 0), 0, self.incident.subject.key.encode(), value, 0)]

    async def incidents(self) -> dict[str, Incident]:
        self.whole += 1
        return {self.incident.id: self.incident}


async def test_the_whole_record_is_read_only_while_an_incident_goes_on() -> None:
    """A share that is settled is not in memory any more; at any other time nothing is to be looked up."""
    carried, live, over = CarriedPosts(), Log(echoed()), Log(after(echoed(), StandDown(reason="Over."), COMMANDER)[1])
    await carried.look(cast("Door", live))
    assert [*carried.of(ACCOUNT)] == ["post-1"]
    await carried.look(cast("Door", over))
    assert (carried.of(ACCOUNT), live.whole, over.whole) == ({}, 1, 0)
