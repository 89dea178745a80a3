"""A held field may wait for the agency that leads tonight, whichever that is: its own post lifts the hold."""

from typing import Any

import pytest

from streams.decisions.desk.order_table import answer
from streams.subjects.incident import Incident
from streams.telling.network.lines import awaited, awaited_lines
from streams.words.facts import CommandRefused
from streams.words.holds import HeldField, Hold, HoldLifted, LiftHold
from streams.words.network.orders import SetLead
from streams.words.register.entries import Register
from streams.words.release import Amplify
from tests import builders, responding
from tests.builders import COMMANDER, NOW
from tests.responding import responder

AGENT = "amplification-agent"
LIFT = LiftHold(hold="cause", reason="they said why", evidence="post-1")
ACCOUNTS = {"fire": "did:vale:3", "council": "did:vale:4"}


def waiting_for_lead() -> Hold:
    return builders.hold(id="cause", field=HeldField.CAUSE, waits_for=("lead",), holders=(COMMANDER,))


def register() -> Register:
    """A fire service that is a partner by its entry, and a council that is one by its category alone."""
    partners = {
        name: builders.partner(id=name, name=f"Vale {name.title()}", category=name, account_id=account)
        for name, account in ACCOUNTS.items()
    }
    several = (responder("fire", "fire", partner="fire"), responder("council", "council"))
    everybody = {one.id: one for one in several}
    return responding.register(partners=partners, responders=everybody, holds={"cause": waiting_for_lead()})


def night(speaks: str, leads: str | None) -> Incident:
    """An incident in which this partner's post went out, and in which this responder is noted as the one that leads."""
    told = register()
    said = Amplify(
        credit=builders.credit(partner=speaks, partner_name=speaks, account_id=ACCOUNTS[speaks]),
        text="Please keep away.",
        posted_at=NOW,
    )
    incident = builders.carried_out(builders.declared(), said, by=AGENT, register=told)
    if leads is None:
        return incident
    return builders.carried_out(incident, SetLead(responder=leads), by=COMMANDER, register=told, id="lead")


def lifted(incident: Incident) -> Any:
    return answer(builders.order(LIFT, incident, COMMANDER, register=register(), id="lift"))[0]


@pytest.mark.parametrize("who", ["fire", "council"])
def test_the_post_of_the_agency_that_leads_lifts_it_and_no_other_agencys(who: str) -> None:
    """By the entry of the partner, or by its category where the responder names no entry."""
    [other] = {"fire", "council"} - {who}
    assert isinstance(lifted(night(speaks=who, leads=who)), HoldLifted)
    refused = lifted(night(speaks=other, leads=who))
    assert isinstance(refused, CommandRefused)
    assert f"comes from Vale {who.title()} (which leads) first" in refused.reasons[0]


def test_while_it_is_not_noted_who_leads_nothing_lifts_it_and_the_answer_says_what_to_do() -> None:
    refused = lifted(night(speaks="fire", leads=None))
    assert isinstance(refused, CommandRefused)
    assert "holdingline set-lead inc-1 RESPONDER" in refused.reasons[0]


def test_people_read_by_name_whose_word_it_waits_for() -> None:
    [line] = awaited_lines([waiting_for_lead()], night(speaks="fire", leads="fire").network)
    assert line.startswith("held back until Vale Fire (which leads) has said it")
    assert awaited(waiting_for_lead()) == "held back until the agency that leads this incident has said it"
