"""Where the decisions can refuse, read from their source: the calls that make a refusal, and the sentences it says."""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from streams import decisions
from streams.decisions.authority.order import Order
from streams.decisions.verdict import Refused

FOLDER = Path(decisions.__file__).parent
PROOFS = FOLDER.parent / "words" / "register"
"""Here it is judged whether a key, a passkey or a code fits; why not is a part of a reason."""
PARTS_MADE = (
    *("subjects/incident.py", "subjects/plan.py", "decisions/partners/accounts.py", "coming_times.py"),
    "telling/network/lines.py",
)
"""Here it is said why nothing more goes out, what became of a partner's post, why a time does not fit, and whose word
a hold waits for.
"""
SILENT = (
    *("wording/patterns.py", "wording/placeholders/", "sign_off/closings.py", "sign_off/concern_words.py"),
    *("partners/accounts.py", "partners/look_alikes.py", "listening/routes/", "channels/picture_rules.py"),
)
"""How the paths of files begin that refuse nothing: patterns of words, pages, what others did, and pictures."""
NO_REFUSALS = (
    "your yes is needed by",  # A page.
    "The next person is asked at",  # A page.
    "ends in … days, on",  # What will be refused in weeks to come.
    "is due for review in … days",
    "the entries of the files as they are",  # What a founding is.
    "may be unfinished: ",  # Doubts, which are shown to the person who signs.
    "no hold keeps that back now",
    "doubts more: read the text again",
    "see whether it fits",
    "the number plate of a vehicle",
    "somebody's address",
    "take it out if it is somebody's",
    "In doubt: ",
    "as the register knows it: the link is left out",
    "and we share nothing of that kind",
    "rely on our copy of it",  # What the public reads.
    "Peidiwch â dibynnu ar ein copi",
    "os gwelwch yn dda",
    "characters as X counts them",  # A unit.
    "characters as Mastodon counts them",
    "watch not-ours",  # What an order is typed as.
    "note post change",  # What an order is called.
    "take post over",
    "note look alike",
    "note sign ins",
    "note listed of us",
    "note story course",
    "decide not to answer",
    "settle look alikes",
    "report to police",
    "release case evidence",
    "report-to-police",  # A page.
    "to be reported to the police",  # What a chain is asked.
    "are gone is not known yet",  # Why an outcome is unknown.
    "the earlier post was deleted by hand by",  # What a person did, and what is left to do.
    "delete our post with message",
    "university health board",  # What ends the name of a trust.
    "nhs foundation trust",
    "it may name a person",  # Why a hashtag is not offered.
    "it has abusive words",
    "it holds personal data",
    "held back by the hold",
)
"""The sentences of other files that refuse nothing."""
OFF_SCREEN = (
    "sign_off/page_steps.py: ",  # Why somebody was passed over, and how a search ended: pages tell what became of it.
    "sign_off/concerns.py: … has taken it on",
    "desk/rows/cases.py: hand on case",  # What an order is called: `terms.json` has each.
    "desk/rows/delivery.py: done by hand",
    "desk/rows/release.py: record by hand",
    "desk/rows/sign_off.py: seek sign off",
    "partners/posted_from.py: holdingline feeds pin",  # A command in a sentence that is told.
    "release/by_hand.py: its option ",  # What `holdingline check` says of the register's files.
    "release/by_hand.py: there is no option ",
    "wording/slot_values.py: ",  # What fills gaps of sentences that are told: `terms.json` has each.
)
"""How sentences begin that no page shows as they are, each by its file; a test looks that pages leave them out."""
WORDS_MIN = 3
"""So many words in small letters make a sentence."""
Place = tuple[str, int, int, int, int]
"""File, and from line and column to line and column: what Python keeps of every call."""


@cache
def modules() -> Sequence[tuple[str, ast.Module]]:
    found = ((_name(path), path) for path in sorted(FOLDER.rglob("*.py")))
    return [(name, ast.parse(path.read_text(encoding="utf-8"))) for name, path in found if not name.startswith(SILENT)]


