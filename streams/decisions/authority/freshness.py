"""Freshness: approvals lapse, orders go stale, messages expire. Asked when ordered and again right before sending."""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from functools import partial

from streams.decisions.authority.powers import Act, who_could
from streams.decisions.verdict import Refused, reasons_of, why_not
from streams.moments import minute_in
from streams.values import Power, Purpose
from streams.why import Because, because
from streams.words.register.entries import Register, Template
from streams.words.release import Authorisation, Message

ORDER_AGE_MAX = timedelta(minutes=15)
CLOCK_SKEW_MAX = timedelta(minutes=2)
HOLDING_LASTS = timedelta(minutes=30)
WARNED_AHEAD = timedelta(days=30)


def stale_order(given_at: datetime, now: datetime) -> Refused | None:
    """Why an order of that time may not be carried out any more; None where it may."""
    if now - given_at > ORDER_AGE_MAX:
        minutes = int((now - given_at).total_seconds() // 60)
        form = "the order is {minutes} minutes old: look at the incident and give it again if it still holds"
        return Refused([because("stale", form, minutes=minutes)])
    if given_at - now > CLOCK_SKEW_MAX:
        form = "the order is dated {time}, which lies ahead: set the clock of the machine it came from"
        return Refused([because("ahead", form, time=f"{given_at:%H:%M:%S}")])
    return None


def template_faults(
    template: Template, register: Register, *, now: datetime, purpose: Purpose | None = None
) -> Refused | None:
    """Why this template is not pre-approved at this moment, with who could approve it; None where it is.

    To withdraw is easier than to speak: an approval that only ran out is still one to the words of a withdrawal.
    """
    found = tuple(_template_faults(template, register, now, purpose))
    return Refused(found, renewers(template, register, now=now)) if found else None


def _template_faults(template: Template, register: Register, now: datetime, purpose: Purpose | None) -> Iterator[str]:
    renew = partial(_renewal, template, register, now)
    approval = template.approval
    if approval is None:
        form = "template {template} was never approved: {renew}"
        yield because("never-approved", form, template=template.id, renew=_first_approval(template, register, now))
        return
    if approval.content_hash != template.content_hash():
        form = "template {template} was edited after its approval: {renew}"
        yield because("edited-since", form, template=template.id, renew=renew())
    if approval.by == template.owner:
        form = "template {template} was approved by its own owner: a second person has to approve it"
        yield because("approved-by-owner", form, template=template.id)
    approver = register.people.get(approval.by)
    if approver is None or not approver.is_granted(Power.APPROVE_TEMPLATE):
        form = "template {template} was approved by {person}, who may not approve templates: {renew}"
        yield because("approved-unfit", form, template=template.id, person=approval.by, renew=renew())
    if approval.at > now:
        form = "the approval of template {template} lies ahead of now: {renew}"
        yield because("approval-ahead", form, template=template.id, renew=renew())
    if purpose is Purpose.WITHDRAWAL:
        return
    if approval.expires_at <= now:
        form, on = "the approval of template {template} expired on {on}: {renew}", f"{approval.expires_at:%d %B %Y}"
        yield because("approval-expired", form, template=template.id, on=on, renew=renew())
    if template.review_on < now.date():
        form, on = "template {template} was due for review on {on}: {renew}", f"{template.review_on:%d %B %Y}"
        yield because("review-due", form, template=template.id, on=on, renew=renew())


def unchanged(message: Message, register: Register) -> Template | None:
    """The template that a message was made from; None if the template has changed since."""
    template = register.templates.get(message.template or "")
    return template if template and template.content_hash() == message.template_hash else None


def template_warnings(template: Template, register: Register, *, now: datetime) -> tuple[str, ...]:
    """What will soon keep this template from being released, and who can renew it; empty if nothing will for weeks."""
    renew = partial(_renewal, template, register, now)
    warnings = []
    if template.approval and now < template.approval.expires_at <= now + WARNED_AHEAD:
        expires = template.approval.expires_at
        days = (expires - now).days
        warnings.append(f"the approval of template {template.id} ends in {days} days, on {expires:%d %B %Y}: {renew()}")
    if timedelta() <= (left := template.review_on - now.date()) <= WARNED_AHEAD:
        on = f"{template.review_on:%d %B %Y}"
        warnings.append(f"template {template.id} is due for review in {left.days} days, after {on}: {renew()}")
    return tuple(warnings)


def renewers(template: Template, register: Register, *, now: datetime) -> tuple[str, ...]:
    """Names and roles of the people who could approve this template now, never its owner."""
    return who_could(Act(Power.APPROVE_TEMPLATE, now), register, but=template.owner)


def _renewal(template: Template, register: Register, now: datetime) -> Because:
    owner = register.called(template.owner)
    if able := renewers(template, register, now=now):
        form = "ask its owner {owner} to renew it, and {able} to have it approved again"
        return because("renewal", form, owner=owner, able=able)
    form = "ask its owner {owner} to renew it, and a person with the power approve-template to have it approved again"
    return because("renewal-by-whom-may", form, owner=owner)


def _first_approval(template: Template, register: Register, now: datetime) -> Because:
    if able := renewers(template, register, now=now):
        return because("first-approval", "ask {able} to approve it", able=able)
    return because("first-approval-by-whom-may", "ask a person with the power approve-template to approve it")


def expired(message: Message, *, now: datetime, zone: tzinfo) -> Refused | None:
    """Why these words are too old to be said; None where they are not."""
    if message.expires_at > now:
        return None
    form = "the message expired at {time}: release a fresh one"
    return Refused([because("message-expired", form, time=minute_in(zone, message.expires_at))])


def message_faults(message: Message, authorisation: Authorisation, *, now: datetime, zone: tzinfo) -> Refused | None:
    """Why this authorised message may not be sent at this moment; None where it may."""
    reasons: list[str] = []
    if not message.content_hash == message.content() == authorisation.content_hash:
        reasons.append(because("not-authorised", "the content is not what was authorised: have it signed off again"))
    reasons += reasons_of(expired(message, now=now, zone=zone))
    if authorisation.until <= now:
        ended = minute_in(zone, authorisation.until)
        form = "the authority to send it ended at {time}: have it signed off again"
        reasons.append(because("authority-ended", form, time=ended))
    return why_not(reasons)
