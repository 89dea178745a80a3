"""The sentences of the console, for what is read elsewhere: letters and the command line."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from agents.adapters.registers import data_folder
from streams.why import filled, sentence_for, with_terms

LANGUAGES = ("en", "cy")


@cache
def _table(name: str) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = json.loads(
        (data_folder() / "console" / f"{name}.json").read_text(encoding="utf-8")
    )
    return found


def console_says(language: str, *, is_live: bool) -> Callable[..., str]:
    """The sentences in this language by name, with their gaps filled; those of a drill if it is one."""
    words, terms = _table("words")[language], with_terms({}, _table("terms").get(language, {}))

    def say(name: str, /, **gaps: object) -> str:
        return filled(sentence_for(words, name, is_live=is_live), gaps, forms=terms)

    return say
