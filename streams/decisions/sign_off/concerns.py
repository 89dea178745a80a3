"""Concerns: what waits for a person and no chain asks about yet, who is asked to take it on, and their answer."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may, who_could
from streams.decisions.authority.turns import is_of_stopped, search_over, sought
from streams.decisions.authority.working_hours import in_hours
from streams.decisions.cases import desks
from streams.decisions.sign_off import concern_words
from streams.decisions.stops.stop_orders import PASSES_A_FREEZE
from streams.decisions.verdict import Allowed, Refused
from streams.subjects.attention import Waiting, waiting
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.values import Power, sentence
from streams.why import because
from streams.words.attention import PAGES, PART_OF, AttentionRule, Kind, Pages
from streams.words.facts import FactBody
from streams.words.incident import Declare
from streams.words.register.entries import Chain, ChainStep, Register
from streams.words.sign_off import Acknowledge, Concern, Search, SearchEnded

SPOKESPEOPLE = (Power.RELEASE_HOLDING, Power.SIGN_OFF_LINE)
"""The chains of these powers are asked, the first that fits, where the register names none."""
SEEKER_ANSWERS_WITHIN_SECONDS = 300


def next_facts(order: Order) -> Sequence[FactBody]:
    """The search for somebody who takes on what waits and pages now, if one is to begin. Fold it in, then ask again."""
    for one, chain in _to_page(order.state, order.register, order.now):
        if order.past.search_for(one.key) is None:
            words = concern_words.told(one, order.state, register=order.register)
            concern = Concern(about=one.kind, what=one.what, time=one.time, words=words)
            return [sought(order, chain, concern=concern, cause=f"{order.state.subject.key} {one.key}")]
    return []


def is_due(state: State, now: datetime, *, register: Register) -> bool:
    """Whether a tick would begin a search for something that waits; if not, the timer sends none."""
    return any(True for _ in _to_page(state, register, now))


def is_settled(concern: Concern, order: Order) -> bool:
    """Whether what the search asked people to take on waits no more."""
    return concern.key not in {one.key for one in waiting(order.state, order.now)}


def acknowledge(order: Order, body: Acknowledge) -> Sequence[FactBody]:
    """End the search: this person has taken it on. Those who were asked may, and all others with the chain's power."""
    search = order.search(body.search_id)
    if search is None or search.concern is None:
        form = "no search {search} asks anybody to take something on: look at the status"
        return order.refused(because("no-concern", form, search=body.search_id))
    if search.ended:
        return order.refused(search_over(search.id, search.ended))
    verdict = _may_take_on(order, search)
    if isinstance(verdict, Refused):
        return order.refused(*verdict.reasons, who_could=could_take_on(order, search))
    reason = sentence(f"{order.register.called(order.command.by)} has taken it on: {search.concern.words}")
    return [
        SearchEnded(search_id=search.id, outcome="answered", person=verdict.person, rule=verdict.rule, reason=reason)
    ]


def could_take_on(order: Order, search: Search) -> Sequence[str]:
    """Names and roles of those who could acknowledge it: the people of the chain, and all others with its power."""
    people = order.register.people
    asked = [people[one.person].called for one in search.asked if one.person and one.person in people]
    return tuple(dict.fromkeys([*asked, *who_could(order.act(search.chain.power), order.register)]))


def _may_take_on(order: Order, search: Search) -> Allowed | Refused:
    by, register = order.command.by, order.register
    if by in register.people and by in {one.person for one in search.asked}:
        return Allowed(f"chains/{search.chain.id}/asked/{by}", by, order.now)
    return may(by, order.act(search.chain.power), register=register)


def _to_page(state: State, register: Register, now: datetime) -> Iterator[tuple[Waiting, Chain]]:
    """What waits, pages now by the register's rule, and has no search in this record; each with whom to ask."""
    working = in_hours(now, register.hours)
    asked = {one.subject for one in state.searches.values()}
    for one in waiting(state, now):
        pages = _pages(one, state, register)
        if one.key in asked or pages == "never" or (pages == "in-hours" and not working):
            continue
        if _is_asked(one, state, register):
            continue
        if chain := _chain(one, state, register):
            yield one, chain


