"""Refusals of a withdrawal without words."""

from collections.abc import Sequence

from streams.values import Power
from streams.words.release import DeleteMessage
from tests import builders
from tests.builders import NURSE
from tests.refusals.case import Case, Could, case

DELETES = {"options": {"plays": "bluesky"}}
REGISTER = builders.register(
    channels={"website": builders.channel("website"), "social": builders.channel("social", **DELETES)}
)
RELEASED = builders.carried_out(builders.declared(), builders.holding(), register=REGISTER)
FIRST = next(iter(RELEASED.messages))
ON_SOCIAL = DeleteMessage(message_id=FIRST, channels=("social",))
ONCE = builders.carried_out(RELEASED, ON_SOCIAL, register=REGISTER)

DELETIONS: Sequence[Case] = (
    case("no message msg-none went out", DeleteMessage(message_id="msg-none"), RELEASED, register=REGISTER),
    case(
        "website cannot delete without a word: name only social, or release a withdrawal",
        DeleteMessage(message_id=FIRST),
        RELEASED,
        register=REGISTER,
    ),
    case("is not on pigeon", DeleteMessage(message_id=FIRST, channels=("pigeon",)), RELEASED, register=REGISTER),
    case("it was deleted on Social already", ON_SOCIAL, ONCE, register=REGISTER, id="cmd-again"),
    case(
        "has no power to withdraw",
        ON_SOCIAL,
        RELEASED,
        by=NURSE,
        register=REGISTER,
        could=Could((Power.WITHDRAW,), ("social",)),
    ),
)
