"""Orders about cases."""

from streams.decisions.cases import case_orders, hate_orders
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.lifecycle import (
    CASE_ANSWERED,
    CASE_CHECKING,
    CASE_CLOSED,
    CASE_HANDED_ON,
    CASE_NONE,
    CASE_OPEN,
    lead_to,
    stay_in,
)
from streams.values import SubjectKind
from streams.words.cases import (
    AcknowledgeCase,
    AnswerCase,
    AskPolice,
    CloseCase,
    GatherMore,
    HandOnCase,
    ModerateCase,
    NoteEnquiry,
    OpenCase,
    ReleaseCaseEvidence,
    ReportToPolice,
    SuspectHate,
)
from streams.words.orders import Giver

OPEN = (CASE_OPEN, CASE_HANDED_ON, CASE_CHECKING, CASE_ANSWERED)

ROWS = (
    OrderKind(
        body=OpenCase,
        words="open case",
        about=SubjectKind.CASE,
        given_by=(Giver.PERSON, Giver.MENTIONS),
        moves=lead_to(CASE_OPEN, CASE_NONE),
        answer=case_orders.open_case,
        command="open-case",
    ),
    OrderKind(
        body=GatherMore,
        words="gather more",
        about=SubjectKind.CASE,
        given_by=(Giver.MENTIONS,),
        moves={**stay_in(CASE_OPEN, CASE_HANDED_ON, CASE_CHECKING), **lead_to(CASE_OPEN, CASE_ANSWERED, CASE_CLOSED)},
        answer=case_orders.gather_more,
    ),
    OrderKind(
        body=HandOnCase,
        words="hand on case",
        about=SubjectKind.CASE,
        moves={**lead_to(CASE_HANDED_ON, CASE_OPEN, CASE_HANDED_ON), **stay_in(CASE_CHECKING)},
        answer=case_orders.hand_on,
        command="hand-on-case",
    ),
    OrderKind(
        body=AcknowledgeCase,
        words="acknowledge case",
        about=SubjectKind.CASE,
        moves=lead_to(CASE_CHECKING, CASE_OPEN, CASE_HANDED_ON, CASE_CHECKING),
        answer=case_orders.acknowledge,
        command="acknowledge-case",
    ),
    OrderKind(
        body=NoteEnquiry,
        words="note enquiry",
        about=SubjectKind.CASE,
        moves=stay_in(*OPEN),
        answer=case_orders.note_enquiry,
        command="note-enquiry",
    ),
    OrderKind(
        body=AnswerCase,
        words="answer case",
        about=SubjectKind.CASE,
        moves=lead_to(CASE_ANSWERED, CASE_OPEN, CASE_HANDED_ON, CASE_CHECKING),
        answer=case_orders.answer,
        command="answer-case",
    ),
    OrderKind(
        body=ModerateCase,
        words="moderate case",
        about=SubjectKind.CASE,
        moves=stay_in(*OPEN),
        answer=hate_orders.moderate,
        command="moderate-case",
    ),
    OrderKind(
        body=SuspectHate,
        words="suspect hate",
        about=SubjectKind.CASE,
        moves=lead_to(CASE_OPEN, *OPEN),
        answer=hate_orders.suspect,
        command="suspect-hate",
    ),
    OrderKind(
        body=AskPolice,
        words="ask police",
        about=SubjectKind.CASE,
        moves=stay_in(*OPEN),
        answer=hate_orders.ask_police,
        command="ask-police",
    ),
    OrderKind(
        body=ReportToPolice,
        words="report to police",
        about=SubjectKind.CASE,
        moves=stay_in(*OPEN),
        answer=hate_orders.report_to_police,
        who_could=hate_orders.could_report,
        command="report-to-police",
    ),
    OrderKind(
        body=ReleaseCaseEvidence,
        words="release case evidence",
        about=SubjectKind.CASE,
        moves=stay_in(CASE_CLOSED),
        answer=hate_orders.release_evidence,
        who_could=hate_orders.could_release,
        command="release-case-evidence",
    ),
    OrderKind(
        body=CloseCase,
        words="close case",
        about=SubjectKind.CASE,
        moves=lead_to(CASE_CLOSED, *OPEN),
        answer=case_orders.close,
        command="close-case",
    ),
)
