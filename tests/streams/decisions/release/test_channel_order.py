"""Order on a channel: no mend comes before its message, what was withdrawn in time never goes out, nothing waits on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.decisions.release import channel_order
from streams.decisions.release.delivery_orders import HALF_MADE, is_due
from streams.decisions.wording.renderer import quote
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.subjects.past import Past, Row, set_aside
from streams.values import Purpose
from streams.words.delivery import (
    ClaimDelivery,
    Delivery,
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryState,
    DeliveryUnknown,
    RecordOutcome,
    Resolution,
    ResolveDelivery,
    Sight,
)
from streams.words.facts import Fact, FactBody
from streams.words.orders import CommandBody, Tick
from streams.words.release import MENDS, MessageAuthorised
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume
from tests import builders
from tests.builders import COMMANDER, NOW
from tests.networks import FORGETFUL, ORDERLY, READ_BACK
from tests.scenarios.judging import in_order

pytestmark = pytest.mark.usefixtures("networks")
AGENT = "publishing-agent"
PLACES = (READ_BACK.name, FORGETFUL.name, ORDERLY.name)
WITHDRAWAL = builders.holding(purpose=Purpose.WITHDRAWAL, next_update_at=None)
CORRECTION = builders.holding(purpose=Purpose.CORRECTION, next_update_at=None)
WORDS = ("confirmed", "refused", "unsent", "unknown", "absent", "different", "hidden")


@dataclass
class Night:
    """An incident to which orders are given one after another, on a channel of each of these kinds."""

    kinds: Sequence[str] = (READ_BACK.name,)
    seconds: float = 0.0
    incident: Incident = field(default_factory=builders.declared)
    facts: list[Fact] = field(default_factory=list)
    given: int = 0
    rows: dict[str, Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        channels = {name: builders.channel(name, kind=name) for name in self.kinds}
        template = builders.template(channels=tuple(self.kinds))
        self.record = self.incident
        self.register = builders.register(channels=channels, templates={template.id: template})

    def give(self, body: CommandBody, by: str = COMMANDER) -> Sequence[FactBody]:
        """What comes of an order."""
        self.given += 1
        now = NOW + timedelta(seconds=self.seconds)
        order = builders.order(body, self.incident, by, register=self.register, now=now, id=f"cmd-{self.given}")
        facts, incident = judge(order, run="run-1", register_version="v")
        assert isinstance(incident, Incident)
        self.incident = incident
        self.facts += facts
        self._give_thin(order, facts)
        return [fact.body for fact in facts]

    def _give_thin(self, order: Order, expected: Sequence[Fact]) -> None:
        """Give the order to the record without what is settled, as the desk keeps it: the answer is the same."""
        thin = replace(order, state=self.record, past=Past(self.rows.get))
        facts, after = judge(thin, run="run-1", register_version="v")
        assert facts == expected
        if facts:
            assert isinstance(after, Incident)
            self.record, rows = set_aside(after, at=order.now)
            self.rows |= rows

    def release(self, **changes: object) -> str:
        self.give(builders.holding(**changes))
        return next(reversed([*self.incident.messages]))

    def mend(self, body: CommandBody, follows: str) -> Sequence[FactBody]:
        return self.give(body.model_copy(update={"follows": follows}))

    def report(self, delivery: Delivery, word: str) -> Sequence[FactBody]:
        outcome = RecordOutcome(delivery_id=delivery.id, attempt=delivery.attempt, outcome=word)  # type: ignore[arg-type] # one of them
        return self.give(outcome, AGENT)

    def of(self, message: str, channel: str = READ_BACK.name) -> Delivery:
        found = self.incident.deliveries.values()
        return next(one for one in found if (one.message_id, one.channel) == (message, channel))

    def last(self) -> str:
        return next(reversed([*self.incident.messages]))


def kinds(bodies: Sequence[FactBody]) -> list[str]:
    return builders.kinds(bodies)


def test_a_correction_waits_until_its_message_is_settled_and_goes_in_the_same_judgement() -> None:
    """Whatever becomes of the first: nobody has to look after the second."""
    for word in ("confirmed", "refused", "unknown"):
        night = Night()
        first = night.release()
        assert kinds(night.mend(CORRECTION, first)) == ["message_authorised", "delivery_asked"]
        after = night.report(night.of(first), word)
        claims = [one for one in after if isinstance(one, DeliveryClaimed)]
        assert [one.delivery_id for one in claims] == [night.of(night.last()).id]


def test_a_correction_waits_while_its_message_is_tried_again() -> None:
    """The words that it corrects go out first, if they can."""
    night = Night()
    first = night.release()
    night.mend(CORRECTION, first)
    mend = night.last()
    assert kinds(night.report(night.of(first), "unsent")) == ["delivery_unsent"]
    night.seconds = 30
    assert kinds(night.give(Tick(), "clock")) == ["delivery_asked", "delivery_claimed"]
    assert (night.of(first).state, night.of(mend).state) == (DeliveryState.SENDING, DeliveryState.ASKED)
    night.report(night.of(first), "confirmed")
    assert night.of(mend).state is DeliveryState.SENDING


def test_a_withdrawal_that_is_settled_still_keeps_its_message_from_being_sent_again() -> None:
    """It stays in the record until nothing is left to do about the words that it withdraws."""
    night = Night(kinds=(FORGETFUL.name,))
    first = night.release()
    night.report(night.of(first, FORGETFUL.name), "unknown")
    night.mend(WITHDRAWAL, first)
    mend = night.last()
    night.report(night.of(mend, FORGETFUL.name), "confirmed")
    assert {first, mend} == set(night.record.messages)
    night.seconds = 2
    ways = [one.way for one in night.give(Tick(), "clock") if isinstance(one, DeliveryUnknown)]
    assert ways == [Resolution.READ_BACK]
    night.report(night.of(first, FORGETFUL.name), "confirmed")
    assert not night.record.messages


def test_a_withdrawal_stops_what_has_not_gone_and_goes_itself_at_once() -> None:
    """The first was surely not sent: it never is."""
    night = Night()
    first = night.release()
    night.report(night.of(first), "unsent")
    assert "delivery_refused" in kinds(night.mend(WITHDRAWAL, first))
    assert night.of(first).state is DeliveryState.REFUSED
    withdrawal = night.incident.messages[night.last()]
    assert f"{quote(withdrawal)} withdrew these words" in str(night.of(first).reason)
    assert night.of(night.last()).state is DeliveryState.SENDING


def test_a_withdrawal_stops_its_message_also_where_it_does_not_go_itself() -> None:
    night = Night(kinds=(READ_BACK.name, FORGETFUL.name))
    first = night.release()
    night.report(night.of(first), "confirmed")
    night.report(night.of(first, FORGETFUL.name), "unsent")
    night.mend(WITHDRAWAL.model_copy(update={"channels": (READ_BACK.name,)}), first)
    assert night.of(first, FORGETFUL.name).state is DeliveryState.REFUSED


def test_a_withdrawal_waits_while_its_message_is_being_sent() -> None:
    """Whether that publishes decides; if not, it is the last attempt."""
    night = Night()
    first = night.release()
    night.mend(WITHDRAWAL, first)
    mend = night.last()
    assert night.of(mend).state is DeliveryState.ASKED
    assert kinds(night.report(night.of(first), "unsent")) == ["delivery_unsent", "delivery_refused", "delivery_claimed"]
    assert (night.of(first).state, night.of(mend).state) == (DeliveryState.REFUSED, DeliveryState.SENDING)


def test_a_withdrawal_of_words_in_doubt_goes_at_once_and_they_are_looked_at_again() -> None:
    """Not sent again, also where the channel knows its keys; and found absent they stay away."""
    night = Night(kinds=(FORGETFUL.name,))
    first = night.release()
    night.report(night.of(first, FORGETFUL.name), "unknown")
    after = night.mend(WITHDRAWAL, first)
    assert night.of(night.last(), FORGETFUL.name).state is DeliveryState.SENDING
    (doubt,) = [one for one in after if isinstance(one, DeliveryUnknown)]
    assert doubt.delivery_id == night.of(first, FORGETFUL.name).id
    assert (doubt.way, doubt.look_again_at is not None) == (Resolution.READ_BACK, True)
    again = ClaimDelivery(delivery_id=doubt.delivery_id, attempt=2, run="run-1")
    assert kinds(night.give(again, AGENT)) == ["delivery_unknown"]
    night.seconds = 600
    night.report(night.of(first, FORGETFUL.name), "absent")
    assert night.of(first, FORGETFUL.name).state is DeliveryState.REFUSED


def test_a_correction_does_not_wait_for_what_a_freeze_holds_back() -> None:
    """Nobody knows when somebody resumes; and by then the words are corrected, so they are not sent."""
    night = Night()
    first = night.release()
    night.report(night.of(first), "unsent")
    night.give(Freeze(reason="wait"))
    night.mend(CORRECTION, first)
    assert night.of(night.last()).state is DeliveryState.SENDING
    night.give(Resume(reason="go on"))
    night.give(ReleaseHeld(delivery_id=night.of(first).id))
    assert night.of(first).state is DeliveryState.REFUSED
    assert "mends these words" in str(night.of(first).reason)


def test_a_look_that_shows_nothing_counts_only_once_no_copy_can_land() -> None:
    """An agent's or a person's: earlier the delivery stays unknown, and the person is told until when."""
    night = Night()
    first = night.release()
    night.report(night.of(first), "unknown")
    assert night.report(night.of(first), "absent") == []
    looked = ResolveDelivery(delivery_id=night.of(first).id, attempt=1, public=False, evidence="not there")
    assert "a copy may still land on read-back until 22:31:40 GMT" in builders.reasons(night.give(looked))
    night.seconds = 41
    assert kinds(night.report(night.of(first), "absent")) == ["delivery_unsent"]


@pytest.mark.parametrize("sight", ["hidden", "different"])
@pytest.mark.parametrize("kind", [READ_BACK.name, FORGETFUL.name])
def test_what_the_channel_took_and_the_public_does_not_read_waits_for_a_person(kind: str, sight: str) -> None:
    """It is noted once, looked at again, and never sent again; once it shows, it is public."""
    night = Night((kind,))
    first = night.release()
    assert kinds(night.report(night.of(first, kind), sight)) == ["delivery_unknown"]
    assert night.report(night.of(first, kind), sight) == []
    assert [one.kind for one in waiting(night.incident, NOW)] == ["amiss"]
    delivery = night.of(first, kind)
    assert delivery.due_at
    night.seconds = (delivery.due_at - NOW).total_seconds()
    (looked,) = night.give(Tick())
    assert isinstance(looked, DeliveryUnknown)
    assert (looked.look_now, looked.way, looked.sight) == (True, Resolution.READ_BACK, Sight(sight))
    assert kinds(night.report(night.of(first, kind), "confirmed")) == ["delivery_confirmed"]
    assert (night.of(first, kind).state, night.of(first, kind).sight) == (DeliveryState.CONFIRMED, None)


def test_what_cannot_be_sent_again_is_not_claimed_again() -> None:
    """The desk itself refuses a blind retry; a key that the channel has forgotten is none."""
    for kind, seconds in ((READ_BACK.name, 1), (FORGETFUL.name, 61)):
        night = Night(kinds=(kind,))
        first = night.release()
        night.report(night.of(first, kind), "unknown")
        night.seconds = seconds
        again = ClaimDelivery(delivery_id=night.of(first, kind).id, attempt=2, run="run-1")
        (unknown,) = night.give(again, AGENT)
        assert isinstance(unknown, DeliveryUnknown)
        assert "would publish it twice" in unknown.reason


def test_where_order_matters_one_goes_after_another() -> None:
    night = Night(kinds=(ORDERLY.name,))
    first = night.release()
    second = night.release(slots={**builders.SLOTS, "time": "22:20"})
    assert night.of(second, ORDERLY.name).state is DeliveryState.ASKED
    night.report(night.of(first, ORDERLY.name), "confirmed")
    assert night.of(second, ORDERLY.name).state is DeliveryState.SENDING


ACTS = ("release", "correct", "withdraw", "cancel", "freeze", "resume", "let go", "tick", "again", *WORDS)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 7), st.sampled_from([0, 1, 20, 70])), max_size=14)


def act(night: Night, what: str, which: int) -> None:
    """One step of a night; `which` chooses among what there is."""
    messages, deliveries = [*night.incident.messages], [*night.incident.deliveries.values()]
    if what == "release":
        night.release(slots={**builders.SLOTS, "time": f"22:{10 + night.given % 50}"})
    elif what == "freeze":
        night.give(Freeze(reason="wait"))
    elif what == "resume":
        night.give(Resume(reason="go on"))
    elif what == "tick":
        night.give(Tick(), "clock")
    elif messages and what in {"correct", "withdraw"}:
        night.mend(CORRECTION if what == "correct" else WITHDRAWAL, messages[which % len(messages)])
    elif messages and what == "cancel":
        night.give(CancelRelease(message_id=messages[which % len(messages)], reason="no"))
    elif deliveries:
        act_on(night, what, deliveries[which % len(deliveries)])


def act_on(night: Night, what: str, one: Delivery) -> None:
    if what == "let go":
        night.give(ReleaseHeld(delivery_id=one.id))
    elif what == "again":
        night.give(ClaimDelivery(delivery_id=one.id, attempt=one.attempt + 1, run="run-1"), AGENT)
    elif what in WORDS and one.state in {DeliveryState.SENDING, DeliveryState.UNKNOWN}:
        night.report(one, what)


def settle(night: Night) -> None:
    """Time passes, each channel answers, and nobody does anything but resolve what only a person can."""
    for _ in range(200):
        night.seconds += 5
        for one in [*night.incident.deliveries.values()]:
            if one.state is DeliveryState.SENDING:
                night.report(one, "confirmed")
            elif one.state is DeliveryState.UNKNOWN:
                night.report(one, "absent")
        if is_due(night.incident, NOW + timedelta(seconds=night.seconds)):
            night.give(Tick(), "clock")
        waiting = [one for one in night.incident.deliveries.values() if not _is_settled(one)]
        if not waiting:
            return
    held = {*night.incident.stops.held}
    frozen = night.incident.stops.frozen is not None
    left = [one for one in night.incident.deliveries.values() if not _is_settled(one)]
    assert [one for one in left if not frozen and one.id not in held] == []
    assert [one for one in left if night.incident.messages[one.message_id].purpose in MENDS] == []


def _is_settled(delivery: Delivery) -> bool:
    return delivery.state in {DeliveryState.CONFIRMED, DeliveryState.REFUSED}


@example(steps=[("release", 0, 0), ("correct", 0, 70), ("tick", 0, 0), ("unsent", 6, 0)])
@settings(max_examples=150)
@given(STEPS)
def test_whatever_comes_between_no_mend_comes_first_and_nothing_waits_for_ever(
    steps: Sequence[tuple[str, int, int]],
) -> None:
    """On channels of three kinds; what a freeze holds back waits for a person, and nothing else does."""
    night = Night(kinds=PLACES)
    night.release()
    for what, which, passes in steps:
        night.seconds += passes
        act(night, what, which)
    settle(night)
    in_order(night.facts)
    after_the_withdrawal(night.facts)


@pytest.mark.parametrize("broken", ["waits_for", "mended"])
def test_a_desk_that_keeps_no_order_is_found(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The judgement can fail: for a mend that does not wait, and for words that are sent after their withdrawal."""
    monkeypatch.setattr(channel_order, broken, lambda *_, **__: None)
    night = Night()
    first = night.release()
    night.mend(WITHDRAWAL, first)
    night.report(night.of(first), "unsent")
    night.seconds = 30
    night.give(Tick(), "clock")
    with pytest.raises(AssertionError):
        in_order(night.facts)


