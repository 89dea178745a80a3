"""A data folder as one register, with the place of every entry: `register/*.yaml` and `messages/*.yaml`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from agents.adapters.clocks import SystemClock
from agents.adapters.pictures import FOLDER
from agents.adapters.registers.faults import Fault, UnusableRegisters
from agents.adapters.registers.folder import LINKED, leads_out
from agents.adapters.registers.pictures import with_picture
from agents.adapters.registers.rota.components import UnreadableCalendar
from agents.adapters.registers.rota.nations import Nation, bank_holidays
from agents.adapters.registers.rota.turns import (
    CALENDARS,
    RotaCalendar,
    Turn,
    Unfetched,
    empty_told,
    join_turns,
    strangers_told,
    turns_of,
)
from agents.adapters.registers.source import FileSource, Trail, read_source
from agents.adapters.registers.validation import validate
from agents.adapters.registers.wording import Wording, paths, pattern_faults, read_wording
from streams.values import Frozen, Language, Word
from streams.words.attention import AttentionRule, CaseRule
from streams.words.briefings.entries import BriefingRule
from streams.words.holds import Hold
from streams.words.influence.entries import ListedAuthor
from streams.words.network.entries import Responder, Step
from streams.words.register.entries import (
    PACK_DAYS,
    SECRET_DAYS,
    Chain,
    ChannelEntry,
    LapseHours,
    PackDays,
    PagerEntry,
    Person,
    Register,
    SecretDays,
    Template,
    WorkingHours,
)
from streams.words.register.kept import REGISTER_BYTES_MAX, RegisterRecord
from streams.words.register.partners import Partner
from streams.words.register.slots import KnownPlace, Telephone
from streams.words.register.wording import CheckRule
from streams.words.risks.entries import Risk

REGISTER, MESSAGES, TRUST, ROTAS = "register", "messages", "trust.yaml", "rotas.yaml"
FILES_MAX = 500
LONGEST_MODE = f"exercise-{'0' * 40}"
LISTS: Mapping[str, type[BaseModel]] = {
    "people": Person,
    "rota": Turn,
    "channels": ChannelEntry,
    "partners": Partner,
    "places": KnownPlace,
    "telephones": Telephone,
    "holds": Hold,
    "chains": Chain,
    "pagers": PagerEntry,
    "attention": AttentionRule,
    "cases": CaseRule,
    "checks": CheckRule,
    "responders": Responder,
    "steps": Step,
    "influence": ListedAuthor,
    "risks": Risk,
}
"""Each is a file of `register/` that holds a list of entries of this model."""
NOT_NEEDED = frozenset({"attention", "cases", "checks", "responders", "steps", "influence", "risks"})
"""A folder may do without these: the usual rules hold then, and no responder, step, listed author or risk is known."""


class Trust(Frozen):
    """What `trust.yaml` holds."""

    trust: Word
    languages: tuple[Language, ...] = ("en",)
    nation: Nation | None = None
    hours: WorkingHours = WorkingHours()
    unsigned_orders: Literal["allowed", "refused"] = "allowed"
    spoken_orders: Literal["allowed", "refused"] = "refused"
    mail_domains: tuple[Word, ...] = ()
    changes_lapse_hours: LapseHours = 72
    secrets_change_days: SecretDays = SECRET_DAYS
    pack_lasts_days: PackDays = PACK_DAYS
    briefing: BriefingRule = BriefingRule()

    def hours_in(self, year: int) -> WorkingHours:
        """The hours with the nation's bank holidays about this year, beside those that the file adds."""
        if self.nation is None:
            return self.hours
        days = {*self.hours.bank_holidays, *bank_holidays(self.nation, year)}
        return self.hours.model_copy(update={"bank_holidays": tuple(sorted(days))})


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """The place of an entry in its file."""

    source: FileSource
    trail: Trail = ()

    def fault(self, *inner: str | int, sentence: str) -> Fault:
        """A fault of this entry, at the line of its inner part."""
        return self.source.fault((*self.trail, *inner), sentence)


