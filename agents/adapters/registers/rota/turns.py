"""Puts the rota together: turns of `rota.yaml`, turns of the calendars that `rotas.yaml` names, and swaps.

A swap is a turn of `rota.yaml` that replaces every other turn of its rota while it lasts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from agents.adapters.registers.folder import LINKED, leads_out
from agents.adapters.registers.rota.calendars import CalendarEvent, TimeRange, Unfetched, UnreadableCalendar, entries
from agents.adapters.registers.source import BYTES_MAX, content_of
from streams.values import Frozen, Identifier, Word, digest
from streams.words.register.entries import Person, Shift

CALENDARS = "calendars"
WEEKS_BACK, WEEKS_AHEAD = 1, 10
STRANGERS_MAX = 5


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
    if leads_out(path, path.parent.parent.parent):
        raise UnreadableCalendar(f"{calendar.source} {LINKED}")
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
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableCalendar("it is not UTF-8 text: export it again, as iCalendar") from None
    turns: list[Turn] = []
    strangers: list[str] = []
    for entry in entries(text, zone, window=window(now)):
        named = [person for person in people if _is_named(person, entry, calendar)]
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


def strangers_told(calendar: RotaCalendar, strangers: Sequence[str]) -> str:
    """The sentence about events that name no person of the register."""
    more = f" and {len(strangers) - STRANGERS_MAX} more" if len(strangers) > STRANGERS_MAX else ""
    how = "an attendee's e-mail address" if calendar.who == "attendee" else "an id or a full name as its title"
    return (
        f"the calendar of {calendar.rota} has events that name nobody on the register, so they count for nobody: "
        f"{', '.join(strangers[:STRANGERS_MAX])}{more}; give each {how}"
    )


def _is_named(person: Person, entry: CalendarEvent, calendar: RotaCalendar) -> bool:
    if calendar.who == "summary":
        return entry.title.casefold() in {person.id.casefold(), person.name.casefold()}
    return any(one.via == "email" and one.address.lower() in entry.attendees for one in person.contacts)


def _without(span: TimeRange, other: TimeRange) -> Sequence[TimeRange]:
    """The parts of a time that another one does not cover; one that ends before it begins stays, to be reported."""
    if other[1] <= span[0] or span[1] <= other[0]:
        return [span]
    return [piece for piece in ((span[0], other[0]), (other[1], span[1])) if piece[0] < piece[1]]
