"""A YAML file as plain values with the line of every part; hostile or broken YAML is a fault, never a crash."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as careful
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from yaml import YAMLError as QuickError
from yaml import events as quick

from agents.adapters.registers.faults import Fault, Halt, halt

try:
    from yaml.cyaml import CParser
except ImportError:  # PyYAML was built without libyaml here.
    CParser = None

BYTES_MAX = 512 * 1024
DEPTH_MAX = 12
PARTS_MAX = 50_000
TEXTS_KEPT = 64

Step = str | int
Trail = tuple[Step, ...]

Event = Any
"""An event of either parser: they have the same names and fields."""
DOCUMENT_BEGINS = (careful.DocumentStartEvent, quick.DocumentStartEvent)
NODE = (careful.NodeEvent, quick.NodeEvent)
SCALAR = (careful.ScalarEvent, quick.ScalarEvent)
SEQUENCE_BEGINS = (careful.SequenceStartEvent, quick.SequenceStartEvent)
SEQUENCE_ENDS = (careful.SequenceEndEvent, quick.SequenceEndEvent)
MAPPING_BEGINS = (careful.MappingStartEvent, quick.MappingStartEvent)
MAPPING_ENDS = (careful.MappingEndEvent, quick.MappingEndEvent)

QUOTE_HASH = "`#` begins a comment: put {} in quotes"
_HASH = re.compile(r"(?:^|[\s\[{,])(#\w+)")
_VALUE_BEGINS = re.compile(r"\s*(?:-\s+)?(?:[\w-]+:\s+)?")
_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE, _FALSE = re.compile(r"true|True|TRUE"), re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_ODD = re.compile(
    r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    r"|[|>][-+0-9]*#|^(?:%|---|\.\.\.)",
    re.MULTILINE,
)
"""What the two parsers read differently: some characters, some comments, directives and marks of documents."""
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class FileSource:
    """What a file holds; `lines` has the line of each part, `value` is None if nothing could be read.

    Readers share it, so no reader may change it.
    `hashes` are words behind a `#` that YAML takes for the beginning of a comment, by their line.
    """

    file: str
    value: Any = None
    lines: Mapping[Trail, int] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    hashes: Mapping[int, str] = field(default_factory=dict)

    def hash_at(self, trail: Trail) -> str | None:
        """What to do about a value that is missing because a `#` began a comment in its line; None if none did."""
        word = self.hashes.get(self.lines.get(trail, 0))
        return QUOTE_HASH.format(word) if word else None

    def fault(self, trail: Trail, sentence: str) -> Fault:
        """A fault at this part, or at the nearest part around it that is in the file."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return Fault(self.file, self.lines.get(trail, 1), sentence)


