"""The stage: the register as this exercise changes it, and memory channels in place of the trust's own."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.memory.played_faults import in_turn
from agents.adapters.registers import UnusableRegisters, data_folder
from agents.adapters.registers import load as load_register
from agents.exercise.script.keys import add_key
from agents.exercise.script.loader import UnusableScenario
from agents.exercise.script.scenario import RegisterEdits, Scenario
from agents.ports import Clock
from streams.decisions.channels.kinds import MEMORY, PLATFORM, PLAYED, PLAYS, kind_of
from streams.values import LIVE, Power, digest
from streams.words.incident import Wiring
from streams.words.register.entries import Absence, Approval, ChannelEntry, Person, Register, Template, Via

AWAY_FOR = timedelta(days=1)


def mode_of(scenario: Scenario, path: Path) -> str:
    """`exercise-<file>-<hash>`: the same scenario from the same start has the same mode."""
    slug = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in path.stem.casefold())
    return f"exercise-{slug[:31].strip('-')}-{digest([scenario.title, scenario.start.isoformat()])[:8]}"


def staged_register(scenario: Scenario, folder: Path | None) -> Register:
    """The trust's register with the scenario's changes; `UnusableScenario` if they name what it lacks."""
    try:
        register = load_register(data_folder(folder), judges=True)
    except UnusableRegisters as error:
        raise UnusableScenario(str(fault) for fault in error.faults) from None
    changes = scenario.register_changes
    if strangers := list(_strangers(changes, register)):
        raise UnusableScenario(strangers)
    return register.model_copy(
        update={
            "channels": {name: _channel(entry, changes) for name, entry in register.channels.items()},
            "templates": {
                name: _template(one, scenario, register=register) for name, one in register.templates.items()
            },
            "people": {name: add_key(_person(one, scenario), scenario) for name, one in register.people.items()},
        }
    )


def memory_channels(
    register: Register, *, mode: str, changes: RegisterEdits, clock: Clock | None = None
) -> Mapping[str, MemoryChannel]:
    """A memory channel of this mode, with its troubles, for each memory entry; it plays the kind of the trust's own.

    `clock` is the exercise's: what comes late comes at a played moment.
    """
    return {
        name: MemoryChannel(mode, kind_of(entry) or PLAYED, plan=in_turn(*changes.troubles.get(name, ())), clock=clock)
        for name, entry in register.channels.items()
        if entry.kind == MEMORY
    }


def memory_pagers(mode: str) -> Mapping[str, MemoryPager]:
    """A pager of this mode for each kind of contact. It wakes no real person; the script answers for them."""
    return {via: MemoryPager(mode) for via in get_args(Via)}


def wiring(register: Register, mode: str) -> tuple[Wiring, ...]:
    """The channels that the exercise would use. A channel kept as registered counts as live, whatever this mode is."""
    return tuple(
        Wiring(
            channel=entry.id,
            kind=entry.kind,
            mode=mode if entry.kind == MEMORY else LIVE,
            credential_mode=entry.credential.mode if entry.credential else None,
        )
        for entry in register.channels.values()
    )


def _strangers(changes: RegisterEdits, register: Register) -> Iterator[str]:
    known = {
        "as_registered": register.channels,
        "troubles": register.channels,
        "approved": register.templates,
        "unapproved": register.templates,
        "expired": register.templates,
        "away": register.people,
    }
    for field, entries in known.items():
        for name in getattr(changes, field):
            if name not in entries:
                yield f"register_changes: {field}: the register has no {name}: choose one of {', '.join(entries)}"


def _channel(entry: ChannelEntry, changes: RegisterEdits) -> ChannelEntry:
    if entry.id in changes.as_registered:
        return entry
    network = {PLATFORM: entry.options[PLATFORM]} if PLATFORM in entry.options else {}
    return entry.model_copy(update={"kind": MEMORY, "credential": None, "options": {PLAYS: entry.kind, **network}})


def _template(template: Template, scenario: Scenario, register: Register) -> Template:
    changes, approval = scenario.register_changes, template.approval
    if template.id in changes.approved:
        return template.model_copy(update={"approval": _played_yes(template, scenario, register=register)})
    if template.id in changes.unapproved:
        return template.model_copy(update={"approval": None})
    if template.id in changes.expired and approval:
        ended = approval.model_copy(update={"expires_at": scenario.start - timedelta(days=1)})
        return template.model_copy(update={"approval": ended})
    return template


def _played_yes(template: Template, scenario: Scenario, *, register: Register) -> Approval:
    """The approval that this exercise plays; `UnusableScenario` if no second person could give it."""
    able = [one.id for one in register.people.values() if one.is_granted(Power.APPROVE_TEMPLATE)]
    by = next((name for name in able if name != template.owner), None)
    if by is None:
        raise UnusableScenario([f"register_changes: approved: nobody but its owner may approve {template.id}"])
    return Approval(
        by=by,
        at=scenario.start - AWAY_FOR,
        content_hash=template.content_hash(),
        expires_at=scenario.start + scenario.lasts + AWAY_FOR,
    )


def _person(person: Person, scenario: Scenario) -> Person:
    if person.id not in scenario.register_changes.away:
        return person
    return person.model_copy(update={"away": (*person.away, _absence(scenario.start))})


def _absence(start: datetime) -> Absence:
    return Absence(starts_at=start - AWAY_FOR, ends_at=start + AWAY_FOR)
