"""Words of a planned post and of what mends it: how they are written, and who lets them out."""

from collections.abc import Mapping

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may_on_all, who_could
from streams.decisions.release import release_orders
from streams.decisions.verdict import Refused
from streams.decisions.wording import message_policy
from streams.decisions.wording.renderer import marked, rendered
from streams.signs import composed_each
from streams.values import Form, Power, Purpose
from streams.why import because
from streams.words.plans import CorrectPost, PlanPost
from streams.words.register.entries import Template
from streams.words.release import Authorisation, Message

Written = Mapping[Form, Mapping[str, str]]
"""The words in each form and language."""


def written(order: Order, body: PlanPost | CorrectPost) -> Written | Refused:
    """The words of the order's own, or why no message takes as much."""
    mode = order.state.mode
    texts = {
        Form.LONG: marked(composed_each(body.texts), mode),
        Form.SHORT: marked(composed_each(body.short_texts), mode),
    }
    long = [reason for form in Form for reason in message_policy.too_long(texts[form], form)]
    return Refused(long) if long else texts


def of_template(template: Template, purpose: Purpose, *, slots: Mapping[str, Mapping[str, str]], mode: str) -> Written:
    """The words of a template for this purpose; what a slot lacks is a gap, which the message policy refuses."""
    return {form: rendered(template, purpose, slots=slots, mode=mode, form=form) for form in Form}


def power_for(message: Message) -> Power:
    """A template was approved by two people beforehand; other words need the power of a line's second person."""
    return Power.RELEASE_HOLDING if message.template else Power.SIGN_OFF_LINE


def yes_to(order: Order, message: Message, *, drafted_by: str | None = None) -> Authorisation | Refused:
    """The yes of the person who gives the order, or why it is none."""
    power = power_for(message)
    act = order.act(power)
    if drafted_by == order.command.by:
        able = who_could(act, order.register, channels=message.channels, but=drafted_by)
        return Refused([because("own-post", "who wrote a post does not let it out: ask another person")], able)
    verdict = may_on_all(order.command.by, act, channels=message.channels, register=order.register, but=drafted_by)
    if isinstance(verdict, Refused):
        return verdict
    return release_orders.authorisation_of(order, message, verdict=verdict, power=power, drafted_by=drafted_by)
