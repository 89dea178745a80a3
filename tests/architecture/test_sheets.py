"""`streams` fits on two sheets: its parts on one, and what is in the part that decides on another. Arrows go down."""

import ast
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, name, python_files

ROOMS_MAX = 20
SHEETS = {"streams": "What flows, and what is made of it", "streams.decisions": "What is decided"}
PICTURE = ROOT / "docs/decisions/0003-layout.md"

Rooms = Mapping[str, AbstractSet[str]]
"""The rooms of a sheet, each with those that it imports from."""


def rooms_of(sheet: str) -> Rooms:
    """Every package and module directly in a package; what lies deeper counts as its room."""
    found: dict[str, set[str]] = {}
    for path in python_files(sheet.replace(".", "/")):
        room = room_in(sheet, module_of(path))
        if room:
            arrows = found.setdefault(room, set())
            arrows |= {other for one in imports(path) if (other := room_in(sheet, one))} - {room}
    return found


def module_of(path: Path) -> str:
    return name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def room_in(sheet: str, module: str) -> str | None:
    """The room of a sheet that a module lies in; None if it lies in none."""
    return module.removeprefix(f"{sheet}.").partition(".")[0] if module.startswith(f"{sheet}.") else None


def imports(path: Path) -> Iterator[str]:
    """Every module that a file names in an import, and every name that it takes out of one: it may be a module too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def floors(rooms: Rooms) -> list[list[str]]:
    """The rooms by floor, from the top; each stands above all that it imports, else `CycleError`."""
    order = TopologicalSorter(rooms)
    order.prepare()
    found: list[list[str]] = []
    while order.is_active():
        ready = order.get_ready()
        found.append(sorted(ready))
        order.done(*ready)
    return found[::-1]


def drawn(sheet: str) -> str:
    """A sheet as the picture has it, a floor a line."""
    lines = [f"{SHEETS[sheet]} (`{sheet}`):", ""]
    return "\n".join([*lines, *(f"    {' · '.join(floor)}" for floor in floors(rooms_of(sheet)))])


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_has_few_rooms_and_no_arrow_up(sheet: str) -> None:
    rooms = rooms_of(sheet)
    assert len(rooms) <= ROOMS_MAX
    assert sum(len(floor) for floor in floors(rooms)) == len(rooms)


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_picture_shows_the_rooms_as_they_are(sheet: str) -> None:
    """If it does not, put there what this test says."""
    assert drawn(sheet) in PICTURE.read_text(encoding="utf-8"), drawn(sheet)


@pytest.mark.parametrize("sheet", SHEETS)
def test_any_arrow_turned_round_is_found(sheet: str) -> None:
    """From the top floor to the lowest and back is a circle, whichever rooms stand there."""
    rooms = rooms_of(sheet)
    for room, below in rooms.items():
        for lower in below:
            with pytest.raises(CycleError):
                floors({**rooms, lower: rooms[lower] | {room}})


def test_an_import_is_an_arrow_however_it_is_written(tmp_path: Path) -> None:
    """Inside a function and under `TYPE_CHECKING` too."""
    file = tmp_path / "any.py"
    late = "def late():\n    from streams.subjects.fold import fold\n"
    file.write_text(f"import streams.words.facts\nfrom streams import chain\n{late}", encoding="utf-8")
    rooms = {room_in("streams", one) for one in imports(file)} - {None}
    assert rooms == {"words", "chain", "subjects"}
