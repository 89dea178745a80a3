"""Rendering: a template and its slots become words; a drill's words always carry the exercise mark."""

import re
from collections.abc import Mapping
from datetime import datetime
from textwrap import shorten
from zoneinfo import ZoneInfo

from streams.values import Form, Purpose, is_drill
from streams.why import because
from streams.words.register.entries import Register, Template
from streams.words.release import Message

MARKS: Mapping[str, str] = {"en": "EXERCISE EXERCISE EXERCISE", "cy": "YMARFER YMARFER YMARFER"}
SHARE: Mapping[str, str] = {"en": "Please share this.", "cy": "Rhannwch hyn, os gwelwch yn dda."}
"""How the public is asked to share a message, in each language that we have it in."""
ALL_MARKS = tuple(MARKS.values())
NEXT_UPDATE = "next_update"
"""The slot of every template that the order's promise fills."""
TAKE_BACK = "take-back"
"""The template that the public reads instead of a partner's post which the partner edited or deleted."""
PARTNER = "partner"
"""The slot of that template that the partner's name fills."""
TITLE_CHARACTERS_MAX = 200
BEGINS_LENGTH = 60
_GAP = re.compile(r"\{([a-z][a-z_]*)\}")


def rendered(
    template: Template, purpose: Purpose, *, slots: Mapping[str, Mapping[str, str]], mode: str, form: Form = Form.LONG
) -> dict[str, str]:
    """The texts of one purpose and form in every language; `slots` gives the words of each slot by language.

    A gap without words stays visible, for the policy to refuse.
    """
    texts = template.in_form(form).get(purpose, {})
    return marked({language: _fill(text, slots, language=language) for language, text in texts.items()}, mode)


def _fill(text: str, slots: Mapping[str, Mapping[str, str]], *, language: str) -> str:
    return _GAP.sub(lambda gap: slots.get(gap[1], {}).get(language, gap[0]), text)


def marked(texts: Mapping[str, str], mode: str) -> dict[str, str]:
    """In a drill, put the exercise mark before every text."""
    if not is_drill(mode):
        return dict(texts)
    return {language: f"{MARKS.get(language, MARKS['en'])}: {text}" for language, text in texts.items()}


def is_marked(text: str) -> bool:
    """Tell whether a text begins with an exercise mark."""
    return text.startswith(ALL_MARKS)


def unmarked(text: str) -> str:
    """The words without their exercise mark."""
    for mark in ALL_MARKS:
        if text.startswith(mark):
            return text.removeprefix(mark).removeprefix(": ")
    return text


def beginning(words: str) -> str:
    """So much of the words that people know which they are."""
    return shorten(words, BEGINS_LENGTH, placeholder="…")


def beginnings(message: Message) -> dict[str, str]:
    """How a message begins, by language: without the mark of a drill, and without whose post it is."""
    whose = f"{message.credit.partner_name}: " if message.credit else ""
    return {language: beginning(unmarked(text).removeprefix(whose)) for language, text in message.texts.items()}


def quote(message: Message) -> str:
    """A message by how its words begin, as people know it; one without words by its identifier."""
    begins = next(iter(beginnings(message).values()), "")
    return f"“{begins}”" if begins else message.id


def text_called(language: str, form: Form) -> str:
    """One of a message's texts, in a sentence about it."""
    if form is Form.SHORT:
        return because("text-short", "the short {language} text", language=language)
    return because("text-long", "the {language} text", language=language)


def gaps_of(text: str) -> set[str]:
    """The names of the slots that a template text has."""
    return set(_GAP.findall(text))


def slots_used(template: Template, purpose: Purpose) -> set[str]:
    """The names of the slots that the words of one purpose have, in any language and form."""
    return set().union(*(gaps_of(text) for form in Form for text in template.in_form(form).get(purpose, {}).values()))


def title_of(what: str, where: str | None) -> str:
    """The public name of an event: what happened and where, in one language."""
    named = f"{what[0].upper()}{what[1:]}"
    return (f"{named} – {where}" if where else named)[:TITLE_CHARACTERS_MAX]


def clock_time(moment: datetime, register: Register) -> str:
    """The time of day as the trust's public reads it: `23:30`."""
    return f"{moment.astimezone(ZoneInfo(register.hours.timezone)):%H:%M}"


def asking_to_share(texts: Mapping[str, str]) -> Mapping[str, str]:
    """The texts, each with the request to share it; a text without the words for it in its language stays as it is."""
    return {language: f"{text} {SHARE[language]}" if language in SHARE else text for language, text in texts.items()}
