"""Orders about a case: any person of the register may open it, hand it on, answer it and close it."""

from collections.abc import Iterator, Sequence

from streams.decisions.authority.order import Order
from streams.decisions.cases import desks
from streams.decisions.wording.held_fields import held
from streams.decisions.wording.personal_data import personal_data
from streams.subjects.case import MACHINES, Case
from streams.why import because
from streams.words.cases import (
    AcknowledgeCase,
    AnswerCase,
    CaseAcknowledged,
    CaseAnswered,
    CaseClosed,
    CaseGathered,
    CaseHandedOn,
    CaseOpened,
    CaseOrder,
    CaseSort,
    CloseCase,
    EnquiryNoted,
    GatherMore,
    HandOnCase,
    NoteEnquiry,
    OpenCase,
)
from streams.words.facts import FactBody
from streams.words.holds import HeldField


def open_case(order: Order, body: OpenCase) -> Sequence[FactBody]:
    """Whether the incident exists is not asked: the case is a subject of its own and outlives it.

    Where nothing is said of its time, the register's rule for its sort says by when it is answered.
    """
    given = body.model_dump(exclude={"kind", "answer_by"})
    until = body.answer_by or desks.due_at(body.sort, order.register, now=order.now)
    opened = CaseOpened(**given, answer_by=until)
    return unless(order, body, words=body.about) or [opened]


def gather_more(order: Order, body: GatherMore) -> Sequence[FactBody]:
    """Further posts joined the case; one that was over is open again, with the time that its rule gives."""
    case = case_of(order)
    until = None if case.waits else desks.due_at(case.sort or CaseSort.ABUSE, order.register, now=order.now)
    return [CaseGathered(gathered=body.gathered, answer_by=until)]


def hand_on(order: Order, body: HandOnCase) -> Sequence[FactBody]:
    """Another person has it from now on; they must be on the register.

    If a third person took it meanwhile, it stays theirs.
    """
    holder = case_of(order).holder
    if body.had_by and holder and holder not in {body.had_by, body.to, order.command.by}:
        who = order.register.called(holder)
        form = "{person} has the case by now: look at it again, and hand it on from there if it is to go all the same"
        return order.refused(because("case-taken", form, person=who), who_could=[who])
    return unless(order, body, words=body.reason) or [CaseHandedOn(to=body.to, reason=body.reason)]


def acknowledge(order: Order, body: AcknowledgeCase) -> Sequence[FactBody]:
    """The first answer was given; the time for the next one begins, by the rule for its sort if none is said."""
    sort = case_of(order).sort or CaseSort.MEDIA_ENQUIRY
    until = body.answer_by or desks.due_at(sort, order.register, now=order.now)
    return unless(order, body, words="") or [CaseAcknowledged(answer_by=until, said=body.said)]


def note_enquiry(order: Order, body: NoteEnquiry) -> Sequence[FactBody]:
    """Keep what is known of a media enquiry; only that has these questions."""
    if (sort := case_of(order).sort) is not CaseSort.MEDIA_ENQUIRY:
        form = "this is a {sort}, and these are the questions of a media enquiry: leave them out"
        return order.refused(because("not-an-enquiry", form, sort=sort or "case"))
    noted = EnquiryNoted(**body.model_dump(exclude={"kind"}))
    return unless(order, body, words=body.said_before or "") or [noted]


def answer(order: Order, body: AnswerCase) -> Sequence[FactBody]:
    """Say what was done; the case stays until a person closes it."""
    return unless(order, body, words=body.done) or [CaseAnswered(done=body.done)]


def close(order: Order, body: CloseCase) -> Sequence[FactBody]:
    """Close it, also without an answer: the reason says why. A complaint is closed with what it was about."""
    if case_of(order).sort is CaseSort.COMPLAINT and body.nature is None:
        return order.refused(
            because("nature-missing", "the trust publishes what complaints were about: say what this one was about")
        )
    closed = CaseClosed(reason=body.reason, nature=body.nature, told=body.told)
    return unless(order, body, words=f"{body.reason} {body.told or ''}") or [closed]


def case_of(order: Order) -> Case:
    """The case that the order is about; `TypeError` for an order about anything else."""
    if not isinstance(order.state, Case):
        raise TypeError(order.state.subject.called)
    return order.state


def unless(order: Order, body: CaseOrder, *, words: str) -> Sequence[FactBody]:
    """The refusal of an order about a case, empty if nothing is wrong; `words` are those that would be kept.

    Who is not on the register reads who has the case, and could give the order.
    """
    stranger, reasons = _stranger(order), [*_unknown(order, body), *_personal(order, words)]
    if stranger:
        return order.refused(stranger, *reasons, who_could=_who_has(order, body) or None)
    return order.refused(*reasons) if reasons else []


def _who_has(order: Order, body: CaseOrder) -> Sequence[str]:
    """Names and roles of the people who have the case, or who will have it once it is opened."""
    if isinstance(body, OpenCase):
        found = desks.desk_of(body.sort, order.register, now=order.now)
    else:
        found = desks.has_it(case_of(order), order.register, now=order.now)
    return [order.register.called(one) for one in found]


def _stranger(order: Order) -> str | None:
    by = order.command.by
    if by in order.register.people or by in MACHINES:
        return None
    form = "{person} is not on the register: have somebody who is give the order"
    return because("order-by-register", form, person=by)


def _unknown(order: Order, body: CaseOrder) -> Iterator[str]:
    if isinstance(body, HandOnCase) and body.to not in order.register.people:
        form = "{person} is not on the register: hand the case on to somebody who is"
        yield because("hand-on-to-register", form, person=body.to)


def _personal(order: Order, words: str) -> Iterator[str]:
    for found in personal_data(words, order.register, year=order.now.year):
        yield because(
            "case-personal", "the words of a case are kept for ever and hold {found}: say it without", found=found.kind
        )
    if held(HeldField.NAMES, words, register=order.register):
        form = "the words of a case are kept for ever and tell who somebody is: say it without the name or the age"
        yield because("case-names", form)