def _is_asked(one: Waiting, state: State, register: Register) -> bool:
    """Whether a chain asks about it, or did: the draft's own search; and a search in vain asks once, not for ever."""
    draft = state.drafts.get(one.what) if isinstance(state, Incident) else None
    if draft and isinstance(state, Incident) and state.stops.frozen and draft.purpose not in PASSES_A_FREEZE:
        return True  # A yes would release nothing now.
    if draft and isinstance(state, Incident) and is_of_stopped(draft.credit, state, register=register):
        return True  # People are asked about the partner once, not for each post of a burst.
    about = [search for search in state.searches.values() if one.what in {search.subject, search.id}]
    return any(search.concern or one.kind == "draft" for search in about)


def _pages(one: Waiting, state: State, register: Register) -> Pages:
    """When people are paged about it: of a case by the register's rule for its sort, else by that for its kind."""
    if isinstance(state, Case) and state.sort and one.kind != "matter":
        written = register.cases.get(state.sort) or register.attention.get(one.kind)
        return (written or desks.rule_of(state.sort, register)).pages
    return rule_for(one.kind, register).pages


def rule_for(kind: Kind, register: Register) -> AttentionRule:
    """The register's rule for this kind of thing, or for the kind that it was a part of once, or the usual one."""
    written = register.attention.get(kind) or register.attention.get(PART_OF.get(kind, kind))
    return written or AttentionRule(id=kind, pages=PAGES[kind])


def _chain(one: Waiting, state: State, register: Register) -> Chain | None:
    """Whom to ask: the chain of the rule, else that of first words; about a search in vain the person who began it."""
    named = register.chains.get(rule_for(one.kind, register).chain or "")
    if isinstance(state, Case):
        return _of_case(state, register, named=named)
    usual = named or _usual(register, state.declaration if isinstance(state, Incident) else None)
    if usual and isinstance(state, Incident) and one.kind == "reclassified":
        # Who changed it knows it already.
        others = [step for step in usual.steps if step.person is None or step.person != state.reclassified_by]
        return _asking_only(usual, others) if others else None
    if named:
        return _asking_only(named, named.steps)
    failed = state.searches.get(one.what)
    if failed is None or one.kind != "unanswered":
        return _asking_only(usual, usual.steps) if usual else None
    seekers = [failed.sought_by] if failed.sought_by in register.people else []
    first = [ChainStep(person=name, answer_within_seconds=SEEKER_ANSWERS_WITHIN_SECONDS) for name in seekers]
    more = usual.steps if usual and usual.id != failed.chain.id else ()
    steps = (*first, *(step for step in more if step.person not in seekers))[:20]
    return _asking_only(usual or failed.chain, steps) if steps else None


def _of_case(case: Case, register: Register, *, named: Chain | None) -> Chain | None:
    """Its holder or its desk first, then the chain of its sort, of its kind, or of first words; each person once."""
    rule = desks.rule_of(case.sort, register) if case.sort else None
    own = register.chains.get(rule.chain or "") if rule else None
    chain = own or named or _usual(register, None)
    if chain is None:
        return None
    first = [*desks.steps_of(case, register)]
    at_desk = {(one.person, one.rota) for one in first}
    others = [step for step in chain.steps if (step.person, step.rota) not in at_desk]
    return _asking_only(chain, [*first, *others][:20])


def _asking_only(chain: Chain, steps: Sequence[ChainStep]) -> Chain:
    """The chain as it asks about a concern: in no order that binds, and nothing goes out if nobody answers."""
    return chain.model_copy(update={"steps": tuple(steps), "ordered": False, "delegated": None})


def _usual(register: Register, declared: Declare | None) -> Chain | None:
    """The first chain for first words that fits what was declared, else the first for lines."""
    fitting = [one for one in register.chains.values() if declared is None or _fits(one, declared)]
    return next((one for power in SPOKESPEOPLE for one in fitting if one.power is power), None)


def _fits(chain: Chain, declared: Declare) -> bool:
    return declared.type in (chain.types or [declared.type]) and declared.level in (chain.levels or [declared.level])
