"""The rotas: turns that overlap, leave a gap, or run out."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import EntryPlace, Reading
from streams.moments import told_in
from streams.words.register.entries import Shift

PLANNED_AHEAD = timedelta(days=14)
Turn = tuple[Shift, EntryPlace]


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with the turns of every rota."""
    turns = list(zip(reading.register.rota, reading.shifts, strict=True))
    for shift, place in turns:
        if not reading.knows("people", shift.person):
            sentence = f"{shift.person} is not on the register: add them to people.yaml, or plan somebody else"
            yield place.fault("person", sentence=sentence)
        if shift.ends_at <= shift.starts_at:
            yield place.fault("ends_at", sentence="this turn ends before it begins: mend one of the two times")
    yield from _overlaps(turns)
    if reading.is_sound("rota"):
        for name in dict.fromkeys(shift.rota for shift, _ in turns):
            yield from _gaps([turn for turn in turns if turn[0].rota == name], now, zone=reading.register.hours.zone)


def _overlaps(turns: Sequence[Turn]) -> Iterator[Fault]:
    """Turns of one person that overlap; two people may share a turn."""
    ordered = sorted(turns, key=lambda turn: (turn[0].rota, turn[0].person, turn[0].starts_at))
    for (first, before), (second, place) in pairwise(ordered):
        same = (first.rota, first.person) == (second.rota, second.person)
        if same and second.starts_at < first.ends_at:
            at = before.fault("starts_at", sentence="")
            sentence = f"this turn of {second.person} overlaps the one at {at.file}:{at.line}: let one end earlier"
            yield place.fault("starts_at", sentence=sentence)


def _gaps(turns: Sequence[Turn], now: datetime, *, zone: ZoneInfo) -> Iterator[Fault]:
    """Times in the next two weeks in which no person is on the rota."""
    ordered = sorted(turns, key=lambda turn: turn[0].starts_at)
    covered, last = now, ordered[-1]
    for shift, place in ordered:
        if shift.starts_at > covered:
            span = f"from {told_in(zone, covered)} to {told_in(zone, shift.starts_at)}"
            sentence = f"nobody is on the rota {shift.rota} {span}: plan it"
            yield place.fault("starts_at", sentence=sentence)
        if shift.ends_at >= covered:
            covered, last = shift.ends_at, (shift, place)
    if covered < now + PLANNED_AHEAD:
        ended = "ended" if covered <= now else "ends"
        sentence = f"the rota {last[0].rota} {ended} on {told_in(zone, last[0].ends_at)}: plan its next turns"
        yield last[1].fault("ends_at", sentence=sentence)
