"""A line that silences a check says why, and names only the rule that is meant."""

import re
import tokenize
from collections.abc import Iterator

from tests.architecture.tree import name, python_files

SILENCER = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover)(?P<rest>.*)")
RULES = re.compile(r"^\s*(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*|\[[a-z\-, ]+\])")
WHOLE_FILE = re.compile(r"#\s*(?:ruff:\s*noqa|flake8:|mypy:|type:\s*ignore\s*$|noqa\s*$)")


def comments() -> Iterator[tuple[str, str]]:
    for path in [*python_files("streams", "agents", "infra", "tests"), *python_files("hatch_build.py")]:
        with tokenize.open(path) as source:
            for token in tokenize.generate_tokens(source.readline):
                if token.type == tokenize.COMMENT:
                    yield f"{name(path)}:{token.start[0]}", token.string


def reason(comment: str) -> str:
    found = SILENCER.search(comment)
    rest = RULES.sub("", found["rest"]) if found else ""
    return rest.strip(" #-–—:,;")


def test_every_ignore_has_its_reason_on_the_line() -> None:
    assert [
        f"{place} {text}" for place, text in comments() if SILENCER.search(text) and len(reason(text).split()) < 2
    ] == []


def test_no_ignore_silences_more_than_it_names() -> None:
    assert [f"{place} {text}" for place, text in comments() if WHOLE_FILE.search(text)] == []
