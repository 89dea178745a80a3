"""Take-backs: what a partner edits or deletes leaves our accounts again, by the rule that let it out.

So does what holds no longer, as it says itself, and what came from an account that was suspended or is gone.

The public reads the register's template for that, as a second person approved it. Without one nothing is said by
itself: what changed waits for a person, who is paged by the rule for a changed post.

A person may also take any message back without a word, where its channels can delete: stopping needs no text.
"""

from collections.abc import Sequence
from datetime import datetime

from streams.decisions.authority import freshness
from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may_on_all
from streams.decisions.authority.working_hours import LONGEST
from streams.decisions.channels.card import Mend
from streams.decisions.channels.kinds import kind_of
from streams.decisions.partners.accounts import post_became
from streams.decisions.release import amplification, corrections
from streams.decisions.release.channel_order import LET_OUT
from streams.decisions.release.release_orders import asked_of, authorisation_of, doubled
from streams.decisions.stops.stop_orders import NOT_SENT, not_sent
from streams.decisions.verdict import Refused
from streams.decisions.wording.contents import contents_faults
from streams.decisions.wording.renderer import PARTNER, TAKE_BACK, rendered
from streams.subjects.incident import Incident
from streams.subjects.past import Released
from streams.values import Form, Power, Purpose, derive_id
from streams.why import because, kept
from streams.words.facts import FactBody
from streams.words.release import (
    AmplifiedPostChanged,
    Authorisation,
    Credit,
    DeleteMessage,
    Message,
    MessageAuthorised,
    NotePostChange,
    Standing,
    newer,
)
from streams.words.stops import DraftWithdrawn


