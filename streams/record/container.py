"""The file: lines of JSON, each naming the hash of the line before it, so that every byte is accounted for.

The first line is the manifest and the last one the end; between them are registers, orders and facts, each exactly as
it was stored. Every line is in canonical form, so the same record gives the same bytes.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from streams.chain import START
from streams.errors import MessageError
from streams.values import Frozen, Mode, Sentence, Subject, Utc, canonical

FORMAT = "holdingline evidence 1"
LINE_BYTES_MAX = 4 * 1024 * 1024
"""Room for a register as a JSON string; holdingline writes no longer line."""
LINES_MAX = 200_000
FILE_BYTES_MAX = 512 * 1024 * 1024


Kind = Literal["register", "order", "fact", "change-order", "change"]
"""The kinds of line; the last two are orders and facts of the register's own log."""


class Unreadable(MessageError):
    """This is no evidence file, or only a piece of one: export it again."""


class Manifest(Frozen):
    """The first line: what the file holds, who exported it and when; `first` and `last` are hashes of the chain's ends.

    `changes` counts the facts of the register's own log; files from before that log have none.
    """

    kind: Literal["manifest"] = "manifest"
    format: Literal["holdingline evidence 1"] = "holdingline evidence 1"
    line: Literal[1] = 1
    previous: str = START
    subject: Subject
    mode: Mode
    exported_by: Sentence
    exported_at: Utc
    software: Sentence
    registers: int
    orders: int
    facts: int
    first: str
    last: str
    changes: int = 0


class EvidenceLine(Frozen):
    """A register, an order or a fact as it was stored; `id` is the register's version, the order's or fact's own."""

    kind: Kind
    line: int
    previous: str
    id: str
    value: str


class End(Frozen):
    """The last line, so that a file that was cut off is found out."""

    kind: Literal["end"] = "end"
    line: int
    previous: str


Item = tuple[Kind, str, str]
"""Kind, identifier and stored text."""
_LINE: TypeAdapter[EvidenceLine | End] = TypeAdapter(EvidenceLine | End)


@dataclass(slots=True)
class Evidence:
    """The content of a file. `found` names every line that was changed, with its number."""

    manifest: Manifest
    entries: dict[str, list[EvidenceLine]] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def all_of(self, kind: Kind) -> Sequence[EvidenceLine]:
        """The entries of a kind, in the order of the file."""
        return self.entries.get(kind, [])


def written(manifest: Manifest, items: Iterable[Item]) -> bytes:
    """The whole file."""
    lines = [_line(manifest.model_dump(mode="json"))]
    for kind, name, value in items:
        entry = {"kind": kind, "line": len(lines) + 1, "previous": hash_of(lines[-1]), "id": name, "value": value}
        lines.append(_line(entry))
    lines.append(_line({"kind": "end", "line": len(lines) + 1, "previous": hash_of(lines[-1])}))
    return b"".join(lines)


def read(readline: Callable[[int], bytes]) -> Evidence:
    """Read a file by its lines; `Unreadable` if it is no evidence file or too large."""
    lines = _lines(readline)
    first = next(lines, b"")
    evidence = Evidence(_manifest(first))
    before, ended, moved = first, False, 0
    for number, line in enumerate(lines, 2):
        entry = _entry(line, number, evidence.found, moved=moved)
        # One line that was dropped or added moves every line below it.
        moved = entry.line - number if entry is not None else moved
        if ended:
            evidence.found.append(f"line {number}: it stands after the end; it was added")
        if entry is not None and entry.previous != hash_of(before):
            evidence.found.append(f"line {number}: it does not follow line {number - 1}; one of the two was changed")
        if isinstance(entry, EvidenceLine):
            evidence.entries.setdefault(entry.kind, []).append(entry)
        before, ended = line, ended or isinstance(entry, End)
    if not ended:
        evidence.found.append("the last line: the file does not come to its end; it was cut off")
    return evidence


def strict(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON
    """Parse JSON without duplicate names and without NaN or Infinity; `ValueError` for any other text, however deep."""
    from_json(text, allow_inf_nan=False)  # This parser limits the depth; the next one does not.
    return json.loads(text, object_pairs_hook=_once)


def hash_of(line: bytes) -> str:
    """SHA-256 of a line with its line feed."""
    return hashlib.sha256(line).hexdigest()


def _once(pairs: Sequence[tuple[str, Any]]) -> Mapping[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice in it")
    return named


def _line(content: Mapping[str, Any]) -> bytes:
    return canonical(content) + b"\n"


def _lines(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    size = 0
    for number in range(1, LINES_MAX + 2):
        line = readline(LINE_BYTES_MAX + 1)
        size += len(line)
        if len(line) > LINE_BYTES_MAX or number > LINES_MAX or size > FILE_BYTES_MAX:
            raise Unreadable(f"line {number}: this is more than an evidence file may hold: export it again")
        if not line:
            return
        yield line


def _manifest(line: bytes) -> Manifest:
    if line.startswith((b"\x1f\x8b", b"PK")):
        raise Unreadable("line 1: this file is compressed: unpack it, and check what was in it")
    try:
        manifest = Manifest.model_validate(strict(line))
    except ValidationError as error:
        places = ", ".join(str(one["loc"][0]) if one["loc"] else "the line" for one in error.errors()[:5])
        raise Unreadable(f"line 1: this is no manifest of {FORMAT} ({places}): export it again") from None
    except ValueError as error:
        raise Unreadable(f"line 1: this is no evidence file ({error}): export it again") from None
    if _line(manifest.model_dump(mode="json", exclude_unset=True)) != line:
        raise Unreadable("line 1: the manifest is not as it was written: it was changed, export it again")
    return manifest


def _entry(line: bytes, number: int, found: list[str], *, moved: int) -> EvidenceLine | End | None:
    """One line below the manifest; `moved` is by how many places the line before it stands too early."""
    try:
        entry = _LINE.validate_python(strict(line))
    except ValueError:
        found.append(f"line {number}: it is not as it was written; it was changed")
        return None
    if entry.line != number + moved:
        found.append(f"line {number}: line {entry.line} stands here; one was dropped, added or moved")
    elif _line(entry.model_dump(mode="json")) != line:
        found.append(f"line {number}: it is not as it was written; it was changed")
    return entry
