"""Releases: words from a template, or a line that a second person signs off; and the yes that any message needs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from streams.decisions.authority import freshness, turns
from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import in_own_words, power_for
from streams.decisions.authority.powers import may_on_all
from streams.decisions.lifecycle import DECLARED, ONCE_DECLARED, stay_in, stuck
from streams.decisions.release import by_hand, corrections, reported
from streams.decisions.stops import stop_orders
from streams.decisions.verdict import Allowed, Refused, Verdict, reasons_of
from streams.decisions.wording import message_policy
from streams.decisions.wording.contents import contents_faults, public_hashtags
from streams.decisions.wording.message_policy import MUST_SAY, Says
from streams.decisions.wording.renderer import NEXT_UPDATE, rendered, slots_used, title_of
from streams.decisions.wording.shown.renderings import shown_digest
from streams.decisions.wording.slot_values import filled
from streams.moments import ahead
from streams.signs import folded
from streams.subjects.incident import Status
from streams.values import Form, Power, Purpose, derive_id, is_drill
from streams.why import because
from streams.words.delivery import DeliveryAsked, DeliveryState, verb_for
from streams.words.facts import FactBody
from streams.words.register.entries import Template
from streams.words.register.slots import SlotKind
from streams.words.release import (
    MAY_FOLLOW_THE_END,
    Amplify,
    Authorisation,
    LineDrafted,
    Message,
    MessageAuthorised,
    Propose,
    Release,
    SignOff,
    Standing,
)


def release(order: Order, body: Release) -> Sequence[FactBody]:
    """Release a pre-approved message on one person's yes, if template, text and authority are all valid now."""
    message = prepared(order, body)
    return [message.fact(body.kind)] if isinstance(message, Refused) else authorise(order, message)


def propose(order: Order, body: Propose) -> Sequence[FactBody]:
    """The same message as a draft, from anybody on the register, for somebody with the power to sign off."""
    if order.command.by not in order.register.people:
        form = "{person} is not on the register: have somebody who is propose it"
        return order.refused(because("propose-by-register", form, person=order.command.by))
    message = prepared(order, body.release)
    return [message.fact(body.kind)] if isinstance(message, Refused) else handed_in(order, message)


def prepared(order: Order, body: Release) -> Message | Refused:
    """The message that the order describes, ready to be authorised, or everything that is wrong with it."""
    template = order.register.messages.get(body.template)
    if template is None:
        form, known = "there is no template {template}: choose one of {known}", ", ".join(order.register.messages)
        return Refused([because("no-template", form, template=body.template, known=known)])
    lapsed = freshness.template_faults(template, order.register, now=order.now, purpose=body.purpose)
    given = filled(template, body.slots, register=order.register)
    if misfits := [*reasons_of(lapsed), *_misfits(order, body, template), *given.reasons]:
        return Refused(misfits, lapsed.who_could if lapsed else None)
    incident = order.incident
    words = {**corrections.whose(order, body), **given.words, NEXT_UPDATE: _promised(order, body)}
    texts = {form: rendered(template, body.purpose, slots=words, mode=incident.mode, form=form) for form in Form}
    if long := [reason for form in Form for reason in message_policy.too_long(texts[form], form)]:
        return Refused(long)
    message = _from_template(order, body, texts=texts, titles=_titles(template, words))
    # Programs that render nothing, and older orders of the record, are bound to the words alone.
    if body.shown and body.shown not in {message.words(), shown_digest(message, order.register, mode=incident.mode)}:
        form = "the words changed since they were shown: look at what would go out now, then release that"
        return Refused([because("shown-otherwise", form)])
    promised = {language: (told,) for language, told in words[NEXT_UPDATE].items()}
    where = {language: (name,) for language, name in words.get("place", {}).items()}
    says = Says(template.what, where, words.get("time", {}), promised)
    holds = incident.holds
    reasons = message_policy.faults(message, order.register, mode=incident.mode, says=says, holds=holds)
    others = [*reported.misfits(order, template.what, template=template)] if body.purpose in MUST_SAY else ()
    return Refused(reasons) if reasons else message_policy.doubted(message, order.register, holds=holds, others=others)


def handed_in(order: Order, message: Message) -> Sequence[FactBody]:
    """A draft; where a chain is made for it, its people are asked at once."""
    often = turns.too_often(order) if turns.chain_for(order, message) else None
    return [often.fact(order.command.body.kind)] if often else [LineDrafted(message=message)]


def sign_off(order: Order, body: SignOff) -> Sequence[FactBody]:
    """Sign off a draft: the yes is for exactly the content that was read, and never from its author."""
    if (matter := order.search(body.message_id)) and matter.matter:
        return turns.decide_matter(order, matter, content_hash=body.content_hash)
    draft = order.incident.drafts.get(body.message_id)
    moves = ONCE_DECLARED if draft and in_own_words(draft) else stay_in(DECLARED)
    if over := stuck(order.incident, moves, words="sign off"):
        return [over.fact(body.kind)]
    if draft is None:
        return order.refused(stop_orders.gone(order, body.message_id))
    if body.content_hash != draft.content():
        form = "the draft is not what was read (its hash differs): read it again, then sign it off"
        return order.refused(because("read-otherwise", form))
    if unfit := _lapsed(order, draft) or corrections.taken_back(order, draft.follows if in_own_words(draft) else None):
        return [unfit.fact(body.kind)]
    if held := tuple(contents_faults(draft, order.register, holds=order.incident.holds)):
        return order.refused(*held)
    author, *entered = order.incident.writers_of(draft.id)
    if order.command.by in entered:
        return own_entry(order, author, able=turns.could_say_yes(order, draft, but=author))
    return authorise(order, draft, drafted_by=author)


