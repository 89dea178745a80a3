"""What follows words that are out, in one short command: their withdrawal or correction, and the all-clear at the end.

Template, slots and channels are those of the words that it follows: a person types only what is different.
"""

from collections.abc import Callable, Mapping
from inspect import signature
from typing import Annotated, Any

import typer

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.lines.prompts import look
from agents.entrypoints.cli.options import Misused, identified, pairs, refusal
from streams.decisions.authority.order import Order
from streams.decisions.release import corrections
from streams.projections.best_fit import by_fit
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.orders import command
from streams.words.register.entries import Register, Template
from streams.words.release import Message, Release

Which = Annotated[str | None, typer.Argument(help="The message, if several of ours stand.", callback=identified)]
Slots = Annotated[list[str], typer.Option("--slot", help="A slot that is different, as name=value; once for each.")]
OtherTemplate = Annotated[str | None, typer.Option(help="Another template than that of the words it follows.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal whether the words are right.")]
NO_SLOTS: list[str] = []


def withdraw(
    message: Which = None,
    *,
    template: OtherTemplate = None,
    slots: Slots = NO_SLOTS,
    yes: Yes = False,
    shared: Mapping[str, Any],
) -> Release:
    """Withdraw words that are out, at once wherever they are; what is said instead is shown first."""
    del yes  # It is about the asking, not about the order.
    return _following(Purpose.WITHDRAWAL, shared, message=message, template=template, slots=pairs(slots))


def correct(message: Which = None, *, slots: Slots = NO_SLOTS, yes: Yes = False, shared: Mapping[str, Any]) -> Release:
    """Correct words that are out by the template that they were made from, at once wherever they are."""
    del yes
    return _following(Purpose.CORRECTION, shared, message=message, slots=pairs(slots))


def all_clear(
    *, template: OtherTemplate = None, slots: Slots = NO_SLOTS, yes: Yes = False, shared: Mapping[str, Any]
) -> Release:
    """Say that it is over, on every channel that had words about it."""
    del yes
    incident, register, order = _as_it_stands(shared, Purpose.ALL_CLEAR)
    fitting = by_fit(register, incident, purpose=Purpose.ALL_CLEAR)
    ours = (*corrections.newest(order), *(one.message for one in order.released()))
    like = next((one for one in ours if one.template in fitting), None)
    return _release(Purpose.ALL_CLEAR, fitting, like=like, template=template, slots=pairs(slots))


FOLLOW_UPS: Mapping[str, Callable[..., Release]] = {"withdraw": withdraw, "correct": correct, "all-clear": all_clear}
"""The commands by name. Each takes as `shared` who orders, about what, and where the log is."""


def _following(  # budget: what of a message is to be said, and what is different
    purpose: Purpose,
    shared: Mapping[str, Any],
    *,
    message: str | None,
    slots: Mapping[str, str],
    template: str | None = None,
) -> Release:
    incident, register, order = _as_it_stands(shared, purpose)
    body = Release(template="none", purpose=purpose, follows=message)
    if unfit := corrections.unclear(order, body):
        raise refusal(unfit, as_json=shared["as_json"])
    meant = corrections.meant(order, body)
    follows = next((one.message for one in order.released() if one.message.id == meant), None)
    if follows is None:
        wanted = f"no message {message} of ours went out" if message else "no words of ours stand"
        raise Misused(f"{wanted} in {incident.subject.called}: see `holdingline status {incident.id}`")
    fitting = by_fit(register, incident, purpose=purpose, follows=follows)
    if purpose is Purpose.CORRECTION and follows.template not in fitting:
        raise Misused(
            f"{follows.id} was made from no template that has a correction: "
            f"write it with `holdingline draft {incident.id} --follows {follows.id}`"
        )
    made = _release(purpose, fitting, like=follows, template=template, slots=slots)
    return made.model_copy(update={"follows": follows.id})


def _as_it_stands(shared: Mapping[str, Any], purpose: Purpose) -> tuple[Incident, Register, Order]:
    """The incident, what it is judged by, and an order as it would be given now."""
    incident, register = look(shared)
    if incident is None or register is None:
        raise Misused(f"there is no {shared['subject'].called} in the log: see `holdingline status`")
    now, body = SystemClock().now(), Release(template="none", purpose=purpose)
    given = command(body, cause="a look", mode=shared["mode"], subject=shared["subject"], at=now, by=shared["by"])
    return incident, register, Order(given, incident, register, now)


def _release(
    purpose: Purpose,
    fitting: Mapping[str, Template],
    *,
    like: Message | None,
    template: str | None,
    slots: Mapping[str, str],
) -> Release:
    """The order by the template that is named, else by that of `like`, else by the one that fits best."""
    own = like.template if like and like.template in fitting else None
    named = template or own or next(iter(fitting), None)
    if named is None:
        raise Misused(f"no template has a text for a {purpose}: write a line with `holdingline draft`")
    gaps = fitting[named].slots if named in fitting else {}
    kept = {name: value for name, value in (like.slots if like else {}).items() if name in gaps}
    return Release(template=named, purpose=purpose, slots={**kept, **slots})


for _make in FOLLOW_UPS.values():
    # What the command line asks for is all but who asks.
    _make.__signature__ = signature(_make).replace(  # type: ignore[attr-defined] # for typer
        parameters=[one for one in signature(_make).parameters.values() if one.name != "shared"]
    )
