"""The decision table: what the register lets each person do, as rows that anybody can read, check and sign."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agents.adapters.page_templates import page_templates
from streams.decisions.authority.keys import can_order, enrolment_faults
from streams.decisions.authority.powers import HELD_IN_PERSON
from streams.decisions.stops.stop_orders import MAY_STOP
from streams.decisions.wording.contents import passes_holds
from streams.values import Power
from streams.words.register.entries import Chain, ChainStep, Grant, Hours, Person, Register
from streams.words.register.partners import Partner, Scope

PAGE_TEMPLATE = "register.html.j2"
ROTA_SHOWN, HOLIDAYS_SHOWN = timedelta(weeks=8), timedelta(days=366)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
POWERS: Mapping[Power, str] = {
    Power.DECLARE: "Declare an incident, or cancel it",
    Power.RELEASE_HOLDING: "Release a pre-approved holding message; resume after a freeze",
    Power.DRAFT_LINE: "Draft a new public text for somebody else to sign off",
    Power.SIGN_OFF_LINE: "Sign off, or return, a public text that somebody else drafted",
    Power.AMPLIFY: "Let the posts of official partners go out again through our accounts",
    Power.STAND_DOWN: "Stand an incident down",
    Power.RESOLVE_DELIVERY: "Settle whether a message of unknown fate became public",
    Power.APPROVE_TEMPLATE: "Approve a pre-written message that somebody else owns",
    Power.ENROL_KEY: "Enrol the signing key of somebody else",
    Power.CHANGE_REGISTER: "Propose, or confirm, a change of people, powers, keys, partners or channels",
    Power.REPORT_TO_POLICE: "Report a suspected hate crime to the police",
    Power.LIFT_HOLD: "Lift a hold that names them, so that what it keeps back may appear",
    Power.WITHDRAW: "Withdraw what we have said or drafted, hold a field back",
}
STOPPING = (Power.WITHDRAW,)
STOPS = (
    f"Whoever holds one of the powers {', '.join(MAY_STOP)} may, alone and with no other person's yes, "
    "freeze an incident and cancel a release that is on its way."
)
SIGNS = (
    "Whoever is listed here signs every order, and can order nothing at a time without a key. "
    "Templates are approved in the register's own files, where nothing is signed; "
    "so are partners, and keys are enrolled there, until the register is founded."
)
NO_KEY = "no key in force"
WHEN: Mapping[Hours, str] = {
    Hours.ALWAYS: "at any hour",
    Hours.IN_HOURS: "in working hours",
    Hours.OUT_OF_HOURS: "out of working hours",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One power of one person, each bound in words."""

    who: str
    types: str
    levels: str
    channels: str
    when: str
    deputies: str
    rule: str


@dataclass(frozen=True, slots=True)
class Section:
    """The people who hold one power; `stops` is set if the power only stops or takes back."""

    power: Power
    title: str
    stops: bool
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Period:
    """Somebody's turn on a rota, time away, or time with a key, in the trust's own time; only a turn has a `rota`."""

    who: str
    begins: str
    ends: str
    rota: str = ""


@dataclass(frozen=True, slots=True)
class ShownChain:
    """The people to ask for a yes, in order, and what happens if no one answers."""

    title: str
    about: str
    steps: Sequence[str]
    at_last: str


@dataclass(frozen=True, slots=True)
class ShownPartner:
    """What the register lets out of a partner without asking: by whose rule, where, how many, and past which holds."""

    title: str
    rule: str
    bounds: Sequence[str]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """The whole table. From `printed` on: the rota for eight weeks, all absences, the bank holidays of a year."""

    trust: str
    version: str
    printed: str
    hours: str
    sections: Sequence[Section]
    rota: Sequence[Period]
    away: Sequence[Period]
    keys: Sequence[Period]
    holidays: Sequence[str]
    chains: Sequence[ShownChain]
    partners: Sequence[ShownPartner]