def own_entry(order: Order, author: str, *, able: Sequence[str]) -> Sequence[FactBody]:
    """The refusal of a yes by the person who entered the words for their author; `able` could say it."""
    others = [one for one in able if one != order.register.called(order.command.by)]
    form = "who entered the words that {person} said cannot sign them off: ask another person"
    return order.refused(because("own-entry", form, person=order.register.called(author)), who_could=others)


def authorise(
    order: Order,
    message: Message,
    *,
    by: str | None = None,
    drafted_by: str | None = None,
    standing: Standing | None = None,
) -> Sequence[FactBody]:
    """Ask authority for every channel; a yes is stored with its rule and asks the channels, a no is stored too.

    Check what no person can fix first; then everyone we name could really approve.
    """
    if stopped := stop_orders.frozen(order, message.purpose):
        return [stopped.fact(order.command.body.kind)]
    if (public := doubled(order, message)) and not _renews(order):
        form = "these words are out, were out, or are on their way on {channels}: look at the status"
        return order.refused(because("words-out", form, channels=order.register.places_of(public)))
    if old := freshness.expired(message, now=order.now, zone=order.zone):
        return [old.fact(order.command.body.kind)]
    power = power_for(message)
    verdict = _ask(order, message, power=power, by=by, drafted_by=drafted_by)
    if isinstance(verdict, Refused):
        return order.refused(*verdict.reasons, who_could=turns.could_say_yes(order, message, but=drafted_by))
    authorisation = authorisation_of(order, message, verdict=verdict, power=power, drafted_by=drafted_by)
    authorisation = authorisation.model_copy(update={"standing": standing})
    return [MessageAuthorised(message=message, authorisation=authorisation), *asked_of(message, order)]


def _renews(order: Order) -> bool:
    """Whether these words of a post stand for others of it: they may be those that it had before."""
    body = order.command.body
    return isinstance(body, Amplify) and body.renews


def _ask(order: Order, message: Message, *, power: Power, by: str | None, drafted_by: str | None) -> Verdict:
    """Whether this person's yes counts: not to their own words, in their turn, and with the power here and now."""
    if drafted_by == order.command.by:
        return Refused([because("own-line", "who wrote a line cannot sign it off: ask another person")])
    # A partner's post goes out on a standing yes: no chain is asked, so there is no turn to wait for.
    early = None if by else turns.out_of_turn(order, message.id, chain=turns.chain_for(order, message))
    if early:
        return early
    return may_on_all(by or order.command.by, order.act(power), channels=message.channels, register=order.register)


def asked_of(message: Message, order: Order) -> tuple[DeliveryAsked, ...]:
    """What each of the message's channels is asked for once it is authorised."""
    verb = verb_for(message, _follow(message, order))
    return tuple(
        DeliveryAsked(
            delivery_id=derive_id("dlv", message.id, channel),
            message_id=message.id,
            channel=channel,
            verb=verb,
            by_hand=by_hand.asked_on(channel, order.register) or by_hand.mended_on(order, message, channel=channel),
        )
        for channel in message.channels
    )


def _follow(message: Message, order: Order) -> Message | None:
    """The message that this one follows; None where it follows none."""
    if message.follows is None:
        return None
    here = order.outgoing.messages.get(message.follows)
    released = None if here else order.past.released(message.follows)
    return here or (released.message if released else None)


def doubled(order: Order, message: Message) -> list[str]:
    """Channels that were asked to say and do the same in this incident and did not refuse it."""
    incident = order.incident
    here = {
        delivery.channel
        for delivery in incident.deliveries.values()
        if delivery.state is not DeliveryState.REFUSED and message.says_again(incident.messages[delivery.message_id])
    }
    return [channel for channel in message.channels if channel in here or order.past.has_said(message, channel)]


def authorisation_of(
    order: Order, message: Message, *, verdict: Allowed, power: Power, drafted_by: str | None = None
) -> Authorisation:
    """The yes of the person whom the verdict names; it is proven by their key if they gave the order."""
    return Authorisation(
        person=verdict.person,
        power=power,
        rule=verdict.rule,
        register_version=order.register.version(),
        content_hash=message.content_hash,
        at=order.now,
        until=verdict.until,
        drafted_by=drafted_by,
        key=order.command.proof.key if order.command.proof and order.command.by == verdict.person else None,
    )


