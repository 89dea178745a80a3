"""A matter outlives its incident: whether to go to the police is still to be decided after the stand-down."""

from datetime import timedelta

import pytest

from streams.subjects.attention import waiting
from streams.subjects.past import ended
from streams.values import Power
from streams.words.incident import Cancel, StandDown
from streams.words.release import SignOff
from streams.words.sign_off import SeekSignOff
from tests import builders, searches
from tests.builders import COMMANDER, OFFICER
from tests.searches import Asking

MATTER = "Suspected hate crime: shall the police be told?"


@pytest.mark.parametrize("over", [StandDown(reason="over"), Cancel(reason="a false alarm")])
def test_a_matter_is_asked_and_decided_after_the_incident_is_over(over: StandDown | Cancel) -> None:
    """It waits for a person, keeps the incident in memory, goes on to the next person, and their yes counts."""
    people = searches.people()
    for name in (COMMANDER, OFFICER):
        grants = (*people[name].grants, *builders.person(name, Power.REPORT_TO_POLICE).grants)
        people[name] = people[name].model_copy(update={"grants": grants})
    night = Asking(searches.register(searches.matter_chain(), people=people))
    night.give(SeekSignOff(matter=MATTER, chain="police"))
    night.reports()
    night.give(over, COMMANDER)
    assert night.search.asks
    assert [one.kind for one in waiting(night.incident, night.now)] == ["matter"]
    assert ended(night.incident, night.now + timedelta(days=30), kept=timedelta(days=1)) is None
    while night.search.step == 0:
        night.until_due()
        if night.search.pages:
            night.reports()
    night.give(SignOff(message_id=night.search.id, content_hash=night.search.matter_hash()), OFFICER)
    assert night.search.ended
    assert (night.search.ended.outcome, night.search.ended.person) == ("answered", OFFICER)