def delete(order: Order, body: DeleteMessage) -> Sequence[FactBody]:
    """Take a message back without a word, on channels that can delete, on the yes of a person who may withdraw."""
    message = deletion(order, body)
    if isinstance(message, Refused):
        return [message.fact(body.kind)]
    act = order.act(Power.WITHDRAW)
    verdict = may_on_all(order.command.by, act, channels=message.channels, register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    yes = authorisation_of(order, message, verdict=verdict, power=Power.WITHDRAW)
    return [MessageAuthorised(message=message, authorisation=yes), *asked_of(message, order)]


def deletion(order: Order, body: DeleteMessage) -> Message | Refused:
    """The withdrawal without words, or why there can be none: a channel that cannot delete needs words."""
    if never := corrections.unknown(order, body.message_id):
        return never
    there = _there(order, body.message_id)
    channels = tuple(dict.fromkeys(body.channels or there))
    if absent := [one for one in channels or ("any channel",) if one not in there]:
        form = "{message} is not on {channels}: cancel what has not gone out yet"
        return Refused([because("not-there", form, message=body.message_id, channels=", ".join(absent))])
    if unable := [one for one in channels if not _deletes(order, one)]:
        able = [one for one in there if _deletes(order, one)]
        form, there_not = "{channels} cannot delete without a word: ", ", ".join(unable)
        told = because("cannot-delete", form + "release a withdrawal", channels=there_not)
        if able:
            form += "name only {able}, or release a withdrawal"
            told = because("cannot-delete-all", form, channels=there_not, able=", ".join(able))
        return Refused([told])
    message = Message(
        id=derive_id("msg", order.command.id),
        purpose=Purpose.WITHDRAWAL,
        texts={},
        channels=channels,
        expires_at=order.now + freshness.HOLDING_LASTS,
        follows=body.message_id,
    ).sealed()
    if asked_before := doubled(order, message):
        form = "it was deleted on {channels} already: look at the status"
        return Refused([because("deleted-already", form, channels=order.register.places_of(asked_before))])
    return message


def deletes_on(order: Order, message_id: str) -> tuple[Sequence[str], Sequence[str]]:
    """The channels that have this message, or would: those that can delete it without a word, and those that cannot."""
    there = _there(order, message_id)
    able = [one for one in there if _deletes(order, one)]
    return able, [one for one in there if one not in able]


def _there(order: Order, message_id: str) -> list[str]:
    """The channels where the public reads this message, or may, or would as soon as it is sent."""
    asked = corrections.deliveries_of(message_id, order)
    found = (
        one.channel
        for one in asked
        if one.state in NOT_SENT or corrections.may_be_read(order, message_id, channel=one.channel)
    )
    return [*dict.fromkeys(found)]


def _deletes(order: Order, channel: str) -> bool:
    entry = order.register.channels.get(channel)
    kind = kind_of(entry) if entry else None
    return kind is not None and kind.withdraws is Mend.DELETE


def note_post_change(order: Order, body: NotePostChange) -> Sequence[FactBody]:
    """Take back our copy of a post that is not what it was; of any other post nothing is noted.

    Where newer words of it went out, the copy is the last of them that was not taken back.
    """
    post = (body.credit.account_id, body.credit.post_id)
    carrying, drafts = _copy(order, post), _drafts(order, post)
    copies = [*([carrying.message] if carrying else []), *drafts]
    mode = order.incident.mode
    if not copies or (body.text and all(amplification.says(one, body.text, mode=mode) for one in copies)):
        return []
    reason = because("changed-before-yes", "{became} before anybody signed it off", became=post_became(body))
    withdrawn = [DraftWithdrawn(message_id=one.id, rule=None, **kept(reason)) for one in drafts]
    if carrying is None:
        return withdrawn
    credit = carrying.message.credit
    is_newer = credit is not None and credit.post_id != body.credit.post_id
    noted = AmplifiedPostChanged(credit=credit if credit and is_newer else body.credit, change=body.change)
    return [*withdrawn, noted, *_take_back(order, carrying, body)]


def lapsed(incident: Incident, now: datetime) -> list[Credit]:
    """The posts that went out again and hold no longer at this moment, as they said themselves."""
    return [one for one in incident.lapsing if one.lapses_at and one.lapses_at <= now]


def expired(order: Order) -> Sequence[FactBody]:
    """Take back the copies of posts that hold no longer."""
    ended = [NotePostChange(credit=one, change="expired") for one in lapsed(order.incident, order.now)]
    return [fact for one in ended for fact in note_post_change(order, one)]


def is_due(incident: Incident, now: datetime) -> bool:
    """Whether a tick would take anything back."""
    return bool(lapsed(incident, now))


def _copy(order: Order, post: tuple[str, str]) -> Released | None:
    """The copy that stands, the newest first; if none does, the first that there was."""
    versions = order.versions(*post)
    standing = [one for one in versions if amplification.is_standing(order, one)]
    return next(iter([*reversed(standing), *versions]), None)


def _drafts(order: Order, post: tuple[str, str]) -> list[Message]:
    """The copies of a post, and of newer words of it, that wait for a person's yes."""
    account_id, post_id = post
    numbers = range(1, len(order.versions(*post)) + 2)
    known = {(account_id, newer(post_id, number)) for number in numbers}
    waiting = [(one.credit, one) for one in order.incident.drafts.values()]
    return [one for credit, one in waiting if credit and (credit.account_id, credit.post_id) in known]


def _take_back(order: Order, carrying: Released, body: NotePostChange) -> Sequence[FactBody]:
    """The withdrawal of our copy where it is or may be public, and the end of what was not sent; none needs a yes."""
    copy, credit = carrying.message, carrying.message.credit
    if credit is None or amplification.withdrawals(order, copy):
        return []
    out = tuple(one.channel for one in carrying.deliveries if one.state in LET_OUT)
    if not out:
        reason = because("changed-before-out", "{became} before it went out here", became=post_became(body))
        return [not_sent(one.id, reason) for one in carrying.deliveries if one.state in NOT_SENT]
    message = _withdrawal(order, copy, credit, out)
    if message is None:
        return []
    yes = _yes(order, message, carrying.authorisation, credit)
    return [MessageAuthorised(message=message, authorisation=yes), *asked_of(message, order)]


def _withdrawal(order: Order, copy: Message, credit: Credit, channels: tuple[str, ...]) -> Message | None:
    """The approved words that take our copy back; None if the register has none that may be said now."""
    template = order.register.templates.get(TAKE_BACK)
    if template is None or freshness.template_faults(
        template, order.register, now=order.now, purpose=Purpose.WITHDRAWAL
    ):
        return None
    name = {PARTNER: dict.fromkeys(order.register.languages, credit.partner_name)}
    long, short = (
        rendered(template, Purpose.WITHDRAWAL, slots=name, mode=order.incident.mode, form=form) for form in Form
    )
    message = Message(
        id=derive_id("msg", order.command.id, copy.id),
        purpose=Purpose.WITHDRAWAL,
        texts=long,
        short_texts=short,
        channels=channels,
        expires_at=order.now + freshness.HOLDING_LASTS,
        template=template.id,
        template_hash=template.content_hash(),
        follows=copy.id,
    ).sealed()
    unsayable = not long or any(contents_faults(message, order.register, holds=order.incident.holds))
    return None if unsayable else message


def _yes(order: Order, message: Message, let_out: Authorisation, credit: Credit) -> Authorisation:
    """The rule that let a partner's post out takes it back, also if the partner, or a power, is gone since then."""
    partner = order.register.partners.get(credit.partner)
    rule = amplification.standing(partner) if partner else let_out.standing
    person = rule.approved_by if rule else let_out.person
    return Authorisation(
        person=person,
        power=Power.AMPLIFY,
        rule=f"partners/{credit.partner}",
        register_version=order.register.version(),
        content_hash=message.content_hash,
        at=order.now,
        until=order.now + LONGEST,
        standing=rule or Standing(partner=credit.partner, registered_by=person, approved_by=person),
    )
