"""Cases: something addressed to us that a person must answer or hand on."""

from uuid import uuid4  # noqa: TID251 - a person who opens two cases means two

from aiohttp import web

from agents.console.pages.settled.form import FormField, Made, Matter, people, reason, settling
from agents.console.visits import Visit
from streams.coming_times import coming
from streams.decisions.sign_off.links import path_to
from streams.subjects.case import Case, CaseStatus
from streams.telling.cases import case_line
from streams.telling.facts import apart
from streams.values import Subject, SubjectKind
from streams.words.cases import AnswerCase, CaseSort, CloseCase, HandOnCase, OpenCase


async def listing(visit: Visit) -> web.Response:
    """Every case that is not closed."""
    cases = visit.house.board.overview.cases
    found = [(path_to("cases", one.id), _line(one, visit)) for one in cases]
    more = [("/cases/new", "open-case")]
    return visit.page("list", heading=visit.says("cases"), items=found, empty="no-cases", more=more)


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
        )

    matter = Matter(visit.says("open-case"), [], "/cases", Case(id=name, mode=visit.house.mode))
    return settling(visit, matter, typed=typed, acts={"open-case": opened} if visit.field("about") else {})


async def one(visit: Visit) -> web.Response:
    """Answer a case, hand it on, or close it."""
    subject = Subject(kind=SubjectKind.CASE, id=visit.request.match_info["case"])
    case = await visit.state_of(subject)
    if not isinstance(case, Case) or case.status is CaseStatus.NONE:
        raise web.HTTPNotFound
    matter = Matter(visit.says("case"), [_line(case, visit)], "/cases", case)
    if not case.is_open:
        return settling(visit, matter, typed=[], acts={})
    done, to, why = visit.field("done-words"), visit.field("to"), reason(visit, "reason-case")
    typed = [FormField("done-words", done, rows=3, part="done"), FormField("to", to, choices=people(visit)), why]
    acts: dict[str, Made] = {"close-case": lambda: CloseCase(reason=why.value)}
    if to:
        acts = {"hand-on-case": lambda: HandOnCase(to=to, reason=why.value), **acts}
    if done:
        acts = {"answer-case": lambda: AnswerCase(done=done), **acts}
    return settling(visit, matter, typed=typed, acts=acts)


def _line(case: Case, visit: Visit) -> str:
    """The case with the name of the person who has it."""
    holder = visit.register.called(case.holder) if case.holder else None
    return apart(case_line(case.model_copy(update={"holder": holder}), visit.house.zone))
