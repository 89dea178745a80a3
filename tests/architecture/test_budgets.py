"""Nothing grows past what one person can hold in mind."""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from tests.architecture.tree import PACKAGES, line_count, name, python_files

RECEIVERS = ("self", "cls")
EXCUSE = "# budget: "
MODULES_MAX = 12


@dataclass(frozen=True)
class Function:
    """One function of our packages; `lines` is its length without its docstring."""

    place: str
    lines: int
    positional: int
    swappable: bool
    parameters: int
    excused: bool


def functions(path: Path) -> Iterator[Function]:
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield measured(node, f"{name(path)}:{node.lineno} {node.name}", source.splitlines()[node.lineno - 1])


def measured(node: ast.FunctionDef | ast.AsyncFunctionDef, place: str, first_line: str) -> Function:
    positional = [arg for arg in [*node.args.posonlyargs, *node.args.args] if arg.arg not in RECEIVERS]
    docstring = node.body[0] if ast.get_docstring(node) is not None else None
    return Function(
        place=place,
        lines=_span(node) - (_span(docstring) if docstring else 0),
        positional=len(positional),
        swappable=len({ast.dump(arg.annotation) for arg in positional if arg.annotation}) < len(positional),
        parameters=len(positional) + len(node.args.kwonlyargs),
        # Python fixes the parameters of its own methods; a foreign base class is an excuse written on the line.
        excused=node.name.startswith("__") or EXCUSE in first_line,
    )


def _span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def all_functions(*folders: str) -> Sequence[Function]:
    return [function for path in python_files(*folders) for function in functions(path)]


def test_no_folder_holds_more_than_twelve_modules() -> None:
    counted = Counter(path.parent for path in python_files(*PACKAGES) if path.stem != "__init__")
    assert {name(folder): count for folder, count in counted.items() if count > MODULES_MAX} == {}


def test_modules_are_named_by_nouns() -> None:
    """A gerund says that something goes on, and not what is in the file: fewer than one module in twenty has one."""
    modules = [path.stem for path in python_files(*PACKAGES) if path.stem != "__init__"]
    gerunds = [stem for stem in modules if stem.endswith("ing")]
    assert len(gerunds) < len(modules) / 20, gerunds


def test_half_of_the_files_fit_on_two_screens() -> None:
    assert median(line_count(path) for path in python_files(*PACKAGES)) < 100


@pytest.mark.parametrize(("folders", "limit"), [(PACKAGES, 400), (("tests",), 500)])
def test_no_file_is_too_long_to_read_at_once(folders: tuple[str, ...], limit: int) -> None:
    assert [f"{name(path)}: {line_count(path)}" for path in python_files(*folders) if line_count(path) > limit] == []


def test_half_of_the_functions_are_shorter_than_ten_lines() -> None:
    assert median(function.lines for function in all_functions(*PACKAGES)) < 10


@pytest.mark.parametrize(("folders", "limit"), [(PACKAGES, 60), (("tests",), 80)])
def test_no_function_is_longer_than_a_screen(folders: tuple[str, ...], limit: int) -> None:
    assert [
        f"{function.place}: {function.lines}" for function in all_functions(*folders) if function.lines > limit
    ] == []


@pytest.mark.parametrize(("folders", "limit"), [(PACKAGES, 5), (("tests",), 7)])
def test_no_function_takes_more_than_a_handful_of_parameters(folders: tuple[str, ...], limit: int) -> None:
    too_many = [found for found in all_functions(*folders) if found.parameters > limit and not found.excused]
    assert [f"{function.place}: {function.parameters}" for function in too_many] == []


def test_after_the_second_parameter_the_caller_names_them() -> None:
    """So that a caller cannot swap two; a private helper may go without where the type checker would notice."""
    many = [found for found in all_functions(*PACKAGES) if found.positional > 2 and not found.excused]
    unnamed = [found for found in many if found.swappable or not found.place.split()[1].startswith("_")]
    assert [f"{function.place}: {function.positional}" for function in unnamed] == []


def test_an_excuse_is_rare_and_says_why() -> None:
    """At most one function in thirty may take its parameters from somebody else's base class."""
    lines = [line for path in python_files(*PACKAGES) for line in path.read_text(encoding="utf-8").splitlines()]
    reasons = [line.partition(EXCUSE)[2] for line in lines if EXCUSE in line]
    assert all(len(reason.split()) >= 3 for reason in reasons), reasons
    assert len(reasons) <= max(3, len(all_functions(*PACKAGES)) / 30), reasons