def decision_table(register: Register, now: datetime) -> DecisionTable:
    """What this register decides, in words."""
    zone = ZoneInfo(register.hours.timezone)
    today = now.astimezone(zone).date()
    return DecisionTable(
        trust=register.trust,
        version=register.version(),
        printed=_moment(now, zone),
        hours=_hours(register),
        sections=[_section(power, register) for power in sorted(Power, key=_order)],
        rota=_rota(register, now, zone),
        away=_away(register, now, zone),
        keys=[span for person in register.people.values() for span in _keys(person, register, now=now)],
        holidays=[_day(day) for day in register.hours.bank_holidays if today <= day <= today + HOLIDAYS_SHOWN],
        chains=[_chain(chain, register) for chain in register.chains.values()],
        partners=[_partner(partner, register) for partner in register.partners.values()],
    )


def as_page(table: DecisionTable, pages: Path) -> str:
    """The table as a page to print and sign; everything that comes from the register is escaped."""
    return page_templates(pages).get_template(PAGE_TEMPLATE).render(table=table, stops=STOPS, signs=SIGNS)


def as_lines(table: DecisionTable) -> Sequence[str]:
    """The table as plain lines."""
    lines = [f"{table.trust}: who may say yes", f"register {table.version}, shown {table.printed}", table.hours]
    for section in table.sections:
        lines += ["", f"{section.title} ({section.power}{', stops' if section.stops else ''})"]
        lines += [f"  {_said(row)}" for row in section.rows] or ["  nobody"]
    lines += ["", STOPS]
    for chain in table.chains:
        lines += ["", f"{chain.title}: {chain.about}", *(f"  {step}" for step in chain.steps), f"  {chain.at_last}"]
    for partner in table.partners:
        lines += ["", f"{partner.title}: {partner.rule}", *(f"  {bound}" for bound in partner.bounds)]
    lines += ["", "On call", *(f"  {one.rota}: {one.who}, {one.begins} to {one.ends}" for one in table.rota)]
    lines += ["", "Away", *([f"  {one.who}, {one.begins} to {one.ends}" for one in table.away] or ["  nobody"])]
    keys = [f"  {one.who}, {f'{one.begins} to {one.ends}' if one.ends else one.begins}" for one in table.keys]
    lines += ["", SIGNS, *(keys or ["  nobody"])]
    return [*lines, "", f"Bank holidays: {', '.join(table.holidays) or 'none'}"]


def _said(row: Row) -> str:
    stands_in = f"; while away: {row.deputies}" if row.deputies else ""
    return f"{row.who}: {row.types}, {row.levels}, {row.channels}, {row.when}{stands_in} [{row.rule}]"


def _order(power: Power) -> tuple[bool, int]:
    """Powers that start before powers that stop, then in the order above."""
    return power in STOPPING, [*POWERS, *Power].index(power)


def _section(power: Power, register: Register) -> Section:
    rows = [
        _row(person, grant, register)
        for person in register.people.values()
        for grant in person.grants
        if grant.power is power
    ]
    return Section(power, POWERS.get(power, power.replace("-", " ").capitalize()), power in STOPPING, rows)


def _row(person: Person, grant: Grant, register: Register) -> Row:
    stand_in = () if grant.power in HELD_IN_PERSON else person.deputies
    deputies = [register.people[name] for name in stand_in if name in register.people]
    channels = [register.channels[name].title if name in register.channels else name for name in grant.channels]
    return Row(
        who=person.called,
        types=f"{_list(grant.types)} incidents" if grant.types else "every incident",
        levels=f"level {_list(grant.levels)}" if grant.levels else "every level",
        channels=f"only on {_list(channels)}" if channels else "every channel",
        when=WHEN[grant.hours] + (f", while on the rota {grant.rota}" if grant.rota else ""),
        deputies=", else ".join(deputy.called for deputy in deputies),
        rule=grant.id,
    )


def _list(values: Iterable[object]) -> str:
    *first, last = map(str, values)
    return f"{', '.join(first)} or {last}" if first else last


def _hours(register: Register) -> str:
    hours = register.hours
    days = ", ".join(DAYS[day] for day in hours.days)
    return f"Working hours are {hours.opens:%H:%M} to {hours.closes:%H:%M} on {days}, bank holidays left out."


def _rota(register: Register, now: datetime, zone: ZoneInfo) -> Sequence[Period]:
    shown = [shift for shift in register.rota if now < shift.ends_at and shift.starts_at < now + ROTA_SHOWN]
    return [
        Period(register.called(one.person), _moment(one.starts_at, zone), _moment(one.ends_at, zone), one.rota)
        for one in sorted(shown, key=lambda shift: (shift.rota, shift.starts_at, shift.person))
    ]


