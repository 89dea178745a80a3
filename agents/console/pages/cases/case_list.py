"""Cases: something addressed to us that a person must answer or hand on."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4  # noqa: TID251 - a person who opens two cases means two

from aiohttp import web

from agents.console.pages.settled.form import FormField, Matter, settling
from agents.console.visits import Visit
from streams.coming_times import coming
from streams.decisions.cases.desks import has_it
from streams.decisions.sign_off.links import path_to
from streams.projections.case_list import by_clock
from streams.subjects.case import Case
from streams.values import Subject, SubjectKind
from streams.words.cases import CaseSort, OpenCase

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CaseItem:
    """One case of the list: where it is settled, who has it, how old it is, and whether its answer is late."""

    case: Case
    link: str
    who: str
    age: str
    late: bool
    mine: bool


async def listing(visit: Visit) -> web.Response:
    """Every case that is not closed, by the clock; those of one sort, if one is chosen."""
    if last := visit.field("last"):
        await visit.state_of(Subject(kind=SubjectKind.CASE, id=last))
    cases, chosen = visit.house.board.overview.cases, visit.field("sort")
    sort = CaseSort(chosen) if chosen in {*CaseSort} else None
    counts = {one: sum(case.sort is one for case in cases) for one in CaseSort}
    return visit.page(
        "cases",
        items=[item_of(one, visit) for one in by_clock(cases, sort=sort)],
        sorts=[(one.value, count) for one, count in counts.items() if count],
        chosen=sort.value if sort else "",
        total=len(cases),
        handed=visit.field("handed") if re.fullmatch(r"[1-9][0-9]?", visit.field("handed")) else "",
    )


def item_of(case: Case, visit: Visit) -> CaseItem:
    """A case as lists show it."""
    mine = visit.me.id in has_it(case, visit.register, now=visit.now)
    link = path_to("cases", case.id)
    return CaseItem(case, link, who_has(case, visit), age_of(case.opened_at, visit), case.is_overdue(visit.now), mine)


def who_has(case: Case, visit: Visit) -> str:
    """Who has it, by name and role; who is at its desk, if no person has taken it."""
    people = [visit.register.called(name) for name in has_it(case, visit.register, now=visit.now)]
    if case.holder:
        return visit.says("case-mine") if case.holder == visit.me.id else visit.says("case-has", who=people[0])
    return visit.says("case-at-desk", who=", ".join(people)) if people else visit.says("case-no-desk")


def age_of(since: datetime | None, visit: Visit) -> str:
    """How long ago that was, in the largest unit of which it has at least two."""
    age = visit.now - since if since else timedelta()
    if age < 2 * HOUR:
        return visit.says("age-minutes", count=int(age.total_seconds() // 60))
    return visit.says("age-hours", count=age // HOUR) if age < 2 * DAY else visit.says("age-days", count=age // DAY)


async def new(visit: Visit) -> web.Response:
    """Open a case."""
    name = visit.field("case") or f"case-{visit.now:%Y%m%d-%H%M}-{uuid4().hex[:4]}"
    sorts = [(one.value, visit.says(f"sort-{one.value}")) for one in CaseSort]
    going_on = [(one.id, one.declaration.name) for one in visit.house.board.overview.incidents if one.declaration]
    typed = [
        FormField("case", name),
        FormField("sort", visit.field("sort") or sorts[0][0], choices=sorts),
        FormField("about", visit.field("about"), rows=3),
        FormField("answer_by", visit.field("answer_by"), is_time=True),
        FormField("from", visit.field("from"), choices=[("", ""), *going_on], part="incident"),
    ]

    def opened() -> OpenCase:
        by = visit.field("answer_by")
        return OpenCase(
            sort=CaseSort(visit.field("sort")),
            about=visit.field("about"),
            incident=visit.field("from") or None,
            answer_by=coming(by, now=visit.now, zone=visit.house.zone) if by else None,
            # That is for the person who is named for it, and not for the one who opens it.
            to_desk=visit.field("sort") == CaseSort.HATE_CRIME,
        )

    matter = Matter(visit.says("open-case"), [], "/cases", Case(id=name, mode=visit.house.mode))
    return settling(visit, matter, typed=typed, acts={"open-case": opened} if visit.field("about") else {})
