"""Mending a planned post that went out: a withdrawal by one person, or a correction on the yes that a post needs.

Each goes to every channel that may have the post, by that channel's own way, also while an incident goes on.
"""

from collections.abc import Iterator, Mapping, Sequence

from streams.decisions.advice import advice
from streams.decisions.authority import freshness
from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may_on_all, who_could
from streams.decisions.plans import post_words
from streams.decisions.plans.post_words import Written
from streams.decisions.release import corrections, release_orders
from streams.decisions.verdict import Refused
from streams.decisions.wording import message_policy
from streams.decisions.wording.contents import contents_faults
from streams.decisions.wording.slot_values import filled
from streams.subjects.plan import Plan, PlanStatus
from streams.values import Form, Power, Purpose, derive_id
from streams.why import because
from streams.words.delivery import DeliveryState
from streams.words.facts import CommandRefused, FactBody
from streams.words.plans import CorrectPost, DropPost, PostCorrectionDrafted
from streams.words.register.entries import Template
from streams.words.release import Message, MessageAuthorised


def withdrawn(order: Order, body: DropPost) -> Sequence[FactBody] | Refused:
    """The withdrawal of everything of the post that is or may be public; one person with the power is enough."""
    template = _template(order, body.withdraw_with, Purpose.WITHDRAWAL)
    if isinstance(template, Refused):
        return template
    found: list[FactBody] = []
    for one in _standing(order.plan):
        channels = [name for name in one.channels if _is_to_withdraw(order, one, name)]
        if not channels:
            continue
        message = _by_template(order, one, template, purpose=Purpose.WITHDRAWAL, given=body.slots)
        message = message.model_copy(update={"channels": tuple(channels)}).sealed()
        if reasons := message_policy.faults(message, order.register, mode=order.state.mode):
            return Refused(reasons)
        act = order.act(Power.WITHDRAW)
        verdict = may_on_all(order.command.by, act, channels=message.channels, register=order.register)
        if isinstance(verdict, Refused):
            return verdict
        yes = release_orders.authorisation_of(order, message, verdict=verdict, power=Power.WITHDRAW)
        found += [MessageAuthorised(message=message, authorisation=yes), *release_orders.asked_of(message, order)]
    return found or Refused([because("post-not-public", "nothing of the post is public: drop it without a template")])


def correct(order: Order, body: CorrectPost) -> Sequence[FactBody]:
    """A template's words go out on one person's yes; other words wait for the yes of another person."""
    messages = _corrections(order, body)
    if isinstance(messages, Refused):
        return [messages.fact(body.kind)]
    found: list[FactBody] = []
    for message in messages:
        if message.template:
            found += let_out(order, message)
            continue
        act = order.act(Power.DRAFT_LINE)
        verdict = may_on_all(order.command.by, act, channels=message.channels, register=order.register)
        if isinstance(verdict, Refused):
            return [verdict.fact(body.kind)]
        found.append(PostCorrectionDrafted(message=message))
    return [one for one in found if isinstance(one, CommandRefused)][:1] or found


def let_out(order: Order, message: Message, *, drafted_by: str | None = None) -> Sequence[FactBody]:
    """The correction with the yes that lets it out, and what its channels are asked for; or why it stays in."""
    kind = order.command.body.kind
    if old := freshness.expired(message, now=order.now, zone=order.zone):
        return [old.fact(kind)]
    if held := tuple(contents_faults(message, order.register, holds=order.plan.holds_about(message))):
        return order.refused(*held)
    yes = post_words.yes_to(order, message, drafted_by=drafted_by)
    if isinstance(yes, Refused):
        return [yes.fact(kind)]
    return [MessageAuthorised(message=message, authorisation=yes), *release_orders.asked_of(message, order)]


def could_correct(order: Order, body: CorrectPost) -> Sequence[str]:
    """Names and roles of those who could correct the post in such words."""
    power = Power.RELEASE_HOLDING if body.template else Power.DRAFT_LINE
    message = order.plan.message
    return who_could(order.act(power), order.register, channels=message.channels if message else ())


