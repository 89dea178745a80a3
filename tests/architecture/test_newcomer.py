"""A newcomer understands how an order becomes a fact, and a fact a confirmed delivery, in a quarter of an hour."""

import ast
from pathlib import Path

from tests.architecture.tree import ROOT

# In the order of reading, which README gives too.
PATH = (
    "README.md",
    "streams/__init__.py",
    "streams/words/facts.py",
    "streams/topics.py",
    "streams/decisions/lifecycle.py",
    "streams/decisions/authority/powers.py",
    "streams/decisions/desk/order_table.py",
    "streams/decisions/desk/judge.py",
    "agents/desk.py",
    "agents/ports.py",
    "agents/publishing.py",
    "agents/adapters/memory/channel.py",
    "tests/scenarios/test_refusals.py",
)
LINES_MAX = 900


def lines_to_read(path: Path) -> int:
    """Lines that are not empty, without imports, which a newcomer skips."""
    text = path.read_text(encoding="utf-8")
    body = ast.parse(text).body if path.suffix == ".py" else []
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    skipped = sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in imports)
    return len([line for line in text.splitlines() if line.strip()]) - skipped


def test_the_newcomers_path_stays_short() -> None:
    lines = {step: lines_to_read(ROOT / step) for step in PATH}
    assert sum(lines.values()) <= LINES_MAX, lines


def test_readme_shows_the_path_in_its_order() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    places = [text.find(f"]({step})") for step in PATH[1:]]
    assert -1 not in places
    assert places == sorted(places)
