"""Delegations: exactly the message that a person delegated for the case that no one of a chain answers."""

from collections.abc import Sequence

from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import POWER_FOR
from streams.decisions.authority.powers import Act
from streams.decisions.authority.turns import writer
from streams.decisions.release.release_orders import asked_of, doubled, prepared
from streams.decisions.stops import stop_orders
from streams.decisions.verdict import Allowed, Refused, Verdict, reasons_of, why_not
from streams.decisions.wording.renderer import clock_time
from streams.values import Power, derive_id
from streams.why import because
from streams.words.delivery import DeliveryAsked
from streams.words.register.entries import Chain, Delegation, Grant, Register
from streams.words.release import Authorisation, Message, MessageAuthorised, Release
from streams.words.sign_off import Search

Released = tuple[MessageAuthorised, *tuple[DeliveryAsked, ...]]


def stands(chain_id: str, act: Act, *, channels: Sequence[str], register: Register) -> Verdict:
    """Whether a delegation holds at this moment: by whom, approved by a second person, for exactly this chain.

    The person who delegated need not be there, on duty or on call now: that is the case they delegated for.
    """
    chain = register.chains.get(chain_id)
    if chain is None or chain.delegated is None:
        form = "chain {chain} delegates nothing any more: ask a person to sign it off"
        return Refused([because("delegates-no-more", form, chain=chain_id)])
    incapable = unfit(chain.delegated.delegated_by, act, channels=channels, register=register)
    reasons = reasons_of(_unapproved(chain, act, register), incapable)
    if reasons or chain.delegated.approval is None:
        return Refused(reasons)
    rule = f"{chain.id}/delegated-by/{chain.delegated.delegated_by}"
    return Allowed(rule, chain.delegated.delegated_by, chain.delegated.approval.expires_at)


def unlike(message: Message, chain_id: str, *, register: Register) -> Refused | None:
    """Why this chain, whose delegation is valid, now delegates other words than these; None if it does not."""
    chain = register.chains.get(chain_id)
    now = chain.delegated if chain else None
    if now is None or (now.template, now.purpose) == (message.template, message.purpose):
        return None
    form = "chain {chain} delegates another message by now: ask a person to sign this one off"
    return Refused([because("delegates-another", form, chain=chain_id)])


def unfit(delegator_id: str, act: Act, *, channels: Sequence[str], register: Register) -> Refused | None:
    """Why this person cannot delegate this: a person delegates only what they may do themselves at some hour."""
    delegator = register.people.get(delegator_id)
    grants = delegator.grants if delegator else ()
    if any(_covers(grant, act, channels) for grant in grants):
        return None
    form = "{person} may not {power} here, and so cannot delegate it: have another do so"
    return Refused([because("cannot-delegate", form, person=delegator_id, power=act.power)])


def carried_out(search: Search, order: Order) -> Released | Refused | None:
    """The release that was delegated for a search without an answer, or why it may not go out; None if none was."""
    delegated = search.chain.delegated
    if delegated is None:
        return None
    live = order.register.chains.get(search.chain.id)
    if live is None or live.delegation_hash() != search.chain.delegation_hash():
        form = "what chain {chain} delegates was changed since the search began"
        return Refused([because("delegated-changed", form, chain=search.chain.id)])
    message = prepared(order, _release(search, delegated, order))
    if isinstance(message, Refused):
        return message
    if stopped := stop_orders.frozen(order, message.purpose):
        return stopped
    if out := _let_out(order, live.id):
        form = "what chain {chain} delegates was let out in this incident already ({message}): ask a person again"
        return Refused([because("delegated-out", form, chain=live.id, message=out)])
    if public := doubled(order, message):
        form = "these words are out, were out, or are on their way on {channels}"
        return Refused([because("delegated-doubled", form, channels=order.register.places_of(public))])
    power = POWER_FOR[message.purpose]
    verdict = stands(live.id, order.act(power), channels=message.channels, register=order.register)
    if isinstance(verdict, Refused):
        return verdict
    # The id comes from the search, so two ticks cannot release it twice.
    message = message.model_copy(update={"id": derive_id("msg", search.id, "delegated")})
    authorisation = Authorisation(
        person=verdict.person,
        power=power,
        rule=verdict.rule,
        register_version=order.register.version(),
        content_hash=message.content_hash,
        at=order.now,
        until=verdict.until,
        drafted_by=writer(order, search),
        delegation=live.id,
    )
    return (MessageAuthorised(message=message, authorisation=authorisation), *asked_of(message, order))


def _let_out(order: Order, chain_id: str) -> str | None:
    """The message that this chain let out in this incident by delegation, unless no channel took it; or was stopped."""
    given = (one for one in order.released() if one.authorisation.delegation == chain_id)
    return next((one.message.id for one in given if one.is_shown or one.stop), None)


def _release(search: Search, delegated: Delegation, order: Order) -> Release:
    """The delegated template: what was filled in beforehand, what the draft says, and else what was declared."""
    incident, draft = order.incident, order.incident.drafts.get(search.message_id or "")
    template, known = order.register.messages.get(delegated.template), {}
    if incident.declaration and incident.declared_at:
        place, time = incident.declaration.methane.exact_location, clock_time(incident.declared_at, order.register)
        known = {"place": place, "time": time}
    slots = {**known, **(draft.slots if draft else {}), **delegated.slots}
    return Release(
        template=delegated.template,
        purpose=delegated.purpose,
        slots={name: words for name, words in slots.items() if template and name in template.slots},
        follows=draft.follows if draft and draft.purpose is delegated.purpose else None,
        next_update_at=draft.next_update_at if draft else None,
    )


def _covers(grant: Grant, act: Act, channels: Sequence[str]) -> bool:
    return (
        grant.power is act.power
        and (not grant.types or act.type in grant.types)
        and (not grant.levels or act.level in grant.levels)
        and (not grant.channels or set(channels) <= set(grant.channels))
    )


def _unapproved(chain: Chain, act: Act, register: Register) -> Refused | None:
    """Why a second person's yes to this delegation is not valid now; None if it is."""
    delegated = chain.delegated
    if delegated is None or delegated.approval is None:
        form = "what chain {chain} delegates was never approved: have a second person approve it"
        return Refused([because("delegation-unapproved", form, chain=chain.id)])
    approval, reasons = delegated.approval, []
    if approval.content_hash != chain.delegation_hash():
        form = "chain {chain} was edited after its delegation was approved: have it approved again"
        reasons.append(because("delegation-edited", form, chain=chain.id))
    if approval.by == delegated.delegated_by:
        form = "the delegation of chain {chain} was approved by the one who delegates: ask a second person"
        reasons.append(because("delegation-own", form, chain=chain.id))
    approver = register.people.get(approval.by)
    if approver is None or not approver.is_granted(Power.APPROVE_TEMPLATE):
        form = "the delegation of chain {chain} was approved by {person}, who may not: ask another"
        reasons.append(because("delegation-unfit", form, chain=chain.id, person=approval.by))
    if not approval.at <= act.at < approval.expires_at:
        form = "the approval of what chain {chain} delegates does not hold now: have it renewed"
        reasons.append(because("delegation-lapsed", form, chain=chain.id))
    return why_not(reasons)
