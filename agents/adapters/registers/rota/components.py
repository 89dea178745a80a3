"""An iCalendar text as components and properties, each with its line; what is unclear is refused with that line.

Source: RFC 5545, sections 3.1 and 3.4.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

LINES_MAX, DEPTH_MAX = 50_000, 8
TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"})
MARKED = "\ufeffBEGIN:VCALENDAR"
_BREAK = re.compile(r"\r*\n|\r")
_QUOTED_OR = r'(?:"[^"]*"|[^"{0}])'
_HEAD = re.compile(_QUOTED_OR.format(":") + "*")
_PART = re.compile(_QUOTED_OR.format(";") + "+")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_ESCAPED = re.compile(r"\\(.)")


class UnreadableCalendar(Exception):
    """The calendar cannot be understood: export it again, as iCalendar."""


def unclear(line: int, sentence: str) -> NoReturn:
    """Refuse the calendar for what this line says."""
    raise UnreadableCalendar(f"line {line}: {sentence}")


def broken(line: int, why: str) -> NoReturn:
    """Refuse a text that is no iCalendar."""
    raise UnreadableCalendar(f"it breaks the rules of iCalendar (line {line}: {why}): export it again")


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its name in capitals, its parameters without quotation marks, its value as written."""

    name: str
    params: Mapping[str, str]
    value: str
    line: int

    def text(self) -> str:
        """The value without its escapes."""
        return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], self.value)


@dataclass(frozen=True, slots=True)
class Component:
    """What stands between one BEGIN and its END; `line` is that of the BEGIN."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def each(self, name: str) -> Sequence[Property]:
        """Every property of this name."""
        return [one for one in self.properties if one.name == name]

    def one(self, name: str) -> Property | None:
        """The property of this name, which may be there once."""
        found = self.each(name)
        if len(found) > 1:
            unclear(found[1].line, f"{name} is there twice in one entry: keep one of them")
        return found[0] if found else None

    def said(self, name: str) -> str:
        """The text of a property that may be there once; empty if it is not there."""
        found = self.one(name)
        return " ".join(found.text().split()) if found else ""


def calendars_of(text: str) -> Sequence[Component]:
    """Every calendar of this text, at least one; `UnreadableCalendar` if there is none, or one is cut off."""
    outside = Component("", 1)
    open_parts = [outside]
    for line, written in _unfolded(text):
        found = _property(line, written)
        if found.name == "BEGIN":
            fresh = Component(found.value.strip().upper(), line)
            open_parts[-1].parts.append(fresh)
            open_parts.append(fresh)
            _check_place(open_parts)
        elif found.name == "END":
            closed = open_parts.pop()
            if closed is outside or closed.name != found.value.strip().upper():
                broken(line, "it ends what did not begin")
        elif open_parts[-1] is outside:
            broken(line, "it stands outside the calendar")
        else:
            open_parts[-1].properties.append(found)
    if len(open_parts) > 1:
        broken(open_parts[-1].line, f"{open_parts[-1].name[:40]} has no end, so the file is cut off")
    if not outside.parts:
        broken(1, "it is empty")
    return outside.parts


def _check_place(open_parts: Sequence[Component]) -> None:
    """Refuse what begins where it cannot be."""
    fresh, around = open_parts[-1], open_parts[-2]
    if len(open_parts) > DEPTH_MAX:
        broken(fresh.line, "it is nested too deep")
    if (fresh.name == "VCALENDAR") is not (around.name == ""):
        broken(fresh.line, "a calendar is what is from BEGIN:VCALENDAR to its END:VCALENDAR, and none is in another")
    if fresh.name == "VEVENT" and around.name != "VCALENDAR":
        broken(fresh.line, "an event begins before the last one ended")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number; one that begins with a space or a tab goes on the line before."""
    lines = _BREAK.split(text)
    if len(lines) > LINES_MAX:
        raise UnreadableCalendar(f"it has more than {LINES_MAX} lines: export the coming months only")
    first, written = 0, [""]
    for number, line in enumerate(lines, 1):
        if line[:1] in {" ", "\t"} and first:
            written.append(line[1:])
            continue
        if first:
            yield first, _joined(first, written)
        # A mark begins each of several files that were put behind each other.
        begun = line.removeprefix("\ufeff") if line.startswith(MARKED) else line
        first, written = (number, [begun]) if begun.strip() else (0, [])
    if first:
        yield first, _joined(first, written)


def _joined(line: int, pieces: Sequence[str]) -> str:
    """The pieces of a line as one text: a letter may have been cut between two of them."""
    try:
        return "".join(pieces).encode("utf-8", "surrogateescape").decode()
    except UnicodeError:
        broken(line, "it is not UTF-8 text")


def _property(line: int, written: str) -> Property:
    """A line as name, parameters and value; of a time, the value is what follows the last colon.

    Some programs write zone names with colons, commas and brackets, and without quotation marks.
    """
    name = _NAME.match(written)
    if name is None:
        broken(line, "it has no name")
    if (called := name[0].upper()) in TIMES:
        head, colon, value = written.rpartition(":")
    else:
        found = _HEAD.match(written)
        head = found[0] if found else ""
        colon, value = written[len(head) : len(head) + 1], written[len(head) + 1 :]
    rest = head[len(name[0]) :]
    if not colon or (rest and not rest.startswith(";")):
        broken(line, "it is no property with a value")
    params: dict[str, str] = {}
    for part in _PART.findall(rest):
        key, _, given = part.partition("=")
        if key.upper() in params:
            broken(line, f"it gives {key[:40]} twice")
        params[key.upper()] = given.strip().strip('"')
    return Property(called, params, value.strip(), line)