@dataclass(slots=True)
class Reading:
    """All that was read. `places` is by kind and identifier, broken entries too; `shifts` follows `register.rota`.

    `unnamed` are kinds with an entry that has no identifier: it may be any.

    `faults` stop the folder from being used, `warnings` do not.
    """

    register: Register = field(default_factory=lambda: Register(trust="-"))
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    places: dict[str, dict[str, EntryPlace]] = field(default_factory=dict)
    unnamed: set[str] = field(default_factory=set)
    shifts: list[EntryPlace] = field(default_factory=list)
    calendars: list[tuple[RotaCalendar, EntryPlace]] = field(default_factory=list)
    empty: dict[str, EntryPlace] = field(default_factory=dict)
    """Rotas whose calendar puts nobody on call, or cannot be read; told once, at the calendar."""
    trust: EntryPlace = field(default_factory=lambda: EntryPlace(FileSource(f"{REGISTER}/{TRUST}")))
    wording: Wording = field(default_factory=lambda: Wording([]))
    awaits_keys: bool = False
    """Nothing can go out in live before somebody has a key, so a text that nobody approved yet is no fault."""

    def place(self, kind: str, name: str) -> EntryPlace:
        """The place of the entry of this name."""
        return self.places[kind][name]

    def is_sound(self, kind: str) -> bool:
        """Tell whether the file of these entries was read without a fault."""
        return all(fault.file != f"{REGISTER}/{kind}.yaml" for fault in self.faults)

    def knows(self, kind: str, name: str) -> bool:
        """Tell whether such an entry was written, even a broken one; a broken file may hold any entry."""
        return name in self.places.get(kind, {}) or not self.is_there(kind)

    def is_planned(self, rota: str) -> bool:
        """Tell whether a rota without turns is a fault of its own, and not of the calendar that should plan it."""
        return self.is_sound("rota") and rota not in self.empty

    def is_there(self, kind: str) -> bool:
        """Tell whether the file and all its identifiers could be read; if not, references are not judged."""
        return kind not in self.unnamed and (bool(self.places.get(kind)) or self.is_sound(kind))


def read(folder: Path, now: datetime) -> Reading:
    """Read the whole folder as of this moment."""
    reading = Reading()
    trust = _trust(folder, reading)
    lists: dict[str, list[Any]] = {kind: _entries(folder, kind, reading) for kind in LISTS}
    templates = _templates(folder, reading)
    reading.wording = read_wording(folder)
    reading.faults.extend(reading.wording.faults)
    reading.register = Register(
        trust=trust.trust,
        languages=trust.languages,
        hours=trust.hours_in(now.year),
        unsigned_orders=trust.unsigned_orders,
        spoken_orders=trust.spoken_orders,
        people=_by_id(lists["people"]),
        channels=_by_id(lists["channels"]),
        partners=_by_id(lists["partners"]),
        templates=_by_id(templates),
        places=_by_id(lists["places"]),
        telephones=_by_id(lists["telephones"]),
        mail_domains=trust.mail_domains,
        changes_lapse_hours=trust.changes_lapse_hours,
        secrets_change_days=trust.secrets_change_days,
        pack_lasts_days=trust.pack_lasts_days,
        briefing=trust.briefing,
        holds=_by_id(lists["holds"]),
        chains=_by_id(lists["chains"]),
        pagers=_by_id(lists["pagers"]),
        attention=_by_id(lists["attention"]),
        cases=_by_id(lists["cases"]),
        checks=_by_id(lists["checks"]),
        responders=_by_id(lists["responders"]),
        steps=_by_id(lists["steps"]),
        influence=_by_id(lists["influence"]),
        risks=_by_id(lists["risks"]),
        words=reading.wording.words,
    )
    _plan(folder, lists["rota"], reading, now=now)
    _check_size(reading)
    return reading


