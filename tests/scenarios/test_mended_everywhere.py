"""One order mends a wrong message on every channel that has it or may have it, each in the way of its kind."""

from datetime import UTC

import pytest

from streams.decisions.channels.kinds import EMAIL, SITE
from streams.projections.public import PublicWords
from streams.telling.brief import brief
from streams.telling.deliveries import text_to_copy, told_task
from streams.telling.facts import told_delivery_state
from streams.values import Purpose
from streams.words.delivery import Delivery, DeliveryClaimed, DeliveryState, DoneByHand, RecordOutcome, Verb
from streams.words.orders import CommandBody
from streams.words.release import DraftLine, SignOff
from tests import builders
from tests.builders import COMMANDER, NOW, SIGNER, WRITER
from tests.networks import FORGETFUL, READ_BACK

pytestmark = pytest.mark.usefixtures("networks")
AGENT = "publishing-agent"
POST = "https://network.example/ours/1"
BY_HAND = {"platform": "whatsapp", "url": "https://network.example/ours"}
REACHED = {"site": "confirmed", "email": "confirmed", "read": "confirmed", "forgetful": "unknown", "never": "refused"}
"""What became of the wrong message on each channel that a machine reaches."""
KINDS = {"site": SITE.name, "email": EMAIL.name, "read": READ_BACK.name, "forgetful": FORGETFUL.name, "never": "memory"}
VERBS = {Purpose.CORRECTION: Verb.CORRECT, Purpose.WITHDRAWAL: Verb.WITHDRAW, Purpose.ALL_CLEAR: Verb.PUBLISH}


class Night:
    """An incident whose template speaks on one channel more than its wrong message came to."""

    def __init__(self) -> None:
        channels = {name: builders.channel(name, kind=kind) for name, kind in KINDS.items()}
        channels["hand"] = builders.channel("hand", kind="by-hand", options=BY_HAND)
        channels["left-out"] = builders.channel("left-out")
        template = builders.template(channels=tuple(channels))
        self.register = builders.register(channels=channels, templates={template.id: template})
        self.incident = builders.declared()
        self.facts: list[object] = []
        self.given = 0
        self.words: dict[str, PublicWords] = {}

    def give(self, body: CommandBody, by: str = COMMANDER) -> None:
        self.given += 1
        order = builders.order(body, self.incident, by, register=self.register, id=f"cmd-{self.given}")
        facts, self.incident = builders.judged(order)
        for name in self.incident.messages:
            words = self.words.get(name, PublicWords(message_id=name))
            for fact in facts:
                words = words.after(fact)
            self.words[name] = words
        self.facts += [fact.body for fact in facts]

    def release(self, purpose: Purpose = Purpose.HOLDING, **changes: object) -> str:
        next_update = {} if purpose is Purpose.HOLDING else {"next_update_at": None}
        self.give(builders.holding(purpose=purpose, **next_update, **changes))
        return next(reversed([*self.incident.messages]))

    def report(self, message: str, outcomes: dict[str, str]) -> None:
        for channel, outcome in outcomes.items():
            delivery = self.on(message)[channel]
            body = {"delivery_id": delivery.id, "attempt": delivery.attempt, "outcome": outcome}
            self.give(RecordOutcome.model_validate(body), AGENT)

    def on(self, message: str) -> dict[str, Delivery]:
        return {one.channel: one for one in self.incident.deliveries.values() if one.message_id == message}


def wrong() -> tuple[Night, str]:
    """The wrong message is public, or may be, everywhere but on two channels."""
    night = Night()
    first = night.release(channels=(*KINDS, "hand"))
    night.report(first, REACHED)
    night.give(DoneByHand(delivery_id=night.on(first)["hand"].id, url=POST))
    return night, first


@pytest.mark.parametrize("purpose", VERBS)
def test_one_order_without_channels_reaches_all_that_had_it_or_may_have_it_and_no_other(purpose: Purpose) -> None:
    night, first = wrong()
    mend = night.release(purpose)
    asked = night.on(mend)
    assert set(asked) == {"site", "email", "read", "forgetful", "hand"}
    assert {one.verb for one in asked.values()} == {VERBS[purpose]}
    claims = {one.dispatch.channel: one.dispatch for one in night.facts if isinstance(one, DeliveryClaimed)}
    if purpose is not Purpose.ALL_CLEAR:
        # Each channel gets told which of its posts it is about.
        assert {claims[name].target_key for name in asked if name != "hand"} == {
            one.id for name, one in night.on(first).items() if name in asked and name != "hand"
        }


