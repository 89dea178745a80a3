"""A channel by hand: a person gets the words and the link, says when it is done, and never has a stale task."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from streams.decisions.channels.kinds import KINDS, PLATFORMS, PLAYED
from streams.decisions.desk.judge import judge
from streams.decisions.release import by_hand
from streams.decisions.sign_off import concerns
from streams.decisions.wording.renderer import quote
from streams.projections.inbox import answers, inbox
from streams.projections.public import PublicWords
from streams.subjects.attention import Waiting, waiting
from streams.subjects.incident import Incident
from streams.telling.attention import told_attention, told_content
from streams.telling.brief import brief
from streams.values import Form, Purpose
from streams.words.delivery import (
    Delivery,
    DeliveryState,
    DoneByHand,
    Receipt,
    RecordOutcome,
    ResolveDelivery,
    Verb,
)
from streams.words.facts import Fact
from streams.words.incident import StandDown
from streams.words.orders import CommandBody, Tick
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume
from tests import builders
from tests.builders import COMMANDER, NOW

OURS, POST = "https://network.example/ours", "https://network.example/ours/1"
MENDING = (Purpose.CORRECTION, Purpose.WITHDRAWAL)


def by_hand_on(platform: str = "whatsapp") -> dict[str, object]:
    return {"kind": "by-hand", "options": {"platform": platform, "url": OURS}}


@dataclass
class Night:
    """An incident with one channel that a machine reaches and one that a person writes on."""

    incident: Incident = field(default_factory=builders.declared)
    facts: list[Fact] = field(default_factory=list)
    now: datetime = NOW
    given: int = 0

    def __post_init__(self) -> None:
        channels = {"website": builders.channel("website"), "social": builders.channel("social", **by_hand_on())}
        self.register = builders.register(channels=channels)

    def give(self, body: CommandBody, by: str = COMMANDER) -> Sequence[Fact]:
        self.given += 1
        order = builders.order(body, self.incident, by, register=self.register, now=self.now, id=f"cmd-{self.given}")
        facts, incident = judge(order, run="run-1", register_version="v")
        assert isinstance(incident, Incident)
        self.incident = incident
        self.facts += facts
        return facts

    def release(self, purpose: Purpose = Purpose.HOLDING, **changes: object) -> str:
        next_update = {} if purpose is Purpose.HOLDING else {"next_update_at": None}
        self.give(builders.holding(purpose=purpose, **next_update, **changes))
        return next(reversed([*self.incident.messages]))

    def on(self, message: str, channel: str = "social") -> Delivery:
        found = self.incident.deliveries.values()
        return next(one for one in found if (one.message_id, one.channel) == (message, channel))

    def done(self, message: str, url: str | None = POST) -> None:
        self.give(DoneByHand(delivery_id=self.on(message).id, url=url))

    def waits(self) -> list[Waiting]:
        return [one for one in waiting(self.incident, self.now) if one.kind == "by-hand"]

    def told(self) -> str:
        """Everything that a person reads of what waits for their hand."""
        return "\n".join(line for one in self.waits() for line in told_content(one, self.incident, zone=UTC))


def test_a_person_is_asked_and_no_machine_claims_it() -> None:
    """The other channel goes at once, as ever."""
    night = Night()
    first = night.release()
    assert night.on(first).state is DeliveryState.ASKED
    assert night.on(first, "website").state is DeliveryState.SENDING
    assert [one.what for one in night.waits()] == [night.on(first).id]
    assert night.waits()[0].until == night.incident.messages[first].expires_at
    assert "WAITS FOR A PERSON'S HAND" in "\n".join(brief(night.incident, NOW, zone=UTC))


def test_the_inbox_has_the_link_to_open_the_exact_text_and_the_order_that_ticks_it() -> None:
    """Every language is there, each with its hashtags, as the network takes it."""
    night = Night()
    message = night.incident.messages[first] if (first := night.release()) else None
    assert message
    (waits,) = inbox(COMMANDER, night.incident, register=night.register, now=NOW)
    assert "until" in told_attention(waits, zone=UTC)
    lines = night.told().splitlines()
    assert lines[0] == f"social (whatsapp): open {OURS}"
    copied = [f"{message.text_for(language, Form.SHORT)}" for language in ("en", "cy")]
    assert "\n".join(lines[2:]).replace("\n\n", "\n") == "\n".join(copied)
    assert answers(waits, night.incident) == [DoneByHand(delivery_id=waits.what)]


def test_who_did_it_and_where_it_can_be_seen_stays_in_the_record() -> None:
    night = Night()
    first = night.release()
    night.done(first)
    delivery = night.on(first)
    assert delivery.state is DeliveryState.CONFIRMED
    assert delivery.receipt
    assert (delivery.receipt.url, delivery.receipt.at) == (POST, NOW)
    assert "done by hand on social by Test Director On Call" in delivery.receipt.words
    assert night.waits() == []


def test_the_answer_of_a_release_does_not_wait_for_the_hand_and_says_where_to_look() -> None:
    night = Night()
    words = PublicWords(message_id=night.release())
    for fact in night.facts:
        words = words.after(fact)
    (task,) = [one for one in words.on.values() if one.channel == "social"]
    assert task.is_settled
    assert "by hand" in (task.reason or "")


@pytest.mark.parametrize("purpose", MENDING)
def test_what_was_not_done_yet_is_stopped_by_what_mends_it(purpose: Purpose) -> None:
    """Nobody may put wrong words there after they were mended; what was never there is not taken back."""
    night = Night()
    first = night.release()
    mend = night.release(purpose)
    stopped = night.on(first)
    assert stopped.state is DeliveryState.REFUSED
    assert quote(night.incident.messages[mend]) in (stopped.reason or "")
    on_the_list = [one.what for one in night.waits()]
    assert on_the_list == ([night.on(mend).id] if purpose is Purpose.CORRECTION else [])


@pytest.mark.parametrize(("purpose", "verb"), [*zip(MENDING, (Verb.CORRECT, Verb.WITHDRAW), strict=True)])
def test_what_was_done_is_mended_by_hand_again_and_the_task_names_the_post(purpose: Purpose, verb: Verb) -> None:
    night = Night()
    first = night.release()
    night.done(first)
    mend = night.release(purpose)
    assert night.on(mend).verb is verb
    assert POST in night.told()
    # The wrong words do not get right by waiting.
    night.now += timedelta(days=1)
    assert not by_hand.is_due(night.incident, night.now)
    assert [one.what for one in night.waits()] == [night.on(mend).id]


def test_a_withdrawal_of_what_never_came_there_asks_nobody_for_anything() -> None:
    """Even where the order names the channel."""
    night = Night()
    first = night.release()
    withdrawal = night.release(Purpose.WITHDRAWAL, follows=first, channels=("website", "social"))
    assert night.on(withdrawal).state is DeliveryState.REFUSED
    assert night.waits() == []


def test_a_freeze_takes_it_off_the_list_until_a_person_lets_it_go_on() -> None:
    night = Night()
    first = night.release()
    night.give(Freeze(reason="not sure"))
    assert night.waits() == []
    night.give(Resume(reason="sure"))
    assert night.waits() == []
    night.give(ReleaseHeld(delivery_id=night.on(first).id))
    assert [one.what for one in night.waits()] == [night.on(first).id]
    assert night.on(first).state is DeliveryState.ASKED


@pytest.mark.parametrize("stop", ["cancel", "stand-down", "expiry"])
def test_what_is_over_is_off_the_list_with_a_sentence(stop: str) -> None:
    night = Night()
    first = night.release()
    if stop == "expiry":
        night.now = night.incident.messages[first].expires_at
        assert by_hand.is_due(night.incident, night.now)
    cancel = CancelRelease(message_id=first, reason="wrong")
    bodies: dict[str, CommandBody] = {"cancel": cancel, "stand-down": StandDown(reason="over")}
    night.give(bodies.get(stop, Tick()))
    assert night.on(first).state is DeliveryState.REFUSED
    assert night.on(first).reason
    assert night.waits() == []
    assert not by_hand.is_due(night.incident, night.now)


def test_the_end_of_the_incident_leaves_what_mends_wrong_words() -> None:
    night = Night()
    first = night.release()
    night.done(first)
    withdrawal = night.release(Purpose.WITHDRAWAL)
    night.give(StandDown(reason="over"))
    assert [one.what for one in night.waits()] == [night.on(withdrawal).id]


def test_what_a_person_put_there_although_it_was_stopped_is_recorded_as_public() -> None:
    """The record says what is true, and a withdrawal then has something to take back."""
    night = Night()
    first = night.release()
    night.give(CancelRelease(message_id=first, reason="wrong"))
    night.done(first)
    assert night.on(first).state is DeliveryState.CONFIRMED
    withdrawal = night.release(Purpose.WITHDRAWAL, follows=first)
    assert POST in night.told()
    assert night.on(withdrawal).is_task


def test_it_pages_by_its_rule() -> None:
    assert concerns.rule_for("by-hand", builders.register()).pages == "now"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_network_reads_its_options(platform: str) -> None:
    entry = builders.channel("there", **by_hand_on(platform))
    assert by_hand.settings_of(entry).platform == platform


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"url": OURS}, "has to be one of facebook, instagram, intranet"),
        ({"platform": "parrot", "url": OURS}, "has to be one of"),
        ({"platform": "whatsapp"}, "has to be the link that a person opens"),
        ({"platform": "whatsapp", "url": "ours"}, "has to be the link that a person opens"),
        ({"platform": "whatsapp", "url": OURS, "host": "h"}, "there is no option host"),
    ],
)
def test_options_that_do_not_fit_are_refused_with_what_to_give(options: dict[str, str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        by_hand.settings_of(builders.channel("there", kind="by-hand", options=options))


@pytest.fixture
def with_teams(monkeypatch: pytest.MonkeyPatch) -> Night:
    """A night whose website is a channel that takes another post in place of an edit."""
    monkeypatch.setitem(KINDS, PLAYED.name, replace(PLAYED, leaves_earlier=True))
    return Night()


def sent(night: Night, message: str) -> None:
    """The machine's channel took it."""
    one = night.on(message, "website")
    seen = RecordOutcome(delivery_id=one.id, attempt=one.attempt, outcome="confirmed", receipt=Receipt(words="taken"))
    night.give(seen, by="publishing-agent")


