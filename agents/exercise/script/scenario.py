"""The scenario: a title, a start, what is done at which time, and what is expected of the answer. Data only.

Orders are the commands of `streams.words` in the same words; their times may be written from the start ("+59:00"),
`message_id: latest-draft`, `search_id: latest-search` and `follows: latest-holding` name what is newest when the order
is given; a release is cancelled as `message_id: latest-holding`.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, PlainValidator

from agents.adapters.memory.played_faults import Fault
from streams.subjects.incident import Status
from streams.values import Frozen, Hashtag, Identifier, Language, Mode, Purpose, Sentence, Utc, Word
from streams.words.holds import LiftHold, PlaceHold
from streams.words.incident import Cancel, Declare, Report, StandDown
from streams.words.orders import CommandBody
from streams.words.release import DraftLine, Propose, Release, SignOff
from streams.words.sign_off import Decline, SearchOutcome, SeekSignOff
from streams.words.stops import CancelRelease, Freeze, Resume, ReturnDraft, WithdrawDraft

_OFFSET = re.compile(r"\+?(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")
RATE_MAX = 6_000


def offset(text: object) -> timedelta:
    """Read `+MM:SS` or `+H:MM:SS`."""
    if isinstance(text, timedelta):
        return text
    found = _OFFSET.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('write minutes and seconds from the start in quotes, as in "+03:10"')
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


Offset = Annotated[timedelta, PlainValidator(offset), PlainSerializer(lambda span: span.total_seconds(), float)]


class Crowd(Frozen):
    """Mentions in bulk: these phrases in turn, `rate` a minute, from so many authors; the seed spreads them."""

    phrases: tuple[Sentence, ...] = Field(min_length=1)
    rate: int = Field(ge=1, le=RATE_MAX)
    lasts: Offset
    authors: int = Field(default=100, ge=1, le=100_000)


class FolderPosts(Frozen):
    """The posts of the folder given with the exercise, their real spacing compressed into this time."""

    lasts: Offset


class Post(Frozen):
    """A partner's post. `partner` takes account and domain from the register; a look-alike gives its own."""

    post_id: Identifier
    text: Sentence
    partner: Identifier | None = None
    account_id: Identifier | None = None
    domain: Word | None = None
    change: Literal["new", "edited", "deleted"] = "new"
    language: Language = "en"
    hashtags: tuple[Hashtag, ...] = ()
    url: Word | None = None


class Inject(Frozen):
    """One scripted event. `by` gives the order; `mode` other than the exercise's own is a mistake on purpose."""

    at: Offset
    name: Identifier | None = None
    by: Identifier | None = None
    incident: Identifier | None = None
    mode: Mode | None = None
    report: Report | None = None
    declare: Declare | None = None
    release: Release | None = None
    draft_line: DraftLine | None = None
    sign_off: SignOff | None = None
    propose: Propose | None = None
    seek_sign_off: SeekSignOff | None = None
    decline: Decline | None = None
    stand_down: StandDown | None = None
    cancel: Cancel | None = None
    place_hold: PlaceHold | None = None
    lift_hold: LiftHold | None = None
    return_draft: ReturnDraft | None = None
    withdraw_draft: WithdrawDraft | None = None
    cancel_release: CancelRelease | None = None
    freeze: Freeze | None = None
    resume: Resume | None = None
    mentions: Crowd | None = None
    folder_posts: FolderPosts | None = None
    post: Post | None = None

    @property
    def order(self) -> CommandBody | None:
        """The order that a person gives here, if it is one."""
        return next((body for key in ORDERS if (body := getattr(self, key)) is not None), None)


ORDERS = (
    "report",
    "declare",
    "release",
    "draft_line",
    "sign_off",
    "propose",
    "seek_sign_off",
    "decline",
    "stand_down",
    "cancel",
    "place_hold",
    "lift_hold",
    "return_draft",
    "withdraw_draft",
    "cancel_release",
    "freeze",
    "resume",
)
DOINGS = (*ORDERS, "mentions", "folder_posts", "post")


class Public(Frozen):
    """A message of this purpose is confirmed on these channels, or on all that it was asked for."""

    purpose: Purpose
    channels: tuple[Identifier, ...] = ()


class RefusedOrder(Frozen):
    """The order of this inject is refused, with these words in a reason."""

    inject: Identifier
    because: Sentence


class Letters(Frozen):
    """So many records were set aside, each with these words in its reason."""

    count: int = Field(ge=0)
    because: Sentence | None = None


class Expectation(Frozen):
    """What must come, in one sentence and one of the fields below; `within` counts from inject `of`, or the start.

    `asked` names a person who is paged, `search` how a search for a sign-off ends.
    `counted` is a number of mentions, or `as-recounted`: the plain second count. `unpublished` names an inject.
    """

    says: Word
    within: Offset | None = None
    of: Identifier | None = None
    public: Public | None = None
    amplified: Identifier | None = None
    refused: RefusedOrder | None = None
    noted: Literal["surge", "post-changed"] | None = None
    unpublished: Identifier | None = None
    counted: int | Literal["as-recounted"] | None = None
    dead_letters: Letters | None = None
    status: Status | None = None
    asked: Identifier | None = None
    search: SearchOutcome | None = None


CLAIMS = (
    "asked",
    "search",
    "public",
    "amplified",
    "refused",
    "noted",
    "unpublished",
    "counted",
    "dead_letters",
    "status",
)
INJECT_REFERENCES = ("of", "amplified", "unpublished")


class Changes(Frozen):
    """What this exercise changes in the register, by identifier.

    Every channel becomes a memory channel, but those `as_registered`, with which no exercise begins.
    `troubles` befall every message on a channel: the first at its first try, and so on, then none.
    `unapproved` and `expired` are templates; `away` are people.
    """

    as_registered: tuple[Identifier, ...] = ()
    troubles: Mapping[Identifier, tuple[Fault, ...]] = Field(default_factory=dict)
    unapproved: tuple[Identifier, ...] = ()
    expired: tuple[Identifier, ...] = ()
    away: tuple[Identifier, ...] = ()


class Scenario(Frozen):
    """A scripted incident; `incident` is its identifier, `seed` decides all that is random in it."""

    title: Word
    start: Utc
    lasts: Offset
    incident: Identifier
    seed: int = 1
    register_changes: Changes = Changes()
    injects: tuple[Inject, ...] = Field(min_length=1)
    expectations: tuple[Expectation, ...] = Field(min_length=1)
