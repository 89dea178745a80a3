"""The chains: whether their people could say yes and be reached, what they delegate; pagers, and what pages whom."""

from collections.abc import Iterator
from datetime import datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import EntryPlace, Reading
from streams.decisions.release.delegations import stands
from streams.decisions.sign_off.approval_orders import act_of
from streams.decisions.verdict import Refused
from streams.words.register.entries import Chain, ChainStep


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with chains and pagers, and with the rules that name a chain for what waits."""
    for chain in reading.register.chains.values():
        place = reading.place("chains", chain.id)
        for position, step in enumerate(chain.steps):
            if reason := _useless(step, chain, reading):
                yield place.fault("steps", position, sentence=reason)
        if chain.delegated:
            for reason in _delegation(chain, reading, now):
                yield place.fault("delegated", sentence=reason)
    yield from _pagers(reading)
    yield from _rules(reading)
    yield from _desks(reading)


def _useless(step: ChainStep, chain: Chain, reading: Reading) -> str | None:
    """Why this step can never bring a yes; None if it can."""
    if (step.person is None) is (step.rota is None):
        return "a step asks either a person or whoever is on a rota: name one of them"
    if step.rota:
        planned = any(shift.rota == step.rota for shift in reading.register.rota)
        return (
            None
            if planned or not reading.is_planned(step.rota)
            else f"there is no rota {step.rota}: plan it in rota.yaml"
        )
    person = reading.register.people.get(step.person or "")
    if person is None:
        known = reading.knows("people", step.person or "")
        return None if known else f"{step.person} is not on the register: add or replace them"
    if not person.is_granted(chain.power) and not _stands_in(person.id, chain, reading):
        return f"{person.id} may not {chain.power}, nor stands in for anybody who may: grant it, or take the step out"
    if not person.contacts:
        return f"{person.id} has no contact, so nobody can ask them: give one"
    pagers = {pager.via for pager in reading.register.pagers.values()}
    if pagers and not pagers & {contact.via for contact in person.contacts}:
        reached = ", ".join(sorted(pagers))
        return f"{person.id} has no contact that a pager reaches: give one for {reached}, or add a pager"
    return None


def _stands_in(person: str, chain: Chain, reading: Reading) -> bool:
    powerful = (one for one in reading.register.people.values() if one.is_granted(chain.power))
    return any(person in one.deputies for one in powerful)


def _delegation(chain: Chain, reading: Reading, now: datetime) -> Iterator[str]:
    delegated = chain.delegated
    if delegated is None:
        return
    template = reading.register.messages.get(delegated.template)
    if template is None and not reading.knows("templates", delegated.template):
        yield f"there is no template {delegated.template}: name one of messages/"
    elif template and delegated.purpose not in template.texts:
        yield f"template {delegated.template} has no {delegated.purpose} text: delegate one that it has"
    if not reading.is_there("people") or delegated.delegated_by not in reading.register.people:
        if not reading.knows("people", delegated.delegated_by):
            yield f"{delegated.delegated_by} is not on the register: add or replace them"
        return
    verdict = stands(chain.id, act_of(chain, delegated, at=now), channels=(), register=reading.register)
    if isinstance(verdict, Refused):
        advice = f"see `holdingline delegation approve {chain.id}`, its hash is {chain.delegation_hash()}"
        yield from (f"{reason}; {advice}" for reason in verdict.reasons)


def _pagers(reading: Reading) -> Iterator[Fault]:
    taken: dict[str, EntryPlace] = {}
    for pager in reading.register.pagers.values():
        place = reading.place("pagers", pager.id)
        if pager.via in taken:
            yield place.fault("via", sentence=f"there is a pager for {pager.via} already: keep one for each kind")
        taken.setdefault(pager.via, place)


def _rules(reading: Reading) -> Iterator[Fault]:
    """Rules for what waits whose chain is not there, so that others would be paged than those who were meant."""
    for rule in reading.register.attention.values():
        if rule.chain and not reading.knows("chains", rule.chain):
            known = ", ".join(reading.register.chains) or "none"
            sentence = f"there is no chain {rule.chain}: name one of {known}, or leave it out"
            yield reading.place("attention", rule.id).fault("chain", sentence=sentence)


def _desks(reading: Reading) -> Iterator[Fault]:
    """Desks of cases where nobody sits, so that a case would wait for nobody in particular."""
    register = reading.register
    for rule in register.cases.values():
        place = reading.place("cases", rule.id)
        if rule.person and rule.rota:
            yield place.fault("rota", sentence="a desk is a person or whoever is on a rota: name one of them")
        if rule.person and not reading.knows("people", rule.person):
            yield place.fault("person", sentence=f"{rule.person} is not on the register: name somebody who is")
        if rule.rota and not any(one.rota == rule.rota for one in register.rota) and reading.is_planned(rule.rota):
            yield place.fault("rota", sentence=f"there is no rota {rule.rota}: plan it in rota.yaml")
        if rule.chain and not reading.knows("chains", rule.chain):
            known = ", ".join(register.chains) or "none"
            yield place.fault("chain", sentence=f"there is no chain {rule.chain}: name one of {known}, or leave it out")
