"""What others say, and what is made of it: mentions, signals, partners' posts; and why a record was set aside."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from streams import foreign
from streams.values import UNDETERMINED, Frozen, Hashtag, Identifier, Language, Mode, Sentence, Utc, Word

Foreign = Annotated[Identifier, BeforeValidator(foreign.identifier)]
"""What a source calls one of its posts; what is no identifier here becomes one."""


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
    """A post of an official source as it reached us; `account_id` is what the partner is pinned by.

    Its source decides the form: what is odd is mended, or left out where the words can do without, see `foreign`.
    A field that the format does not know is passed over.
    """

    model_config = ConfigDict(extra="ignore")

    version: Literal[1] = 1
    id: Foreign
    mode: Mode
    change: Literal["new", "edited", "deleted"] = "new"
    account_id: Annotated[Identifier, BeforeValidator(foreign.account)]
    domain: Annotated[Word, BeforeValidator(foreign.domain)]
    post_id: Foreign
    at: Annotated[Utc, BeforeValidator(foreign.moment)]
    text: Annotated[str, Field(max_length=10_000), BeforeValidator(foreign.words)]
    language: Annotated[Language, BeforeValidator(foreign.language)] = UNDETERMINED
    hashtags: Annotated[tuple[Hashtag, ...], BeforeValidator(foreign.hashtags)] = ()
    url: Annotated[Word | None, BeforeValidator(foreign.address)] = None


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
