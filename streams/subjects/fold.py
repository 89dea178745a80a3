"""The fold: facts added to the state of their subject, in order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter

from streams.errors import Undecodable
from streams.subjects.account import AccountLog
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.listening.watch import TrustWatch
from streams.subjects.plan import Plan
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import LATER, Subject, SubjectKind
from streams.words.facts import Fact

AnyState = TypeVar("AnyState", bound=State)

STATES: TypeAdapter[State] = TypeAdapter(
    Annotated[Incident | RegisterLog | Case | Plan | AccountLog | TrustWatch, Field(discriminator="kind")], config=LATER
)
"""How the state of any subject is written and read."""
BEGUN: Mapping[SubjectKind, Callable[[Subject, str], State]] = {
    SubjectKind.INCIDENT: lambda subject, mode: Incident(id=subject.id, mode=mode),
    SubjectKind.REGISTER: lambda _, mode: RegisterLog(mode=mode),
    SubjectKind.CASE: lambda subject, mode: Case(id=subject.id, mode=mode),
    SubjectKind.ACCOUNT: lambda subject, mode: AccountLog(id=subject.id, mode=mode),
    SubjectKind.PLAN: lambda subject, mode: Plan(id=subject.id, mode=mode),
    SubjectKind.WATCH: lambda subject, mode: TrustWatch(id=subject.id, mode=mode),
}
"""The state of a subject before its first fact."""


def begun(subject: Subject, mode: str) -> State:
    """The state before the first fact; `Undecodable` for a kind of subject that has no fold."""
    if subject.kind not in BEGUN:
        raise Undecodable(
            f"no orders or facts are about a {subject.kind} yet: name an incident, case, plan or account, the watch or "
            "the register"
        )
    return BEGUN[subject.kind](subject, mode)


def fold(state: AnyState, fact: Fact) -> AnyState:
    """Add one fact; one that is already in changes nothing."""
    return state.after(fact)


def fold_all(state: AnyState, facts: Iterable[Fact]) -> AnyState:
    """Add the facts of one subject, in their order."""
    return reduce(fold, facts, state)


def fold_readable(state: AnyState, facts: Iterable[Fact]) -> tuple[AnyState, Sequence[tuple[Fact, str]]]:
    """Add the facts of one subject as far as the fold takes them, for a person to look at; the others, each with why.

    No decision is made on such a state. The desk judges by its own table: it wrote that together with the facts, so
    that a fact which somebody put beside them is not in it. If it cannot read its table, it judges no order of the
    subject. A person has nothing better to look at, and is told what is left out.
    """
    left_out: list[tuple[Fact, str]] = []
    for fact in facts:
        try:
            state = fold(state, fact)
        except Exception as error:  # noqa: BLE001 - a fact that the desk did not write may name anything: it is told
            left_out.append((fact, f"it does not fit to the facts before it ({type(error).__name__})"))
    return state, left_out


def chain_to(head: str, facts: Iterable[Fact]) -> Sequence[Fact]:
    """The facts from the first to the one with the hash `head`, each followed by the next; none if they are not whole.

    Facts beside the chain, which somebody put there, are not among them.
    """
    by_hash: dict[str | None, Fact] = {}
    for fact in facts:
        by_hash.setdefault(fact.hash, fact)
    chain: list[Fact] = []
    last = by_hash.get(head)
    while last and (not chain or last.sequence == chain[-1].sequence - 1):
        chain.append(last)
        last = by_hash.get(last.previous)
    return chain[::-1] if chain and chain[-1].sequence == 1 else []
