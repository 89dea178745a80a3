"""A partner whose account may not be its own is stopped by one person, in one incident or in all of them."""

from datetime import UTC
from typing import Any

from streams.decisions.desk.order_table import answer
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.verdict import Allowed, Refused
from streams.projections.inbox import YES
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.telling.attention import told_content
from streams.telling.facts import told
from streams.values import LIVE, THE_REGISTER
from streams.words.delivery import DeliveryClaimed
from streams.words.facts import FactBody
from streams.words.register.changes import in_force
from streams.words.register.entries import Register
from streams.words.release import Amplify, LineDrafted, MessageAuthorised
from streams.words.sign_off import SignOffSought
from streams.words.stops import ResumePartner, StopPartner
from tests import builders
from tests.builders import COMMANDER, NOW, WRITER

AGENT = "amplification-agent"
STOP = StopPartner(partner="ambulance", reason="it was taken over")
RESUME = ResumePartner(partner="ambulance", reason="it is theirs again")


def post(number: int = 1) -> Amplify:
    return Amplify(credit=builders.credit(post_id=f"post-{number}"), text=f"Crew {number} is here.", posted_at=NOW)


def stopped_register() -> tuple[RegisterLog, Register]:
    """The register's log once a person stopped the partner there, and the register in force by it."""
    log = builders.carried_out(RegisterLog(mode=LIVE), STOP, by=WRITER)
    return log, in_force(builders.register(), log.changes)


def echo(number: int, incident: Incident, **changes: Any) -> FactBody:
    return answer(builders.order(post(number), incident, changes.pop("by", AGENT), **changes))[0]


def test_stopped_in_one_incident_it_goes_on_in_the_others() -> None:
    here = builders.carried_out(builders.declared(), STOP, by=WRITER)
    assert isinstance(echo(1, here), LineDrafted)
    assert isinstance(echo(1, builders.declared()), MessageAuthorised)
    assert isinstance(echo(1, builders.carried_out(here, RESUME, by=COMMANDER, id="on")), MessageAuthorised)


def test_stopped_in_all_incidents_its_posts_wait_in_each_for_a_persons_yes() -> None:
    """Also in one that is declared later; the doubt names the command that lets it go on."""
    _, told_by = stopped_register()
    for incident in (builders.declared(), builders.declared(name="Another crash")):
        drafted = echo(1, incident, register=told_by)
        assert isinstance(drafted, LineDrafted)
        assert "holdingline resume-partner register ambulance" in " ".join(drafted.message.doubts)
    by_a_person = echo(1, builders.declared(), by=WRITER, register=told_by)
    assert isinstance(by_a_person, MessageAuthorised)


def test_what_the_rule_had_let_out_goes_no_further_and_what_a_person_did_does() -> None:
    """It is looked at again at the moment of sending."""
    _, told_by = stopped_register()
    for by, verdict in ((AGENT, Refused), (WRITER, Allowed)):
        facts, _ = builders.judged(builders.order(post(), builders.declared(), by))
        (claimed,) = [fact.body for fact in facts if isinstance(fact.body, DeliveryClaimed)]
        assert isinstance(may_send(claimed.dispatch, told_by, now=NOW), verdict)


def test_people_are_asked_once_for_a_burst_of_a_partner_that_is_stopped_in_all_incidents() -> None:
    """As where it was stopped in this one: nobody is woken for each post."""
    _, told_by = stopped_register()
    incident, searches = builders.declared(), 0
    for number in range(5):
        facts, incident = builders.judged(builders.order(post(number), incident, AGENT, register=told_by))
        searches += sum(isinstance(fact.body, SignOffSought) for fact in facts)
    assert len(incident.drafts) == 5
    assert searches <= 1


def test_it_waits_in_the_register_for_a_person_and_the_inbox_offers_to_let_it_go_on() -> None:
    log, _ = stopped_register()
    (one,) = waiting(log, NOW)
    assert (one.kind, one.subject, one.what) == ("stopped-partner", THE_REGISTER, "ambulance")
    (line,) = told_content(one, log, zone=UTC)
    assert line.startswith(f"partner ambulance: STOPPED in all incidents by {WRITER} at ")
    assert line.endswith("it was taken over")
    (offered,) = YES["stopped-partner"](log, "ambulance")
    after = builders.carried_out(log, offered, by=WRITER, id="on")
    assert list(waiting(after, NOW)) == []
    assert in_force(builders.register(), after.changes) == builders.register()


def test_the_fact_says_who_may_and_that_it_was_a_person() -> None:
    (fact,) = answer(builders.order(STOP, builders.declared(), WRITER))
    assert told(fact) == (
        f"STOPPED, no post of Vale Ambulance goes out by itself, by rule {WRITER}/amplify: it was taken over"
    )
