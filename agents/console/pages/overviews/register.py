"""The register to read: who could do what now, what is not covered or lapses, risks, the whole table, and templates."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from aiohttp import web

from agents.console.signing import offer
from agents.console.visits import Visit
from streams.decisions.authority import freshness
from streams.decisions.authority.powers import Act, who_could
from streams.decisions.register.risks import (
    channels_without_risk,
    graver_first,
    is_activity_assessed,
    is_overdue,
    safeguards_off,
)
from streams.decisions.sign_off.links import path_to
from streams.decisions.verdict import reasons_of
from streams.subjects.incident import Incident
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.telling.changes import told_unfounded, told_waiting
from streams.telling.facts import apart
from streams.telling.templates import told_whole
from streams.values import THE_REGISTER, IncidentType, Power
from streams.words.register.approvals import ApproveContent, ContentApproved
from streams.words.register.changes import NO_CHANGES, ChangeConfirmed
from streams.words.register.entries import Register, Template
from streams.words.risks.entries import Risk, Safeguard

POWERS = (
    Power.DECLARE,
    Power.RELEASE_HOLDING,
    Power.DRAFT_LINE,
    Power.SIGN_OFF_LINE,
    Power.WITHDRAW,
    Power.STAND_DOWN,
    Power.RESOLVE_DELIVERY,
    Power.CHANGE_REGISTER,
)
"""The powers that are asked for at night, and the one that gives them."""
SOON = timedelta(days=60)
CHANGING = (ChangeConfirmed, ContentApproved)
LATELY = 20
"""Among so many of the register's newest facts is the answer to an order that was given a moment ago."""


@dataclass(frozen=True, slots=True)
class Lapse:
    """Something of the register that ends, or has to be looked at again, on a day."""

    what: str
    on: date
    is_over: bool


async def page(visit: Visit) -> web.Response:
    """Who could do what now, in the incident that goes on or, without one, in a major incident of level 3."""
    now, house = visit.now, visit.house
    shared = await house.board.door.accounts_shared()
    log = await visit.state_of(THE_REGISTER)
    if log and visit.was_heard(log):
        log = await _once_in_force(visit, log)
    register = visit.register  # Of the same moment as its log, for which the page may have waited.
    changes = log.changes if isinstance(log, RegisterLog) else NO_CHANGES
    live = next((one for one in house.board.overview.incidents if one.is_live), None)
    # As the whole table is: for this register and incident, and for a minute.
    of = (live.id, live.sequence) if live else None
    key = "could", register.version(), now.replace(second=0, microsecond=0), of
    return visit.page(
        "register",
        live=live,
        now_could=await house.made_once(key, partial(_could, register, now, live)),
        gaps=[*told_unfounded(register, changes), *house.looks.gaps(register, now)],
        lapses=sorted(_lapses(register, visit), key=lambda one: one.on),
        partners=register.partners,
        proposed=shared.waiting(register, now),
        influence=[(one, one.review_on < now.astimezone(house.zone).date()) for one in register.influence.values()],
        risks=_risks(visit),
        safeguards_off=_safeguards_off(visit),
        unassessed=[register.place(name) for name in channels_without_risk(register)],
        is_activity_assessed=is_activity_assessed(register),
        stopped={*changes.stopped, *changes.stopped_accounts},
        table=house.looks.decisions(register, now),
        changes=[
            (path_to("register", "changes", one.id), apart(told_waiting(one, house.zone)))
            for one in changes.waiting.values()
        ],
        unconfirmed=[*log.to_propose()] if isinstance(log, RegisterLog) else [],
        done=log is not None and visit.was_heard(log),
    )


async def _once_in_force(visit: Visit, log: State) -> State | None:
    """Its log, once the register that this page's order changed is in force: it is kept a moment after the answer."""
    lately = await visit.house.board.door.newest_facts(log, most=LATELY)
    changed = [one for one in lately if one.cause == visit.field("done") and isinstance(one.body, CHANGING)]
    if not changed:
        return await visit.state_of(THE_REGISTER)
    return await visit.state_once(THE_REGISTER, lambda _: visit.register.version() != changed[0].register_version)


def _risks(visit: Visit) -> Sequence[tuple[Risk, bool]]:
    """Each risk, and whether its review is overdue; the one with the highest score after its mitigations first."""
    today = visit.now.astimezone(visit.house.zone).date()
    return [(one, is_overdue(one, today)) for one in graver_first(visit.register)]


def _safeguards_off(visit: Visit) -> Sequence[Safeguard]:
    """The safeguards that are named and off; that a drill takes unsigned orders says nothing of the live register."""
    found = safeguards_off(visit.register)
    return [one for one in found if visit.house.is_live or one is not Safeguard.SIGNED_ORDERS]


async def templates(visit: Visit) -> web.Response:
    """Every template, whether it may be used now, and when it is to be reviewed."""
    found = [(one, _faults(one, visit)) for one in visit.register.templates.values()]
    return visit.page("templates", templates=found)


async def template(visit: Visit) -> web.Response:
    """One template: every text in every language and form, its slots, its approval; the yes to it if it lacks one."""
    found = visit.register.templates.get(visit.request.match_info["template"])
    if found is None:
        raise web.HTTPNotFound
    lines = [line.strip() for line in told_whole(found, visit.register, now=visit.now)]
    log, faults = await visit.state_of(THE_REGISTER), _faults(found, visit)
    state = log if isinstance(log, RegisterLog) else RegisterLog(mode=visit.house.mode)
    body = ApproveContent(section="templates", entry=found.id, content_hash=found.content_hash())
    yes = None if _is_approved(found, visit.now) else offer(visit, body, on=state)
    return visit.page("template", template=found, faults=faults, lines=lines, yes=yes)


def _is_approved(one: Template, now: datetime) -> bool:
    yes = one.approval
    return yes is not None and yes.content_hash == one.content_hash() and now < yes.expires_at


def _faults(one: Template, visit: Visit) -> Sequence[str]:
    return reasons_of(freshness.template_faults(one, visit.register, now=visit.now))


async def _could(register: Register, now: datetime, live: Incident | None) -> Mapping[str, Sequence[str]]:
    declared = live.declaration if live else None
    kind = declared.type if declared else IncidentType.MAJOR
    level = declared.level if declared else 3
    return {
        power.value: who_could(Act(power, now, type=kind, level=level), register, channels=[None]) for power in POWERS
    }


def _lapses(register: Register, visit: Visit) -> Iterator[Lapse]:
    """What is to be reviewed, or ends, within the next weeks, or should have been."""
    today = visit.now.astimezone(visit.house.zone).date()
    for one in register.templates.values():
        yield from _soon(visit.says("lapse-review", what=one.id), one.review_on, today=today)
        if one.approval:
            ends = one.approval.expires_at.astimezone(visit.house.zone).date()
            yield from _soon(visit.says("lapse-approval", what=one.id), ends, today=today)
    for risk in register.risks.values():
        yield from _soon(visit.says("lapse-risk", what=risk.id), risk.review_on, today=today)
    for person in register.people.values():
        for key in person.keys:
            if key.revoked_at is None:
                ends = key.expires_at.astimezone(visit.house.zone).date()
                yield from _soon(visit.says("lapse-key", what=person.name), ends, today=today)


def _soon(what: str, on: date, *, today: date) -> Iterator[Lapse]:
    if on <= today + SOON:
        yield Lapse(what, on, on < today)
