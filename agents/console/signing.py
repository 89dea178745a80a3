"""Signing: the order that a page offers, and the order with its proof that a browser sends back.

The page's script adds an identifier and the moment to the order that it was given, makes the challenge from that, and
asks the device. So what is signed is the order whose words the page shows.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from agents.console.visits import Visit
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import once_proven
from streams.subjects.state import State
from streams.values import canonical
from streams.words.facts import CommandRefused, FactBody
from streams.words.orders import Command, CommandBody, command
from streams.words.register.passkeys import PasskeyProof
from streams.words.release import Message, MessageAuthorised, Release

SIGN_IN = b"holdingline sign-in, signed form 1\n"
"""Put before what is signed to sign in, so that such a signature is never one for an order."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An order that a page offers: what it would be answered with now, and what the browser needs to sign it."""

    given: Command
    facts: Sequence[FactBody]
    devices: Sequence[str]
    needs_passkey: bool

    @property
    def refusal(self) -> CommandRefused | None:
        """Why the rules would refuse it now; None if they would not."""
        return next((one for one in self.facts if isinstance(one, CommandRefused)), None)

    @property
    def lets_out(self) -> Message | None:
        """The message that it would let out; None if it would let out none."""
        found = (one.message for one in self.facts if isinstance(one, MessageAuthorised))
        return next(found, None)

    def in_view_of(self, body: Release, shown: str) -> "Offer":
        """The same, bound to what the person was shown."""
        bound = self.given.model_copy(update={"body": body.model_copy(update={"shown": shown})})
        return replace(self, given=bound)

    @property
    def written(self) -> str:
        """What the page's script signs and sends: the order without identifier, moment and proof."""
        order = {name: value for name, value in self.given.model_dump(mode="json").items() if name not in VARYING}
        return json.dumps({"order": order, "devices": self.devices, "passkey": self.needs_passkey})


VARYING = frozenset({"id", "at", "proof"})


def offer(visit: Visit, body: CommandBody, *, on: State) -> Offer:
    """This order about the subject of a state, in the name of the person who is signed in, as if they had proven it."""
    order = as_order(visit, body, on=on)
    devices = [*visit.house.passkeys(visit.me)]
    needs_passkey = bool(devices) or visit.house.is_live
    return Offer(order.command, once_proven(order), devices, needs_passkey=needs_passkey)


def as_order(visit: Visit, body: CommandBody, *, on: State) -> Order:
    """What the person who is signed in would order in view of this state, with all that it is judged by."""
    mode, me = visit.house.mode, visit.me
    given = command(body, cause="offer", mode=mode, subject=on.subject, at=visit.now, by=me.id)
    return Order(given.model_copy(update={"seen": on.sequence}), on, visit.register, visit.now)


class NotOurOrder(ValueError):
    """What the browser sent is no order of this console: load the page again."""


def received(sent: Any, visit: Visit) -> Command:  # noqa: ANN401 - whatever a browser sends
    """The order that a browser sent, with its proof; `NotOurOrder` if it is none that this console's pages make."""
    if not isinstance(sent, Mapping) or not isinstance(sent.get("order"), Mapping):
        raise NotOurOrder(str(NotOurOrder.__doc__))
    try:
        given = Command.model_validate_json(json.dumps({**sent["order"], "proof": None}))
        proof = _proof(sent.get("proof"), visit)
    except (ValidationError, TypeError, KeyError, RecursionError):
        raise NotOurOrder(str(NotOurOrder.__doc__)) from None
    if canonical(given.model_dump(mode="json", exclude={"proof"})) != canonical(dict(sent["order"])):
        raise NotOurOrder(str(NotOurOrder.__doc__))
    return given.model_copy(update={"proof": proof})


def _proof(sent: Any, visit: Visit) -> PasskeyProof | None:  # noqa: ANN401 - as above
    if sent is None:
        return None
    found = visit.house.holder(str(sent["credential"]))
    # A passkey that nobody has here gets a name that no key has, and the desk refuses it.
    return PasskeyProof(key=found[1].id if found else "key-unknown", **sent)