@pytest.mark.parametrize("purpose", MENDING)
def test_a_post_that_a_mend_leaves_there_waits_until_a_person_deleted_it(purpose: Purpose, with_teams: Night) -> None:
    """The inbox shows what to delete and the order that ticks it off; the end of the incident does not end it."""
    night = with_teams
    first = night.release()
    sent(night, first)
    night.done(first)
    assert night.waits() == []
    mend = night.release(purpose, follows=first)
    sent(night, mend)
    left = night.on(mend, "website")
    assert left.id in {one.what for one in night.waits()}
    assert f"website: delete our post with message {first} there, by hand" in night.told()
    night.give(StandDown(reason="over"))
    assert left.id in {one.what for one in night.waits()}
    night.give(DoneByHand(delivery_id=left.id))
    assert left.id not in {one.what for one in night.waits()}
    receipt = night.on(mend, "website").receipt
    assert receipt
    assert receipt.words.startswith("the earlier post was deleted by hand by ")


def test_a_mend_of_words_that_never_came_there_leaves_nothing_to_delete(with_teams: Night) -> None:
    """The channel refused them."""
    night = with_teams
    first = night.release()
    one = night.on(first, "website")
    refused = RecordOutcome(delivery_id=one.id, attempt=one.attempt, outcome="refused", reason="too long")
    night.give(refused, by="publishing-agent")
    mend = night.release(Purpose.CORRECTION, follows=first, channels=("website",))
    sent(night, mend)
    assert night.on(mend, "website").left is None


def test_a_person_who_saw_the_mend_is_asked_to_delete_the_earlier_post_too(with_teams: Night) -> None:
    """Its answer was lost: their word for it says nothing of the first post."""
    night = with_teams
    first = night.release()
    sent(night, first)
    mend = night.release(Purpose.CORRECTION, follows=first)
    one = night.on(mend, "website")
    lost = RecordOutcome(delivery_id=one.id, attempt=one.attempt, outcome="unknown", reason="no answer")
    night.give(lost, by="publishing-agent")
    seen = ResolveDelivery(delivery_id=one.id, attempt=one.attempt, public=True, evidence="I see it")
    night.give(seen)
    assert night.on(mend, "website").left
