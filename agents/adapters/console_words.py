"""The sentences of the console, for what is read elsewhere: letters and the command line."""

import json
from collections.abc import Callable, Mapping
from functools import cache

from agents.adapters.registers import data_folder

LANGUAGES = ("en", "cy")


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = json.loads(
        (data_folder() / "console" / "words.json").read_text(encoding="utf-8")
    )
    return found


def console_says(language: str) -> Callable[..., str]:
    """The sentences in this language by name, with their gaps filled."""
    words = _words()[language]

    def say(name: str, /, **gaps: object) -> str:
        return words[name].format(**gaps)

    return say
