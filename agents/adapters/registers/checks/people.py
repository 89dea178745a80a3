"""The people: their deputies, their grants, their absences."""

from collections.abc import Iterator
from datetime import datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import EntryPlace, Reading
from streams.words.register.entries import Grant, Person, Register


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with people and their powers."""
    taken: dict[str, Fault] = {}
    called: dict[str, str] = {}
    for person in reading.register.people.values():
        place = reading.place("people", person.id)
        yield from _deputies(person, place, reading)
        yield from _absences(person, place)
        if person.directory and (other := called.setdefault(person.directory, person.id)) != person.id:
            sentence = f"the directory calls {other} the same: give each person their own name there"
            yield place.fault("directory", sentence=sentence)
        judged: set[str] = set()
        for position, grant in enumerate(person.grants):
            here = EntryPlace(place.source, (*place.trail, "grants", position))
            yield from _taken(grant, here, taken)
            yield from _grant(grant, here, reading)
            if grant.rota and grant.rota not in judged and reading.is_planned(grant.rota):
                judged.add(grant.rota)
                if reason := _useless(person, grant.rota, reading, now):
                    yield here.fault("rota", sentence=reason)


def _deputies(person: Person, place: EntryPlace, reading: Reading) -> Iterator[Fault]:
    for position, deputy in enumerate(person.deputies):
        if not reading.knows("people", deputy):
            sentence = f"{deputy}, the deputy of {person.id}, is not on the register: add or replace them"
            yield place.fault("deputies", position, sentence=sentence)
        if deputy == person.id:
            yield place.fault("deputies", position, sentence=f"{deputy} cannot stand in for themselves: name another")
        elif deputy in person.deputies[:position]:
            yield place.fault("deputies", position, sentence=f"the deputy {deputy} is named twice: name them once")
    circle = _circle(person, reading.register)
    if circle and person.id == min(circle):
        names = " and ".join(sorted(circle))
        sentence = f"{names} stand in only for one another: while all are away nobody does, so name somebody else too"
        yield place.fault("deputies", sentence=sentence)


def _circle(person: Person, register: Register) -> set[str]:
    """The people in a circle of deputies that leads back to this person; empty if there is none."""
    reached: set[str] = set()
    waiting = list(person.deputies)
    while waiting:
        name = waiting.pop()
        found = register.people.get(name)
        if found is None or not found.deputies:
            return set()
        if name not in reached:
            reached.add(name)
            waiting.extend(found.deputies)
    return reached if person.id in reached and len(reached) > 1 else set()


def _absences(person: Person, place: EntryPlace) -> Iterator[Fault]:
    for position, absence in enumerate(person.away):
        if absence.ends_at <= absence.starts_at:
            sentence = f"the absence of {person.id} ends before it begins: mend one of the two times"
            yield place.fault("away", position, "ends_at", sentence=sentence)


def _taken(grant: Grant, place: EntryPlace, taken: dict[str, Fault]) -> Iterator[Fault]:
    """Two grants with one id: the id explains a release, so it must name one grant only."""
    if first := taken.get(grant.id):
        sentence = f"the grant id {grant.id} is taken by {first.file}:{first.line}: give this one another"
        yield place.fault("id", sentence=sentence)
    else:
        taken[grant.id] = place.fault("id", sentence="")


def _grant(grant: Grant, place: EntryPlace, reading: Reading) -> Iterator[Fault]:
    for position, channel in enumerate(grant.channels):
        if not reading.knows("channels", channel):
            sentence = f"there is no channel {channel}: add it to channels.yaml, or take it out of this grant"
            yield place.fault("channels", position, sentence=sentence)


def _useless(person: Person, rota: str, reading: Reading, now: datetime) -> str | None:
    """Why grants by this rota help no one, told at the first of them; None if they do."""
    shifts = [shift for shift in reading.register.rota if shift.rota == rota]
    if not shifts:
        return f"there is no rota {rota}: plan it in rota.yaml, or take it out of the grants"
    own = [shift.ends_at for shift in shifts if shift.person == person.id]
    if not own:
        return f"{person.id} has no turn on the rota {rota}, so no power by it ever holds: plan one, or take it out"
    if max(own) <= now:
        return f"the last turn of {person.id} on the rota {rota} ended on {max(own):%d %B %Y}: plan the next one"
    return None
