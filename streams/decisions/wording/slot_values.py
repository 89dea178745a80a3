"""Filling: a template's gaps take values of the registers' lists, a time or a date, and never free text."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from streams.moments import MONTHS
from streams.signs import folded
from streams.why import because
from streams.words.register.entries import Register, Template
from streams.words.register.slots import Slot, SlotKind

NAMED_MAX = 5
"""So many values does a refusal propose: the nearest ones first."""
Words = Mapping[str, str]
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = {SlotKind.TIME: "22:58", SlotKind.DATE: "2026-09-30"}


@dataclass(frozen=True, slots=True)
class Filled:
    """The words of each slot in each language, and why some are not there: each reason says what to do."""

    words: Mapping[str, Words]
    reasons: Sequence[str]


def filled(template: Template, given: Mapping[str, str], *, register: Register) -> Filled:
    """Turn what the order gives for the slots into words; a slot that nothing was given for stays a gap."""
    words: dict[str, Words] = {}
    reasons: list[str] = []
    for name, value in given.items():
        slot = template.slots.get(name)
        if slot is None:
            known = ", ".join(template.slots) or "none"
            form = "template {template} has no slot {slot}: its slots are {known}"
            reasons.append(because("no-slot", form, template=template.id, slot=name, known=known))
            continue
        found = _words(slot, value, register)
        if isinstance(found, str):
            reasons.append(because("slot-misfit", "slot {slot} {found}", slot=name, found=found))
        else:
            words[name] = found
    reasons.extend(slot_faults(template).values())
    return Filled(words, reasons)


def slot_faults(template: Template) -> Mapping[str, str]:
    """Why some slots of this template cannot be filled safely, by their name."""
    kinds = ", ".join(SlotKind)
    return {
        name: because(
            "slot-no-kind",
            "slot {slot} of template {template} has no kind: give it one of {known}, and have it approved again",
            slot=name,
            template=template.id,
            known=kinds,
        )
        for name, slot in template.slots.items()
        if slot.kind is None
    }


def longest(slot: Slot, register: Register) -> Words:
    """The longest words that this slot can become in each language."""
    if slot.kind in _LONGEST:
        found = _words(slot, _LONGEST[slot.kind], register)
        return {} if isinstance(found, str) else found
    values = _listed(slot, register).values()
    return {
        language: max((words[language] for words in values if language in words), key=len, default="")
        for language in register.languages
    }


def choices_of(slot: Slot, register: Register) -> Sequence[str]:
    """What this slot takes, each by its name in the first language; an example, where it takes no listed value."""
    if slot.kind in _LONGEST:
        return [f"like {_LONGEST[slot.kind]}"]
    return list(dict.fromkeys(next(iter(words.values())) for words in _listed(slot, register).values()))


def says_the_same(slot: Slot, values: tuple[str, str], *, register: Register) -> bool:
    """Whether both values become the same words: a place by its identifier, or by its name in any language."""
    one, other = values
    return one == other or _words(slot, one, register) == _words(slot, other, register)


def names_of_place(called: str, register: Register) -> Words:
    """How each language calls the listed place that has this name in one of them; nothing, if no place has."""
    plain = _plain(called)
    listed = (one.names for one in register.places.values())
    return next((names for names in listed if plain in map(_plain, names.values())), {})


def _words(slot: Slot, value: str, register: Register) -> Words | str:
    """The words in each language, or what is wrong with the value; the value itself is never repeated."""
    if slot.kind in _WRITTEN:
        return _WRITTEN[slot.kind](value, register)
    listed = _listed(slot, register)
    for name, words in listed.items():
        if _plain(value) in {_plain(name), *(_plain(one) for one in words.values())}:
            return words
    names = {next(iter(words.values())): None for words in listed.values()}
    near = get_close_matches(value, names, n=NAMED_MAX, cutoff=0.0)
    offered = "; ".join(near) or "nothing, the list is empty"
    form = "takes only {values}: choose one of {known}"
    return because("takes-only", form, values=_LISTS.get(slot.kind, "a value that its kind allows"), known=offered)


def _listed(slot: Slot, register: Register) -> Mapping[str, Words]:
    match slot.kind:
        case SlotKind.PLACE:
            return {one.id: one.names for one in register.places.values()}
        case SlotKind.TELEPHONE:
            every = register.languages
            return {one.id: dict.fromkeys(every, one.number) for one in register.telephones.values()}
        case _:
            return slot.choices


def _time(value: str, register: Register) -> Words | str:
    if not _TIME.fullmatch(value):
        return because("takes-time", "takes a time of day of 24 hours: write it like 22:31")
    return dict.fromkeys(register.languages, value)


def _date(value: str, register: Register) -> Words | str:
    try:
        day = date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        return because("takes-date", "takes a date of the calendar: write it like 2026-01-31")
    return {
        language: f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"
        for language in register.languages
        if language in MONTHS
    }


_WRITTEN: Mapping[SlotKind | None, Callable[[str, Register], Words | str]] = {
    SlotKind.TIME: _time,
    SlotKind.DATE: _date,
}
_LISTS: Mapping[SlotKind | None, str] = {
    SlotKind.PLACE: "a place of the gazetteer",
    SlotKind.TELEPHONE: "a telephone number of ours",
    SlotKind.CHOICE: "one of its listed values",
}


def _plain(text: str) -> str:
    return " ".join(folded(text).split())
