"""Refusals about channels that a person writes on by hand, and what takes a task off their list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from streams.decisions.desk.judge import judge
from streams.decisions.desk.order_table import answer
from streams.decisions.release import by_hand
from streams.decisions.verdict import Refused
from streams.values import Power, Purpose
from streams.words.delivery import ClaimDelivery, DoneByHand, MessageReported
from streams.words.facts import FactBody
from streams.words.incident import StandDown
from streams.words.orders import CommandBody, Tick
from streams.words.release import LineDrafted, RecordByHand
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE
from tests.refusals.case import Case, Could, Told, case, told
from tests.refusals.people import NEW

CHANNELS = {
    "website": builders.channel("website"),
    "social": builders.channel(
        "social", kind="by-hand", options={"platform": "whatsapp", "url": "https://network.example/ours"}
    ),
}
REGISTER = builders.register(channels=CHANNELS)
RELEASED = builders.carried_out(builders.declared(), builders.holding(), register=REGISTER)
TASK = next(one.id for one in RELEASED.deliveries.values() if one.is_task)
DONE = builders.carried_out(RELEASED, DoneByHand(delivery_id=TASK), register=REGISTER)


def stopping(*bodies: CommandBody) -> Iterator[FactBody]:
    """What the last of these orders gives, judged with what follows from it."""
    incident = RELEASED
    for body in bodies[:-1]:
        incident = builders.carried_out(incident, body, register=REGISTER)
    order = builders.order(bodies[-1], incident, register=REGISTER, now=NOW + timedelta(hours=2))
    yield from (fact.body for fact in judge(order, run="run-1", register_version="v")[0])


def mending(purpose: Purpose) -> Told:
    body = builders.holding(
        purpose=purpose, follows=next(iter(RELEASED.messages)), next_update_at=None, channels=("social",)
    )
    order = builders.order(body, RELEASED, register=REGISTER)
    return [fact.body for fact in judge(order, run="run-1", register_version="v")[0]]


def unfit() -> Iterator[str]:
    """What is said of entries whose options do not fit."""
    for options in ({}, {"platform": "x"}, {"host": "h"}):
        try:
            by_hand.settings_of(builders.channel("there", kind="by-hand", options=options))
        except ValueError as error:
            yield str(error)


def noted() -> Iterator[str]:
    """What the record keeps of a task that was done: no refusal, but a sentence."""
    receipt = DONE.deliveries[TASK].receipt
    yield receipt.words if receipt else ""


def entered(**changes: Any) -> RecordByHand:
    """Words that were put up while the service was down."""
    plain = {"said_yes": COMMANDER, "texts": {"en": "We wrote this."}, "links": {"social": POST}, "put_at": NOW}
    return RecordByHand.model_validate({**plain, **changes})


def doubtful() -> Iterator[FactBody | Refused]:
    """What the record keeps of the yes of a person who could not give it."""
    order = builders.order(entered(said_yes=NURSE), RELEASED, register=REGISTER)
    for fact in judge(order, run="run-1", register_version="v")[0]:
        if isinstance(fact.body, MessageReported):
            yield LineDrafted(message=fact.body.message)
            yield from (Refused([f"{words}: see the record"]) for words in [fact.body.yes.rule])


def receipts() -> Iterator[str]:
    """What the receipts say of words that people put up by hand."""
    (report,) = answer(builders.order(entered(), RELEASED, register=REGISTER))
    if isinstance(report, MessageReported):
        yield from (one.words for one in report.on.values())


def misfit(says: str, **changes: Any) -> Case:
    return case(says, entered(**changes), RELEASED, register=REGISTER)


POST = "https://network.example/ours/9"
AFTERWARDS: tuple[Case, ...] = (
    case(
        "has no power to resolve-delivery",
        entered(),
        RELEASED,
        by=NURSE,
        register=REGISTER,
        could=Could((Power.RESOLVE_DELIVERY,), ("social",)),
    ),
    case("cannot record by hand", entered(), NEW, register=REGISTER),
    misfit("stranger, who said yes, is not on the register", said_yes="stranger"),
    misfit("there is no channel pigeon: name channels of", links={"pigeon": ""}),
    misfit("lies ahead, and these words are out", put_at=NOW + timedelta(hours=1)),
    misfit("words for planned are none", purpose=Purpose.PLANNED),
    misfit("a correction is about another message", purpose=Purpose.CORRECTION),
    misfit("no message msg-none is in the record", follows="msg-none"),
    case(
        "these words are out, were out, or are on their way on Social",
        entered(),
        builders.carried_out(RELEASED, entered(), register=REGISTER).model_copy(update={"answered": ()}),
        id="cmd-again",
        register=REGISTER,
    ),
    told("is in doubt", doubtful),
    told("put there by hand, as", receipts),
)


CASES_BY_HAND: tuple[Case, ...] = (
    case(
        "has no power to resolve-delivery",
        DoneByHand(delivery_id=TASK),
        RELEASED,
        by=NURSE,
        register=REGISTER,
        could=Could((Power.RESOLVE_DELIVERY,)),
    ),
    case("is not done by hand", DoneByHand(delivery_id="dlv-none"), RELEASED, register=REGISTER),
    case("is done already", DoneByHand(delivery_id=TASK), DONE, register=REGISTER),
    case(
        "a person puts these words there by hand",
        ClaimDelivery(delivery_id=TASK, attempt=1, run="run-1"),
        RELEASED,
        by="publishing-agent",
        register=REGISTER,
    ),
    *AFTERWARDS,
    told("corrected these words before", lambda: mending(Purpose.CORRECTION)),
    told("nothing has to be taken back here", lambda: mending(Purpose.WITHDRAWAL)),
    told("nobody has to put these words here", lambda: stopping(StandDown(reason="over"))),
    told("there is no option host", unfit),
    told("done by hand on social by", noted),
    told("expired before anybody put them here", lambda: stopping(Tick())),
)
