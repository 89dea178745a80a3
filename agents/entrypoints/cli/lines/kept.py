"""What a person has typed so far, in a file that only they may read, until it is handed in."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OWN = 0o600


class KeptAnswers:
    """Answers by the names of an order's fields, in a JSON file that `--file` takes, too.

    The file is written after each answer, so that nothing typed is lost with the terminal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers: dict[str, Any] = _read(path)
        self.is_resumed = bool(self.answers)

    def put(self, name: str, value: object) -> None:
        """Keep an answer, in the place of an earlier one; None takes it out."""
        self.answers = {**self.answers, name: value}
        if value is None:
            del self.answers[name]
        write(self.path, self.json())

    def put_in(self, name: str, language: str, *, text: str | None) -> None:
        """Keep an answer for one language; None takes it out."""
        others = {one: said for one, said in self.within(name).items() if one != language}
        self.put(name, {**others, **({language: text} if text else {})} or None)

    def within(self, name: str) -> Mapping[str, str]:
        """The answers by language."""
        found = self.answers.get(name)
        return found if isinstance(found, dict) else {}

    def json(self) -> str:
        """The answers as the file has them."""
        return json.dumps(self.answers, ensure_ascii=False, indent=2)

    def drop(self) -> None:
        """Remove the files: what is in them was handed in."""
        for path in (self.path, self.text_file):
            path.unlink(missing_ok=True)

    @property
    def text_file(self) -> Path:
        """The file beside it in which an editor opens the texts."""
        return self.path.with_suffix(".txt")


def path_for(kind: str, subject: str) -> Path:
    """Where what is typed about this subject is kept: in the folder that the person is in."""
    return Path(f"{kind}-{re.sub(r'[^A-Za-z0-9._-]+', '-', subject)}.json")


def write(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWN), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), OWN)
        file.write(text)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: value for name, value in found.items() if _is_an_answer(value)} if isinstance(found, dict) else {}


def _is_an_answer(value: object) -> bool:
    """Whether it is a word, words, or words by language; a file that somebody changed may hold anything."""
    parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else [value]
    return all(isinstance(one, str) for one in parts)