def _lapsed(order: Order, draft: Message) -> Refused | None:
    """Why a draft's words are not pre-approved any more; None if they are, or if it is a line."""
    if draft.template is None:
        return None
    template = freshness.unchanged(draft, order.register)
    if template is None:
        form = "template {template} was changed since this was handed in: hand it in again"
        return Refused([because("template-changed", form, template=draft.template)])
    return freshness.template_faults(template, order.register, now=order.now, purpose=draft.purpose)


def _misfits(order: Order, body: Release, template: Template) -> list[str]:
    """What is wrong with the order itself before a word is rendered."""
    reasons: list[str] = []
    if body.purpose not in template.texts:
        form = "template {template} has no {purpose} text: choose a template that has"
        reasons.append(because("no-such-text", form, template=template.id, purpose=body.purpose))
    if order.incident.status is not Status.DECLARED and body.purpose not in MAY_FOLLOW_THE_END:
        form = "the incident is {status}: only a correction, withdrawal or all-clear may follow"
        reasons.append(because("after-the-end", form, status=order.incident.status))
    if order.incident.declaration is None:
        form = "the incident was never declared, so nothing is public to mend or end: declare one"
        reasons.append(because("never-declared", form))
    reasons += reasons_of(
        corrections.unknown(order, body.follows),
        corrections.unclear(order, body),
        corrections.changes_nothing(order, body, template=template),
    )
    if body.purpose in MUST_SAY and (body.next_update_at is None or body.next_update_at <= order.now):
        reasons.append(because("no-promise", "no time ahead is given for the next update: promise one"))
    if unlisted := [channel for channel in body.channels if channel not in template.channels]:
        form = "template {template} is not approved for {channels}: leave them out"
        reasons.append(because("unlisted", form, template=template.id, channels=", ".join(unlisted)))
    empty = slots_used(template, body.purpose) & template.slots.keys() - body.slots.keys()
    form = "the text still holds {gap}: fill it ({about})"
    reasons += [
        because("empty-slot", form, gap=f"{{{name}}}", about=template.slots[name].about) for name in sorted(empty)
    ]
    return [*reasons, *_strange_hashtags(order, body, template)]


def _strange_hashtags(order: Order, body: Release, template: Template) -> Iterator[str]:
    """Those that were not offered: a release says nothing in free words, not even in a hashtag."""
    tags = order.incident.tags.tags if order.incident.tags else ()
    known = {*(one.tag for one in tags), *order.incident.own_tags, *map(folded, template.hashtags)}
    for one in body.hashtags:
        if folded(one) not in known:
            form = "the hashtag {hashtag} was not offered for this incident: leave it out, or rename the incident with "
            form += "it"
            yield because("tag-not-offered", form, hashtag=one)


def _promised(order: Order, body: Release) -> Mapping[str, str]:
    """The time of the next word as each language tells it; a gap, for the policy to refuse, where none is promised."""
    languages, zone, by = order.register.languages, order.zone, body.next_update_at
    if by is None:
        return dict.fromkeys(languages, f"{{{NEXT_UPDATE}}}")
    return {language: ahead(by, now=order.now, zone=zone, language=language) for language in languages}


def _titles(template: Template, words: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """What happened, as the template names it, and the first place that was filled in; nothing that a person typed."""
    places = [words[name] for name, slot in template.slots.items() if slot.kind is SlotKind.PLACE and name in words]
    where = places[0] if places else {}
    return {language: title_of(what, where.get(language)) for language, what in template.what.items()}


def _from_template(
    order: Order, body: Release, *, texts: Mapping[Form, Mapping[str, str]], titles: Mapping[str, str]
) -> Message:
    template, promised = order.register.messages[body.template], _promised(order, body)
    return Message(
        id=derive_id("msg", order.command.id),
        purpose=body.purpose,
        texts=texts[Form.LONG],
        short_texts=texts[Form.SHORT],
        channels=tuple(dict.fromkeys(body.channels or corrections.reached(order, body) or template.channels)),
        hashtags=message_policy.kept_hashtags(
            [*body.hashtags, *hashtags_of(order), *template.hashtags],
            [text for form in texts.values() for text in form.values()],
        ),
        titles={language: title for language, title in titles.items() if language in texts[Form.LONG]},
        slots={**body.slots, **({NEXT_UPDATE: next(iter(promised.values()))} if body.next_update_at else {})},
        expires_at=_expiry(order.now, body.next_update_at),
        template=template.id,
        template_hash=template.content_hash(),
        follows=corrections.meant(order, body),
        next_update_at=body.next_update_at,
        # A picture bears no exercise mark, so a drill has none.
        picture=template.picture if body.purpose is Purpose.HOLDING and not is_drill(order.incident.mode) else None,
    )


def _expiry(now: datetime, next_update_at: datetime | None) -> datetime:
    """First words keep half an hour, and never longer than the time by which they promise the next."""
    return min(now + freshness.HOLDING_LASTS, next_update_at) if next_update_at else now + freshness.HOLDING_LASTS


def hashtags_of(order: Order) -> tuple[str, ...]:
    """The incident's hashtags that may be public; matching uses the others too."""
    declaration = order.incident.declaration
    if declaration is None:
        return ()
    return public_hashtags(declaration.hashtags, order.register, holds=order.incident.holds, year=order.now.year)
