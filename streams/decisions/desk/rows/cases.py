"""Orders about cases."""

from streams.decisions.cases import case_orders
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.lifecycle import CASE_ANSWERED, CASE_CLOSED, CASE_HANDED_ON, CASE_NONE, CASE_OPEN, lead_to
from streams.values import SubjectKind
from streams.words.cases import AnswerCase, CloseCase, HandOnCase, OpenCase

ROWS = (
    OrderKind(
        body=OpenCase,
        words="open case",
        about=SubjectKind.CASE,
        moves=lead_to(CASE_OPEN, CASE_NONE),
        answer=case_orders.open_case,
        command="open-case",
    ),
    OrderKind(
        body=HandOnCase,
        words="hand on case",
        about=SubjectKind.CASE,
        moves=lead_to(CASE_HANDED_ON, CASE_OPEN, CASE_HANDED_ON),
        answer=case_orders.hand_on,
        command="hand-on-case",
    ),
    OrderKind(
        body=AnswerCase,
        words="answer case",
        about=SubjectKind.CASE,
        moves=lead_to(CASE_ANSWERED, CASE_OPEN, CASE_HANDED_ON),
        answer=case_orders.answer,
        command="answer-case",
    ),
    OrderKind(
        body=CloseCase,
        words="close case",
        about=SubjectKind.CASE,
        moves=lead_to(CASE_CLOSED, CASE_OPEN, CASE_HANDED_ON, CASE_ANSWERED),
        answer=case_orders.close,
        command="close-case",
    ),
)
