"""Refusals on the way to a channel: claims, reports, looks, and the last check before sending."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from streams.decisions.channels.card import Mend
from streams.decisions.channels.kinds import KINDS
from streams.decisions.desk.judge import judge
from streams.decisions.desk.order_table import answer
from streams.decisions.release.channel_order import overtaken
from streams.decisions.release.delivery_orders import may_send
from streams.decisions.verdict import Refused
from streams.decisions.wording.listed_names import name_print
from streams.subjects.incident import Incident
from streams.values import Power, Purpose
from streams.words.delivery import ClaimDelivery, DeliveryClaimed, Dispatch, Receipt, RecordOutcome, ResolveDelivery
from streams.words.facts import FactBody
from streams.words.holds import HeldField, Holds, PlaceHold
from streams.words.orders import CommandBody, Tick
from streams.words.register.entries import Register
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE, claim, outcome
from tests.networks import READ_BACK
from tests.refusals.case import Case, Could, Told, case, told
from tests.refusals.people import CANCEL, END, FREEZE, FROZEN, RELEASED, RESUMED

AGENT = "publishing-agent"
NO_ROTA = builders.register(rota=())
LATER = NOW + timedelta(minutes=5)
HOURS_LATER = NOW + timedelta(hours=2)


def then(incident: Incident, *bodies: CommandBody, at: datetime = NOW) -> Incident:
    return builders.carried_out(incident, *bodies, by=AGENT, now=at)


SENDING = then(RELEASED, claim(RELEASED))
UNKNOWN = then(SENDING, outcome(SENDING, "unknown"))
UNSENT = then(SENDING, outcome(SENDING, "unsent"))


def gives(says: str, body: CommandBody, incident: Incident, **changes: Any) -> Case:
    """What an agent's order gives instead of a refusal: the delivery's own fact, with its reason."""
    return told(says, lambda: answered(body, incident, **changes))


def answered(body: CommandBody, incident: Incident, **changes: Any) -> Sequence[FactBody]:
    return answer(builders.order(body, incident, AGENT, **changes))


def look(**changes: Any) -> ResolveDelivery:
    plain = {"delivery_id": builders.first_delivery(RELEASED), "attempt": 1, "public": True, "evidence": "seen"}
    return ResolveDelivery.model_validate({**plain, **changes})


def dispatch() -> Dispatch:
    (claimed,) = answered(claim(RELEASED), RELEASED)
    assert isinstance(claimed, DeliveryClaimed)
    return claimed.dispatch


def stopped_late(register: Register | None = None, **changes: Any) -> Told:
    """What the last check says of a dispatch that was changed, or by a register that was."""
    verdict = may_send(dispatch().model_copy(update=changes), register or builders.register(), now=NOW)
    return [verdict] if isinstance(verdict, Refused) else []


def settled_meanwhile() -> Iterator[str]:
    """What the last look into the record says of a claim on a delivery that is settled by then."""
    for fact in answered(claim(RELEASED), RELEASED):
        assert isinstance(fact, DeliveryClaimed)
        yield overtaken(fact, then(SENDING, outcome(SENDING, "refused"))) or ""


def stopping() -> Iterator[FactBody]:
    """A release is cancelled, and an incident frozen, while one delivery is being sent, or its outcome unknown."""
    for incident in (SENDING, UNKNOWN):
        for body in (CANCEL, FREEZE):
            yield from answer(builders.order(body, incident))


def beyond() -> Iterator[str]:
    for fact in stopping():
        yield from beyond_of([fact])
        yield getattr(fact, "reason", "")


def held_too_late() -> Iterator[str]:
    """What a hold says of a message that holds one of its names and is public already."""
    public = then(SENDING, outcome(SENDING, "confirmed", receipt=Receipt(words="seen")))
    names = (name_print(builders.SLOTS["place"], "s"),)
    place = PlaceHold(field=HeldField.NAMES, about="a person", holders=(COMMANDER,), names=names, salt="s")
    yield from beyond_of(answer(builders.order(place, public)))


def beyond_of(facts: Iterable[FactBody]) -> Iterator[str]:
    for fact in facts:
        yield from getattr(fact, "beyond", ())


NETWORK = builders.register(
    channels={name: builders.channel(name, kind=READ_BACK.name) for name in ("website", "social")}
)


def on_a_network(*steps: CommandBody, **changes: Any) -> Told:
    """What the last of these orders gives where a channel has to be read back."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, READ_BACK.name, READ_BACK)
        incident = RELEASED
        for body in steps[:-1]:
            incident = builders.carried_out(incident, body, by=COMMANDER, register=NETWORK)
        order = builders.order(steps[-1], incident, register=NETWORK, **changes)
        facts, _ = judge(order, run="run-1", register_version="v")
        yield from (fact.body for fact in facts)


def mending(purpose: Purpose) -> CommandBody:
    return builders.holding(purpose=purpose, follows=next(iter(RELEASED.messages)), next_update_at=None)


def sending_again() -> ClaimDelivery:
    return claim(RELEASED, attempt=2)


def waiting() -> Told:
    """A correction is claimed while its message is being sent."""
    corrected = builders.carried_out(SENDING, mending(Purpose.CORRECTION))
    mend = next(one for one in corrected.deliveries.values() if one.message_id not in SENDING.messages)
    return answered(ClaimDelivery(delivery_id=mend.id, attempt=1, run="run-1"), corrected)


