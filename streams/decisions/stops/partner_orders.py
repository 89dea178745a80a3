"""Partners: a person stops what a partner's posts do by themselves, in one incident or in all, and lets it go on."""

from collections.abc import Iterator, Mapping, Sequence

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may
from streams.decisions.stops.stop_orders import MAY_STOP
from streams.decisions.verdict import Allowed, Refused, Verdict, any_of
from streams.moments import minute_in
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.values import Power, Purpose
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
    if partner is None:
        names = ", ".join(order.register.partners) or "none"
        return order.refused(f"there is no partner {body.partner}: choose one of {names}")
    if order.command.by == Giver.AMPLIFICATION:
        return [PartnerStopped(partner=partner.id, partner_name=partner.name, reason=body.reason)]
    if stop := stops.get(partner.id):
        at = minute_in(order.zone, stop.at)
        return order.refused(f"the posts of {partner.name} are stopped since {at}: nothing more is to be done")
    verdict = _any(order, MAY_STOP_PARTNER)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [PartnerStopped(partner=partner.id, partner_name=partner.name, reason=body.reason, rule=verdict.rule)]


def resume_partner(order: Order, body: ResumePartner) -> Sequence[FactBody]:
    """Let a partner's posts go out by themselves again: it takes the power to amplify, or to release."""
    stops = _stops(order)
    if stops is None:
        return _misplaced(order)
    if body.partner not in stops:
        names = ", ".join(stops) or "none"
        return order.refused(f"the posts of {body.partner} are not stopped: those of these partners are: {names}")
    verdict = _any(order, MAY_RESUME)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [PartnerResumed(partner=body.partner, reason=body.reason, rule=verdict.rule)]


def stopped_in_all(partner: str, register: Register) -> str | None:
    """Why no post of this partner goes out by itself in any incident, since a person stopped it; None if it may."""
    stop = register.stopped.get(partner)
    if stop is None:
        return None
    entry = register.partners.get(partner)
    name, at = entry.name if entry else partner, minute_in(register.hours.zone, stop.at)
    return f"the posts of {name} are stopped in all incidents since {at} ({stop.reason})"


def stopped_post(message: Message, authorisation: Authorisation, *, register: Register) -> Iterator[str]:
    """Why a partner's post that went on its way by itself goes no further; nothing for words that a person let out."""
    standing = authorisation.standing if message.purpose is Purpose.AMPLIFICATION else None
    if standing and (everywhere := stopped_in_all(standing.partner, register)):
        yield f"{everywhere}: a person with the power to amplify may share it"


def _stops(order: Order) -> Mapping[str, Stop] | Mapping[str, Shut] | None:
    """The partners that are stopped where the order is for; None for what has no partners."""
    match order.state:
        case Incident() as incident:
            return incident.stops.partners
        case RegisterLog() as log:
            return log.changes.stopped
        case _:
            return None


def _misplaced(order: Order) -> Sequence[FactBody]:
    return order.refused(
        f"{order.state.subject.called} shares no partner's posts: name an incident, or `register` for all of them"
    )


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
