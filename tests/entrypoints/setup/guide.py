"""The pages that lead a trust from nothing to live: their questions, answers and commands, as a person reads them."""

import re
from collections.abc import Sequence

from tests.architecture.tree import ROOT

GOING_LIVE, GUIDES = "docs/going-live.md", "docs/guides.md"


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows() -> Sequence[tuple[str, str]]:
    """Every question with its answer, in their order."""
    table = page(GOING_LIVE).partition("| question | an answer |\n|---|---|\n")[2].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [(question, answer) for question, answer in cells]


def answers(**changes: str) -> str:
    """The answers as the lines of a file; a change takes the place of the answer to the question that it names."""
    lines = [changes.get("_".join(re.findall(r"\w+", question.casefold())), answer) for question, answer in rows()]
    return "".join(f"{line}\n" for line in lines)


def blocks(name: str) -> Sequence[str]:
    """The commands of a page, block by block."""
    return re.findall(r"```bash\n(.*?)```", page(name), re.DOTALL)
