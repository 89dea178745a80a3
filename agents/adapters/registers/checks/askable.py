"""Checks that at every hour of the next two weeks somebody of each chain is there, may say yes and can be paged."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from typing import get_args

from agents.adapters.registers.checks.contacts import works
from agents.adapters.registers.checks.hours.gaps import LEVELS, told, turns
from agents.adapters.registers.checks.hours.holders import Holders
from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.decisions.authority.powers import Act
from streams.decisions.authority.turns import on_rota
from streams.values import IncidentType
from streams.words.register.entries import Chain, ChainStep, Register, Via


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """Every time in which a chain would pass over all its people."""
    register = reading.register
    moments, paged, holders = turns(register, now), _reachable_names(register), Holders(register)
    for chain in register.chains.values():
        follows = "what it delegates would go out at once" if chain.delegated else "the search would end at once"
        for when, incidents in _gaps(chain, moments, holders=holders, paged=paged):
            sentence = (
                f"nobody whom chain {chain.id} asks is there, may {chain.power} and can be paged {when}, {incidents}: "
                f"{follows}, so plan the rota, or add somebody to the chain"
            )
            yield reading.place("chains", chain.id).fault("steps", sentence=sentence)


def _gaps(
    chain: Chain, moments: Sequence[datetime], *, holders: Holders, paged: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    register = holders.register

    def is_covered(act: Act) -> bool:
        able = holders.who_could(act)
        return any(paged.get(name) in able for step in chain.steps for name in _person_of(step, register, act.at))

    any_time = datetime.min.replace(tzinfo=UTC)
    cases = [
        Act(chain.power, any_time, type=kind, level=level)
        for kind, level in product(chain.types or IncidentType, chain.levels or LEVELS)
    ]
    return told(cases, moments, register=register, covered=is_covered)


def _reachable_names(register: Register) -> Mapping[str, str]:
    """Names of the people with a contact that a pager reaches; if there is no pager at all, with any contact."""
    reach = {pager.via for pager in register.pagers.values()} or set(get_args(Via))
    return {
        name: one.called
        for name, one in register.people.items()
        if any(contact.via in reach and works(contact) for contact in one.contacts)
    }


def _person_of(step: ChainStep, register: Register, at: datetime) -> Sequence[str]:
    """The person of each step; of several on a rota the first."""
    return [step.person] if step.person else list(on_rota(step.rota, register, now=at))[:1]