def _check_size(reading: Reading) -> None:
    """A register is kept as one record of the log, so one that would not fit cannot be used."""
    record = RegisterRecord.of(reading.register, mode=LONGEST_MODE)
    if (size := len(record.model_dump_json().encode())) > REGISTER_BYTES_MAX:
        told = f"the files take {size} bytes of the {REGISTER_BYTES_MAX} that the log keeps: take out old entries"
        reading.faults.append(reading.trust.fault(sentence=told))


def load(
    folder: Path, now: datetime | None = None, *, judges: bool = False, before: Register | None = None
) -> Register:
    """The register of this folder, or `UnusableRegisters` with every fault that stops it from being read.

    Bank holidays are filled in for the years about `now`, by default the system's time.
    With `judges`, texts are judged by it: every pattern of the word lists is compiled, so that none fails at a text.
    With `before`, the register that is in force, no calendar may take everybody off a rota that still has turns there.
    """
    now = now or SystemClock().now()
    reading = read(folder, now)
    faults = [*reading.faults, *(pattern_faults(reading.wording) if judges else ())]
    faults.extend(_emptied(reading, before, now) if before else ())
    if faults:
        raise UnusableRegisters(faults)
    return reading.register


def _emptied(reading: Reading, before: Register, now: datetime) -> Iterator[Fault]:
    """Each calendar that leaves nobody on a rota on which somebody is by the register before."""
    planned = {shift.rota for shift in reading.register.rota if shift.ends_at > now}
    for rota in {shift.rota for shift in before.rota if shift.ends_at > now} - planned:
        if rota in reading.empty:
            sentence = f"the calendar of {rota} takes everybody off it: put the one before back, or plan its turns"
            yield reading.empty[rota].fault("calendar", sentence=sentence)


def files(folder: Path) -> Sequence[Path]:
    """Every file that is read, in a fixed order."""
    messages = sorted(path for path in (folder / MESSAGES).glob("*.yaml") if not path.name.startswith("."))
    calendars = sorted((folder / REGISTER / CALENDARS).glob("*.ics"))
    names = (TRUST, ROTAS, *(f"{kind}.yaml" for kind in LISTS))
    pictures = sorted((folder / FOLDER).glob("[!.]*"))
    return [*(folder / REGISTER / name for name in names), *calendars, *messages, *pictures, *paths(folder)]


def _by_id(entries: Sequence[Any]) -> dict[str, Any]:
    return {entry.id: entry for entry in entries}


def _source(path: Path, reading: Reading) -> FileSource:
    name = f"{path.parent.name}/{path.name}"
    # What a link leads to is not even read: a fault may repeat what a file holds.
    linked = leads_out(path, path.parent.parent)
    source = FileSource(name, faults=[Fault(name, 1, LINKED)]) if linked else read_source(path, name)
    reading.faults.extend(source.faults)
    return source


def _trust(folder: Path, reading: Reading) -> Trust:
    source = _source(folder / REGISTER / TRUST, reading)
    reading.trust = EntryPlace(source)
    blank = Trust(trust="-")
    if source.value is None and source.faults:
        return blank
    trust = validate(Trust, source, trail=(), faults=reading.faults)
    if trust is None:
        return blank
    if not _is_zone(trust.hours.timezone):
        sentence = f"there is no time zone {trust.hours.timezone}: name one like Europe/London"
        reading.faults.append(source.fault(("hours", "timezone"), sentence))
        return blank
    return trust


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        return False
    return True


def _entries(folder: Path, kind: str, reading: Reading) -> list[Any]:
    path = folder / REGISTER / f"{kind}.yaml"
    if kind in NOT_NEEDED and not path.exists():
        return []
    source = _source(path, reading)
    if kind == "people" and not (source.value or source.faults):
        # A file that was cut off while it was saved would take every power away at once.
        reading.faults.append(source.fault((), "nobody is on it: put the people back"))
    if source.value is None:
        return []
    if not isinstance(source.value, list):
        reading.faults.append(source.fault((), f"{kind} must be a list: begin each entry with a dash"))
        return []
    entries: list[Any] = []
    for position in range(len(source.value)):
        fresh = _claim(kind, EntryPlace(source, (position,)), reading)
        entry = validate(LISTS[kind], source, trail=(position,), faults=reading.faults)
        if entry is not None and fresh:
            entries.append(entry)
            if isinstance(entry, Turn):
                reading.shifts.append(EntryPlace(source, (position,)))
    return entries


