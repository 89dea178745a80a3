"""What is read to a person on the telephone before they say a code: all that their order does, in plain lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agents.entrypoints.cli.record.shown import message_heading, told_shown
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_table import ORDERS
from streams.subjects.case import Case
from streams.subjects.outgoing import Outgoing
from streams.telling.brief import told_report
from streams.values import Frozen
from streams.words.facts import FactBody
from streams.words.incident import Declare, Report
from streams.words.listening.stories import ProposeRebuttal
from streams.words.plans import PostCorrectionDrafted, PostDrafted
from streams.words.release import LineDrafted, Message, Release, SignOff
from streams.words.sign_off import Search

LEFT_OUT = frozenset({"kind", "salt", "names", "beside", "content_hash", "search_id"})
"""What says nothing to a person, and a list of names that are kept back."""
IN_THE_WORDS = frozenset({"texts", "short_texts", "titles", "slots", "answer", "release"})
"""What the message shows, as each channel will show it."""
FOR_ANOTHER = (LineDrafted, PostDrafted, PostCorrectionDrafted)


def read_out(order: Order, gives: Sequence[FactBody]) -> Iterator[str]:
    """What the order does and, if it is about words, these words; `gives` is what it would be answered with.

    A release has shown its words before.
    """
    body, state = order.command.body, order.state
    does = f"{ORDERS[type(body)].words} in {state.subject.called}"
    if isinstance(body, Release):
        yield f"{does}: {body.purpose} of {body.template}, in the words above"
        return
    if isinstance(body, Declare):
        yield f"{does}: {body.name}, {body.type}, level {body.level}"
    if isinstance(body, Declare | Report):
        yield f"reported: {told_report(body.methane)}"
        return
    search, message = _search(order), _message(order, gives)
    asked = f": “{_asks(search)}”" if search and not message else ""
    if isinstance(state, Case) and state.about:
        does = f"{does}, a {state.sort}: {state.about}"
    if any(isinstance(one, FOR_ANOTHER) for one in gives):
        yield f"{does}, for another person's yes: this {message.purpose if message else 'line'}"
    elif isinstance(body, SignOff):
        yield f"{does}{asked}"
    else:
        yield f"{does}{asked}: {'; '.join(_fields(body, shown=bool(message))) or 'nothing more'}"
    if isinstance(body, ProposeRebuttal):
        yield f"story {body.story}; evidence {body.evidence}"
    yield from _words(order, message, search)


def _words(order: Order, message: Message | None, search: Search | None) -> Iterator[str]:
    """The message with who wrote it, and what it is about."""
    state, register = order.state, order.register
    if message is None or not isinstance(state, Outgoing):
        return
    writers = [*state.writers_of(message.id)] or ([search.sought_by] if search else [])
    if writers:
        yield f"asked for by {' and '.join(map(register.called, writers))}"
    delivery = state.deliveries.get(getattr(order.command.body, "delivery_id", ""))
    if delivery:
        yield f"on {delivery.channel}"
    yield message_heading(message)
    yield from told_shown(message, register, mode=order.command.mode, followed=_known(state).get(message.follows or ""))


def _message(order: Order, gives: Sequence[FactBody]) -> Message | None:
    """The message that the order is about or lets out; None if it is about none."""
    state, body = order.state, order.command.body
    if not isinstance(state, Outgoing):
        return None
    known, search = _known(state), _search(order)
    delivery = state.deliveries.get(getattr(body, "delivery_id", ""))
    named = getattr(body, "message_id", None), search.message_id if search else None
    names = (*named, delivery.message_id if delivery else None)
    found = next((known[name] for name in names if name is not None and name in known), None)
    return found or next((one for fact in gives if isinstance(one := getattr(fact, "message", None), Message)), None)


def _known(state: Outgoing) -> Mapping[str, Message]:
    return {**state.messages, **state.drafts}


def _search(order: Order) -> Search | None:
    """The search that the order answers, or whose question it decides."""
    body = order.command.body
    name = getattr(body, "search_id", None) or getattr(body, "message_id", None)
    return order.search(name) if name else None


def _asks(search: Search) -> str:
    return search.matter or (search.concern.words if search.concern else search.subject)


def _fields(body: Frozen, *, shown: bool) -> Iterator[str]:
    """What the order says beside its kind, each with its name."""
    left_out = LEFT_OUT | IN_THE_WORDS if shown else LEFT_OUT
    for name, value in body.model_dump(mode="json", exclude={*left_out}, exclude_defaults=True).items():
        yield f"{name.removesuffix('_id').replace('_', ' ')} {_told(value)}"


def _told(value: Any) -> str:  # noqa: ANN401 - any JSON
    match value:
        case list():
            return ", ".join(map(_told, value))
        case dict():
            return ", ".join(f"{name} {_told(one)}" for name, one in value.items())
        case _:
            return str(value)
