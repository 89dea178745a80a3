"""Puts the rota together: turns of `rota.yaml`, turns of the calendars that `rotas.yaml` names, and swaps.

A swap is a turn of `rota.yaml` that replaces every other turn of its rota while it lasts.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from agents.adapters.registers.rota.calendars import CalendarEvent, TimeRange, entries
from agents.adapters.registers.rota.components import UnreadableCalendar, unclear
from agents.adapters.registers.source import BYTES_MAX, content_of
from streams.values import Frozen, Identifier, Word, digest
from streams.words.register.entries import Person, Shift

CALENDARS, ENDING = "calendars", ".ics"
WEEKS_BACK, WEEKS_AHEAD = 1, 10
STRANGERS_MAX = 5


class Unfetched(UnreadableCalendar):
    """The calendar was never fetched: see why, or export it by hand."""


class Turn(Shift):
    """An entry of `rota.yaml`."""

    swap: bool = False

    def pieces(self, swaps: Sequence["Turn"]) -> Sequence[Shift]:
        """What is left of this turn beside the swaps of its rota."""
        spans = [(self.starts_at, self.ends_at)]
        for swap in swaps if not self.swap else ():
            if swap.rota == self.rota:
                spans = [piece for span in spans for piece in _without(span, (swap.starts_at, swap.ends_at))]
        return [Shift(rota=self.rota, person=self.person, starts_at=start, ends_at=end) for start, end in spans]


class RotaCalendar(Frozen):
    """An entry of `rotas.yaml`: a calendar of one rota, and how an event of it names a person.

    `calendar` is the name of a file in `register/calendars/`, or an https address that is fetched into that folder.
    """

    rota: Identifier
    calendar: Word
    who: Literal["attendee", "summary"] = "attendee"

    @property
    def is_fetched(self) -> bool:
        """Tell whether the calendar comes from an address."""
        return "://" in self.calendar

    @property
    def file(self) -> str:
        """The file in `calendars/`: for an address, its last good copy."""
        return f"{self.rota}-{digest(self.calendar)[:8]}.ics" if self.is_fetched else self.calendar

    @property
    def source(self) -> str:
        """Where it comes from, without what may be secret in its address."""
        return urlsplit(self.calendar).hostname or "its address" if self.is_fetched else f"{CALENDARS}/{self.calendar}"


@dataclass(frozen=True, slots=True)
class Read:
    """The turns of one calendar, and the sentences about events that name no person of the register."""

    turns: Sequence[Turn]
    strangers: Sequence[str]


def window(now: datetime) -> TimeRange:
    """The weeks that are read: from a Monday to a Monday, so that a register changes once a week at most by itself."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    return monday - timedelta(weeks=WEEKS_BACK), monday + timedelta(weeks=WEEKS_AHEAD)


def turns_of(  # budget: what a turn depends on
    calendar: RotaCalendar, folder: Path, *, people: Sequence[Person], zone: ZoneInfo, now: datetime
) -> Read:
    """The turns of this calendar for the coming weeks; `UnreadableCalendar` if it is unclear."""
    path = folder / CALENDARS / calendar.file
    if Path(calendar.file).name != calendar.file:
        raise UnreadableCalendar(f"{calendar.file} is no plain name: put the calendar into register/{CALENDARS}/")
    if path.suffix != ENDING:
        raise UnreadableCalendar(f"{calendar.file} does not end in {ENDING}: give the file a name that does")
    try:
        content = content_of(path)
    except OSError as error:
        raise UnreadableCalendar(f"{calendar.source} cannot be read ({error.strerror}): mend its permissions") from None
    if content is None and calendar.is_fetched:
        raise Unfetched(f"was never fetched from {calendar.source}: see why, or put it into {path.name} by hand")
    if content is None:
        raise UnreadableCalendar(f"there is no {calendar.source}: put it into register/{CALENDARS}/")
    return understood(calendar, content, people=people, zone=zone, now=now)


def understood(  # budget: what a turn depends on
    calendar: RotaCalendar, content: bytes, *, people: Sequence[Person], zone: ZoneInfo, now: datetime
) -> Read:
    """The turns in the text of a calendar."""
    if len(content) > BYTES_MAX:
        raise UnreadableCalendar(f"it is larger than {BYTES_MAX // 1024} KiB: export the coming months only")
    # A letter may be cut between two lines, so that the text is none before the lines are joined.
    text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    turns: list[Turn] = []
    strangers: list[str] = []
    for entry in entries(text, zone, window=window(now)):
        named = _people_of(entry, people, calendar)
        if named and entry.starts_at == entry.ends_at:
            unclear(entry.line, f"the turn “{entry.title}” has no length: give it an end")
        if not named:
            strangers.append(f"“{entry.title}” on {entry.starts_at.astimezone(zone):%d %B %Y %H:%M}")
        turns.extend(
            Turn(rota=calendar.rota, person=one.id, starts_at=entry.starts_at, ends_at=entry.ends_at) for one in named
        )
    return Read(turns, strangers)


def join_turns(turns: Sequence[Turn]) -> Iterator[tuple[int, Shift]]:
    """The turns after all swaps, each with the position of the turn that it comes from."""
    swaps = [turn for turn in turns if turn.swap and turn.starts_at < turn.ends_at]
    return chain.from_iterable(((at, piece) for piece in turn.pieces(swaps)) for at, turn in enumerate(turns))


def empty_told(calendar: RotaCalendar) -> str:
    """The sentence about a calendar without a turn of anybody."""
    advice = "plan its turns, or see whether it is the right calendar"
    return f"the calendar of {calendar.rota}: {calendar.source} puts nobody on call in these weeks: {advice}"


def strangers_told(calendar: RotaCalendar, strangers: Sequence[str]) -> str:
    """The sentence about events that name no person of the register."""
    more = f" and {len(strangers) - STRANGERS_MAX} more" if len(strangers) > STRANGERS_MAX else ""
    how = "an attendee's e-mail address" if calendar.who == "attendee" else "an id or a full name as its title"
    return (
        f"the calendar of {calendar.rota} has events that name nobody on the register, so they count for nobody: "
        f"{', '.join(strangers[:STRANGERS_MAX])}{more}; give each {how}"
    )


def _people_of(entry: CalendarEvent, people: Sequence[Person], calendar: RotaCalendar) -> Sequence[Person]:
    """The people whom an event names: by its title, or by the addresses of who attends."""
    if calendar.who == "summary":
        title = same(entry.title)
        return _one_only(entry, [person for person in people if title in {same(person.id), same(person.name)[:80]}])
    named = [_one_only(entry, [one for one in people if _has(one, address)]) for address in entry.attendees]
    return list({person.id: person for found in named for person in found}.values())


def _one_only(entry: CalendarEvent, found: Sequence[Person]) -> Sequence[Person]:
    """Refuse a name or an address that several people share: each of them would have the power."""
    if len(found) > 1:
        names = " and ".join(person.id for person in found)
        unclear(entry.line, f"“{entry.title}” may mean {names}: name one of them by what nobody else has")
    return found


def same(name: str) -> str:
    """A name without the differences that nobody sees: how its accents are made up, its capitals, its spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _has(person: Person, address: str) -> bool:
    return any(one.via == "email" and one.address.lower() == address for one in person.contacts)


def _without(span: TimeRange, other: TimeRange) -> Sequence[TimeRange]:
    """The parts of a time that another one does not cover; one that ends before it begins stays, to be reported."""
    if other[1] <= span[0] or span[1] <= other[0]:
        return [span]
    return [piece for piece in ((span[0], other[0]), (other[1], span[1])) if piece[0] < piece[1]]