def _away(register: Register, now: datetime, zone: ZoneInfo) -> Sequence[Period]:
    return [
        Period(person.called, _moment(one.starts_at, zone), _moment(one.ends_at, zone))
        for person in register.people.values()
        for one in person.away
        if now < one.ends_at
    ]


def _keys(person: Person, register: Register, *, now: datetime) -> Iterator[Period]:
    """When this person has a key to sign with; empty if they need none."""
    zone = ZoneInfo(register.hours.timezone)
    if not can_order(person, register, now=now):
        yield Period(person.called, NO_KEY, "")
    for key in person.keys:
        ends = min(key.expires_at, key.revoked_at or key.expires_at)
        if now < ends and not enrolment_faults(key, person.id, register=register):
            yield Period(person.called, _moment(key.enrolled_at, zone), _moment(ends, zone))


def _chain(chain: Chain, register: Register) -> ShownChain:
    bounds = [
        f"{_list(chain.types)} incidents" if chain.types else "every incident",
        f"level {_list(chain.levels)}" if chain.levels else "every level",
        f"{_list(chain.purposes)} messages" if chain.purposes else "every message",
    ]
    how = (
        "nobody else may say yes, each once those before were asked or are not there"
        if chain.ordered
        else "asked in turn"
    )
    given = chain.delegated
    at_last = "If nobody answers, nothing goes out and the commander is told."
    if given:
        yes = f", approved by {register.called(given.approval.by)}" if given.approval else ", not yet approved"
        by = register.called(given.delegated_by)
        at_last = f"If nobody answers, the {given.purpose} text of {given.template} goes out, delegated by {by}{yes}."
    return ShownChain(
        title=chain.title,
        about=f"{POWERS.get(chain.power, chain.power)}: {', '.join(bounds)}; {how}",
        steps=[_step(step, register) for step in chain.steps],
        at_last=at_last,
    )


def _partner(partner: Partner, register: Register) -> ShownPartner:
    """Partners are an exception: nobody says yes at night, so whose rule it is stands here."""
    channels = [register.channels[name].title if name in register.channels else name for name in partner.channels]
    passes = "pass every hold but those on names" if passes_holds(partner) else "pass no hold"
    who = f"{register.called(partner.registered_by)} registered and {register.called(partner.approved_by)} approved"
    return ShownPartner(
        title=f"Posts of {partner.name} ({partner.category})",
        rule=f"they go out again, and are taken back when changed, by the rule that {who}",
        bounds=[
            f"on {' and '.join(channels)}",
            f"{partner.posts_max} within {partner.posts_within_seconds} seconds at most, then a person resumes them",
            f"they {passes}",
            f"their links lead to {_list([*partner.domains, *partner.link_domains])}, or below",
            *_accounts(partner),
            *_scope(partner.scope),
            *(f"behind them stands “{said}” ({language})" for language, said in partner.disclaimer.items()),
        ],
    )


def _accounts(partner: Partner) -> Iterator[str]:
    """Each account that is pinned, and how we know that it is the partner's."""
    yield f"account {partner.account_id} at {partner.domain}"
    for one in partner.accounts:
        yield f"account {one.account_id} at {one.domain}, heard by {one.kind} from {one.address}: {one.evidence}"


def _scope(scope: Scope) -> Iterator[str]:
    """What bounds that which goes out without asking; a person is asked about the rest."""
    if scope.hazards:
        yield f"by themselves only about {_list(one.replace('-', ' ') for one in scope.hazards)}"
    for called, words in (("places", scope.places), ("words", scope.words)):
        if words:
            yield f"by themselves only with one of these {called}: {_list(words)}"
    if scope.from_level > 1:
        yield f"by themselves from level {scope.from_level} on"


def _step(step: ChainStep, register: Register) -> str:
    who = register.called(step.person) if step.person else f"whoever is on the rota {step.rota}"
    reminders = "1 reminder" if step.reminders == 1 else f"{step.reminders} reminders"
    return f"{who}, who has {step.answer_within_seconds / 60:g} minutes to answer, with {reminders}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{_day(local.date())} {local:%H:%M %Z}"
