"""Planning a post: its words are judged and signed when it is planned; at its time they are sent, or a person asked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from streams.decisions.advice import advice
from streams.decisions.authority import freshness
from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may_on_all, who_could
from streams.decisions.channels.kinds import kind_on
from streams.decisions.plans import holding, mends, pace, post_words
from streams.decisions.plans.post_words import Written
from streams.decisions.release import delivery_orders, release_orders
from streams.decisions.stops import stop_orders
from streams.decisions.verdict import Allowed, Refused, Verdict, reasons_of
from streams.decisions.wording import message_policy
from streams.decisions.wording.contents import contents_faults
from streams.decisions.wording.renderer import title_of
from streams.decisions.wording.slot_values import filled
from streams.moments import told_in
from streams.subjects.plan import Plan, PlanStatus
from streams.values import Form, Power, Purpose, derive_id
from streams.why import because
from streams.words.facts import FactBody
from streams.words.orders import Tick
from streams.words.plans import ApprovePost, DropPost, PlanPost, PostDrafted, PostDropped, PostPlanned, ReplanPost
from streams.words.release import Message, MessageAuthorised

LASTS = timedelta(hours=1)
"""A post that could not go out so long after its time goes out no more by itself."""
AHEAD_MAX = timedelta(days=366)


def plan(order: Order, body: PlanPost) -> Sequence[FactBody]:
    """A template's text goes out on one person's yes; other words wait for the yes of another person."""
    if wrong := [*_unfit(order, body.at), *_pace(order, body), *_ways(order, body)]:
        return order.refused(*wrong)
    message = _from_template(order, body) if body.template else _in_own_words(order, body)
    if isinstance(message, Refused):
        return [message.fact(body.kind)]
    if reasons := message_policy.faults(message, order.register, mode=order.state.mode):
        return order.refused(*reasons)
    message = message_policy.doubted(message, order.register)
    if message.template:
        return _planned(order, message, body.at)
    verdict = may_on_all(order.command.by, order.act(Power.DRAFT_LINE), channels=body.channels, register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [PostDrafted(message=message, at=body.at)]


def approve(order: Order, body: ApprovePost) -> Sequence[FactBody]:
    """The yes is for exactly the content that was read, and never from its author."""
    plan = order.plan
    if not plan.drafts:
        return order.refused(advice(plan))
    draft = next((one for one in plan.drafts.values() if one.content() == body.content_hash), None)
    if draft is None or plan.at is None:
        form = "the words are not what was read (their hash differs): read them again, then say yes"
        return order.refused(because("post-otherwise", form))
    author, *entered = plan.writers_of(draft.id)
    if order.command.by in entered:
        return release_orders.own_entry(order, author, able=could_say_yes(order))
    if draft.purpose is Purpose.CORRECTION:
        return mends.let_out(order, draft, drafted_by=author)
    if plan.at <= order.now:
        return order.refused(
            because("post-late", "the time of the post has passed: drop it, and plan it for a later one")
        )
    if held := tuple(contents_faults(draft, order.register, holds=plan.holds_about(draft))):
        return order.refused(*held)
    return _planned(order, draft, plan.at, drafted_by=author)


def replan(order: Order, body: ReplanPost) -> Sequence[FactBody]:
    """The same words at a new time, on the channels where they are not public yet, by a new yes."""
    plan = order.plan
    before, left = plan.message, plan.channels_left()
    if before is None or not left:
        form = "the post is public, or may be, on all of its channels: look at `holdingline plans`"
        return order.refused(because("post-everywhere", form))
    if elsewhere := holding.kept_elsewhere(plan):
        return order.refused(elsewhere)
    if plan.drafts or any(one.purpose is Purpose.CORRECTION for one in plan.messages.values()):
        return order.refused(
            because("post-corrected", "its words are corrected where it is public: drop it, and plan another one")
        )
    if wrong := [*_unfit(order, body.at), *_pace(order, body)]:
        return order.refused(*wrong)
    again = {"id": derive_id("msg", order.command.id), "channels": tuple(left), "expires_at": body.at + LASTS}
    message = message_policy.doubted(before.model_copy(update=again), order.register)
    if lapsed := _lapsed(order, message):
        return [lapsed.fact(body.kind)]
    if reasons := message_policy.faults(message, order.register, mode=plan.mode):
        return order.refused(*reasons)
    given = plan.authorisations.get(before.id)
    author = given.drafted_by if given else None
    planned = _planned(order, message, body.at, drafted_by=author)
    if not isinstance(planned[0], PostPlanned):
        return planned
    why = because("planned-again", "the post was planned again for {time}", time=told_in(order.zone, body.at))
    return [*_stopped(plan, why), *planned]


def drop(order: Order, body: DropPost) -> Sequence[FactBody]:
    """Its author may drop it, and all who may release or withdraw: to stop is easier than to start."""
    plan = order.plan
    if plan.status is PlanStatus.DROPPED and body.withdraw_with is None:
        return order.refused(advice(plan))
    if not plan.is_open and body.withdraw_with is None:
        form = "nothing of the post is on its way any more: withdraw it with a template if it is public"
        return order.refused(because("post-gone-out", form))
    verdict = _may_drop(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    taken_back = mends.withdrawn(order, body) if body.withdraw_with else []
    if isinstance(taken_back, Refused):
        return [taken_back.fact(body.kind)]
    waiting = [*plan.deliveries.values()]
    beyond = (*stop_orders.beyond(waiting), *stop_orders.public(waiting))
    dropped = PostDropped(reason=body.reason, rule=verdict.rule or None, beyond=beyond)
    why = because("dropped-because", "the post was dropped: {reason}", reason=body.reason)
    return [dropped, *_stopped(plan, why), *taken_back]


def tick(order: Order, body: Tick) -> Sequence[FactBody]:
    """At its time each channel is asked; what was asked goes on by the rules of every delivery."""
    plan = order.plan
    going = [*delivery_orders.tick(order, body), *holding.to_review(plan, order.declared)]
    if plan.message is None or not holding.has_come(plan, order.now):
        return going
    if freshness.expired(plan.message, now=order.now, zone=order.zone):
        return [*going, holding.too_late(order)]
    return [*going, *release_orders.asked_of(plan.message, order)]


def could_plan(order: Order, body: PlanPost) -> Sequence[str]:
    """Names and roles of those who could plan such a post."""
    power = Power.RELEASE_HOLDING if body.template else Power.DRAFT_LINE
    return who_could(order.act(power), order.register, channels=body.channels)


def could_say_yes(order: Order) -> Sequence[str]:
    """Names and roles of those who could let the words of this post, or of a correction of it, out."""
    plan = order.plan
    message = next(iter(plan.drafts.values()), plan.message)
    if message is None:
        return ()
    given = plan.authorisations.get(message.id)
    author = given.drafted_by if given else plan.drafted_by.get(message.id)
    return who_could(order.act(post_words.power_for(message)), order.register, channels=message.channels, but=author)


def could_drop(order: Order) -> Sequence[str]:
    """Names and roles of those who could drop it."""
    authors = [order.register.called(one) for one in _authors(order.plan)]
    able = [name for power in stop_orders.MAY_STOP for name in who_could(order.act(power), order.register)]
    return [*dict.fromkeys([*authors, *able])]


def _planned(order: Order, message: Message, at: datetime, *, drafted_by: str | None = None) -> Sequence[FactBody]:
    """The post at its time with the yes that lets it out then, or why there is none."""
    yes = post_words.yes_to(order, message, drafted_by=drafted_by)
    if isinstance(yes, Refused):
        return [yes.fact(order.command.body.kind)]
    # Who says yes need not be there at the time of the post.
    yes = yes.model_copy(update={"until": message.expires_at})
    planned = PostPlanned(message=message, at=at, declared=order.declared.count)
    return [planned, MessageAuthorised(message=message, authorisation=yes)]


def _unfit(order: Order, at: datetime) -> Iterator[str]:
    if at <= order.now:
        yield because("post-time-passed", "the time of the post has passed: give one to come")
    elif at > order.now + AHEAD_MAX:
        yield because("post-too-far", "the post is planned for more than a year ahead: plan it nearer to its time")


def _pace(order: Order, body: PlanPost | ReplanPost) -> Iterator[str]:
    if not body.despite_pace:
        yield from pace.too_fast(body.at, body.beside, zone=ZoneInfo(order.register.hours.timezone))


def _ways(order: Order, body: PlanPost) -> Iterator[str]:
    """What is wrong with where the post is to go and where its words come from, before any word is judged."""
    if (body.template is None) is not bool(body.texts):
        yield because("post-words-of", "a post has the words of a template or words of its own: give one of the two")
    for channel in body.channels:
        kind = kind_on(channel, order.register)
        if kind and kind.by_hand:
            form = "a person writes on {channel} by hand, and nothing planned goes out there: leave it out"
            yield because("planned-by-hand", form, channel=channel)


def _from_template(order: Order, body: PlanPost) -> Message | Refused:
    """The planned text of a template, filled in."""
    template = order.register.messages.get(body.template or "")
    if template is None:
        form = "there is no template {template}: choose one of {known}"
        return Refused(
            [because("no-template", form, template=body.template or "", known=", ".join(order.register.messages))]
        )
    if Purpose.PLANNED not in template.texts:
        form = "template {template} has no planned text: choose one that has, or write one"
        return Refused([because("no-planned-text", form, template=template.id)])
    lapsed = freshness.template_faults(template, order.register, now=order.now, purpose=Purpose.PLANNED)
    given = filled(template, body.slots, register=order.register)
    unlisted = [one for one in body.channels if one not in template.channels]
    form = "template {template} is not approved for {channels}: leave them out"
    left_out = [because("unlisted", form, template=template.id, channels=", ".join(unlisted))] if unlisted else []
    if misfits := [*reasons_of(lapsed), *left_out, *given.reasons]:
        return Refused(misfits, lapsed.who_could if lapsed else None)
    texts = post_words.of_template(template, Purpose.PLANNED, slots=given.words, mode=order.state.mode)
    titles = {one: title_of(what, None) for one, what in template.what.items() if one in texts[Form.LONG]}
    return _message(
        order,
        body,
        texts,
        {**titles, **body.titles},
        {"slots": body.slots, "template": template.id, "template_hash": template.content_hash()},
    )


def _in_own_words(order: Order, body: PlanPost) -> Message | Refused:
    texts = post_words.written(order, body)
    return texts if isinstance(texts, Refused) else _message(order, body, texts, body.titles, {})


def _message(
    order: Order, body: PlanPost, texts: Written, titles: Mapping[str, str], more: Mapping[str, object]
) -> Message:
    plain = Message(
        id=derive_id("msg", order.command.id),
        purpose=Purpose.PLANNED,
        texts=texts[Form.LONG],
        short_texts=texts[Form.SHORT],
        channels=tuple(dict.fromkeys(body.channels)),
        titles=titles,
        expires_at=body.at + LASTS,
    )
    return plain.model_copy(update=dict(more))


def _lapsed(order: Order, message: Message) -> Refused | None:
    """Why the words of a template may not be planned again; None if they may, or are of no template."""
    if message.template is None:
        return None
    template = freshness.unchanged(message, order.register)
    if template is None:
        form = "template {template} changed since: drop the post, and plan it with the new words"
        return Refused([because("post-template-changed", form, template=message.template)])
    return freshness.template_faults(template, order.register, now=order.now, purpose=Purpose.PLANNED)


def _stopped(plan: Plan, why: str) -> Sequence[FactBody]:
    """The end of every delivery of it that surely is not public; what takes it back goes on."""
    unsent = (one for one in plan.deliveries.values() if one.state in stop_orders.NOT_SENT)
    waiting = [one for one in unsent if plan.messages[one.message_id].purpose is not Purpose.WITHDRAWAL]
    return [stop_orders.not_sent(one.id, why) for one in waiting]


def _authors(plan: Plan) -> Sequence[str]:
    """Those who wrote it or let it out."""
    message = plan.message
    given = plan.authorisations.get(message.id) if message else None
    named = [given.drafted_by, given.person] if given else [*plan.drafted_by.values()]
    return [one for one in named if one]


def _may_drop(order: Order) -> Verdict:
    by = order.command.by
    if by in order.register.people and by in _authors(order.plan):
        return Allowed("its author", by, order.now)
    verdict = stop_orders.may_stop(order, [None])
    return verdict if isinstance(verdict, Allowed) else Refused(verdict.reasons, could_drop(order))
