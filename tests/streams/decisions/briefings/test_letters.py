"""The briefing by mail goes every so many minutes while an incident is declared, and a letter that failed waits."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from streams.decisions.briefings.letters import LASTS, is_due
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.values import digest
from streams.words.briefings.entries import BriefingRule
from streams.words.briefings.letters import (
    BriefingClaimed,
    BriefingRecorded,
    LetterOutcome,
    LetterResult,
    RecordBriefing,
)
from streams.words.incident import StandDown
from streams.words.orders import Tick
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE, SIGNER

MAILED = builders.register(briefing=BriefingRule(people=(SIGNER, NURSE), every_minutes=30))


def ticked(incident: Incident, at: datetime, register: object = MAILED) -> tuple[list[object], Incident]:
    facts, after = builders.judged(builders.order(Tick(), incident, "clock", register=register, now=at))
    return [fact.body for fact in facts], after


def reported(incident: Incident, at: datetime, outcomes: Mapping[str, LetterOutcome]) -> Incident:
    results = {name: LetterResult(outcome=one, words="so") for name, one in outcomes.items()}
    body = RecordBriefing(number=incident.briefings.number, results=results, digest=digest("text"))
    _, after = builders.judged(builders.order(body, incident, "briefing-agent", register=MAILED, now=at))
    return after


def late(incident: Incident, at: datetime) -> list[str]:
    return [one.what for one in waiting(incident, at) if one.kind == "briefing"]


def test_the_first_goes_thirty_minutes_after_the_declaration_and_the_next_thirty_later() -> None:
    assert not is_due(builders.declared(), NOW + timedelta(minutes=29), register=MAILED)
    at = NOW + timedelta(minutes=30)
    bodies, after = ticked(builders.declared(), at)
    assert bodies == [BriefingClaimed(number=1, people=(SIGNER, NURSE), run="run-1", until=at + LASTS)]
    after = reported(after, at, {SIGNER: "sent", NURSE: "sent"})
    assert not is_due(after, at + timedelta(minutes=29), register=MAILED)
    (second,), _ = ticked(after, at + timedelta(minutes=30))
    assert isinstance(second, BriefingClaimed)
    assert second.number == 2


def test_after_a_pause_one_goes_for_all_that_were_missed() -> None:
    bodies, after = ticked(builders.declared(), NOW + timedelta(hours=5))
    assert [one.number for one in bodies if isinstance(one, BriefingClaimed)] == [1]
    assert ticked(after, NOW + timedelta(hours=5))[0] == []


def test_none_goes_where_the_register_names_nobody_or_the_incident_is_over() -> None:
    later = NOW + timedelta(hours=1)
    assert ticked(builders.declared(), later, builders.register())[0] == []
    over = builders.carried_out(builders.declared(), StandDown(reason="it is over"), by=COMMANDER)
    assert over.over
    assert ticked(over, later)[0] == []


def test_a_letter_that_is_not_known_to_have_gone_waits_until_the_next_one_went() -> None:
    at = NOW + timedelta(minutes=30)
    _, after = ticked(builders.declared(), at)
    after = reported(after, at, {SIGNER: "failed", NURSE: "sent"})
    assert late(after, at) == [SIGNER]
    _, after = ticked(after, at + timedelta(minutes=30))
    after = reported(after, at + timedelta(minutes=30), {SIGNER: "sent", NURSE: "sent"})
    assert late(after, at) == []


def test_a_claim_without_a_report_is_given_up_as_unknown_and_a_late_report_changes_nothing() -> None:
    at = NOW + timedelta(minutes=30)
    _, claimed = ticked(builders.declared(), at)
    assert ticked(claimed, at + LASTS + timedelta(seconds=4))[0] == []
    (lost,), after = ticked(claimed, at + LASTS + timedelta(seconds=5))
    assert isinstance(lost, BriefingRecorded)
    assert lost.missed == (SIGNER, NURSE)
    assert late(after, at) == [SIGNER, NURSE]
    assert reported(after, at, {SIGNER: "sent", NURSE: "sent"}).briefings == after.briefings
