"""Planned posts: one text, one time, some channels, on no incident. Orders and facts.

Declaring any incident holds every one of them; after it each is looked at again, one by one.
"""

import operator
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from streams.values import LIST_MAX, Frozen, Identifier, Language, Prose, Reason, Reference, Sentence, Utc, Word
from streams.words.register.entries import SlotName
from streams.words.release import Message

BESIDE_MAX = 200
"""So many times of other posts are looked at."""


class PlanPost(Frozen):
    """Plan a post for a time to come: of an approved template, or in words that another person says yes to.

    `beside` are the times of the other posts that are planned on any of these channels, or went out in the last week.
    """

    kind: Literal["plan_post"] = "plan_post"
    at: Utc = Field(description="When it goes out, as 17:00, +30m, or all of it with its offset.")
    channels: tuple[Identifier, ...] = Field(min_length=1, max_length=LIST_MAX, description="A channel, once for each.")
    template: Identifier | None = Field(
        default=None, description="The template, as `holdingline templates` lists it, that has a planned text."
    )
    slots: Mapping[SlotName, Word] = Field(default_factory=dict, description="A slot, as name=value; once for each.")
    texts: Mapping[Language, Prose] = Field(
        default_factory=dict, description="Words without a template, as en=words; once for each language."
    )
    short_texts: Mapping[Language, Prose] = Field(
        default_factory=dict, description="Their short form, as en=words; once for each language."
    )
    titles: Mapping[Language, Word] = Field(
        default_factory=dict, description="What it is about, as en=words: its subject in a letter."
    )
    despite_pace: bool = Field(default=False, description="Plan it although there are so many, or so near to it.")
    beside: tuple[Utc, ...] = Field(default=(), max_length=BESIDE_MAX)


class ApprovePost(Frozen):
    """Say yes to a planned post, or a correction of one, in words without a template, exactly as you read them."""

    kind: Literal["approve_post"] = "approve_post"
    content_hash: str = Field(description="The hash of what you read, as `holdingline plans` shows both.")


class ReplanPost(Frozen):
    """Give a planned post a new time: so it also goes on after an incident held it."""

    kind: Literal["replan_post"] = "replan_post"
    at: Utc = Field(description="When it goes out, as 17:00, +30m, or all of it with its offset.")
    despite_pace: bool = Field(default=False, description="Plan it although there are so many, or so near to it.")
    beside: tuple[Utc, ...] = Field(default=(), max_length=BESIDE_MAX)


class DropPost(Frozen):
    """Drop a planned post: what of it is not public yet never will be."""

    kind: Literal["drop_post"] = "drop_post"
    reason: Reason
    withdraw_with: Identifier | None = Field(
        default=None,
        exclude_if=operator.not_,
        description="Also withdraw what of it is public: the template whose withdrawal text says so.",
    )
    slots: Mapping[SlotName, Word] = Field(
        default_factory=dict, exclude_if=operator.not_, description="A slot of that text, as name=value; once for each."
    )


class CorrectPost(Frozen):
    """Correct a planned post that is out: by an approved template, or in words that another person says yes to."""

    kind: Literal["correct_post"] = "correct_post"
    template: Identifier | None = Field(default=None, description="The template whose correction text says so.")
    slots: Mapping[SlotName, Word] = Field(
        default_factory=dict, description="A slot of that text, as name=value; once for each."
    )
    texts: Mapping[Language, Prose] = Field(
        default_factory=dict, description="The right words without a template, as en=words; once for each language."
    )
    short_texts: Mapping[Language, Prose] = Field(
        default_factory=dict, description="Their short form, as en=words; once for each language."
    )


class TakePostOver(Frozen):
    """Take over a post that another program has scheduled on the server of a channel, so that it goes out no more.

    `reference` is the server's own name for it. `lacks` says what of it we cannot send: then it stays on the server,
    where its time is put off.
    """

    kind: Literal["take_post_over"] = "take_post_over"
    scheduler: Identifier
    channel: Identifier
    reference: Reference
    at: Utc
    texts: Mapping[Language, Prose] = Field(min_length=1)
    lacks: Sentence | None = None


class RecordUnscheduled(Frozen):
    """Record that such a post goes out from the server no more; `put_off_to` is when it would, where it stays there.

    `perhaps_public`: its time came before the server was seen to have it no more.
    """

    kind: Literal["record_unscheduled"] = "record_unscheduled"
    put_off_to: Utc | None = None
    perhaps_public: bool = False


PlanOrder = PlanPost | ApprovePost | ReplanPost | DropPost | CorrectPost | TakePostOver | RecordUnscheduled


class PostDrafted(Frozen):
    """A post in words without a template waits for another person's yes."""

    kind: Literal["post_drafted"] = "post_drafted"
    message: Message
    at: Utc


class PostPlanned(Frozen):
    """The post goes out at this time. `declared` counts the incidents that were declared until now, all of them over.

    If one goes on, the fact that holds the post comes next.
    """

    kind: Literal["post_planned"] = "post_planned"
    message: Message
    at: Utc
    declared: int


class PostHeld(Frozen):
    """The post does not go out by itself any more. `live` of the `declared` incidents go on, `latest` came last."""

    kind: Literal["post_held"] = "post_held"
    reason: Sentence
    latest: Identifier | None = None
    live: int
    declared: int


class PostToReview(Frozen):
    """No incident goes on any more: a person gives the held post a new time, or drops it."""

    kind: Literal["post_to_review"] = "post_to_review"


class PostDropped(Frozen):
    """The post was dropped; what `beyond` names may be public all the same. `rule` is None where its author did so."""

    kind: Literal["post_dropped"] = "post_dropped"
    reason: Sentence
    rule: Sentence | None = None
    beyond: tuple[Sentence, ...] = ()


class PostCorrectionDrafted(Frozen):
    """A correction of the post, which is out, waits for another person's yes."""

    kind: Literal["post_correction_drafted"] = "post_correction_drafted"
    message: Message


class PostTakenOver(Frozen):
    """A post that another program has scheduled on the server of a channel is our own held planned post."""

    kind: Literal["post_taken_over"] = "post_taken_over"
    message: Message
    at: Utc
    scheduler: Identifier
    reference: Reference
    lacks: Sentence | None = None


class PostUnscheduled(Frozen):
    """The server sends it no more by itself, or only at `put_off_to`; see `RecordUnscheduled`."""

    kind: Literal["post_unscheduled"] = "post_unscheduled"
    put_off_to: Utc | None = None
    perhaps_public: bool = Field(default=False, exclude_if=operator.not_)


PlanFact = (
    PostDrafted
    | PostPlanned
    | PostHeld
    | PostToReview
    | PostDropped
    | PostCorrectionDrafted
    | PostTakenOver
    | PostUnscheduled
)


class ScheduledPost(Frozen):
    """A post as it is scheduled on a server; `lacks` says what of it our planned posts do not have."""

    reference: Reference
    at: Utc
    text: str
    language: Language
    lacks: Sentence | None = None


class TakenOver(Frozen):
    """Where a planned post comes from that another program had scheduled, and what became of it there.

    `settled`: the server sends it no more by itself before `put_off_to`.
    """

    channel: Identifier
    scheduler: Identifier
    reference: Reference
    at: Utc
    lacks: Sentence | None = None
    settled: PostUnscheduled | None = None
