"""Orders about a case: any person of the register may open it, hand it on, answer it and close it."""

from collections.abc import Iterator, Sequence

from streams.decisions.authority.order import Order
from streams.decisions.wording.personal_data import personal_data
from streams.words.cases import (
    AnswerCase,
    CaseAnswered,
    CaseClosed,
    CaseHandedOn,
    CaseOpened,
    CaseOrder,
    CloseCase,
    HandOnCase,
    OpenCase,
)
from streams.words.facts import FactBody


def open_case(order: Order, body: OpenCase) -> Sequence[FactBody]:
    """Whether the incident exists is not asked: the case is a subject of its own and outlives it."""
    opened = CaseOpened(sort=body.sort, about=body.about, incident=body.incident, answer_by=body.answer_by)
    return _unless(order, body, body.about) or [opened]


def hand_on(order: Order, body: HandOnCase) -> Sequence[FactBody]:
    """Another person has it from now on; they must be on the register."""
    return _unless(order, body, body.reason) or [CaseHandedOn(to=body.to, reason=body.reason)]


def answer(order: Order, body: AnswerCase) -> Sequence[FactBody]:
    """Say what was done; the case stays until a person closes it."""
    return _unless(order, body, body.done) or [CaseAnswered(done=body.done)]


def close(order: Order, body: CloseCase) -> Sequence[FactBody]:
    """Close it, also without an answer: the reason says why."""
    return _unless(order, body, body.reason) or [CaseClosed(reason=body.reason)]


def _unless(order: Order, body: CaseOrder, words: str) -> Sequence[FactBody]:
    """The refusal of an order about a case, empty if nothing is wrong; `words` are those that would be kept."""
    reasons = [*_strangers(order, body), *_personal(order, words)]
    return order.refused(*reasons) if reasons else []


def _strangers(order: Order, body: CaseOrder) -> Iterator[str]:
    by, people = order.command.by, order.register.people
    if by not in people:
        yield f"{by} is not on the register: have somebody who is give the order"
    if isinstance(body, HandOnCase) and body.to not in people:
        yield f"{body.to} is not on the register: hand the case on to somebody who is"


def _personal(order: Order, words: str) -> Iterator[str]:
    for found in personal_data(words, order.register, year=order.now.year):
        yield f"the words of a case are kept for ever and hold {found.kind}: say it without"
