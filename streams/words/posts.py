"""What others say, and what is made of it: mentions, signals, partners' posts; and why a record was set aside."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from streams.values import Frozen, Hashtag, Identifier, Mode, Sentence, Utc, Word


class Mention(Frozen):
    """A public post that may name us or an incident."""

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    author_id: Identifier
    at: Utc
    text: Annotated[str, Field(max_length=10_000)]


class MentionCount(Frozen):
    """How many mentions of one incident a worker found in one batch, by minute; `unmatched` are those of none."""

    version: Literal[1] = 1
    mode: Mode
    incident_id: Identifier
    minutes: Mapping[Utc, int]


class Signal(Frozen):
    """What was concluded from the mentions of an incident."""

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    incident_id: Identifier
    signal: Literal["surge"]
    minute: Utc
    count: int


class PartnerPost(Frozen):
    """A post of an official source as it reached us; `account_id` is what the partner is pinned by."""

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    change: Literal["new", "edited", "deleted"] = "new"
    account_id: Identifier
    domain: Word
    post_id: Identifier
    at: Utc
    text: Annotated[str, Field(max_length=10_000)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    hashtags: tuple[Hashtag, ...] = ()
    url: Word | None = None


class DeadLetter(Frozen):
    """Why a record could not be decoded or handled: its headers. Key and value are the original's, untouched.

    Of one too large to be written again with these headers only the beginnings are kept, and `reason` says so.
    """

    topic: str
    partition: int
    offset: int
    handler: str
    reason: Sentence
    at: Utc
