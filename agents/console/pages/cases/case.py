"""One case: what it is about and why it is here, the words that may answer it, and each order about it."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from agents.console.pages.cases.case_list import age_of, who_has
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
from streams.telling.listening.posts import link_of
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
from streams.words.register.entries import Person
from streams.words.sign_off import Acknowledge, Search

PARTS = ("take", "checking", "answer", "police", "hand-on", "enquiry", "abuse", "hate", "close", "release")
"""What a person may do in a case; each has the fields that it needs."""


async def one(visit: Visit) -> web.Response:
    """What is known of a case, and what a person may do about it."""
    subject = Subject(kind=SubjectKind.CASE, id=visit.request.match_info["case"])
    case = await visit.state_of(subject)
    if not isinstance(case, Case) or case.status is CaseStatus.NONE:
        raise web.HTTPNotFound
    sort, part = case.sort or CaseSort.MEDIA_ENQUIRY, _part(case, visit)
    answers = [*_answers(part, case, visit)]
    shown = answers[:1] if part in {"checking", "answer"} else []
    posts = await visit.house.board.door.posts_of(case) if case.by_rule or case.suspected else []
    given = {
        "case": case,
        "who": who_has(case, visit) if case.is_open else "",
        "age": age_of(case.opened_at, visit),
        "late": case.is_overdue(visit.now),
        "enquiry": enquiry_line(case.enquiry) if case.enquiry else "",
        "published": await _published(case, visit),
        "kept": kept(case),
        "posts": [(one, link_of(one.id)) for one in posts],
        "answers": shown,
        "more_answers": answers[len(shown) :],
        "part": part,
        "is_next": part == _next(case, visit),
        "told": _told(part, case, visit),
        "other_parts": [one for one in PARTS if one != part and _has(one, case, visit)],
    }
    heading = visit.says(f"sort-{sort}")
    matter = Matter(heading[:1].upper() + heading[1:], [], "/cases", case, page="case", given=given)
    return settling(visit, matter, typed=_typed(part, case, visit), acts=_acts(part, case, visit))


def _has(part: str, case: Case, visit: Visit) -> bool:
    """Whether a person may do this in the case as it is now."""
    if not case.is_open:
        return part == "release" and case.suspected and case.released_at is None
    match part:
        case "take":
            return case.waits and (case.holder != _who(visit).id or _concern(case) is not None)
        case "checking":
            return case.waits and _is_checked(case)
        case "answer" | "hand-on":
            return case.waits
        case "police":
            return case.sort is CaseSort.HATE_CRIME and not _told_police(case)
        case "enquiry":
            return case.sort is CaseSort.MEDIA_ENQUIRY
        case "abuse":
            return case.sort in HOSTILE
        case "hate":
            return case.sort is not CaseSort.HATE_CRIME
        case _:
            return part == "close"


def _next(case: Case, visit: Visit) -> str:
    """What the state of the case asks for: somebody takes it, says that we are checking, answers, and closes it.

    Abuse needs no answer: a person decides what to do about it.
    """
    first = "answer" if case.status is CaseStatus.CHECKING else "checking"
    if case.sort is CaseSort.ABUSE:
        first = "close" if case.moderated else "abuse"
    order = ("take", "police", first, "answer", "close", "release")
    return next((one for one in order if _has(one, case, visit)), "")


def _told(part: str, case: Case, visit: Visit) -> str:
    """The name of the sentence that says how to do this; empty if its heading says all."""
    match part:
        case "take" if case.holder == _who(visit).id:
            return "case-take-asked"
        case "take":
            return "case-take-over" if case.holder else "case-take"
        case "hand-on":
            return "case-hand-on"
        case "answer" if case.sort in HOSTILE:
            return "case-next-answer-hostile"
        case "close" if case.waits:
            return "case-next-close-decided"
        case "checking" | "answer" | "close":
            return f"case-next-{part}"
        case _:
            return ""


def _part(case: Case, visit: Visit) -> str:
    """What the person chose, or has typed words for; else what comes next."""
    chosen = visit.field("do") or ("answer" if visit.field("done-words") else "")
    return chosen if chosen in PARTS and _has(chosen, case, visit) else _next(case, visit)


def _who(visit: Visit) -> Person:
    """In whose name the page offers its orders."""
    return caller(visit) or visit.me


def _concern(case: Case) -> Search | None:
    """The search that asks who has the case; None if none goes on."""
    return next((one for one in case.searches.values() if one.concern and not one.ended), None)


def _told_police(case: Case) -> bool:
    """Whether it was decided already if the case is reported to the police."""
    return any(one.matter and one.ended and one.ended.outcome == "answered" for one in case.searches.values())


def _answers(part: str, case: Case, visit: Visit) -> Sequence[ReadText]:
    """The approved answers, to be copied and sent by hand, in the language of the page first; none goes out here.

    That we are checking is said before an answer, and is none.
    """
    found = offered(case, visit.register, now=visit.now) if case.waits else []
    if part == "answer":
        found = sorted(found, key=lambda one: one.answers is not None and one.answers.says == "checking")
    texts = [
        ReadText([one.title], [language], None, text, [], [])
        for one in found
        for language, text in answer_texts(one).items()
    ]
    return sorted(texts, key=lambda one: one.languages[0] != visit.language)


async def _published(case: Case, visit: Visit) -> Sequence[tuple[str, Mapping[str, str]]]:
    """Our words that the public reads now about the incident of the case: where, and the text in each language."""
    about = Subject.incident(case.incident) if case.incident else None
    state = await visit.house.board.state(about) if about else None
    out = words_out(state) if isinstance(state, Incident) else []
    return [(", ".join(visit.house.place(on.channel) for on in one.on), one.message.texts) for one in out]


def _typed(part: str, case: Case, visit: Visit) -> Sequence[FormField]:  # budget: a form for each part
    """The fields of the part that the person chose, or of what comes next."""
    field = visit.field
    fields: list[FormField] = []
    match part:
        case "release":
            fields = [reason(visit, "reason-evidence")]
        case "checking":
            fields = [FormField("answer_by", field("answer_by"), is_time=True)]
        case "answer":
            fields = [FormField("done-words", field("done-words"), rows=3, part="done")]
        case "hand-on":
            fields = [FormField("to", field("to"), choices=people(visit)), reason(visit, "reason-hand-on")]
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
    return [FormField("do", part, is_hidden=True), *fields]


def _choices(
    visit: Visit, name: str, values: Sequence[str] | type[EnquiryFrom | Effect | Criterion | Treatment | Nature]
) -> Sequence[tuple[str, str]]:
    return [("", ""), *((f"{one}", visit.says(f"{name}-{one}")) for one in values)]


def _acts(part: str, case: Case, visit: Visit) -> Mapping[str, Made]:
    """The order of the part that the person chose, or of what comes next, by what its button says."""
    match part:
        case "take":
            return _taking(case, visit)
        case "checking":
            return {"acknowledge-case": lambda: _first_answer(case, visit)}
        case "police":
            return {"report-to-police": ReportToPolice} if asks(case) else {"ask-police": AskPolice}
        case "hate":
            return {"suspect-hate": lambda: SuspectHate(reason=reason(visit, "reason-hate").value)}
        case "close" if visit.field("nature") in {*Nature} or case.sort is not CaseSort.COMPLAINT:
            return {"close-case": lambda: _closing(visit)}
        case "release":
            why = reason(visit, "reason-evidence").value
            return {"release-case-evidence": lambda: ReleaseCaseEvidence(reason=why)}
        case _:
            return _order_of(part, case, visit)


def _order_of(part: str, case: Case, visit: Visit) -> Mapping[str, Made]:
    """The order of a part that begins empty, once it is filled in."""
    field = visit.field
    match part:
        case "answer" if field("done-words"):
            return {"answer-case": lambda: AnswerCase(done=field("done-words"))}
        case "hand-on" if field("to"):
            why = reason(visit, "reason-hand-on").value
            return {"hand-on-case": lambda: HandOnCase(to=field("to"), reason=why, had_by=case.had_by)}
        case "enquiry" if all(map(field, ("first_contact", "asker", "effect"))):
            return {"note-enquiry": lambda: _enquiry(visit)}
        case "abuse" if field("criterion") in {*Criterion} and field("treatment") in {*Treatment}:
            criterion, treatment = Criterion(field("criterion")), Treatment(field("treatment"))
            return {"moderate-case": lambda: ModerateCase(criterion=criterion, treatment=treatment)}
        case _:
            return {}


def _taking(case: Case, visit: Visit) -> Mapping[str, Made]:
    """Taking a case that no person has, or one from the person who has it."""
    if running := _concern(case):
        return {"acknowledge": lambda: Acknowledge(search_id=running.id)}
    taken = HandOnCase(to=_who(visit).id, reason=visit.says("reason-take"), had_by=case.had_by)
    return {"take-over" if case.holder else "take-case": lambda: taken}


def _closing(visit: Visit) -> CloseCase:
    nature = Nature(visit.field("nature")) if visit.field("nature") in {*Nature} else None
    return CloseCase(reason=reason(visit, "reason-case").value, nature=nature, told=visit.field("told") or None)


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
