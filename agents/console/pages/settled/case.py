"""One case: what it is about and why it is here, the words that may answer it, and each order about it."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from agents.console.pages.settled.cases import age_of, who_has
from agents.console.pages.settled.form import FormField, Made, Matter, people, reason, settling
from agents.console.pages.shown import ReadText
from agents.console.signing import caller
from agents.console.visits import Visit
from streams.coming_times import coming
from streams.decisions.cases.hate_orders import HOSTILE, asks
from streams.decisions.cases.retention import kept
from streams.projections.case_list import answer_texts, offered
from streams.projections.words_out import words_out
from streams.subjects.case import Case, CaseStatus
from streams.subjects.incident import Incident
from streams.telling.cases import enquiry_line
from streams.values import Subject, SubjectKind
from streams.words.cases import (
    AcknowledgeCase,
    AnswerCase,
    AskPolice,
    CaseSort,
    CloseCase,
    Criterion,
    Effect,
    EnquiryFrom,
    HandOnCase,
    ModerateCase,
    Nature,
    NoteEnquiry,
    ReleaseCaseEvidence,
    ReportToPolice,
    SuspectHate,
    Treatment,
)
from streams.words.sign_off import Acknowledge

PARTS = ("answer", "hand-on", "enquiry", "abuse", "hate", "close")
"""What a person may do in a case that is open; each has the fields that it needs."""


async def one(visit: Visit) -> web.Response:
    """What is known of a case, and what a person may do about it."""
    subject = Subject(kind=SubjectKind.CASE, id=visit.request.match_info["case"])
    case = await visit.state_of(subject)
    if not isinstance(case, Case) or case.status is CaseStatus.NONE:
        raise web.HTTPNotFound
    sort = case.sort or CaseSort.MEDIA_ENQUIRY
    shown = [*_answers(case, visit)]
    given = {
        "case": case,
        "who": who_has(case, visit),
        "age": age_of(case.opened_at, visit),
        "late": case.is_overdue(visit.now),
        "enquiry": enquiry_line(case.enquiry) if case.enquiry else "",
        "published": await _published(case, visit),
        "kept": kept(case),
        "posts": await visit.house.board.door.posts_of(case) if case.by_rule or case.suspected else [],
        "parts_of_case": [one for one in PARTS if case.is_open and _has(one, sort)],
        "chosen": visit.field("do") or PARTS[0],
    }
    heading = visit.says(f"sort-{sort}")
    matter = Matter(heading[:1].upper() + heading[1:], [], "/cases", case, shown=shown, page="case", given=given)
    return settling(visit, matter, typed=_typed(case, visit), acts=_acts(case, visit))


def _has(part: str, sort: CaseSort) -> bool:
    """Whether a case of this sort has this part."""
    of_sorts = {"enquiry": {CaseSort.MEDIA_ENQUIRY}, "abuse": HOSTILE, "hate": {*CaseSort} - {CaseSort.HATE_CRIME}}
    return sort in of_sorts.get(part, {*CaseSort})


def _answers(case: Case, visit: Visit) -> Sequence[ReadText]:
    """The approved answers, to be copied and sent by hand; none goes out from here."""
    found = offered(case, visit.register, now=visit.now) if case.waits else []
    return [
        ReadText([one.title], [language], None, text, [], [])
        for one in found
        for language, text in answer_texts(one).items()
    ]


async def _published(case: Case, visit: Visit) -> Sequence[tuple[str, Mapping[str, str]]]:
    """Our words that the public reads now about the incident of the case: where, and the text in each language."""
    about = Subject.incident(case.incident) if case.incident else None
    state = await visit.house.board.state(about) if about else None
    out = words_out(state) if isinstance(state, Incident) else []
    return [(", ".join(visit.house.place(on.channel) for on in one.on), one.message.texts) for one in out]


def _typed(case: Case, visit: Visit) -> Sequence[FormField]:
    """The fields of the part that the person chose."""
    part, field = visit.field("do"), visit.field
    if not case.is_open:
        return [reason(visit, "reason-evidence")] if case.suspected and not case.released_at else []
    hidden = FormField("do", part, is_hidden=True)
    match part:
        case "hand-on":
            fields = [FormField("to", field("to"), choices=people(visit)), reason(visit, "reason-case")]
        case "enquiry":
            fields = [
                FormField("first_contact", field("first_contact"), choices=_choices(visit, "answer", ("yes", "no"))),
                FormField("asker", field("asker"), choices=_choices(visit, "asker", EnquiryFrom)),
                FormField("effect", field("effect"), choices=_choices(visit, "effect", Effect)),
                FormField("said_before", field("said_before"), rows=2),
            ]
        case "abuse":
            fields = [
                FormField("criterion", field("criterion"), choices=_choices(visit, "criterion", Criterion)),
                FormField("treatment", field("treatment"), choices=_choices(visit, "treatment", Treatment)),
            ]
        case "hate":
            fields = [reason(visit, "reason-hate")]
        case "close":
            nature = FormField("nature", field("nature"), choices=_choices(visit, "nature", Nature))
            of_complaints = [nature] if case.sort is CaseSort.COMPLAINT else []
            fields = [*of_complaints, FormField("told", field("told")), reason(visit, "reason-case")]
        case _:
            fields = [FormField("done-words", field("done-words"), rows=3, part="done")]
            if _is_checked(case):
                fields.append(FormField("answer_by", field("answer_by"), is_time=True))
    return [hidden, *fields]


def _choices(
    visit: Visit, name: str, values: Sequence[str] | type[EnquiryFrom | Effect | Criterion | Treatment | Nature]
) -> Sequence[tuple[str, str]]:
    return [("", ""), *((f"{one}", visit.says(f"{name}-{one}")) for one in values)]


def _acts(case: Case, visit: Visit) -> Mapping[str, Made]:
    """Each order that the person could give now, by what its button says."""
    if not case.is_open:
        given = ReleaseCaseEvidence(reason=reason(visit, "reason-evidence").value)
        return {"release-case-evidence": lambda: given} if case.suspected and not case.released_at else {}
    acts: dict[str, Made] = {}
    if running := next((one for one in case.searches.values() if one.concern and not one.ended), None):
        acts["acknowledge"] = lambda: Acknowledge(search_id=running.id)
    elif case.holder != (who := caller(visit) or visit.me).id and case.waits:
        acts["take-case"] = lambda: HandOnCase(to=who.id, reason=visit.says("reason-take"))
    if case.sort is CaseSort.HATE_CRIME:
        acts |= {"report-to-police": ReportToPolice} if asks(case) else {"ask-police": AskPolice}
    return (
        {**_of_part(case, visit), **acts}
        if visit.field("do") or visit.field("done-words")
        else {**acts, **_of_part(case, visit)}
    )


def _of_part(case: Case, visit: Visit) -> Mapping[str, Made]:
    """The orders that follow from what was typed."""
    field, why = visit.field, visit.field("reason")
    match field("do"):
        case "hand-on" if field("to"):
            return {"hand-on-case": lambda: HandOnCase(to=field("to"), reason=why)}
        case "enquiry" if all(map(field, ("first_contact", "asker", "effect"))):
            return {"note-enquiry": lambda: _enquiry(visit)}
        case "abuse" if field("criterion") and field("treatment"):
            return {
                "moderate-case": lambda: ModerateCase(
                    criterion=Criterion(field("criterion")), treatment=Treatment(field("treatment"))
                )
            }
        case "hate" if why:
            return {"suspect-hate": lambda: SuspectHate(reason=why)}
        case "close" if why:
            nature = Nature(field("nature")) if field("nature") in {*Nature} else None
            return {"close-case": lambda: CloseCase(reason=why, nature=nature, told=field("told") or None)}
        case _ if field("done-words"):
            return {"answer-case": lambda: AnswerCase(done=field("done-words"))}
        case "" | "answer" if case.waits and _is_checked(case):
            return {"acknowledge-case": lambda: _first_answer(case, visit)}
        case _:
            return {}


def _is_checked(case: Case) -> bool:
    """Whether such a case is answered first with "we are checking": not what is private, nor what is hostile."""
    return case.sort not in {*HOSTILE, CaseSort.COMPLAINT}


def _first_answer(case: Case, visit: Visit) -> AcknowledgeCase:
    """The first answer was given, with the approved words for it, if there are such."""
    words = (one.id for one in offered(case, visit.register, now=visit.now))
    by = visit.field("answer_by")
    until = coming(by, now=visit.now, zone=visit.house.zone) if by else None
    return AcknowledgeCase(said=next(words, None), answer_by=until)


def _enquiry(visit: Visit) -> NoteEnquiry:
    return NoteEnquiry(
        first_contact=visit.field("first_contact") == "yes",
        asker=EnquiryFrom(visit.field("asker")),
        effect=Effect(visit.field("effect")),
        said_before=visit.field("said_before") or None,
    )
