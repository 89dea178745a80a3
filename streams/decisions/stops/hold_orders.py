"""Holds: anybody who may withdraw can place a hold; only the people it names can lift it.

A hold that waits for somebody's word is lifted only on their own post, which must be in the log, unchanged.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may, who_could
from streams.decisions.stops.stop_orders import beyond, public
from streams.decisions.verdict import Allowed, Refused, Verdict, any_of
from streams.decisions.wording.contents import able_to_lift, first_speakers, keeps_back
from streams.decisions.wording.listed_names import listed
from streams.subjects.incident import Incident
from streams.values import Power, derive_id
from streams.why import because, each_why
from streams.words.facts import FactBody
from streams.words.holds import TONIGHTS_LEAD, HeldField, Hold, HoldLifted, HoldPlaced, LiftHold, PlaceHold
from streams.words.register.entries import Person, Register
from streams.words.register.partners import Partner

PLACED_MAX = 50
"""One incident may add so many holds to those of the register, because each is looked for in every text."""
TOLD_MAX = 20
"""How many deliveries that a hold came too late for are named with it; those being sent come first."""


def place(order: Order, body: PlaceHold) -> Sequence[FactBody]:
    """Place a hold. Stopping is easier than starting: the power to withdraw or to lift is enough."""
    verdict = _may_place(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    if len(order.incident.holds.placed) >= PLACED_MAX:
        form = "this incident has {count} holds already: lift those that are done with"
        return order.refused(because("holds-full", form, count=PLACED_MAX))
    if body.names and body.field is not HeldField.NAMES:
        form = "names are held back as {wanted}, not as {field}: place a hold of that field"
        return order.refused(because("names-held-as", form, wanted=HeldField.NAMES, field=body.field))
    if listed(body.about, frozenset(body.names), salt=body.salt):
        form = "what the hold is about is kept for ever, and it names a person: say it without the name"
        return order.refused(because("hold-names", form))
    holders = body.holders or _usual_holders(order, body.field)
    able = [one for one in order.register.people.values() if _may_ever_lift(one, order.incident)]
    if strangers := [name for name in body.holders if name not in order.register.people]:
        form, names = "{people} is not on the register: {advice}", ", ".join(strangers)
        return order.refused(because("hold-strangers", form, people=names, advice=_to_be_named(able)))
    if not {one.id for one in able} & {*holders}:
        named = tuple(map(order.register.called, holders)) or "anybody"
        form = "no power to lift this hold is granted to {named}: {advice}"
        return order.refused(because("hold-unliftable", form, named=named, advice=_to_be_named(able)))
    hold = Hold(
        id=derive_id("hold", order.command.id),
        field=body.field,
        about=body.about,
        holders=tuple(dict.fromkeys(holders)),
        names=body.names,
        salt=body.salt,
        waits_for=_usual_first_word(order, body.field),
    )
    late = tuple(islice(_too_late(hold, order), TOLD_MAX))
    return [HoldPlaced(hold=hold, rule=verdict.rule, beyond=late, beyond_why=each_why(late))]


def lift(order: Order, body: LiftHold) -> Sequence[FactBody]:
    """Lift a hold: one of its holders may, with the power to lift at this hour; some only on a partner's word."""
    holds = order.incident.holds
    hold = holds.known(order.register.holds).get(body.hold)
    if hold is None or hold.id in holds.lifted:
        standing = ", ".join(one.id for one in holds.in_force(order.register.holds)) or "none"
        return order.refused(
            because("no-hold", "no hold {hold} is in force: those that are: {known}", hold=body.hold, known=standing)
        )
    able = _able(order, hold)
    if order.command.by not in hold.holders:
        form = "the hold {hold} is lifted by {able} only"
        told = because("lifted-by", form, hold=hold.id, able=able_to_lift(hold, order.register))
        return order.refused(told, who_could=able)
    verdict = may(order.command.by, order.act(Power.LIFT_HOLD), register=order.register)
    if isinstance(verdict, Refused):
        return order.refused(*verdict.reasons, who_could=able)
    network = order.incident.network
    if hold.first_word == (TONIGHTS_LEAD,) and network.lead_name is None:
        form = "{about} comes from the agency that leads, and it is not noted which one does: holdingline set-lead "
        form += "{incident} RESPONDER"
        return order.refused(because("lead-not-noted", form, about=hold.about, incident=order.incident.id))
    if hold.first_word and not _is_evidence(order, body.evidence, hold=hold):
        form = "{about} comes from {speakers} first: name the post of theirs that said it "
        form += "and that we sent out again, as it still stands"
        said_by = first_speakers(hold, network.lead_name)
        return order.refused(because("said-first", form, about=hold.about, speakers=said_by))
    return [HoldLifted(hold=hold.id, reason=body.reason, evidence=body.evidence, rule=verdict.rule)]