def test_a_correction_in_its_own_words_reaches_each_channel_as_one_of_a_template_does() -> None:
    """It names the same posts, and each kind changes, follows or asks for them in its own way."""
    night, first = wrong()
    texts = {"en": "We wrote 22:15. It was 22:05.", "cy": "Ysgrifennom 22:15. Am 22:05 yr oedd."}
    channels = ("site", "email", "read", "forgetful", "hand")
    night.give(DraftLine(texts=texts, channels=channels, follows=first), WRITER)
    (draft,) = night.incident.drafts.values()
    night.give(SignOff(message_id=draft.id, content_hash=draft.content_hash), SIGNER)
    asked = night.on(draft.id)
    assert {name: one.verb for name, one in asked.items()} == dict.fromkeys(channels, Verb.CORRECT)
    claims = {one.dispatch.channel: one.dispatch for one in night.facts if isinstance(one, DeliveryClaimed)}
    for name in channels[:-1]:
        assert claims[name].message.id == draft.id
        assert claims[name].target_key == night.on(first)[name].id
    assert f"correction {draft.id} to {first}" in "\n".join(brief(night.incident, NOW, zone=UTC))


def test_the_outcome_of_each_channel_is_told_apart_in_the_answer_and_in_the_status() -> None:
    night, _ = wrong()
    mend = night.release(Purpose.CORRECTION)
    night.report(mend, {"site": "confirmed", "email": "unknown", "read": "refused"})
    states = {one.channel: one.state for one in night.words[mend].on.values()}
    told = {
        "site": DeliveryState.CONFIRMED,
        "email": DeliveryState.UNKNOWN,
        "read": DeliveryState.REFUSED,
        "forgetful": DeliveryState.SENDING,
        "hand": DeliveryState.ASKED,
    }
    assert states == told
    lines = "\n".join(brief(night.incident, NOW, zone=UTC))
    for name in ("email", "forgetful", "hand"):
        assert told_delivery_state(night.on(mend)[name], zone=UTC) in lines


def test_a_correction_is_itself_withdrawn_with_one_order_where_it_went() -> None:
    night, _ = wrong()
    mend = night.release(Purpose.CORRECTION)
    night.report(mend, {"site": "confirmed", "email": "confirmed", "read": "confirmed", "forgetful": "confirmed"})
    withdrawal = night.release(Purpose.WITHDRAWAL, follows=mend)
    # On the channel by hand nobody put the correction, and the words that it should have mended are there.
    assert set(night.on(withdrawal)) == {"site", "email", "read", "forgetful", "hand"}


def test_a_withdrawal_of_a_correction_asks_a_person_to_delete_what_may_be_there_by_hand() -> None:
    """Whether the person had put the correction there and not said so, nobody knows: both posts are named."""
    night, _ = wrong()
    mend = night.release(Purpose.CORRECTION)
    task = night.on(night.release(Purpose.WITHDRAWAL, follows=mend))["hand"]
    assert night.on(mend)["hand"].state is DeliveryState.REFUSED
    assert task.is_task
    _, step, *words = told_task(task, night.incident)
    posts = f"our post {POST}, and our post with message {mend} if somebody put it there"
    assert step == f"delete {posts}, then post exactly these words:"
    assert task.by_hand
    assert "\n".join(words) == text_to_copy(night.incident.messages[task.message_id], task.by_hand)


def test_a_withdrawal_of_a_correction_goes_nowhere_where_neither_was() -> None:
    """A channel on which both were refused has nothing to take back."""
    night, first = wrong()
    mend = night.release(Purpose.CORRECTION)
    assert "never" not in night.on(mend)
    night.report(mend, {"site": "refused"})
    withdrawal = night.release(Purpose.WITHDRAWAL, follows=mend)
    assert night.on(first)["never"].state is DeliveryState.REFUSED
    assert {"never", "left-out"}.isdisjoint(night.on(withdrawal))
    # On the site only the correction was refused: the wrong words are there.
    claims = [one.dispatch for one in night.facts if isinstance(one, DeliveryClaimed)]
    (withdraws,) = [one for one in claims if (one.message.id, one.channel) == (withdrawal, "site")]
    assert withdraws.target_key == night.on(first)["site"].id
