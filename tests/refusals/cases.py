"""Refusals of orders about cases."""

from streams.subjects.case import Case as Addressed
from streams.values import LIVE
from streams.words.cases import AnswerCase, CaseSort, CloseCase, HandOnCase, OpenCase
from tests import builders
from tests.refusals.case import Case, case

OPENED = OpenCase(sort=CaseSort.COMPLAINT, about="A visitor waited too long at the desk.")
NEW = Addressed(id="complaint-1", mode=LIVE)
OPEN = builders.carried_out(NEW, OPENED)
HANDED_ON = builders.carried_out(OPEN, HandOnCase(to=builders.OFFICER, reason="hers"), id="handed-on")
ANSWERED = builders.carried_out(OPEN, AnswerCase(done="We told them."), id="answered")
CLOSED = builders.carried_out(OPEN, CloseCase(reason="Settled."), id="closed")
CASES_OF_PEOPLE: tuple[Case, ...] = (
    case("cannot open case on incident inc-1: give the order to the case that it is for", OPENED),
    case("no such case: open it first", AnswerCase(done="told them"), NEW),
    case("the case is open already", OPENED, OPEN, id="again"),
    case("cannot hand on case: the case was closed", HandOnCase(to=builders.OFFICER, reason="hers"), CLOSED, id="h"),
    case("the case was handed on: hand it on again", OPENED, HANDED_ON, id="again"),
    case("the case was answered: close it", OPENED, ANSWERED, id="again"),
    case("the case was closed: open a new one", OPENED, CLOSED, id="again"),
    case("stranger is not on the register: have somebody who is give the order", OPENED, NEW, by="stranger"),
    case("stranger is not on the register: hand the case on", HandOnCase(to="stranger", reason="theirs"), OPEN, id="h"),
    case("hold a telephone number that is not ours: say it", CloseCase(reason="on 01632 960999"), OPEN, id="c"),
)