def after_the_withdrawal(facts: Sequence[Fact]) -> None:
    """From the moment somebody authorised a withdrawal that nobody cancelled, its message is claimed nowhere."""
    withdrawn: dict[str, str] = {}
    message_of: dict[str, str] = {}
    for body in (fact.body for fact in facts):
        match body:
            case MessageAuthorised(message=message) if message.purpose is Purpose.WITHDRAWAL and message.follows:
                withdrawn[message.id] = message.follows
            case DeliveryAsked():
                message_of[body.delivery_id] = body.message_id
            case DeliveryClaimed():
                assert message_of[body.delivery_id] not in withdrawn.values()
            case _ if body.kind == "release_cancelled":
                withdrawn.pop(body.message_id, None)


def test_a_withdrawal_that_may_be_half_made_says_so_once_the_power_to_send_it_again_has_ended() -> None:
    """It was sent before the place of its message was known: its words may be there, and the message too."""
    night = Night(kinds=("mastodon",))
    message = night.release()
    night.report(night.of(message, "mastodon"), "unknown")
    night.mend(WITHDRAWAL, message)
    withdrawal = night.last()
    night.report(night.of(withdrawal, "mastodon"), "unknown")
    night.report(night.of(message, "mastodon"), "confirmed")
    night.seconds = 3600.0
    night.give(Tick(), "clock")
    night.report(night.of(withdrawal, "mastodon"), "absent")
    night.register = night.register.model_copy(update={"rota": ()})
    night.seconds += 3600.0
    night.give(Tick(), "clock")
    refused = night.of(withdrawal, "mastodon")
    assert refused.state is DeliveryState.REFUSED
    assert str(refused.reason).startswith(HALF_MADE)
    assert "not on the rota" in str(refused.reason)
