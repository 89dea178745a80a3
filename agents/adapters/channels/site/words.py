"""The words around the messages: headings and labels in each language, kept as data beside the page's template."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, TypeAdapter, ValidationError

from streams.codec import says
from streams.moments import whole
from streams.values import Frozen, IncidentType, Language, Purpose, Word
from streams.words.release import Message

FALLBACK, WORDS = "en", "site.words.json"


class PageWords(Frozen):
    """All labels of one language."""

    name: Word
    heading: Word
    exercise: Word
    latest: Word
    earlier: Word
    published: Word
    next_update: Word
    share: Word
    official: Word
    newest: Word
    feeds: Word
    feed: Word
    alerts: Word
    withdrawn: Word
    corrected: Word
    credit: Word
    original: Word
    more: Word = "More information"
    incident: Word
    purposes: Mapping[Purpose, Word]
    types: Mapping[IncidentType, Word]
    months: Sequence[Word] = Field(min_length=12, max_length=12)

    def event(self, kind: IncidentType | None) -> str:
        """What kind of incident it is, in this language."""
        return self.types[kind] if kind else self.incident

    def title(self, message: Message, language: str) -> str:
        """What a message is and what it is about; what it is alone, where it has no title in this language.

        A trust's own words may be from before there was such a purpose.
        """
        about, purpose = message.titles.get(language), self.purposes.get(message.purpose)
        return f"{purpose}: {about}" if purpose and about else purpose or about or self.heading


Words = Mapping[Language, PageWords]


def load_words(pages: Path) -> Words:
    """Read `site.words.json` of this folder; `ValueError` names what a language lacks."""
    content = json.loads((pages / WORDS).read_text(encoding="utf-8"))
    try:
        words = TypeAdapter(dict[Language, PageWords]).validate_python(content)
    except ValidationError as error:
        raise ValueError(says(error)) from None
    if FALLBACK not in words:
        raise ValueError(f"the language {FALLBACK} is missing, which serves where another has no words")
    return words


def words_for(words: Words, language: str) -> PageWords:
    """The labels of a language; the English ones if there are none."""
    return words.get(language, words[FALLBACK])


def spoken(moment: datetime, words: PageWords, *, zone: ZoneInfo) -> str:
    """A moment as the public reads it: `22:45, 21 November 2026`, in local time."""
    return whole(moment, zone=zone, months=words.months)
