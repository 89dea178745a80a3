"""Desks: who has a case that no person has taken, by when it is answered, and who is asked about it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from streams.decisions.authority.turns import on_rota
from streams.decisions.authority.working_hours import hours_end, in_hours
from streams.subjects.case import Case
from streams.words.attention import CASES, CaseRule
from streams.words.cases import CaseSort
from streams.words.register.entries import ChainStep, Register, WorkingHours

ASKED_SECONDS = 300
"""So long the desk is waited for, before the next is asked."""
STRETCHES_MAX = 500
"""So many stretches of open and closed hours are looked at; a year of working days has as many."""


def rule_of(sort: CaseSort, register: Register) -> CaseRule:
    """The register's rule for this sort of case, or the usual one."""
    return register.cases.get(sort.value) or CASES[sort.value]


def due_at(sort: CaseSort, register: Register, *, now: datetime) -> datetime:
    """By when a case of this sort that comes now is to be answered."""
    rule = rule_of(sort, register)
    minutes = timedelta(minutes=rule.answer_minutes)
    return now + minutes if rule.counts == "always" else after_hours(now, minutes, hours=register.hours)


def after_hours(at: datetime, left: timedelta, *, hours: WorkingHours) -> datetime:
    """The moment at which so much time of the trust's working hours has passed; plain time if it has no such hours."""
    moment, rest = at, left
    for _ in range(STRETCHES_MAX):
        ends = hours_end(moment, hours)
        if in_hours(moment, hours):
            if moment + rest <= ends:
                return moment + rest
            rest -= ends - moment
        moment = ends
    return at + left


def has_it(case: Case, register: Register, *, now: datetime) -> Sequence[str]:
    """The people who have the case: its holder, else those at the desk of its sort now."""
    if case.holder or case.sort is None:
        return [case.holder] if case.holder else []
    return desk_of(case.sort, register, now=now)


def desk_of(sort: CaseSort, register: Register, *, now: datetime) -> Sequence[str]:
    """The person at the desk of this sort now; none if nobody is."""
    rule = rule_of(sort, register)
    named = [rule.person] if rule.person else [*on_rota(rule.rota, register, now=now)][:1]
    return [name for name in named if name in register.people]


def steps_of(case: Case, register: Register) -> Iterator[ChainStep]:
    """Whom to ask about a case before the people of its chain: its holder, else the desk of its sort."""
    if case.holder:
        if case.holder in register.people:
            yield ChainStep(person=case.holder, answer_within_seconds=ASKED_SECONDS)
    elif case.sort:
        rule = rule_of(case.sort, register)
        if rule.person or rule.rota:
            person = rule.person
            rota = None if person else rule.rota
            yield ChainStep(person=person, rota=rota, answer_within_seconds=ASKED_SECONDS)