def _plan(folder: Path, written: Sequence[Turn], reading: Reading, *, now: datetime) -> None:
    """Put the rota together: the turns that were written, and those of the calendars that `rotas.yaml` names."""
    turns, places = [*written], [*reading.shifts]
    people = list(reading.register.people.values())
    zone = ZoneInfo(reading.register.hours.timezone)
    for calendar, place in _calendars(folder, reading):
        reading.calendars.append((calendar, place))
        try:
            read = turns_of(calendar, folder / REGISTER, people=people, zone=zone, now=now)
        except UnreadableCalendar as unreadable:
            # A rota that was never fetched must not keep the service from starting; its gaps are reported.
            told = reading.warnings if isinstance(unreadable, Unfetched) else reading.faults
            told.append(place.fault("calendar", sentence=f"the calendar of {calendar.rota}: {unreadable}"))
            reading.empty[calendar.rota] = place
            continue
        if not read.turns:
            reading.warnings.append(place.fault("calendar", sentence=empty_told(calendar)))
            reading.empty[calendar.rota] = place
        if read.strangers:
            reading.warnings.append(place.fault("calendar", sentence=strangers_told(calendar, read.strangers)))
        turns.extend(read.turns)
        places.extend(place for _ in read.turns)
    rota = list(join_turns(turns))
    reading.register = reading.register.model_copy(update={"rota": tuple(shift for _, shift in rota)})
    reading.shifts = [places[position] for position, _ in rota]


def _calendars(folder: Path, reading: Reading) -> Iterator[tuple[RotaCalendar, EntryPlace]]:
    """The entries of `rotas.yaml`, which a trust without calendars does not need."""
    if not (folder / REGISTER / ROTAS).exists():
        return
    source = _source(folder / REGISTER / ROTAS, reading)
    if not isinstance(source.value, list):
        reading.faults.append(source.fault((), "rotas must be a list: begin each entry with a dash"))
        return
    for position in range(len(source.value)):
        calendar = validate(RotaCalendar, source, trail=(position,), faults=reading.faults)
        if calendar is not None:
            yield calendar, EntryPlace(source, (position,))


def _templates(folder: Path, reading: Reading) -> list[Template]:
    paths = [path for path in files(folder) if path.parent.name == MESSAGES]
    if len(paths) > FILES_MAX:
        reading.faults.append(Fault(MESSAGES, 1, f"there are more than {FILES_MAX} templates: take out the old ones"))
    templates = []
    for path in paths[:FILES_MAX]:
        source = _source(path, reading)
        if source.value is None and source.faults:
            continue
        fresh = _claim("templates", EntryPlace(source), reading)
        template = validate(Template, source, trail=(), faults=reading.faults)
        template = template and with_picture(template, source, folder=folder, faults=reading.faults)
        if template is not None and fresh:
            templates.append(template)
    return templates


def _claim(kind: str, place: EntryPlace, reading: Reading) -> bool:
    """Note the place of the entry; if another one has its identifier already, note a fault and answer False."""
    value: Any = place.source.value
    for step in place.trail:
        value = value[step]
    name = value.get("id") if isinstance(value, dict) else None
    if not isinstance(name, str):
        reading.unnamed.add(kind)
        return True
    held = reading.places.setdefault(kind, {})
    if name in held:
        first = held[name].fault("id", sentence="")
        sentence = f"the id {name} is taken by {first.file}:{first.line}: give this one another"
        reading.faults.append(place.fault("id", sentence=sentence))
        return False
    held[name] = place
    return True
