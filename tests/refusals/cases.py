"""Refusals of orders about cases."""

from dataclasses import replace

from streams.subjects.case import Case as Addressed
from streams.values import LIVE, Power
from streams.words.attention import CaseRule
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
    OpenCase,
    ReleaseCaseEvidence,
    ReportToPolice,
    SuspectHate,
    Treatment,
)
from tests import builders
from tests.refusals.case import Case, Could, case
from tests.searches import chain

OPENED = OpenCase(sort=CaseSort.COMPLAINT, about="A visitor waited too long at the desk.")
NEW = Addressed(id="complaint-1", mode=LIVE)
OPEN = builders.carried_out(NEW, OPENED)
HANDED_ON = builders.carried_out(OPEN, HandOnCase(to=builders.OFFICER, reason="hers"), id="handed-on")
ANSWERED = builders.carried_out(OPEN, AnswerCase(done="We told them."), id="answered")
CLOSED = builders.carried_out(OPEN, CloseCase(reason="Settled.", nature=Nature.WAITING), id="closed")
FIRST = builders.carried_out(OPEN, AcknowledgeCase(), id="first")
HATE = builders.carried_out(OPEN, SuspectHate(reason="it names a group"), id="hate")
TO_POLICE = chain(builders.COMMANDER, id="to-police", power=Power.REPORT_TO_POLICE, ordered=True)
POLICE = builders.register(
    people={**builders.people(), builders.COMMANDER: builders.person(builders.COMMANDER, Power.REPORT_TO_POLICE)},
    chains={TO_POLICE.id: TO_POLICE},
)
ASKED = builders.carried_out(HATE, AskPolice(), by=builders.WRITER, register=POLICE, id="asked")
KEPT = builders.carried_out(HATE, CloseCase(reason="The police have it."), id="kept")
NAMED = builders.register(cases={"hate-crime": CaseRule(id="hate-crime", person=builders.SIGNER)})
DIRECTORS = Could((Power.REPORT_TO_POLICE,), but=builders.WRITER, among=(builders.COMMANDER,))
CASES_OF_PEOPLE: tuple[Case, ...] = (
    case("cannot open case on incident inc-1: give the order to the case that it is for", OPENED),
    case("no such case: open it first", AnswerCase(done="told them"), NEW),
    case("the case is open already", OPENED, OPEN, id="again"),
    case("cannot hand on case: the case was closed", HandOnCase(to=builders.OFFICER, reason="hers"), CLOSED, id="h"),
    case("the case was handed on: hand it on again", OPENED, HANDED_ON, id="again"),
    case("the case was answered: close it", OPENED, ANSWERED, id="again"),
    case("the case was closed: open a new one", OPENED, CLOSED, id="again"),
    case("stranger is not on the register: have somebody who is give the order", OPENED, NEW, by="stranger"),
    case(
        "stranger is not on the register: have somebody who is give the order",
        AnswerCase(done="We told them."),
        HANDED_ON,
        id="theirs",
        by="stranger",
        could=Could((), among=(), also=(builders.OFFICER,), same=False),
    ),
    case(
        "stranger is not on the register: have somebody who is give the order",
        OpenCase(sort=CaseSort.HATE_CRIME, about="A post names a group."),
        NEW,
        by="stranger",
        register=NAMED,
        could=Could((), among=(), also=(builders.SIGNER,), same=False),
    ),
    case("stranger is not on the register: hand the case on", HandOnCase(to="stranger", reason="theirs"), OPEN, id="h"),
    case(
        "has the case by now: look at it again",
        HandOnCase(to=builders.SIGNER, reason="hers", had_by=builders.WRITER),
        HANDED_ON,
        id="taken",
        could=Could((), among=(), also=(builders.OFFICER,)),
    ),
    case(
        "hold a telephone number that is not ours: say it",
        CloseCase(reason="on 01632 960999", nature=Nature.WAITING),
        OPEN,
        id="c",
    ),
    case(
        "tell who somebody is: say it without the name or the age",
        OpenCase(sort=CaseSort.COMPLAINT, about="Mrs Olwen Brynglas waited too long."),
        NEW,
        id="n",
    ),
    case("the first answer was given: answer the case, hand it on or close it", OPENED, FIRST, id="again"),
    case("publishes what complaints were about: say what this one was about", CloseCase(reason="Done."), OPEN, id="c"),
    case(
        "these are the questions of a media enquiry: leave them out",
        NoteEnquiry(first_contact=True, asker=EnquiryFrom.LOCAL, effect=Effect.UNCLEAR),
        OPEN,
        id="q",
    ),
    case(
        "the criteria are for abuse: open a case of abuse for the post",
        ModerateCase(criterion=Criterion.OFFENSIVE, treatment=Treatment.HIDE),
        OPEN,
        id="m",
    ),
    case("the case is a suspected hate crime already", SuspectHate(reason="it names a group"), HATE, id="s"),
    case("say first that you suspect a hate crime", AskPolice(), OPEN, id="p", register=POLICE),
    case(
        "no chain of the register decides what goes to the police",
        AskPolice(),
        HATE,
        id="p",
        could=Could((Power.CHANGE_REGISTER,), same=False),
    ),
    case(
        "this is asked already: wait for Test Director On Call",
        AskPolice(),
        ASKED,
        id="p",
        register=POLICE,
        could=replace(DIRECTORS, same=False),
    ),
    case("nobody is asked whether this is reported: ask the chain first", ReportToPolice(), HATE, id="r"),
    case(
        "who put the matter cannot decide it: ask another person",
        ReportToPolice(),
        ASKED,
        id="r",
        by=builders.WRITER,
        register=POLICE,
        could=DIRECTORS,
    ),
    case("no hate crime was suspected here", ReleaseCaseEvidence(reason="not needed"), CLOSED, id="e"),
    case(
        "only the person named for hate crime releases the evidence: ask them",
        ReleaseCaseEvidence(reason="not needed"),
        KEPT,
        id="e",
        register=NAMED,
        could=Could((), among=(), also=(builders.SIGNER,)),
    ),
)
