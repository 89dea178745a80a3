"""Freshness: approvals lapse, orders go stale, messages expire. Asked when ordered and again right before sending."""

from datetime import datetime, timedelta

from streams.messages import Authorisation, Message
from streams.registers import Register, Template
from streams.values import Power

ORDER_AGE_MAX = timedelta(minutes=15)
CLOCK_SKEW_MAX = timedelta(minutes=2)
HOLDING_LASTS = timedelta(minutes=30)


def stale_order(given_at: datetime, now: datetime) -> tuple[str, ...]:
    """Why an order of that time may not be carried out any more; empty where it may."""
    if now - given_at > ORDER_AGE_MAX:
        minutes = int((now - given_at).total_seconds() // 60)
        return (f"the order is {minutes} minutes old: look at the incident and give it again if it still holds",)
    if given_at - now > CLOCK_SKEW_MAX:
        return (f"the order is dated {given_at:%H:%M:%S}, which lies ahead: set the clock of the machine it came from",)
    return ()


def template_faults(template: Template, register: Register, *, now: datetime) -> tuple[str, ...]:
    """Why this template is not pre-approved at this moment; empty where it is."""
    owner = register.people.get(template.owner)
    renew = f"ask its owner {owner.name if owner else template.owner} to have it approved again"
    approval = template.approval
    if approval is None:
        return (f"template {template.id} was never approved: {renew}",)
    reasons = []
    if approval.content_hash != template.content_hash():
        reasons.append(f"template {template.id} was edited after its approval: {renew}")
    if approval.by == template.owner:
        reasons.append(f"template {template.id} was approved by its own owner: a second person has to approve it")
    approver = register.people.get(approval.by)
    if approver is None or all(grant.power is not Power.APPROVE_TEMPLATE for grant in approver.grants):
        reasons.append(f"template {template.id} was approved by {approval.by}, who may not approve templates: {renew}")
    if approval.at > now:
        reasons.append(f"the approval of template {template.id} lies ahead of now: {renew}")
    if approval.expires_at <= now:
        reasons.append(f"the approval of template {template.id} expired on {approval.expires_at:%d %B %Y}: {renew}")
    if template.review_on < now.date():
        reasons.append(f"template {template.id} was due for review on {template.review_on:%d %B %Y}: {renew}")
    return tuple(reasons)


def message_faults(message: Message, authorisation: Authorisation, *, now: datetime) -> tuple[str, ...]:
    """Why this authorised message may not be sent at this moment; empty where it may."""
    reasons = []
    if not message.content_hash == message.content() == authorisation.content_hash:
        reasons.append("the content is not what was authorised: have it signed off again")
    if message.expires_at <= now:
        reasons.append(f"the message expired at {message.expires_at:%H:%M} UTC: release a fresh one")
    if authorisation.until <= now:
        reasons.append(f"the authority to send it ended at {authorisation.until:%H:%M} UTC: have it signed off again")
    return tuple(reasons)