def read_source(path: Path, file: str) -> FileSource:
    """Read one file; whatever is wrong with it is in `faults`."""
    try:
        content = content_of(path)
    except OSError as error:
        return FileSource(file, faults=[Fault(file, 1, f"cannot be read ({error.strerror}): mend its permissions")])
    if content is None:
        return FileSource(file, faults=[Fault(file, 1, "there is no such file: put it in its place")])
    if len(content) > BYTES_MAX:
        return FileSource(file, faults=[Fault(file, 1, f"is larger than {BYTES_MAX // 1024} KiB: split or shorten it")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return FileSource(file, faults=[Fault(file, line, "is not UTF-8 text: save it with that encoding")])
    return parse(text, file)


def content_of(path: Path) -> bytes | None:
    """A little more than may be read; None if it is no regular file, since a pipe or a device could block for ever."""
    if not path.is_file():
        return None
    with path.open("rb") as opened:
        return opened.read(BYTES_MAX + 1)


@lru_cache(TEXTS_KEPT)
def parse(text: str, file: str) -> FileSource:
    """Turn YAML text into values and lines; a text that was read lately is not read again."""
    return quickly(text, file) or carefully(text, file)


def quickly(text: str, file: str) -> FileSource | None:
    """Read the text by libyaml, ten times as quick; None where anything is odd: `carefully` finds out what it is."""
    if CParser is None or _ODD.search(text):
        return None
    composer = _Composer(file)
    try:
        value = composer.document(_quick_events(text))
    except (Halt, QuickError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError):
        return None
    return None if composer.faults else FileSource(file, value, composer.lines, [], hashes_in(text))


def carefully(text: str, file: str) -> FileSource:
    """Read the text by the parser that goes by YAML 1.2 and says what is wrong."""
    composer = _Composer(file)
    try:
        value = composer.document(iter(YAML(typ="safe", pure=True).parse(text)))
    except Halt as stopped:
        return FileSource(file, faults=[*composer.faults, Fault(file, stopped.line, stopped.sentence)])
    except (YAMLError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, AssertionError) as error:
        # The scanner fails on hostile text in several ways; each means that the file is no YAML.
        return FileSource(file, faults=[*composer.faults, _syntax_fault(error, text, file=file)])
    return FileSource(file, value, composer.lines, composer.faults, hashes_in(text))


def _quick_events(text: str) -> Iterator[Event]:
    """The events of libyaml; `ValueError` where it is known to let more pass than the careful parser."""
    parser = CParser(text)
    while parser.check_event():
        event = parser.get_event()
        is_block = isinstance(event, quick.ScalarEvent) and event.style in {"|", ">"}
        if getattr(event, "anchor", None) or (is_block and event.value[:1] in {"", "\n"}):
            raise ValueError
        yield event


def hashes_in(text: str) -> Mapping[int, str]:
    """A word that a `#` hides in its line, `#PontDdu`: in a list that is not closed, or where a value begins."""
    found: dict[int, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        for hidden in _HASH.finditer(line):
            before = line[: hidden.start(1)]
            opened = before.count("[") + before.count("{") > before.count("]") + before.count("}")
            quoted = before.count('"') % 2 or before.count("'") % 2
            if not quoted and (opened or (before.strip() and _VALUE_BEGINS.fullmatch(before))):
                found.setdefault(number, hidden[1])
    return found


def _syntax_fault(error: Exception, text: str, *, file: str) -> Fault:
    problem = "it breaks the rules of YAML"
    line = 1
    if isinstance(error, MarkedYAMLError) and (mark := error.problem_mark or error.context_mark):
        line, problem = mark.line + 1, " ".join(str(error.problem or error.context).split())[:200]
    elif isinstance(position := getattr(error, "position", None), int):
        line, problem = text.count("\n", 0, position) + 1, "it holds a character that YAML does not allow"
    line = max(1, min(line, text.count("\n") + 1))
    hashes = {number: word for number, word in hashes_in(text).items() if number <= line}
    if hashes:
        # YAML notices only later that the list, which the comment cut off, does not end.
        return Fault(file, max(hashes), QUOTE_HASH.format(hashes[max(hashes)]))
    return Fault(file, line, f"is not YAML here ({problem}): mend this line")


class _Composer:
    """Builds values out of events, to a limited depth."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Trail, int] = {}
        self.faults: list[Fault] = []
        self.parts = 0

    def document(self, events: Iterator[Event]) -> Any:  # noqa: ANN401 - YAML holds any value
        value, documents = None, 0
        for event in events:
            if isinstance(event, DOCUMENT_BEGINS):
                documents += 1
                if documents > 1:
                    halt(_line(event), "a second document begins: keep one file for each")
            elif isinstance(event, NODE):
                value = self._node(event, events, ())
        return value

    def _node(self, event: Event, events: Iterator[Event], trail: Trail) -> Any:  # noqa: ANN401 - as above
        self.lines.setdefault(trail, _line(event))
        self._check_length(event, trail)
        if isinstance(event, SCALAR):
            return _plain(event)
        if isinstance(event, SEQUENCE_BEGINS):
            return self._sequence(events, trail)
        if isinstance(event, MAPPING_BEGINS):
            return self._mapping(events, trail)
        return halt(_line(event), "YAML aliases (*name) are not read: write the value out")

    def _check_length(self, event: Event, trail: Trail) -> None:
        self.parts += 1
        if self.parts > PARTS_MAX:
            halt(_line(event), f"holds more than {PARTS_MAX} values: split the file")
        if len(trail) > DEPTH_MAX:
            halt(_line(event), f"is nested more than {DEPTH_MAX} deep: no register is")
        if getattr(event, "tag", None):
            halt(_line(event), "YAML tags (!name) are not read: write the value plainly")

    def _sequence(self, events: Iterator[Event], trail: Trail) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, SEQUENCE_ENDS):
                break
            items.append(self._node(event, events, (*trail, len(items))))
        return items

    def _mapping(self, events: Iterator[Event], trail: Trail) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for event in events:
            if isinstance(event, MAPPING_ENDS):
                break
            if not isinstance(event, SCALAR):
                halt(_line(event), "the name of a field must be plain text: write `name: value`")
            name, line = _sound(event.value, _line(event)), _line(event)
            doubled = name in fields
            if doubled:
                self.faults.append(Fault(self.file, line, f"{name} is given twice: keep one of them"))
            self.lines.setdefault((*trail, name), line)
            value = self._node(next(events), events, (*trail, name))
            fields.setdefault(name, value)
        return fields


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _sound(text: str, line: int) -> str:
    """The text, unless it holds a lone surrogate (half a character, written as an escape), which cannot be encoded."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        halt(line, "holds half a character (an escape for a surrogate): write the character itself")
    return text


def _plain(event: Event) -> Any:  # noqa: ANN401 - a scalar may be any of five types
    """What an unquoted word means in YAML 1.2; dates and times stay text, for the models to judge."""
    text = _sound(event.value, _line(event))
    if event.style or not event.implicit[0]:
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return _TRUE.fullmatch(text) is not None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FRACTION.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