def mended_first(purpose: Purpose) -> Told:
    """Words in doubt are claimed again after what mends them went out."""
    mended = builders.carried_out(UNKNOWN, mending(purpose))
    mend = next(one for one in mended.deliveries.values() if one.message_id not in UNKNOWN.messages)
    gone = then(mended, ClaimDelivery(delivery_id=mend.id, attempt=1, run="run-1"))
    return answered(sending_again(), gone)


def made_blindly(*, is_sought: bool = False) -> Told:
    """A withdrawal went out while its message was in doubt, on a network that finds a post by its receipt only.

    If it `is_sought`, a look finds it not done, and nobody may send it again.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(KINDS, READ_BACK.name, replace(READ_BACK, withdraws=Mend.DELETE))
        sent = builders.carried_out(UNKNOWN, mending(Purpose.WITHDRAWAL), register=NETWORK)
        mend = next(one for one in sent.deliveries.values() if one.message_id not in UNKNOWN.messages)
        steps: list[tuple[CommandBody, datetime]] = [(ClaimDelivery(delivery_id=mend.id, attempt=1, run="run-1"), NOW)]
        if is_sought:
            steps += [(reported(mend.id, "unknown"), NOW), (Tick(), LATER), (reported(mend.id, "absent"), HOURS_LATER)]
        for body, at in steps:
            sent = builders.carried_out(sent, body, by=AGENT, register=NETWORK, now=at)
        if is_sought:
            nobody = NETWORK.model_copy(update={"rota": ()})
            yield from answered(Tick(), sent, register=nobody, now=HOURS_LATER + timedelta(minutes=5))
        else:
            yield from answered(reported(mend.id, "confirmed"), sent, register=NETWORK)


def reported(delivery_id: str, outcome: str) -> RecordOutcome:
    return RecordOutcome(delivery_id=delivery_id, attempt=1, outcome=outcome)  # type: ignore[arg-type] # one of them


IN_DOUBT = (claim(RELEASED), outcome(RELEASED, "unknown"))
POST = dispatch().message.model_copy(update={"credit": builders.credit(post_id="post-1")})
SENDS: tuple[Case, ...] = (
    case("there is no delivery dlv-none to claim", ClaimDelivery(delivery_id="dlv-none", attempt=1, run="run-1")),
    case("cannot be claimed: it is sending", claim(RELEASED, run="run-2"), SENDING, by=AGENT),
    case("cannot be claimed: the incident is frozen", claim(RELEASED), FROZEN, by=AGENT),
    case("it is held until a person says", claim(RELEASED), RESUMED, by=AGENT),
    case(
        "there is no delivery dlv-none to report on",
        RecordOutcome(delivery_id="dlv-none", attempt=1, outcome="confirmed"),
        by=AGENT,
    ),
    case(
        "has no power to resolve-delivery",
        look(),
        UNKNOWN,
        by=NURSE,
        could=Could((Power.RESOLVE_DELIVERY,)),
    ),
    case("is not of unknown outcome", look(), SENDING),
    case("was tried again since (attempt 1): look at the channel", look(attempt=2), UNKNOWN),
    gives("no reason given", outcome(SENDING, "refused"), SENDING),
    gives("it was claimed, and no receipt came", Tick(), SENDING, now=LATER),
    gives("it may be public and cannot be sent again", sending_again(), UNKNOWN, register=NO_ROTA),
    gives("it may be public and is not sent again", sending_again(), builders.carried_out(UNKNOWN, FREEZE)),
    gives("the release was cancelled by", sending_again(), builders.carried_out(UNKNOWN, CANCEL)),
    gives("is not on the rota", Tick(), UNSENT, now=LATER, register=NO_ROTA),
    gives("nothing new goes out about it", claim(RELEASED), builders.carried_out(RELEASED, END)),
    told("is no longer what was released", lambda: stopped_late(builders.register(templates={}))),
    told("edited or deleted this post since", lambda: stopped_late(message=POST, holds=Holds(changed=("post-1",)))),
    told("is no longer on the register", lambda: stopped_late(builders.register(channels={}))),
    told("the exercise mark does not fit mode exercise-1", lambda: stopped_late(mode=builders.DRILL)),
    told("is not on the rota", lambda: stopped_late(NO_ROTA)),
    told("a copy may still land on", lambda: on_a_network(*IN_DOUBT, look(public=False))),
    told("would publish it twice", lambda: on_a_network(*IN_DOUBT, sending_again())),
    told("mends these words and did not wait", lambda: on_a_network(*IN_DOUBT, mending(Purpose.CORRECTION))),
    told("withdrew these words before they", lambda: on_a_network(mending(Purpose.WITHDRAWAL))),
    told("it waits until", waiting),
    told("it is made, and whether the words of", made_blindly),
    told(
        "the words that it should mend are or may be still there, and its own may be too",
        lambda: made_blindly(is_sought=True),
    ),
    told("went out before them", lambda: mended_first(Purpose.CORRECTION)),
    told("withdrew these words", lambda: mended_first(Purpose.WITHDRAWAL)),
    told("was settled before anything was sent", settled_meanwhile),
    told("being sent now and may become public", beyond),
    told("it is public: decide whether to correct", held_too_late),
)
