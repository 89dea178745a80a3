"""The sentences of the console in each of its languages: for its pages, for letters and for the command line."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from agents.adapters.registers import data_folder
from streams.why import Why, filled, in_terms, sentence_for, whys_of, with_terms, with_whys
from streams.words.facts import CommandRefused
from streams.words.release import Message

LANGUAGES = ("en", "cy")


def in_english(text: str) -> Markup:
    """A sentence of the rules, which are in English, so that a voice that reads a Welsh page out knows."""
    return Markup('<span lang="en">{}</span>').format(text)


@dataclass(frozen=True, slots=True)
class ToldReason:
    """A reason of the rules, and the language that it is in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of the console in one language; called with a name, it gives one with its gaps filled.

    `forms` are the reasons of the rules in this language, by kind, and our own words that fill gaps, as `in_terms`
    takes them; those that it lacks stay in English.
    """

    language: str
    words: Mapping[str, str]
    forms: Mapping[str, str]
    is_live: bool = field(kw_only=True)

    def __call__(self, name: str, /, **gaps: object) -> str:
        """The sentence of this name; that of a drill if it is one."""
        return filled(sentence_for(self.words, name, is_live=self.is_live), gaps, forms=self.forms)

    def term(self, gap: str, word: str) -> str:
        """One of our own words, as this language has it in this gap."""
        return in_terms(gap, word, forms=self.forms)

    def english(self, text: str) -> str:
        """What stays English in this language, marked where the page is not."""
        return text if self.language == LANGUAGES[0] else in_english(text)

    def reasons(self, refusal: CommandRefused) -> Sequence[ToldReason]:
        """Why an order is refused."""
        return self.each(refusal.reasons, refusal.why)

    def doubts(self, message: Message) -> Sequence[ToldReason]:
        """What is suspected of words that wait for a yes."""
        return self.each(message.doubts, message.why)

    def each(self, texts: Sequence[str], whys: Sequence[Why | None]) -> Sequence[ToldReason]:
        """Reasons in English, and by each how it was made, where that is known."""
        return [self.reason(*one) for one in with_whys(texts, whys)]

    def misfit(self, text: str) -> str:
        """What is wrong with what was typed, in a sentence of the rules."""
        return self.written(self.reason(text, whys_of(text)))

    def written(self, told: ToldReason) -> str:
        """A reason as the page has it: what is not in its language is marked."""
        return told.text if told.language == self.language else self.english(told.text)

    def reason(self, text: str, whys: Sequence[Why]) -> ToldReason:
        """Reasons in one text, by how each was made; in English where that is not known of each, or not told here."""
        told = [one.told(self.forms) for one in whys]
        if told and all(told):
            return ToldReason("; ".join(filter(None, told)), self.language)
        for one in whys if self.language == LANGUAGES[0] else ():
            text = one.in_words(text, forms=self.forms)
        return ToldReason(text, LANGUAGES[0])


def console_folder() -> Path:
    """Where the words and the pages of the console are."""
    return data_folder() / "console"


@cache
def console_says(language: str, *, is_live: bool) -> Sentences:
    """The sentences in this language, by name."""
    forms = with_terms(_read("reasons").get(language, {}), _read("terms").get(language, {}))
    return Sentences(language, _read("words")[language], forms, is_live=is_live)


@cache
def _read(name: str) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = json.loads((console_folder() / f"{name}.json").read_text(encoding="utf-8"))
    return found
