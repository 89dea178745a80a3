"""What others say, and what is made of it: mentions, signals, partners' posts; and why a record was set aside."""

import operator
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from streams import foreign
from streams.values import LIST_MAX, UNDETERMINED, Frozen, Hashtag, Identifier, Language, Mode, Sentence, Utc, Word
from streams.words.cases import CaseSort
from streams.words.influence.entries import InfluenceCategory

Foreign = Annotated[Identifier, BeforeValidator(foreign.identifier)]
"""What a source calls one of its posts; what is no identifier here becomes one."""

Name = Annotated[Word | None, BeforeValidator(foreign.name)]
"""What an account calls itself; a name proves nothing."""
PostStatus = Literal["actual", "exercise", "system", "test", "draft"]
"""Whether its author means a post, in the words of CAP 1.2."""


VOICES_MAX = 1_000
"""So many people one count tells of; more are told by several counts."""
ROUTED_MAX = 500
"""So many posts that may be cases one count tells of; more are told by several counts."""


class Mention(Frozen):
    """A public post that may name us or an incident.

    What a source does not tell is None, or empty: then nothing is concluded from it.
    `repost_of` and `reply_to` are the source's names of other posts; `addressed` are the accounts that it speaks to.
    `followers` is how many accounts follow its author.
    """

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    author_id: Identifier
    at: Utc
    text: Annotated[str, Field(max_length=10_000)]
    repost_of: Foreign | None = None
    reply_to: Foreign | None = None
    addressed: Annotated[tuple[Foreign, ...], Field(max_length=LIST_MAX)] = ()
    followers: Annotated[int, Field(ge=0)] | None = None
    language: Annotated[Language, BeforeValidator(foreign.language)] = UNDETERMINED


class Voice(NamedTuple):
    """One person who was heard in one post: in which 15 seconds since the epoch, and with which hazard words.

    `person` is a hash of the account with a key that lasts a day, see `listening.crowd`. `tags` are the post's
    hashtags, folded, and `wording` a hash of its words, by which reposts are known; both are left out where they are
    not counted. `before` is the same account's hash with the key of the day before, until a quarter past midnight, or
    one at night if there are hazard words, so that no one who posts on both days counts twice; 0 later.
    """

    heard: int
    person: int
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    wording: int = 0
    before: int = 0


class Routed(NamedTuple):
    """One post that may be a case, in which 15 seconds since the epoch, by the rule of this name and `words` of ours.

    `post` and `person` are what it and its account are hashed to with the key of the day; `name` is what its source
    calls it. What is only counted has neither.
    """

    heard: int
    sort: CaseSort
    rule: str
    words: tuple[str, ...] = ()
    addressed: bool = False
    post: int = 0
    person: int = 0
    name: str = ""


class WordingHeard(NamedTuple):
    """What a batch tells of one wording: its words as numbers, whether it asks if something is true, its first post."""

    wording: int
    words: tuple[int, ...]
    asks: bool
    post: Foreign


class PassedOn(NamedTuple):
    """A person passed on a post in this minute of this hour from the epoch; see `listening.spread` for the numbers."""

    post: int
    person: int
    hour: int
    minute: int = 0


class ListedPosts(NamedTuple):
    """So many posts of authors of one category on the influence list, the first of them at this moment."""

    category: InfluenceCategory
    posts: int
    since: Utc


