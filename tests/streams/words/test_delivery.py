"""What a delivery does on its channel, and where it is public."""

import pytest

from streams.decisions.desk.order_table import answer
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.delivery import (
    ClaimDelivery,
    DeliveryAsked,
    DeliveryClaimed,
    Dispatch,
    Earlier,
    Receipt,
    RecordOutcome,
    Verb,
    verb_for,
)
from streams.words.release import Amplify, Message
from tests import builders
from tests.builders import NOW

SEEN = Receipt(reference="post-1", version="cid-1", url="https://vale.example/#1", at=NOW, words="shown")


def message(purpose: Purpose, **changes: object) -> Message:
    texts, until = {"en": "Words."}, builders.NEXT_UPDATE
    plain = {"id": "msg-1", "purpose": purpose, "texts": texts, "channels": ("website",), "expires_at": until}
    return Message.model_validate({**plain, **changes})


@pytest.mark.parametrize(
    ("purpose", "about", "verb"),
    [
        (Purpose.HOLDING, None, Verb.PUBLISH),
        (Purpose.LINE, None, Verb.PUBLISH),
        (Purpose.ALL_CLEAR, Purpose.HOLDING, Verb.PUBLISH),
        (Purpose.CORRECTION, Purpose.HOLDING, Verb.CORRECT),
        (Purpose.CORRECTION, None, Verb.CORRECT),
        (Purpose.WITHDRAWAL, Purpose.LINE, Verb.WITHDRAW),
        (Purpose.WITHDRAWAL, None, Verb.WITHDRAW),
        (Purpose.WITHDRAWAL, Purpose.AMPLIFICATION, Verb.UN_REPOST),
        (Purpose.AMPLIFICATION, None, Verb.REPOST),
    ],
)
def test_the_verb_follows_from_the_purpose(purpose: Purpose, about: Purpose | None, verb: Verb) -> None:
    """A partner's post is a repost, and what takes it back an un-repost."""
    assert verb_for(message(purpose), message(about) if about else None) is verb


def test_a_partners_post_is_a_repost_in_the_record() -> None:
    """It is not a text of ours, whatever the channel makes of it."""
    post = Amplify(credit=builders.credit(), text="Please keep away.", posted_at=NOW)
    incident = builders.carried_out(builders.declared(), post, by="amplification-agent")
    assert {one.verb for one in incident.deliveries.values()} == {Verb.REPOST}


def corrected(*, seen: Receipt) -> tuple[Incident, Dispatch]:
    """A correction of the holding message on its first channel, as that channel is given it."""
    incident = builders.released()
    incident = builders.carried_out(incident, builders.claim(incident), by="publishing-agent")
    done = builders.outcome(incident, "confirmed", receipt=seen)
    incident = builders.carried_out(incident, done, by="publishing-agent")
    channel = incident.deliveries[builders.first_delivery(incident)].channel
    order = builders.holding(purpose=Purpose.CORRECTION, slots={"time": "22:05"}, channels=(channel,))
    incident = builders.carried_out(incident, order)
    mended = next(one for one in incident.deliveries.values() if one.verb is Verb.CORRECT)
    claim = ClaimDelivery(delivery_id=mended.id, attempt=1, run="run-1")
    (claimed,) = answer(builders.order(claim, incident, "publishing-agent"))
    assert isinstance(claimed, DeliveryClaimed)
    return incident, claimed.dispatch


def test_a_correction_knows_where_the_message_that_it_mends_is_public() -> None:
    """The channel needs its own reference and version of it to edit, delete or reply."""
    incident, dispatch = corrected(seen=SEEN)
    assert incident.deliveries[builders.first_delivery(incident)].receipt == SEEN
    assert (dispatch.verb, dispatch.target) == (Verb.CORRECT, SEEN)


def test_a_correction_of_what_is_not_known_to_be_public_names_no_place() -> None:
    """A withdrawal does not wait until it is known whether the first message is public."""
    incident = builders.released()
    incident = builders.carried_out(incident, builders.claim(incident), by="publishing-agent")
    doubt = builders.outcome(incident, "unknown", reason="no answer")
    incident = builders.carried_out(incident, doubt, by="publishing-agent")
    channel = incident.deliveries[builders.first_delivery(incident)].channel
    incident = builders.carried_out(incident, builders.holding(purpose=Purpose.WITHDRAWAL, channels=(channel,)))
    taken_back = next(one for one in incident.deliveries.values() if one.verb is Verb.WITHDRAW)
    claim = ClaimDelivery(delivery_id=taken_back.id, attempt=1, run="run-1")
    (claimed, *_) = answer(builders.order(claim, incident, "publishing-agent"))
    assert isinstance(claimed, DeliveryClaimed)
    assert claimed.dispatch.target is None


def test_a_withdrawal_of_a_correction_also_names_what_that_corrected() -> None:
    """Where a correction is an answer to a post, the wrong words would be left alone without it."""
    incident, correction = corrected(seen=SEEN)
    assert correction.earlier == ()
    first = incident.deliveries[builders.first_delivery(incident)]
    done = RecordOutcome(delivery_id=correction.key, attempt=1, outcome="confirmed", receipt=SEEN)
    claim = ClaimDelivery(delivery_id=correction.key, attempt=1, run="run-1")
    for body in (claim, done):
        incident = builders.carried_out(incident, body, by="publishing-agent")
    order = builders.holding(purpose=Purpose.WITHDRAWAL, channels=(first.channel,))
    incident = builders.carried_out(incident, order)
    taken_back = next(one for one in incident.deliveries.values() if one.verb is Verb.WITHDRAW)
    claim = ClaimDelivery(delivery_id=taken_back.id, attempt=1, run="run-1")
    (claimed, *_) = answer(builders.order(claim, incident, "publishing-agent"))
    assert isinstance(claimed, DeliveryClaimed)
    assert claimed.dispatch.target_key == correction.key
    yes_at = incident.authorisations[first.message_id].at
    assert claimed.dispatch.earlier == (Earlier(key=first.id, at=yes_at, receipt=first.receipt),)


def test_a_verb_that_an_older_fact_does_not_say_follows_from_its_message() -> None:
    """Facts of version 1 had none."""
    incident = builders.released()
    asked = DeliveryAsked(delivery_id="dlv-1", message_id=next(iter(incident.messages)), channel="social")
    for purpose, verb in ((Purpose.HOLDING, Verb.PUBLISH), (Purpose.CORRECTION, Verb.CORRECT)):
        messages = {name: one.model_copy(update={"purpose": purpose}) for name, one in incident.messages.items()}
        after = builders.after(incident.model_copy(update={"messages": messages}), [asked])
        assert after.deliveries["dlv-1"].verb is verb