def _corrections(order: Order, body: CorrectPost) -> Sequence[Message] | Refused:
    """What would go out, or everything that is wrong with its words."""
    if (body.template is None) is not bool(body.texts):
        form = "a correction has the words of a template or words of its own: give one of the two"
        return Refused([because("correction-words-of", form)])
    template = _template(order, body.template, Purpose.CORRECTION) if body.template else None
    if isinstance(template, Refused):
        return template
    own = post_words.written(order, body)
    if isinstance(own, Refused):
        return own
    found: list[Message] = []
    for one in _standing(order.plan):
        # What an incident holds does not go out before a person planned it again, and then in the right words.
        there = corrections.channels_with(order, one.id) if order.plan.status is PlanStatus.OUT else ()
        channels = [name for name in one.channels if name in there or _may_be_read(order, one, name)]
        if not channels:
            continue
        if template:
            message = _by_template(order, one, template, purpose=Purpose.CORRECTION, given=body.slots)
        else:
            message = _about(order, one, own, purpose=Purpose.CORRECTION)
        message = message.model_copy(update={"channels": tuple(channels)})
        if reasons := [*_faults(order, message, wrong=one, template=template)]:
            return Refused(reasons)
        found.append(message_policy.doubted(message, order.register))
    return found or Refused(
        [because("nothing-went-out", "nothing of it went out: {advice}", advice=advice(order.plan))]
    )


def _faults(order: Order, message: Message, *, wrong: Message, template: Template | None) -> Iterator[str]:
    """What is wrong with a correction of these words."""
    if message.texts == wrong.texts:
        yield because("same-words", "these are the words that are out: write the right ones")
    if template:
        if unlisted := [one for one in message.channels if one not in template.channels]:
            form = "template {template} is not approved for {channels}: correct it in words of your own"
            yield because("unlisted-correct", form, template=template.id, channels=", ".join(unlisted))
    else:
        for language in sorted(wrong.texts.keys() & set(order.register.languages) - message.texts.keys()):
            form = "the words that it corrects are out in {language}, too: write the text in {language}"
            yield because("out-in-language", form, language=language)
    yield from message_policy.faults(message, order.register, mode=order.state.mode)


def _template(order: Order, name: str | None, purpose: Purpose) -> Template | Refused:
    """The template whose approved words mend the post."""
    template = order.register.messages.get(name or "")
    if template is None or purpose not in template.texts:
        form = "there is no template {template} with a {purpose} text: choose one that has such a text"
        return Refused([because("no-template-with", form, template=name or "", purpose=purpose)])
    lapsed = freshness.template_faults(template, order.register, now=order.now, purpose=purpose)
    return lapsed or template


def _standing(plan: Plan) -> Iterator[Message]:
    """The words of the post that no correction followed; there are several if it was planned again half-way."""
    mended = {one.follows for one in plan.messages.values() if one.purpose is Purpose.CORRECTION}
    for one in plan.messages.values():
        if one.purpose is not Purpose.WITHDRAWAL and one.id not in mended:
            yield one


def _may_be_read(order: Order, message: Message, channel: str) -> bool:
    return corrections.may_be_read(order, message.id, channel=channel)


def _is_to_withdraw(order: Order, message: Message, channel: str) -> bool:
    """Whether the public may read it there, and nothing takes it back yet."""
    plan = order.plan
    taken_back = any(
        one.channel == channel and one.state is not DeliveryState.REFUSED
        for one in plan.deliveries.values()
        if (plan.messages[one.message_id].purpose, plan.messages[one.message_id].follows)
        == (Purpose.WITHDRAWAL, message.id)
    )
    return not taken_back and _may_be_read(order, message, channel)


def _by_template(
    order: Order, wrong: Message, template: Template, *, purpose: Purpose, given: Mapping[str, str]
) -> Message:
    slots = {**wrong.slots, **given}
    words = filled(template, slots, register=order.register).words
    texts = post_words.of_template(template, purpose, slots=words, mode=order.state.mode)
    of_template: dict[str, object] = {"template": template.id, "template_hash": template.content_hash()}
    if purpose is Purpose.CORRECTION:
        of_template["slots"] = slots
    return _about(order, wrong, texts, purpose=purpose).model_copy(update=of_template)


def _about(order: Order, wrong: Message, texts: Written, *, purpose: Purpose) -> Message:
    """A message about this one, in these words."""
    return Message(
        id=derive_id("msg", order.command.id, wrong.id),
        purpose=purpose,
        texts=texts[Form.LONG],
        short_texts=texts[Form.SHORT],
        channels=wrong.channels,
        titles={language: title for language, title in wrong.titles.items() if language in texts[Form.LONG]},
        expires_at=order.now + freshness.HOLDING_LASTS,
        follows=wrong.id,
    )
