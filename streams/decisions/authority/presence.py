"""Presence: who is away, which deputy stands in, and until when somebody is on a rota."""

from datetime import datetime

from streams.words.register.entries import Person, Register


def is_away(person: Person, at: datetime) -> bool:
    """Tell whether the person is marked away at this moment."""
    return any(absence.starts_at <= at < absence.ends_at for absence in person.away)


def stands_in(person: Person, absent: Person, *, at: datetime, register: Register) -> bool:
    """Tell whether this person is the first deputy who is there; no other deputy has the absent person's powers."""
    if person.id not in absent.deputies or not is_away(absent, at):
        return False
    present = (name for name in absent.deputies if name in register.people and not is_away(register.people[name], at))
    return next(present, None) == person.id


def shift_end(rota: str, person: Person, *, at: datetime, register: Register) -> datetime | None:
    """When the person's turn of this rota ends; None if it is another's turn now."""
    for shift in register.rota:
        if (shift.rota, shift.person) == (rota, person.id) and shift.starts_at <= at < shift.ends_at:
            return shift.ends_at
    return None