def parts_elsewhere() -> Iterator[ast.Module]:
    """Where parts of reasons are made beside the places that refuse."""
    paths = (*sorted(PROOFS.glob("*.py")), *(FOLDER.parent / path for path in PARTS_MADE))
    yield from (ast.parse(path.read_text(encoding="utf-8")) for path in paths)


def _name(path: Path) -> str:
    """The path below the decisions; the bare name of a file that lies elsewhere."""
    return path.relative_to(FOLDER).as_posix() if path.is_relative_to(FOLDER) else path.name


@cache
def calls() -> frozenset[Place]:
    """Each call of `Refused(...)` or of `order.refused(...)`."""
    return frozenset(
        (name, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node.func) in {"Refused", "refused"}
    )


def _called(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


@cache
def sentences() -> dict[str, re.Pattern[str]]:
    """Each sentence that stands in the code, by its place, as a pattern of what becomes of it."""
    return {
        f"{name}:{node.lineno}: {words}": re.compile(_pattern(node))
        for name, tree in modules()
        for node in _texts(tree)
        if _is_sentence(words := _words(node))
    }


def _texts(tree: ast.Module) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Every text but docstrings, and f-strings as a whole."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in parts | notes:
            continue
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            yield node


def _words(node: ast.Constant | ast.JoinedStr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in parts)


def _pattern(node: ast.Constant | ast.JoinedStr) -> str:
    """A text that is filled in later has its gaps in braces."""
    return ".*".join(re.escape(part) for part in re.split(r"…|\{\w+\}", _words(node)))


def _is_sentence(words: str) -> bool:
    if any(one in words for one in NO_REFUSALS) or set(words) & {"\\", "|"} or " " not in words:
        return False
    return len(re.findall(r"(?<![\w'])[a-z']+(?![\w'])", words)) >= WORDS_MIN


@cache
def kinds() -> dict[str, frozenset[str] | None]:
    """Each kind of reason that the code makes with `because`, and the names of its gaps where they stand there."""
    return {
        node.args[0].value: frozenset(one.arg for one in node.keywords if one.arg)
        if all(one.arg for one in node.keywords)
        else None
        for tree in (*(tree for _, tree in modules()), *parts_elsewhere())
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _called(node.func) == "because"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


@cache
def untold() -> frozenset[str]:
    """The sentences of refusals that a page can show and no `because` makes: no page tells them in another language."""
    made = {
        id(text)
        for _, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _called(node.func) == "because")
        or (isinstance(node, ast.Assign | ast.AugAssign) and "form" in ast.unparse(node).partition("=")[0])
        for text in ast.walk(node)
    }
    return frozenset(
        f"{name}: {words}"
        for name, tree in modules()
        for node in _texts(tree)
        if id(node) not in made and _is_sentence(words := _words(node))
        if not f"{name}: {words}".startswith(OFF_SCREEN)
    )


@dataclass
class Heard:
    """What was refused while cases were walked: from which places, and in which words."""

    places: set[Place] = field(default_factory=set)
    said: list[str] = field(default_factory=list)

    def listens(self, patch: pytest.MonkeyPatch) -> None:
        """Keep every refusal from now on."""
        make, refuse = Refused.__init__, Order.refused

        def made(refused: Refused, *given: Any, **named: Any) -> None:
            make(refused, *given, **named)
            self.places.add(_place(sys._getframe(1)))
            self.said.extend(refused.reasons)

        def refusing(order: Order, *reasons: str, **named: Any) -> Any:
            self.places.add(_place(sys._getframe(1)))
            return refuse(order, *reasons, **named)

        patch.setattr(Refused, "__init__", made)
        patch.setattr(Order, "refused", refusing)


def _place(frame: FrameType) -> Place:
    line, end_line, column, end_column = [*frame.f_code.co_positions()][frame.f_lasti // 2]
    return (_name(Path(frame.f_code.co_filename)), line or 0, column or 0, end_line or 0, end_column or 0)