def _too_late(hold: Hold, order: Order) -> Iterator[str]:
    """What is public, or may become public, although this hold would keep it back."""
    held = [one for one in order.released() if keeps_back(hold, one.message, register=order.register)]
    concerned = [delivery for one in reversed(held) for delivery in one.deliveries]
    yield from beyond(concerned)
    yield from public(concerned)


def _may_place(order: Order) -> Verdict:
    withdraw = may(order.command.by, order.act(Power.WITHDRAW), register=order.register)
    if isinstance(withdraw, Allowed):
        return withdraw
    lifting = may(order.command.by, order.act(Power.LIFT_HOLD), register=order.register)
    if isinstance(lifting, Allowed):
        return lifting
    return Refused(withdraw.reasons, any_of(withdraw, lifting))


def _usual_holders(order: Order, field: HeldField) -> tuple[str, ...]:
    """The people who lift the register's own holds of this field."""
    return tuple(name for hold in order.register.holds.values() if hold.field is field for name in hold.holders)


def _usual_first_word(order: Order, field: HeldField) -> tuple[str, ...]:
    """Whose word the register's own holds of this field wait for, where an entry says so."""
    return next((hold.waits_for for hold in order.register.holds.values() if hold.field is field), ())


def could_lift(order: Order, body: LiftHold) -> Sequence[str]:
    """The people who could give this order now, apart from its evidence."""
    return _able(order, order.incident.holds.known(order.register.holds)[body.hold])


def _able(order: Order, hold: Hold) -> list[str]:
    """The holders who could lift it now."""
    holders = [order.register.called(name) for name in hold.holders]
    able = who_could(order.act(Power.LIFT_HOLD), order.register)
    return [one for one in holders if one in able]


def unliftable(incident: Incident, register: Register) -> Sequence[Hold]:
    """The holds in force of an incident that none of their holders may lift any more."""
    able = {name for name, one in register.people.items() if _may_ever_lift(one, incident)}
    return [hold for hold in incident.holds.in_force({}) if not able & {*hold.holders}]


def _may_ever_lift(person: Person, incident: Incident) -> bool:
    """Whether this person may lift holds at some hour in such an incident; before it is declared, in any."""
    told = incident.declaration
    return any(
        grant.power is Power.LIFT_HOLD
        and (told is None or not grant.types or told.type in grant.types)
        and (told is None or not grant.levels or told.level in grant.levels)
        for grant in person.grants
    )


def _to_be_named(able: Sequence[Person]) -> str:
    """The people to name instead, by identifier."""
    names = ", ".join(f"{one.id} for {one.called}" for one in able)
    if able:
        return because("name-lifters", "name who may lift it ({names})", names=names)
    return because("grant-first", "have somebody be granted {power} first", power=Power.LIFT_HOLD)


def _is_evidence(order: Order, post_id: str | None, *, hold: Hold) -> bool:
    """Whether this is a post of a partner that the hold waits for, as we sent it out, not edited or deleted since."""
    if post_id is None or post_id in order.incident.holds.changed or order.past.has_changed(post_id):
        return False
    accounts = {account for partner in order.register.partners.values() for account, _ in partner.pins}
    carried = [credit for account in accounts if (credit := order.carried(account, post_id))]
    partners = [order.register.partners.get(credit.partner) for credit in carried]
    return any(_is_waited_for(partner, hold, order) for partner in partners if partner)


def _is_waited_for(partner: Partner, hold: Hold, order: Order) -> bool:
    """Whether the hold waits for this partner: by its category, or since it is the agency that leads now."""
    if partner.category in hold.first_word:
        return True
    leads = order.register.responders.get(order.incident.network.lead or "")
    if TONIGHTS_LEAD not in hold.first_word or leads is None:
        return False
    return leads.partner == partner.id if leads.partner else leads.category == partner.category
