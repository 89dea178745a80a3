"""Signing: the order that a page offers, and the order with its proof that a browser sends back.

The page's script adds an identifier and the moment to the order that it was given, makes the challenge from that, and
asks the device. So what is signed is the order whose words the page shows.
What somebody orders on the telephone has both from here, since they say which code of a paper sheet is asked for.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from agents.console.visits import Visit
from streams.decisions.authority.freshness import ORDER_AGE_MAX
from streams.decisions.authority.order import Order
from streams.decisions.authority.signatures import (
    TO_ENTER,
    not_to_hear,
    not_to_say,
    sheet_to_ask,
    with_unused_code,
)
from streams.decisions.desk.order_table import ORDERS, once_proven
from streams.decisions.verdict import Refused
from streams.subjects.state import State
from streams.values import canonical
from streams.words.facts import CommandRefused, FactBody
from streams.words.orders import Command, CommandBody, command
from streams.words.register.entries import Person
from streams.words.register.keys import challenge_of
from streams.words.register.passkeys import PasskeyProof
from streams.words.register.sheets import CODE_SIGNS, SIGNS, Sheet, SpokenProof, number_for
from streams.words.release import Message, MessageAuthorised, Release

CALLER = "said_by"
"""The field of a form that says who orders on the telephone."""
SPOKEN = "spoken"
SIGN_IN = b"holdingline sign-in, signed form 1\n"
"""Put before what is signed to sign in, so that such a signature is never one for an order."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An order that a page offers: what it would be answered with now, and what the browser needs to sign it."""

    given: Command
    facts: Sequence[FactBody]
    devices: Sequence[str]
    needs_passkey: bool
    said: "SaidOrder | None" = None

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
        if self.said and (asked := self.asked):
            whole = asked.given.model_dump(mode="json", exclude={"proof"})
            return json.dumps({"order": whole, "said": {"key": self.said.sheet.id, "number": asked.number}})
        order = {name: value for name, value in self.given.model_dump(mode="json").items() if name not in VARYING}
        return json.dumps({"order": order, "devices": self.devices, "passkey": self.needs_passkey})

    @property
    def asked(self) -> "AskedCode | None":
        """Which code is asked for, where somebody says the order; None for every other, and where all were used."""
        if self.said is None or self.refusal:
            return None
        given = with_unused_code(self.given, self.said.sheet, spent=self.said.spent)
        number = number_for(challenge_of(given.model_dump(mode="json"))) if given else 0
        return AskedCode(given, number, given.at + ORDER_AGE_MAX - TO_ENTER) if given else None


def written_together(offers: Sequence[Offer], names: Sequence[str]) -> str:
    """What the page's script signs with one yes and sends one after another; `names` are what the orders are about."""
    orders = [
        {name: value for name, value in one.given.model_dump(mode="json").items() if name not in VARYING}
        for one in offers
    ]
    first = offers[0]
    return json.dumps({"orders": orders, "names": names, "devices": first.devices, "passkey": first.needs_passkey})


@dataclass(frozen=True, slots=True)
class SaidOrder:
    """An order that this person says on the telephone: proven by a code of their sheet that is not `spent`."""

    person: Person
    sheet: Sheet
    spent: frozenset[str]


@dataclass(frozen=True, slots=True)
class AskedCode:
    """The order with the identifier and the moment that this code is for, and until when it can be entered."""

    given: Command
    number: int
    until: datetime


VARYING = frozenset({"id", "at", "proof"})


def offer(visit: Visit, body: CommandBody, *, on: State) -> Offer:
    """This order about the subject of a state, in the name of the person who is signed in, as if they had proven it."""
    order = as_order(visit, body, on=on)
    if who := caller(visit):
        return _said(visit, as_order(visit, body, on=on, by=who), who)
    devices = [*visit.house.passkeys(visit.me)]
    needs_passkey = bool(devices) or visit.house.is_live
    return Offer(order.command, once_proven(order), devices, needs_passkey=needs_passkey)


