"""A sentence of `words.json` on a page: each part in the page's language, or marked as the language that it is in."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from markupsafe import Markup, escape

from agents.runtime.views.console_words import Sentences
from streams.moments import near_in
from streams.telling.briefing.sections import BriefingLine, NamedWord
from streams.telling.happenings.names import FirstWords, WrittenWords
from streams.why import sentence_for
from streams.words.facts import CommandRefused


def sentence(one: BriefingLine, words: Sentences, *, zone: tzinfo, now: datetime) -> Markup:
    """The sentence with its gaps filled; moments are told as who reads it at `now` takes them."""

    def gap(name: str, value: object) -> object:
        match value:
            case BriefingLine():
                return sentence(value, words, zone=zone, now=now)
            case NamedWord(named):
                return words(named)
            case datetime():
                return words.term("moment", near_in(zone, value, now=now))
            case WrittenWords(text, why):
                return words.written(words.reason(" ".join(text.split()), why))
            case FirstWords(texts):
                return _first_words(texts, words.language)
            case CommandRefused():
                return _reasons(value, words)
            case tuple():
                between = "; " if any(isinstance(part, BriefingLine | WrittenWords) for part in value) else ", "
                return escape(between).join(escape(gap(name, part)) for part in value)
            case int() | float():
                return value  # The sentence may say how a number is written.
            case _:
                return words.term(name, str(value))

    form = escape(sentence_for(words.words, one.name, is_live=words.is_live))
    return form.format(**{name: gap(name, value) for name, value in one.gaps.items()})


def sentences(found: Sequence[BriefingLine], words: Sentences, *, zone: tzinfo, now: datetime) -> Markup:
    """These sentences, one after the other."""
    return Markup(" ").join(sentence(one, words, zone=zone, now=now) for one in found)


def _first_words(texts: Mapping[str, str], language: str) -> str:
    if language in texts:
        return f"“{texts[language]}”"
    return next((Markup('<span lang="{}">“{}”</span>').format(*one) for one in texts.items()), "")


def _reasons(refusal: CommandRefused, words: Sentences) -> Markup:
    return Markup("; ").join(map(words.written, words.reasons(refusal)))
