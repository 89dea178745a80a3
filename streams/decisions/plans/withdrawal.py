"""Withdrawing a planned post that went out: in the approved words of a template, on every channel that may have it."""

from collections.abc import Iterator, Mapping, Sequence

from streams.decisions.authority import freshness
from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may_on_all
from streams.decisions.release import release_orders
from streams.decisions.release.channel_order import LET_OUT
from streams.decisions.verdict import Refused
from streams.decisions.wording import message_policy
from streams.decisions.wording.renderer import rendered
from streams.decisions.wording.slot_values import filled
from streams.values import Form, Power, Purpose, derive_id
from streams.words.facts import FactBody
from streams.words.plans import DropPost
from streams.words.register.entries import Template
from streams.words.release import Message, MessageAuthorised


def withdrawn(order: Order, body: DropPost) -> Sequence[FactBody] | Refused:
    """The withdrawal of everything of the post that is or may be public; one person with the power is enough."""
    template = order.register.messages.get(body.withdraw_with or "")
    if template is None:
        return Refused([f"there is no template {body.withdraw_with}: choose one that has a withdrawal text"])
    lapsed = freshness.template_faults(template, order.register, now=order.now, purpose=Purpose.WITHDRAWAL)
    if lapsed:
        return lapsed
    messages = [*_messages(order, template, body.slots)]
    if not messages:
        return Refused(["nothing of the post is public: drop it without a template"])
    found: list[FactBody] = []
    for message in messages:
        if reasons := message_policy.faults(message, order.register, mode=order.state.mode):
            return Refused(reasons)
        act = order.act(Power.WITHDRAW)
        verdict = may_on_all(order.command.by, act, channels=message.channels, register=order.register)
        if isinstance(verdict, Refused):
            return verdict
        yes = release_orders.authorisation_of(order, message, verdict=verdict, power=Power.WITHDRAW)
        found += [MessageAuthorised(message=message, authorisation=yes), *release_orders.asked_of(message, order)]
    return found


def _messages(order: Order, template: Template, given: Mapping[str, str]) -> Iterator[Message]:
    """A withdrawal for each message of the post that a channel has, or may have: it may have been planned again."""
    plan = order.plan
    for message in plan.messages.values():
        out = [one.channel for one in plan.deliveries.values() if one.message_id == message.id and one.state in LET_OUT]
        if message.purpose is not Purpose.PLANNED or not out:
            continue
        slots = filled(template, {**message.slots, **given}, register=order.register).words
        long, short = (rendered(template, Purpose.WITHDRAWAL, slots=slots, mode=plan.mode, form=form) for form in Form)
        yield Message(
            id=derive_id("msg", order.command.id, message.id),
            purpose=Purpose.WITHDRAWAL,
            texts=long,
            short_texts=short,
            channels=tuple(out),
            titles=message.titles,
            expires_at=order.now + freshness.HOLDING_LASTS,
            template=template.id,
            template_hash=template.content_hash(),
            follows=message.id,
        ).sealed()
