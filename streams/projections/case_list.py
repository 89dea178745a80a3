"""The list of cases as its desk reads it: by the clock, each with why it is there; and the answers that fit one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from streams.decisions.authority.freshness import template_faults
from streams.decisions.authority.working_hours import in_hours
from streams.decisions.cases.desks import rule_of
from streams.decisions.verdict import reasons_of
from streams.subjects.case import Case
from streams.values import Purpose
from streams.words.cases import CaseClosed, CaseSort, Nature
from streams.words.facts import Fact
from streams.words.register.entries import Register, Template

OFFERED_MAX = 3
"""So many answers to frequent questions are offered beside those for the sort."""


def by_clock(cases: Iterable[Case], *, sort: CaseSort | None = None) -> Sequence[Case]:
    """The cases of one sort, or all: those that wait by when they are to be answered, then the others."""
    found = [one for one in cases if sort in {None, one.sort}]
    return sorted(found, key=lambda one: (not one.waits, one.answer_by is None, f"{one.answer_by}", one.id))


def offered(case: Case, register: Register, *, now: datetime) -> Sequence[Template]:
    """The approved answers that fit a case, the nearest first: those for its sort, then those that share its words.

    A complaint has the one that says where to turn, and no other: it is never answered in public. Nor is what is
    hostile. Where to find help comes first for who calls for it. Of a sort that waits for the trust's hours we say
    first when we look at our accounts; for every other sort, that we are checking.
    """
    fitting = [one for one in register.templates.values() if _fits(one, case) and is_approved(one, register, now=now)]
    usual = [one for one in fitting if one.answers and one.answers.says in _usual(register, now)]
    asked = {word.casefold() for word in [*case.words, *(case.about or "").replace(".", " ").split()]}
    frequent = [one for one in fitting if one.answers and one.answers.says == "answer"]
    shared = {one.id: len(asked & {*one.hazards}) for one in frequent}
    near = sorted((one for one in fitting if shared.get(one.id)), key=lambda one: -shared[one.id])
    first = "signpost" if case.sort is CaseSort.CALL_FOR_HELP else _said_first(case, register)
    return [*sorted(usual, key=lambda one: not one.answers or one.answers.says != first), *near[:OFFERED_MAX]]


def _said_first(case: Case, register: Register) -> str:
    waits = case.sort is not None and rule_of(case.sort, register).counts == "in-hours"
    return "out-of-hours" if waits else "checking"


def _usual(register: Register, now: datetime) -> frozenset[str]:
    """What is offered whatever was asked."""
    out = () if in_hours(now, register.hours) else ("out-of-hours",)
    return frozenset({"checking", "where-to-turn", "signpost", *out})


def _fits(template: Template, case: Case) -> bool:
    answers = template.answers
    if answers is None or case.sort is None or (answers.sorts and case.sort not in answers.sorts):
        return False
    if case.sort is CaseSort.COMPLAINT:
        return answers.says == "where-to-turn"
    return case.sort in {CaseSort.MEDIA_ENQUIRY, CaseSort.CALL_FOR_HELP}


def is_approved(template: Template, register: Register, *, now: datetime) -> bool:
    """Whether another person's yes to these words counts now."""
    return not reasons_of(template_faults(template, register, now=now))


def answer_texts(template: Template) -> Mapping[str, str]:
    """The words of an answer by language."""
    return template.texts.get(Purpose.PLANNED, {})


def counted(facts: Iterable[Fact], *, since: datetime, until: datetime) -> Mapping[Nature, int]:
    """How many complaints of each nature were closed in this time, all natures named; it is published as it is."""
    found = Counter(
        fact.body.nature
        for fact in facts
        if isinstance(fact.body, CaseClosed) and fact.body.nature and since <= fact.at < until
    )
    return {nature: found[nature] for nature in Nature}
