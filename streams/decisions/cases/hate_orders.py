"""Suspected hate crime and abuse: what a person decides, whom the ordered chain asks, and when the evidence may go."""

from collections.abc import Sequence

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import who_could
from streams.decisions.authority.turns import could_decide, decide_matter, sought
from streams.decisions.cases import desks
from streams.decisions.cases.case_orders import case_of, unless
from streams.subjects.case import Case
from streams.values import Power
from streams.why import because
from streams.words.cases import (
    AskPolice,
    CaseEvidenceReleased,
    CaseModerated,
    CaseSort,
    HateSuspected,
    ModerateCase,
    ReleaseCaseEvidence,
    ReportToPolice,
    SuspectHate,
)
from streams.words.facts import FactBody
from streams.words.register.entries import Chain, Register
from streams.words.sign_off import Search

HOSTILE = frozenset({CaseSort.ABUSE, CaseSort.THREAT, CaseSort.HATE_CRIME})
"""What the published criteria are for."""


def moderate(order: Order, body: ModerateCase) -> Sequence[FactBody]:
    """Keep by which criterion a person hid a post or blocked an account, or that they used the right not to answer."""
    sort = case_of(order).sort
    if sort not in HOSTILE:
        form = "this is a {sort}, and the criteria are for abuse: open a case of abuse for the post"
        return order.refused(because("criteria-for-abuse", form, sort=sort or "case"))
    return unless(order, body, words="") or [CaseModerated(criterion=body.criterion, treatment=body.treatment)]


def suspect(order: Order, body: SuspectHate) -> Sequence[FactBody]:
    """Make a suspected hate crime of the case: it goes to the named person at once, whoever had it."""
    case = case_of(order)
    if case.sort is CaseSort.HATE_CRIME or case.sort is None:
        form = "the case is a suspected hate crime already: ask whether it is reported to the police"
        return order.refused(because("hate-already", form))
    until = desks.due_at(CaseSort.HATE_CRIME, order.register, now=order.now)
    return unless(order, body, words=body.reason) or [HateSuspected(was=case.sort, reason=body.reason, answer_by=until)]


def ask_police(order: Order, body: AskPolice) -> Sequence[FactBody]:
    """Ask the ordered chain whether it is reported: the chief executive, else the chair, else another director."""
    case, chain = case_of(order), chain_to_police(order.register)
    if case.sort is not CaseSort.HATE_CRIME:
        return order.refused(
            because("hate-first", "this is a {sort}: say first that you suspect a hate crime", sort=case.sort or "case")
        )
    if chain is None:
        form = "no chain of the register decides what goes to the police: add one with report-to-police"
        able = who_could(order.act(Power.CHANGE_REGISTER), order.register)
        return order.refused(because("no-police-chain", form), who_could=able)
    if running := asks(case):
        who = running.asks.name if running.asks else because("an-answer", "an answer")
        why = because("police-asked", "this is asked already: wait for {person}", person=who)
        return order.refused(why, who_could=could_decide(order, running))
    matter = f"Is the suspected hate crime of case {case.id} to be reported to the police?"
    return unless(order, body, words="") or [sought(order, chain, matter=matter, cause=order.command.id)]


def report_to_police(order: Order, body: ReportToPolice) -> Sequence[FactBody]:
    """The yes of the person whose turn it is. A person then rings the police, and says so with the answer."""
    del body
    running = asks(case_of(order))
    if running is None:
        return order.refused(
            because("police-not-asked", "nobody is asked whether this is reported: ask the chain first")
        )
    return decide_matter(order, running, content_hash=running.matter_hash())


def could_report(order: Order, body: ReportToPolice) -> Sequence[str]:
    """Names and roles of the people who could say yes now."""
    del body
    running = asks(order.state) if isinstance(order.state, Case) else None
    return could_decide(order, running) if running else ()


def release_evidence(order: Order, body: ReleaseCaseEvidence) -> Sequence[FactBody]:
    """The named person says that the evidence is not needed any more: what is kept of people is deleted in its time."""
    case, by = case_of(order), order.command.by
    named = desks.desk_of(CaseSort.HATE_CRIME, order.register, now=order.now)
    if not case.suspected:
        form = "no hate crime was suspected here: what is kept goes 30 days after the case is closed"
        return order.refused(because("no-hate-suspected", form))
    if named and by not in named:
        able = [order.register.called(one) for one in named]
        form = "only the person named for hate crime releases the evidence: ask them"
        return order.refused(because("evidence-by-named", form), who_could=able)
    return unless(order, body, words=body.reason) or [CaseEvidenceReleased(reason=body.reason)]


def could_release(order: Order, body: ReleaseCaseEvidence) -> Sequence[str]:
    """Name and role of the person named for hate crime; everybody's, if there is none."""
    del body
    named = desks.desk_of(CaseSort.HATE_CRIME, order.register, now=order.now)
    return [order.register.called(one) for one in named or order.register.people]


def asks(case: Case) -> Search | None:
    """The search that asks whether the case is reported to the police; None if none goes on."""
    return next((one for one in case.searches.values() if one.matter and one.ended is None), None)


def chain_to_police(register: Register) -> Chain | None:
    """The register's chain that decides what goes to the police."""
    return next((one for one in register.chains.values() if one.power is Power.REPORT_TO_POLICE), None)
