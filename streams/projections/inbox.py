"""Inbox: what waits for one person's yes, which means what this person could decide now and would not be refused."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from streams.decisions.authority.keys import can_order
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import ORDERS
from streams.projections.attention import Kind, Waiting, waiting
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.words.delivery import ResolveDelivery
from streams.words.facts import CommandRefused
from streams.words.orders import CommandBody, command
from streams.words.register.changes import ConfirmChange
from streams.words.register.entries import Register
from streams.words.release import SignOff
from streams.words.stops import ReleaseHeld

Yes = Callable[[State, str], CommandBody | None]


def inbox(person: str, state: State, *, register: Register, now: datetime) -> Iterator[Waiting]:
    """Of all that waits in one subject, what this person could say yes to now; `state` is whole."""
    known = register.people.get(person)
    if known is None or not can_order(known, register, now=now):
        return
    for one in waiting(state, now):
        body = YES[one.kind](state, one.what) if one.kind in YES else None
        if body is not None and _counts(person, body, state, register=register, now=now):
            yield one


def _counts(  # budget: a yes, who says it, and what it is judged by
    person: str, body: CommandBody, state: State, *, register: Register, now: datetime
) -> bool:
    """Whether the rules would take this yes; the answer is thrown away."""
    given = command(body, cause="inbox", mode=state.mode, subject=state.subject, at=now, by=person)
    answers = ORDERS[type(body)].answer(Order(given, state, register, now), body)
    return not any(isinstance(answer, CommandRefused) for answer in answers)


def _sign_off(state: State, name: str) -> CommandBody | None:
    if not isinstance(state, Incident):
        return None
    draft, search = state.drafts.get(name), state.searches.get(name)
    if draft:
        return SignOff(message_id=draft.id, content_hash=draft.content_hash)
    return SignOff(message_id=search.id, content_hash=search.matter_hash()) if search else None


def _resolve(state: State, name: str) -> CommandBody | None:
    delivery = state.deliveries.get(name) if isinstance(state, Incident) else None
    if delivery is None:
        return None
    return ResolveDelivery(delivery_id=name, attempt=delivery.attempt, public=True, evidence="looked at the channel")


def _release_held(_: State, name: str) -> CommandBody:
    return ReleaseHeld(delivery_id=name)


def _confirm(state: State, name: str) -> CommandBody | None:
    change = state.changes.waiting.get(name) if isinstance(state, RegisterLog) else None
    return ConfirmChange(change_id=name, content_hash=change.content_hash) if change else None


YES: Mapping[Kind, Yes] = {
    "draft": _sign_off,
    "matter": _sign_off,
    "unknown": _resolve,
    "held": _release_held,
    "change": _confirm,
}
"""The order by which a person says yes to each kind of thing that waits."""
