"""The state of an incident is the fold of its facts: repeating changes nothing, reading back gives the same."""

from datetime import timedelta

from streams.decisions.desk.order_table import answer
from streams.subjects.fold import fold, fold_all
from streams.subjects.incident import Incident, Status
from streams.words.delivery import DeliveryState, RecordOutcome
from streams.words.facts import Fact
from streams.words.incident import Cancel, Report
from streams.words.release import SignOff
from tests import builders
from tests.builders import INCIDENT, LIVE, NOW, claim, declaration, holding, methane, outcome

EMPTY = Incident(id=INCIDENT, mode=LIVE)


def sending() -> Incident:
    incident = builders.released()
    return builders.carried_out(incident, claim(incident), by="publishing-agent")


def facts_of_a_night() -> list[Fact]:
    """A declaration, a release, a claim, an unknown outcome, and the end."""
    incident, facts = EMPTY, []
    for body in (declaration(), holding(), claim(sending()), outcome(sending(), "unknown"), Cancel(reason="none")):
        order = builders.order(body, incident)
        new = builders.facts_of(incident, answer(order), order.command)
        facts += new
        incident = fold_all(Incident(id=INCIDENT, mode=LIVE), facts)
    return facts


def test_a_fact_seen_before_changes_nothing() -> None:
    """At-least-once delivery: every fact twice, and the whole night again, give the same state."""
    night = facts_of_a_night()
    once = fold_all(Incident(id=INCIDENT, mode=LIVE), night)
    assert fold_all(Incident(id=INCIDENT, mode=LIVE), [fact for fact in night for _ in range(2)]) == once
    assert fold_all(Incident(id=INCIDENT, mode=LIVE), [*night, *night]) == once


def test_the_state_can_be_written_and_read() -> None:
    """A table keeps the state as JSON: what is read back is the same, at every fact of the night."""
    incident = EMPTY
    for fact in facts_of_a_night():
        incident = fold(incident, fact)
        assert Incident.model_validate_json(incident.model_dump_json()) == incident


def test_the_head_follows_the_last_fact() -> None:
    """The next fact is chained to it."""
    night = facts_of_a_night()
    assert fold_all(Incident(id=INCIDENT, mode=LIVE), night).head == night[-1].hash
    assert fold_all(Incident(id=INCIDENT, mode=LIVE), night).sequence == len(night)


def test_a_first_report_puts_the_incident_on_standby_and_later_ones_are_kept() -> None:
    """Reports of several responders may disagree; none is lost."""
    other = methane(major_incident=False, exact_location="Ashby North")
    incident = builders.carried_out(EMPTY, Report(methane=methane()))
    assert incident.status is Status.STANDBY
    later = builders.carried_out(incident, Report(methane=other), at=NOW + timedelta(seconds=1))
    assert later.reports == (methane(), other)


def test_declaring_keeps_the_words_that_posts_are_matched_by() -> None:
    """The declaration is part of the state."""
    incident = builders.declared()
    assert (incident.status, incident.declaration, incident.declared_at) == (Status.DECLARED, declaration(), NOW)
    assert incident.is_live


def test_what_ended_unknown_may_be_public_until_somebody_has_looked() -> None:
    """A later attempt proves nothing about an earlier one; only a look does."""
    incident = sending()
    unknown = builders.carried_out(incident, outcome(incident, "unknown"), by="publishing-agent")
    delivery = unknown.deliveries[builders.first_delivery(unknown)]
    assert (delivery.state, delivery.may_be_public) == (DeliveryState.UNKNOWN, True)

    again = builders.carried_out(unknown, claim(unknown, 2, "run-2"), by="publishing-agent")
    refused = builders.carried_out(again, outcome(again, "refused", 2), by="publishing-agent")
    assert refused.deliveries[delivery.id].state is DeliveryState.UNKNOWN

    absent = RecordOutcome(delivery_id=delivery.id, attempt=2, outcome="absent")
    looked = builders.carried_out(refused, absent, by="publishing-agent")
    assert looked.deliveries[delivery.id].state is DeliveryState.UNSENT
    assert not looked.deliveries[delivery.id].may_be_public


def test_an_authorised_draft_is_no_draft_any_more() -> None:
    """It moves to the messages, with its yes."""
    incident = builders.carried_out(builders.declared(), builders.line(), by=builders.WRITER)
    draft = next(iter(incident.drafts.values()))
    sign = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    signed = builders.carried_out(incident, sign, by=builders.SIGNER)
    assert not signed.drafts
    assert signed.messages[draft.id] == draft
    assert signed.authorisations[draft.id].person == builders.SIGNER
    assert signed.authorisations[draft.id].drafted_by == builders.WRITER
