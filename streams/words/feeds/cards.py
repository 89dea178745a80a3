"""Cards of feeds: what each kind can do, as data."""

from typing import Literal

from streams.values import Frozen, Identifier, Sentence

Sees = Literal["yes", "by-asking", "by-absence", "no"]
"""Whether a source tells that a post was taken away: by itself, if it is asked for the post, since the post is missing
from the current set, or not at all."""


class FeedCard(Frozen):
    """What a kind of feed can do, as data.

    `transport` is how it is read: asked every `every_seconds`, a stream that the source keeps open, or a hook that the
    source calls. `signed` is whether it proves who wrote it beyond the address that it came from.
    `keeps` says how far back the source goes, in words; `needs_secret` whether an account has to name one.
    """

    kind: Identifier
    about: Sentence
    transport: Literal["poll", "stream", "hook"]
    every_seconds: float | None = None
    sees_edits: bool
    sees_deletions: Sees
    signed: bool = False
    keeps: Sentence
    needs_secret: bool = False
