"""The time zones of a calendar: by the names that calendar programs give them, and as the file itself describes them.

Names of Windows are those of the Unicode CLDR (windowsZones), as `icalendar` carries them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache
from importlib import resources
from io import StringIO
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from agents.adapters.registers.rota.components import Component, broken, unclear
from streams.values import digest

RULES_MAX = 500
MICROSOFT = "tzone://microsoft/"
"""Microsoft's own scheme of names; all but `Utc` (`Custom`, say) mean what only the file describes."""
_RULE = re.compile(r"(?:(?:FREQ=YEARLY|(?:BYMONTH|BYDAY|BYMONTHDAY|UNTIL|INTERVAL|COUNT|WKST)=[A-Z0-9,+-]+)(?:;|$))+")
_ONSET = re.compile(r"\d{8}T\d{6}Z?")
_OFFSET = re.compile(r"[+-]\d{4}(?:\d\d)?")


@dataclass(frozen=True, slots=True)
class ZoneClock:
    """A zone by which times are read. `other` is a second meaning; where the two differ, `doubt` says what to set."""

    zone: tzinfo
    other: tzinfo | None = None
    doubt: str = ""

    def at(self, wall: datetime, *, line: int) -> datetime:
        """This hour of the clock as an aware time; in the hour that comes twice, the first."""
        aware = wall.replace(tzinfo=self.zone, fold=0)
        if self.other is not None and not self._is_twofold(wall):
            offset = wall.replace(tzinfo=self.other, fold=0).utcoffset()
            if offset != aware.utcoffset():
                unclear(line, self.doubt)
        return aware

    def _is_twofold(self, wall: datetime) -> bool:
        """Tell whether the clocks change just then: two sources may say in two ways what such an hour is."""
        offsets = {wall.replace(tzinfo=self.zone, fold=fold).utcoffset() for fold in (0, 1)}
        return len(offsets) > 1


@dataclass(slots=True)
class Zones:
    """Finds the clock of a name. `local` is the trust's own zone, `described` the zones that the file describes."""

    local: ZoneInfo
    described: Mapping[str, tzinfo] = field(default_factory=dict)
    default: str | None = None
    """What the file names as the zone of times without one (X-WR-TIMEZONE)."""
    prints: Mapping[str, str] = field(default_factory=dict)
    """A digest of each description."""

    def meaning(self, name: str) -> str:
        """What tells this zone from one of the same name in another calendar; empty if every list knows the name."""
        return "" if _known(name) else self.prints.get(name.casefold(), "")

    def named(self, name: str) -> ZoneClock | None:
        """The clock of this name; None if no program's list and no part of the file knows it."""
        known, described = _known(name), self.described.get(name.casefold())
        if known is None:
            return ZoneClock(described) if described else None
        doubt = (
            f"the file describes the zone {_brief(name)} in another way than {known.key} is: "
            f"set the calendar's time zone to {self.local.key}, and export it again"
        )
        return ZoneClock(known, described, doubt)

    def clock(self, name: str, *, line: int) -> ZoneClock:
        """The clock of this name; refused if it is not known."""
        return self.named(name) or unclear(line, f"the zone {_brief(name)} is not known")

    def floating(self, line: int, beside: ZoneClock | None) -> ZoneClock:
        """The clock of a time without a zone; `beside` is that of the event which it belongs to."""
        other = beside.zone if beside else None
        if other is None and self.default:
            named = self.named(self.default)
            if named is None:
                unclear(line, f"it has no time zone, and that of the calendar, {_brief(self.default)}, is not known")
            other = named.zone
        advice = f"set {self.local.key} as its time zone in the calendar program"
        return ZoneClock(self.local, other, f"it has no time zone, and the rest of the calendar has another: {advice}")


def zones_of(calendar: Component, local: ZoneInfo) -> Zones:
    """The zones of this calendar; a description that cannot be used is refused."""
    described: dict[str, tzinfo] = {}
    texts: dict[str, Sequence[tuple[str, str]]] = {}
    for part in (one for one in calendar.parts if one.name == "VTIMEZONE"):
        name = part.said("TZID").casefold()
        text = [(one.name, one.value) for rule in (part, *part.parts) for one in rule.properties]
        if texts.setdefault(name, text) != text:
            unclear(part.line, f"the zone {_brief(name)} is described twice, in two ways: export the calendar again")
        if name not in described:
            described[name] = _described(part)
    default = calendar.said("X-WR-TIMEZONE")
    prints = {name: digest([f"{one}:{value}" for one, value in text]) for name, text in texts.items()}
    return Zones(local, described, default or None, prints)


def _known(name: str) -> ZoneInfo | None:
    """The zone that this name means everywhere."""
    plain = name.strip().strip("/").casefold()
    if plain.startswith(MICROSOFT):
        plain = plain.removeprefix(MICROSOFT)
        return ZoneInfo("UTC") if plain == "utc" else None
    names = _names()
    if plain in names:
        return ZoneInfo(names[plain])
    if name.startswith("/"):
        # A name like /mozilla.org/20050126_1/Europe/London is one of the usual names behind a maker's own.
        pieces = plain.split("/")
        found = next((names[tail] for at in range(1, len(pieces)) if (tail := "/".join(pieces[at:])) in names), None)
        return ZoneInfo(found) if found else None
    return None


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Every name in small letters: those of the zone database, and those of Windows."""
    listed = (resources.files("tzdata") / "zones").read_text(encoding="utf-8").split()
    return {
        **{windows.casefold(): name for windows, name in WINDOWS_TO_OLSON.items()},
        **{name.casefold(): name for name in listed},
    }


def _described(part: Component) -> tzinfo:
    """The zone that a VTIMEZONE describes; its rules repeat by the year, so that looking one up ends."""
    rules = [one for one in part.parts if one.name in {"STANDARD", "DAYLIGHT"}]
    if not 0 < len(rules) <= RULES_MAX or len(rules) < len(part.parts):
        broken(part.line, "a time zone is not described by its hours")
    lines = [line for rule in rules for line in (f"BEGIN:{rule.name}", *_rule_lines(rule), f"END:{rule.name}")]
    text = "\r\n".join(["BEGIN:VTIMEZONE", "TZID:described", *lines, "END:VTIMEZONE", ""])
    try:
        zone: tzinfo = tzical(StringIO(text)).get()
        zone.utcoffset(datetime(2026, 1, 1))  # noqa: DTZ001 - an hour of that zone's own clock
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
        broken(part.line, "a time zone is not described by its hours")
    return zone


def _rule_lines(rule: Component) -> Iterator[str]:
    """What is read of one rule: from when on it holds, how the clocks change then, and when again."""
    for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"):
        given = rule.one(name)
        form = _ONSET if name == "DTSTART" else _OFFSET
        if given is None or not form.fullmatch(given.value):
            broken(rule.line, f"the description of a time zone has no {name} that can be read")
        yield f"{name}:{given.value}"
    repeats = rule.one("RRULE")
    if repeats and not _RULE.fullmatch(repeats.value):
        broken(repeats.line, "a time zone is described by a rule that does not repeat by the year")
    if repeats:
        yield f"RRULE:{repeats.value}"
    for more in rule.each("RDATE"):
        if not all(_ONSET.fullmatch(one) for one in more.value.split(",")):
            broken(more.line, "the description of a time zone has a date that cannot be read")
        yield f"RDATE:{more.value}"
    for never in (*rule.each("EXDATE"), *rule.each("EXRULE")):
        broken(never.line, "the description of a time zone has an exception")


def _brief(name: str) -> str:
    return "".join(one if one.isprintable() else " " for one in name)[:80]
