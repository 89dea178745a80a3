"""The watch: far more people than usual name the trust. Orders and facts; they hold figures, and words of our own list.

No text, no account and no identifier of any post is in them.
"""

import operator
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from streams.values import LIST_MAX, Frozen, Identifier, Reason, Sentence, Subject, SubjectKind, Utc, Word

THE_WATCH = Subject(kind=SubjectKind.WATCH, id="trust")
"""There is one watch, over what is said of the trust itself."""
CLOSER = timedelta(minutes=30)
"""So long it is only looked on when a person wants that."""


class WatchFigures(Frozen):
    """So many people in the last `minutes` name the trust, where `usual` are usual.

    `words` are the hazard words of our list that they used most; none where all people were counted, with or without.
    `everyone` is all people of the last 15 minutes, and `peak` the highest that was signalled before.
    `first_seen` is when the first of these people was heard.
    `kinds` is how many people in the last hour used words of each kind of hazard in our list.
    `looked` is set where a person wanted to know what becomes of it by this moment.
    """

    minute: Utc
    people: int = Field(ge=0)
    minutes: int = Field(ge=1)
    usual: float = Field(ge=0)
    everyone: int = Field(ge=0)
    first_seen: Utc
    words: tuple[Word, ...] = Field(default=(), exclude_if=operator.not_)
    peak: int = Field(default=0, ge=0, exclude_if=operator.not_)
    is_estimate: bool = Field(default=False, exclude_if=operator.not_)
    kinds: Mapping[Word, int] = Field(default_factory=dict, max_length=LIST_MAX, exclude_if=operator.not_)
    looked: Utc | None = Field(default=None, exclude_if=operator.not_)


class NoteWatch(WatchFigures):
    """Put what is heard of the trust before a person."""

    kind: Literal["note_watch"] = "note_watch"


class WatchCloser(Frozen):
    """Only look on for 30 minutes; then what became of it is said."""

    kind: Literal["watch_closer"] = "watch_closer"


class NotOurs(Frozen):
    """What is heard is not ours, or no incident; it comes up again at twice as many people or with another hazard."""

    kind: Literal["not_ours"] = "not_ours"
    reason: Reason


WatchOrder = NoteWatch | WatchCloser | NotOurs


class WatchNoted(WatchFigures):
    """What was heard of the trust. It `waits` for a person, unless a person or an incident had settled it before.

    `trust` is what the trust was called then. `declared` counts the incidents that had been declared, and `incident`
    is the latest of them where one went on. `is_other` says that it waits for another hazard than what was settled.
    """

    kind: Literal["watch_noted"] = "watch_noted"
    trust: Word
    waits: bool
    declared: int = 0
    incident: Identifier | None = Field(default=None, exclude_if=operator.not_)
    is_other: bool = Field(default=False, exclude_if=operator.not_)


class WatchedCloser(Frozen):
    """A person only looks on until this moment."""

    kind: Literal["watched_closer"] = "watched_closer"
    until: Utc
    rule: Sentence


class FoundNotOurs(Frozen):
    """A person found that what is heard is not about us, or no incident."""

    kind: Literal["found_not_ours"] = "found_not_ours"
    reason: Sentence
    rule: Sentence


class WatchSettled(Frozen):
    """An incident was declared after it had come up: what is heard is taken to be of that."""

    kind: Literal["watch_settled"] = "watch_settled"
    incident: Identifier
    declared: int


WatchFact = WatchNoted | WatchedCloser | FoundNotOurs | WatchSettled