def as_order(visit: Visit, body: CommandBody, *, on: State, by: Person | None = None) -> Order:
    """What the person who is signed in would order in view of this state, with all that it is judged by.

    Or what another person would, in whose name they enter it.
    """
    mode, person = visit.house.mode, by or visit.me
    given = command(body, cause="offer", mode=mode, subject=on.subject, at=visit.now, by=person.id)
    return Order(given.model_copy(update={"seen": on.sequence}), on, visit.register, visit.now)


def telephone(visit: Visit) -> Mapping[str, Any]:
    """What a page that offers orders needs to ask who gives them on the telephone.

    That is everybody with a sheet of codes, where such codes count, and only a person who is signed in may ask.
    """
    if visit.register.spoken_orders == "refused" or not visit.session:
        return {"callers": [], "said_by": ""}
    found = [one for one in visit.register.people.values() if any(isinstance(key, Sheet) for key in one.keys)]
    return {"callers": [(one.id, one.called) for one in found if one.id != visit.me.id], "said_by": visit.field(CALLER)}


def caller(visit: Visit) -> Person | None:
    """Who is on the telephone, by the form of the page; only a person who is signed in enters what another says."""
    return visit.register.people.get(visit.field(CALLER)) if visit.session else None


def _said(visit: Visit, order: Order, who: Person) -> Offer:
    me, register = visit.me.id, visit.register
    unsaid = ORDERS[type(order.command.body)].why_unsaid
    unfit = not_to_say(unsaid) if unsaid else not_to_hear(order, me)
    sheet = unfit or sheet_to_ask(order.command, me, register=register, now=visit.now)
    if isinstance(sheet, Refused):
        return Offer(order.command, [sheet.fact(order.command.body.kind)], [], needs_passkey=False)
    spent = visit.house.board.spent
    return Offer(order.command, once_proven(order), [], needs_passkey=False, said=SaidOrder(who, sheet, spent))


class NotOurOrder(ValueError):
    """What the browser sent is no order of this console: load the page again."""


class NoCode(NotOurOrder):
    """What was typed as the code has other signs than a code has: have it read out again."""


class NotSignedIn(NotOurOrder):
    """A code that another person says is entered by a person who is signed in: sign in."""


def received(sent: Any, visit: Visit) -> Command:  # noqa: ANN401 - whatever a browser sends
    """The order that a browser sent, with its proof; `NotOurOrder` if it is none that this console's pages make."""
    if not isinstance(sent, Mapping) or not isinstance(sent.get("order"), Mapping):
        raise NotOurOrder(str(NotOurOrder.__doc__))
    try:
        given = Command.model_validate_json(json.dumps({**sent["order"], "proof": None}))
        proof = _proof(sent.get("proof"), visit)
    except NotOurOrder:
        raise
    except (ValidationError, TypeError, KeyError, RecursionError):
        raise NotOurOrder(str(NotOurOrder.__doc__)) from None
    if canonical(given.model_dump(mode="json", exclude={"proof"})) != canonical(dict(sent["order"])):
        raise NotOurOrder(str(NotOurOrder.__doc__))
    return given.model_copy(update={"proof": proof})


def _proof(sent: Any, visit: Visit) -> PasskeyProof | SpokenProof | None:  # noqa: ANN401 - as above
    if sent is None:
        return None
    if not isinstance(sent, Mapping):
        raise NotOurOrder(str(NotOurOrder.__doc__))
    if sent.get("form") == SPOKEN:
        if visit.session is None:
            raise NotSignedIn(str(NotSignedIn.__doc__))
        code = "".join(sign for sign in str(sent["code"]).upper() if not sign.isspace() and sign != "-")
        if len(code) != CODE_SIGNS or set(code) - set(SIGNS):
            raise NoCode(str(NoCode.__doc__))
        return SpokenProof(key=sent["key"], number=sent["number"], code=code, relayed_by=visit.me.id)
    found = visit.house.holder(str(sent["credential"]))
    # A passkey that nobody has here gets a name that no key has, and the desk refuses it.
    return PasskeyProof(key=found[1].id if found else "key-unknown", **sent)
