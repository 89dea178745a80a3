"""Partners: a person stops what a partner's posts do by themselves, in one incident or in all, and lets it go on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may
from streams.decisions.stops.stop_orders import MAY_STOP
from streams.decisions.verdict import Allowed, Refused, Verdict, any_of
from streams.moments import minute_in
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.values import Power, Purpose
from streams.why import because
from streams.words.facts import FactBody
from streams.words.orders import Giver
from streams.words.register.accounts import PartnerResumed, PartnerStopped, Shut
from streams.words.register.entries import Register
from streams.words.release import Authorisation, Message
from streams.words.stops import ResumePartner, Stop, StopPartner

MAY_STOP_PARTNER = (Power.AMPLIFY, *MAY_STOP)
MAY_RESUME = (Power.AMPLIFY, Power.RELEASE_HOLDING)


def stop_partner(order: Order, body: StopPartner) -> Sequence[FactBody]:
    """Stop a partner's posts: one person is enough, who may amplify or stop words; so may the agent that sees them.

    What the agent finds of a partner that is stopped already is noted too: people are asked about it once more.
    """
    stops, partner = _stops(order), order.register.partners.get(body.partner)
    if stops is None:
        return _misplaced(order)
    account = body.account_id
    if partner is None:
        names = ", ".join(order.register.partners) or "none"
        form = "there is no partner {partner}: choose one of {known}"
        return order.refused(because("no-partner", form, partner=body.partner, known=names))
    if account and not partner.has(account):
        known = ", ".join(dict.fromkeys(one for one, _ in sorted(partner.pins)))
        form = "{partner} has no account {account}: choose one of {known}"
        return order.refused(because("no-account-of", form, partner=partner.name, account=account, known=known))
    fact = PartnerStopped(partner=partner.id, partner_name=partner.name, reason=body.reason, account_id=account)
    if order.command.by == Giver.AMPLIFICATION:
        return [fact]
    if stop := stops.whole.get(partner.id) or (stops.accounts.get(partner.id, {}).get(account) if account else None):
        at = minute_in(order.zone, stop.at)
        form = "the posts of {partner} are stopped since {time}: nothing more is to be done"
        return order.refused(because("partner-stopped", form, partner=partner.name, time=at))
    verdict = _any(order, MAY_STOP_PARTNER)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [fact.model_copy(update={"rule": verdict.rule})]


def resume_partner(order: Order, body: ResumePartner) -> Sequence[FactBody]:
    """Let a partner's posts go out by themselves again: it takes the power to amplify, or to release.

    One yes lets all of it go on, the partner and each of its accounts, or only the accounts that it names.
    """
    stops = _stops(order)
    if stops is None:
        return _misplaced(order)
    stopped = stops.accounts.get(body.partner, {})
    if body.partner not in {*stops.whole, *stops.accounts}:
        names = ", ".join(dict.fromkeys([*stops.whole, *stops.accounts])) or "none"
        form = "the posts of {partner} are not stopped: those of these partners are: {known}"
        return order.refused(because("partner-not-stopped", form, partner=body.partner, known=names))
    if unknown := [one for one in body.accounts if one not in stopped]:
        names = ", ".join(stopped) or "none"
        form = "account {account} of {partner} is not stopped alone: these are: {known}"
        return order.refused(
            because("account-not-stopped", form, account=unknown[0], partner=body.partner, known=names)
        )
    verdict = _any(order, MAY_RESUME)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [
        PartnerResumed(
            partner=body.partner, reason=body.reason, rule=verdict.rule, accounts=(*dict.fromkeys(body.accounts),)
        )
    ]


def stopped_in_all(partner: str, account_id: str, *, register: Register) -> str | None:
    """Why no post of this account goes out by itself in any incident; None if it may."""
    stop = register.stop_of(partner, account_id)
    if stop is None:
        return None
    entry = register.partners.get(partner)
    name, at = entry.name if entry else partner, minute_in(register.hours.zone, stop.at)
    if partner in register.stopped:
        form = "the posts of {partner} are stopped in all incidents since {time} ({reason})"
        return because("partner-stopped-in-all", form, partner=name, time=at, reason=stop.reason)
    form = "the posts of {partner} from account {account} are stopped in all incidents since {time} ({reason})"
    return because("account-stopped-in-all", form, partner=name, account=account_id, time=at, reason=stop.reason)


def stopped_post(message: Message, authorisation: Authorisation, *, register: Register) -> Iterator[str]:
    """Why a partner's post that went on its way by itself goes no further; nothing for words that a person let out."""
    credit = message.credit if message.purpose is Purpose.AMPLIFICATION and authorisation.standing else None
    if credit and (everywhere := stopped_in_all(credit.partner, credit.account_id, register=register)):
        yield because(
            "stopped-but-shared", "{stopped}: a person with the power to amplify may share it", stopped=everywhere
        )


@dataclass(frozen=True, slots=True)
class _Stopped:
    """What is stopped where an order is for: partners, and by partner the accounts that are stopped alone."""

    whole: Mapping[str, Stop | Shut]
    accounts: Mapping[str, Mapping[str, Stop | Shut]]


def _stops(order: Order) -> _Stopped | None:
    """What is stopped where the order is for; None for what has no partners."""
    match order.state:
        case Incident() as incident:
            return _Stopped(incident.stops.partners, incident.stops.accounts)
        case RegisterLog() as log:
            return _Stopped(log.changes.stopped, log.changes.stopped_accounts)
        case _:
            return None


def _misplaced(order: Order) -> Sequence[FactBody]:
    form = "{subject} shares no partner's posts: name an incident, or `register` for all of them"
    return order.refused(because("shares-no-posts", form, subject=order.state.subject.called))


def _any(order: Order, powers: Sequence[Power]) -> Verdict:
    """A yes by the first of these powers that the person has, or every reason why not."""
    refused = list[Refused]()
    for power in powers:
        verdict = may(order.command.by, order.act(power), register=order.register)
        if isinstance(verdict, Allowed):
            return verdict
        refused.append(verdict)
    reasons = dict.fromkeys(reason for one in refused for reason in one.reasons)
    return Refused([*reasons], any_of(*refused))