class MentionCount(Frozen):
    """How many mentions of one incident a worker found in one batch, by minute; `unmatched` are those of none.

    `voices` are the people, and `routed` the posts that may be cases, each in the order in which they came.
    `wordings` come with the first of their voices; of the batch's wordings one in `read_one_in` was read.
    `followers` is the sum of those of the authors, over the `with_followers` posts whose source tells how many.
    `usual_tags` is how often their hashtags were seen in a sample of other posts of the week before, of which there
    were as many as stand under no name; `partner_voices` are the voices, by their person, that are a partner's.
    `listed` are posts of authors on the influence list. `passed_on` is who passed on whose posts about us, which is
    counted under a name of its own.
    """

    version: Literal[1] = 1
    mode: Mode
    incident_id: Identifier
    minutes: Mapping[Utc, int]
    voices: Annotated[tuple[Voice, ...], Field(max_length=VOICES_MAX)] = ()
    routed: Annotated[tuple[Routed, ...], Field(max_length=ROUTED_MAX)] = ()
    wordings: Annotated[tuple[WordingHeard, ...], Field(max_length=VOICES_MAX)] = ()
    read_one_in: int = 1
    followers: int = Field(default=0, ge=0, exclude_if=operator.not_)
    with_followers: int = Field(default=0, ge=0, exclude_if=operator.not_)
    usual_tags: Mapping[str, int] = Field(default_factory=dict)
    partner_voices: Mapping[int, Identifier] = Field(default_factory=dict)
    listed: Annotated[tuple[ListedPosts, ...], Field(max_length=LIST_MAX)] = ()
    passed_on: Annotated[tuple[PassedOn, ...], Field(max_length=VOICES_MAX, exclude_if=operator.not_)] = ()


class Signal(Frozen):
    """What was concluded from the mentions of an incident; without one, from posts that name us.

    So many people in the last `minutes`, where `usual` are usual; `words` are the hazard words that they used most.
    In older records `count` is posts in one minute. `peak` is the highest that was signalled before.
    `is_estimate` says that the count rests on a sample.
    """

    version: Literal[1] = 1
    id: Identifier
    mode: Mode
    incident_id: Identifier | None = None
    signal: Literal["surge", "watch-surge", "tag"]
    minute: Utc
    count: int
    minutes: int | None = None
    usual: float | None = None
    words: tuple[Word, ...] = ()
    peak: int = 0
    is_estimate: bool = False

    @property
    def about(self) -> str:
        """The incident, or that it is about none."""
        return self.incident_id or "none"


class PartnerPost(Frozen):
    """A post of an official source as it reached us; `account_id` is what the partner is pinned by.

    Its source decides the form: what is odd is mended, or left out where the words can do without, see `foreign`.
    A field that the format does not know is passed over.

    `revision` is what the source calls this version of the post: a content hash, or the moment of an edit.
    `genre` is whether a person wrote it or an authority warns by it, `status` whether it is meant: see CAP 1.2.
    `handle` is what the account called itself then; a name proves nothing.
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
    revision: Foreign | None = None
    genre: Literal["post", "warning"] = "post"
    status: PostStatus = "actual"
    expires_at: Utc | None = None
    handle: Name = None


class AccountChange(StrEnum):
    """What became of a partner's account, as its source tells."""

    RENAMED = "renamed"
    SUSPENDED = "suspended"
    GONE = "gone"
    UNVERIFIED = "unverified"
    BACK = "back"


class PartnerChange(Frozen):
    """A change of a partner's account itself: `called` is its handle now, `before` the one that it had."""

    version: Literal[1] = 1
    id: Foreign
    mode: Mode
    change: AccountChange
    account_id: Annotated[Identifier, BeforeValidator(foreign.account)]
    domain: Annotated[Word, BeforeValidator(foreign.domain)]
    at: Utc
    called: Name = None
    before: Name = None


def _of_what(stored: Any) -> str:  # noqa: ANN401 - any JSON, or one of the two
    change = stored.get("change") if isinstance(stored, dict) else getattr(stored, "change", None)
    return OF_ACCOUNT if isinstance(change, str) and change in {*AccountChange} else OF_POST


OF_POST, OF_ACCOUNT = TAGS = ("PartnerPost", "PartnerChange")
PartnerEvent = Annotated[
    Annotated[PartnerPost, Tag(OF_POST)] | Annotated[PartnerChange, Tag(OF_ACCOUNT)], Discriminator(_of_what)
]
"""What comes from a partner: its posts, and what becomes of its accounts."""


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
