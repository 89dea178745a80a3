"""Hashtags that people use of an incident: they are offered where words are prepared, and nothing uses one by itself.

A hashtag is public words that we propose, so it passes the checks of public hashtags before it is named here. Of one
that does not pass, only the reason is kept, never the hashtag.
"""

import operator
from functools import partial
from typing import Literal

from pydantic import Field

from streams.values import Frozen, Hashtag, Identifier, Sentence, Word

TAGS_OFFERED = 3
"""So many are offered, and of so many at most it is said why they are not."""
_is_none = partial(operator.is_, None)


class TagUse(Frozen):
    """A hashtag, folded, and why it is offered: so many people used it in the last `minutes`.

    `before` is how often it was seen in the sample of other posts of the week before; None where there is no sample.
    `partner` uses it, or registered it; `partner_name` is what that is called.
    """

    tag: Hashtag
    people: int = Field(ge=0)
    minutes: int = Field(ge=1)
    before: int | None = Field(default=None, ge=0, exclude_if=_is_none)
    partner: Identifier | None = Field(default=None, exclude_if=operator.not_)
    partner_name: Word | None = Field(default=None, exclude_if=operator.not_)


class TagWithheld(Frozen):
    """A hashtag that is not offered: how many people used it, and why it is not; the hashtag itself is kept nowhere."""

    people: int = Field(ge=0)
    minutes: int = Field(ge=1)
    reason: Sentence


class NoteTags(Frozen):
    """Put the hashtags that people use before the commander, the best first; `overtook` was the first until now."""

    kind: Literal["note_tags"] = "note_tags"
    tags: tuple[TagUse, ...] = Field(default=(), max_length=TAGS_OFFERED)
    withheld: tuple[TagWithheld, ...] = Field(default=(), max_length=TAGS_OFFERED, exclude_if=operator.not_)
    overtook: Hashtag | None = Field(default=None, exclude_if=operator.not_)


class TagsNoted(Frozen):
    """The commander was shown these hashtags, see `NoteTags`."""

    kind: Literal["tags_noted"] = "tags_noted"
    tags: tuple[TagUse, ...] = ()
    withheld: tuple[TagWithheld, ...] = Field(default=(), exclude_if=operator.not_)
    overtook: Hashtag | None = Field(default=None, exclude_if=operator.not_)
