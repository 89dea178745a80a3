"""Any order to any incident that can come about: an answer, never an exception, and never a rule bent."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from streams.chain import faults
from streams.codec import decode, encode
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import STATE_BYTES_MAX, answer
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident
from streams.subjects.state import KEPT
from streams.topics import COMMAND_BYTES_MAX, FACTS
from streams.values import Purpose
from streams.words.delivery import ClaimDelivery, DeliveryClaimed, DeliveryState, RecordOutcome, ResolveDelivery
from streams.words.facts import CommandRefused, FactBody
from streams.words.incident import Cancel, Report, StandDown
from streams.words.orders import Command, CommandBody, Tick
from streams.words.release import MENDS, Amplify, MessageAuthorised, SignOff
from streams.words.stops import Freeze, Resume
from tests import builders
from tests.builders import COMMANDER, INCIDENT, LIVE, NOW, NURSE, OFFICER, SIGNER, SLOTS, WRITER
from tests.strategies import built

PEOPLE = st.sampled_from([COMMANDER, OFFICER, WRITER, SIGNER, NURSE, "stranger", "publishing-agent"])
ANY_ORDER = st.none().flatmap(lambda _: built(Command))
"""Flat, so that the rule below is printed in a line: all kinds of orders together are more than Hypothesis prints."""
REGISTER = builders.register()
CORPUS = (
    Incident(id=INCIDENT, mode=LIVE),
    builders.declared(),
    builders.released(),
    builders.released(builders.DRILL),
    builders.carried_out(builders.declared(), builders.line(), by=WRITER),
    builders.carried_out(builders.released(), builders.claim(builders.released())),
)


@given(command=built(Command), incident=st.sampled_from(CORPUS), by=PEOPLE, ahead=st.integers(-30, 3))
def test_any_order_at_all_is_answered_with_facts_that_can_be_written(
    command: Command, incident: Incident, by: str, ahead: int
) -> None:
    """An order made of anything the types allow gives facts or a refusal with reasons; it raises nothing."""
    given_now = command.model_copy(
        update={"mode": incident.mode, "by": by, "at": NOW + timedelta(minutes=ahead), "subject": incident.subject}
    )
    bodies = answer(Order(given_now, incident, REGISTER, NOW))
    for fact in builders.facts_of(incident, bodies, given_now):
        assert decode(FACTS, encode(fact)) == fact
        if isinstance(fact.body, CommandRefused):
            assert all(reason.strip() for reason in fact.body.reasons)


def test_an_incident_that_many_have_filled_can_still_be_stopped_and_mended() -> None:
    """Its state is one record: without room in it every order would be a dead letter, a freeze too."""
    report = Report(methane=builders.methane(hazards=("x" * 200,) * 290))
    incident, given_so_far = builders.released(), 0
    while (bodies := answer(builders.order(report, incident, NURSE, id=f"r-{given_so_far}")))[
        0
    ].kind != "command_refused":
        incident, given_so_far = builders.after(incident, bodies), given_so_far + 1
    assert "declare another incident" in builders.reasons(bodies)
    assert len(incident.model_dump_json().encode()) < STATE_BYTES_MAX + COMMAND_BYTES_MAX
    for body in (
        Freeze(reason="wait"),
        builders.holding(purpose=Purpose.WITHDRAWAL),
        StandDown(reason="over"),
    ):
        assert builders.kinds(answer(builders.order(body, incident))) != ["command_refused"]


def test_refused_orders_alone_fill_no_incident() -> None:
    """Anybody can have as many refused as they like; what counted is remembered all the same."""
    before = builders.released()
    refused = [CommandRefused(command_kind="release", reasons=("no: ask",))] * (KEPT + 10)
    incident = builders.after(before, refused)
    assert len(incident.refused) == KEPT
    assert incident.answered == before.answered
    assert answer(builders.order(builders.holding(), incident)) == []


@given(tried=st.lists(st.tuples(st.integers(0, 7), st.sampled_from([COMMANDER, NURSE])), max_size=40))
def test_no_order_counts_twice_however_many_were_refused_since(tried: Sequence[tuple[int, str]]) -> None:
    """A refused one that was forgotten is judged as if it were new; one that counted is never forgotten."""
    incident, counted = builders.declared(), Counter[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streams.subjects.state.KEPT", 2)
        for number, by in tried:
            body = Freeze(reason="wait") if number % 2 else Resume(reason="go on")
            order = builders.order(body, incident, by, id=f"{by}-{number}")
            bodies = answer(order)
            incident = builders.after(incident, bodies, order.command)
            counted[order.command.id] += builders.kinds(bodies) not in ([], ["command_refused"])
            assert answer(builders.order(body, incident, by, id=order.command.id)) == []
            assert len(incident.refused) <= 2
    assert max(counted.values(), default=0) <= 1


class Night(RuleBasedStateMachine):
    """A night of orders by anybody, at any time, right or wrong."""

    @initialize()
    def begin(self) -> None:
        self.incident = Incident(id=INCIDENT, mode=LIVE)
        self.facts: list[Any] = []
        self.now = NOW
        self.given = 0
        self.order(builders.declaration(), COMMANDER)

    def order(self, body: CommandBody, by: str, **changes: Any) -> Sequence[FactBody]:
        self.given += 1
        asked = builders.order(body, self.incident, by, now=self.now, **{"id": f"cmd-{self.given}", **changes})
        bodies = answer(asked)
        self.facts += builders.facts_of(self.incident, bodies, asked.command, self.now)
        before = self.incident
        self.incident = builders.after(self.incident, bodies, asked.command, self.now)
        self.judge(before, bodies, by)
        if self.incident.has_heard(asked.command.id):
            assert answer(Order(asked.command, self.incident, asked.register, self.now)) == []
        return bodies

    def judge(self, before: Incident, bodies: Sequence[FactBody], by: str) -> None:
        """No yes without authority, none to one's own words, no claim on what is settled."""
        for body in bodies:
            if isinstance(body, MessageAuthorised):
                yes = body.authorisation
                assert yes.person in REGISTER.people
                assert yes.person not in {NURSE, yes.drafted_by}
                assert by == yes.person or body.message.credit
                assert yes.content_hash == body.message.content()
                assert yes.at < yes.until
                assert body.message.id not in before.messages
            if isinstance(body, DeliveryClaimed):
                assert before.deliveries[body.delivery_id].state in {DeliveryState.ASKED, DeliveryState.UNKNOWN}
                assert body.until > self.now
            if isinstance(body, CommandRefused):
                assert all(reason.strip() for reason in body.reasons)

    @rule(seconds=st.sampled_from([1, 5, 30, 600]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.order(Tick(), "clock")

    @rule(by=PEOPLE, purpose=st.sampled_from(Purpose), minutes=st.integers(-1, 60), slots=st.sampled_from([SLOTS, {}]))
    def release(self, by: str, purpose: Purpose, minutes: int, slots: dict[str, str]) -> None:
        promised = self.now + timedelta(minutes=minutes)
        self.order(builders.holding(purpose=purpose, next_update_at=promised, slots=slots), by)

    @rule(by=PEOPLE)
    def draft(self, by: str) -> None:
        self.order(builders.line(), by)

    @rule(by=PEOPLE, data=st.data(), honest=st.booleans())
    def sign(self, by: str, data: st.DataObject, honest: bool) -> None:  # noqa: FBT001 - Hypothesis hands it over
        if self.incident.drafts:
            draft = data.draw(st.sampled_from([*self.incident.drafts.values()]))
            author = self.incident.drafted_by[draft.id]
            read = draft.content_hash if honest else "0" * 64
            bodies = self.order(SignOff(message_id=draft.id, content_hash=read), by)
            authorised = [body for body in bodies if isinstance(body, MessageAuthorised)]
            assert not authorised or (honest and by != author)

    @rule(post=st.sampled_from(["post-1", "post-2"]), by=PEOPLE)
    def amplify(self, post: str, by: str) -> None:
        credit = builders.credit(post_id=post)
        self.order(Amplify(credit=credit, text="Crews are here.", posted_at=self.now), by)

    @rule(data=st.data(), run=st.sampled_from(["run-1", "run-2"]), more=st.integers(-1, 1))
    def claim(self, data: st.DataObject, run: str, more: int) -> None:
        if self.incident.deliveries:
            delivery = data.draw(st.sampled_from([*self.incident.deliveries.values()]))
            attempt = max(1, delivery.attempt + more)
            self.order(ClaimDelivery(delivery_id=delivery.id, attempt=attempt, run=run), "publishing-agent")

    @rule(data=st.data(), word=st.sampled_from(["confirmed", "refused", "unsent", "unknown", "absent"]))
    def report(self, data: st.DataObject, word: Any) -> None:
        if self.incident.deliveries:
            delivery = data.draw(st.sampled_from([*self.incident.deliveries.values()]))
            if word == "confirmed" and delivery.state is DeliveryState.REFUSED:
                return  # A channel that refused has promised that nothing is public there.
            body = RecordOutcome(delivery_id=delivery.id, attempt=delivery.attempt, outcome=word)
            self.order(body, "publishing-agent")

    @rule(data=st.data(), by=PEOPLE, public=st.booleans())
    def resolve(self, data: st.DataObject, by: str, public: bool) -> None:  # noqa: FBT001 - Hypothesis hands it over
        if self.incident.deliveries:
            delivery = data.draw(st.sampled_from([*self.incident.deliveries.values()]))
            body = ResolveDelivery(delivery_id=delivery.id, attempt=delivery.attempt, public=public, evidence="looked")
            self.order(body, by)

    @rule(body=st.sampled_from([Cancel(reason="x"), StandDown(reason="x")]), by=PEOPLE)
    def end(self, body: CommandBody, by: str) -> None:
        self.order(body, by)

    @rule(command=ANY_ORDER)
    def anything(self, command: Command) -> None:
        self.order(command.body, command.by)

    @invariant()
    def nothing_is_doubled(self) -> None:
        """On one channel the same is done once, and every delivery belongs to an authorised message.

        Words that mend one message are not those that mend another, and none mends itself.
        """
        shown = [one for one in self.incident.deliveries.values() if one.state is not DeliveryState.REFUSED]
        messages = self.incident.messages
        mended = {name: one.follows for name, one in messages.items() if one.purpose in MENDS}
        standing = [
            (delivery.channel, mended.get(delivery.message_id), *sorted(messages[delivery.message_id].texts.items()))
            for delivery in shown
        ]
        there = {one.message_id for one in shown}
        twins = [(name, follows) for name, follows in mended.items() if {name, follows} <= there]
        assert not any(messages[name].texts == messages[follows].texts for name, follows in twins if follows)
        assert len(standing) == len(set(standing))
        assert {one.message_id for one in self.incident.deliveries.values()} <= self.incident.authorisations.keys()

    @invariant()
    def what_may_be_public_is_never_shown_as_not_public(self) -> None:
        hidden = {DeliveryState.REFUSED, DeliveryState.UNSENT}
        assert not [one for one in self.incident.deliveries.values() if one.may_be_public and one.state in hidden]

    def teardown(self) -> None:
        """The record adds up: the chain holds, and the facts give the state."""
        assert faults([fact.model_dump(mode="json") for fact in self.facts]) == []
        assert fold_all(Incident(id=INCIDENT, mode=LIVE), self.facts) == self.incident


TestNight = Night.TestCase
TestNight.settings = settings(max_examples=60, stateful_step_count=40)
