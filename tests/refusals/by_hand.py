"""Refusals about channels that a person writes on by hand, and what takes a task off their list."""

from collections.abc import Iterator
from datetime import timedelta

from streams.decisions.desk.judge import judge
from streams.decisions.release import by_hand
from streams.values import Power, Purpose
from streams.words.delivery import ClaimDelivery, DoneByHand
from streams.words.facts import FactBody
from streams.words.incident import StandDown
from streams.words.orders import CommandBody, Tick
from tests import builders
from tests.builders import NOW, NURSE
from tests.refusals.case import Case, Could, Told, case, told

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
    told("corrected these words before", lambda: mending(Purpose.CORRECTION)),
    told("nothing has to be taken back here", lambda: mending(Purpose.WITHDRAWAL)),
    told("nobody has to put these words here", lambda: stopping(StandDown(reason="over"))),
    told("there is no option host", unfit),
    told("done by hand on social by", noted),
    told("expired before anybody put them here", lambda: stopping(Tick())),
)
