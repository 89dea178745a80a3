"""The state of one planned post: the fold of its facts."""

import operator
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import Field

from streams.subjects.declared import Declared
from streams.subjects.outgoing import Outgoing
from streams.values import Identifier, Subject, SubjectKind, Utc
from streams.why import because
from streams.words.delivery import SETTLED, DeliveryAsked, DeliveryState
from streams.words.facts import Fact
from streams.words.plans import (
    PostCorrectionDrafted,
    PostDrafted,
    PostDropped,
    PostHeld,
    PostPlanned,
    PostTakenOver,
    PostToReview,
    PostUnscheduled,
    TakenOver,
)
from streams.words.release import MENDS, Message, MessageAuthorised
from streams.words.stops import Stop, Stops

KEPT_FOR_PACE = timedelta(days=7)
"""So long a post that went out stays in memory: the pace is that of a week."""
NO_DRAFTS: Mapping[str, Any] = {"drafts": {}, "drafted_by": {}, "entered_by": {}}
"""The change by which no draft waits any more."""


class PlanStatus(StrEnum):
    """Where a planned post is; `none` is before it was planned, `out` from its time on."""

    NONE = "none"
    DRAFTED = "drafted"
    PLANNED = "planned"
    HELD = "held"
    OUT = "out"
    DROPPED = "dropped"


class Plan(Outgoing):
    """All that the facts of one planned post add up to. `message_id` names its words, `at` is when they go out.

    `declared` counts the incidents that had been declared when it was planned: one more holds it.
    `to_review` says that it is held and no incident goes on any more.
    `origin` is where it was scheduled before an incident held it, if another program did that.
    """

    kind: Literal["plan"] = "plan"
    status: PlanStatus = PlanStatus.NONE
    at: Utc | None = None
    message_id: Identifier | None = None
    declared: int = 0
    to_review: bool = False
    origin: TakenOver | None = Field(default=None, exclude_if=operator.not_)

    @property
    def subject(self) -> Subject:
        """The planned post."""
        return Subject(kind=SubjectKind.PLAN, id=self.id)

    @property
    def over(self) -> str | None:
        """Why nothing new goes out of it, in words; None if something may."""
        is_over = self.status is PlanStatus.DROPPED
        return because("planned-dropped", "the planned post was dropped") if is_over else None

    @property
    def message(self) -> Message | None:
        """Its words, also before anybody said yes to them."""
        name = self.message_id or ""
        return self.messages.get(name) or self.drafts.get(name)

    @property
    def is_open(self) -> bool:
        """Whether something of it may still go out."""
        if self.status is PlanStatus.HELD:
            return bool(self.channels_left())
        return self.status in {PlanStatus.DRAFTED, PlanStatus.PLANNED} or self.is_on_its_way

    @property
    def is_on_its_way(self) -> bool:
        """Whether its time has come and a channel still has to answer; nothing holds what mends it."""
        return self.status is PlanStatus.OUT and any(
            one.state not in SETTLED and not self._mends(one.message_id) for one in self.deliveries.values()
        )

    def is_at_pace(self, channels: Collection[str]) -> bool:
        """Whether it went out, or will, on any of these channels."""
        counts = self.status in {PlanStatus.DRAFTED, PlanStatus.PLANNED, PlanStatus.OUT}
        return counts and self.message is not None and not set(channels).isdisjoint(self.message.channels)

    def channels_left(self) -> Sequence[str]:
        """The channels on which it surely is not public."""
        there = (DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.CONFIRMED)
        gone = {one.channel for one in self.deliveries.values() if one.state in there}
        return [one for one in self.message.channels if one not in gone] if self.message else []

    def is_overtaken(self, declared: Declared) -> bool:
        """Whether an incident was declared since it was planned, or goes on, so that it must not go out by itself."""
        waits = self.status is PlanStatus.PLANNED or self.is_on_its_way
        return waits and (declared.live > 0 or declared.count > self.declared)

    def held(self, body: PostHeld, *, by: str, at: datetime) -> Self:
        """The post as it will be once it is held."""
        return self.model_copy(update=_held(body, by=by, at=at))

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes in the planned post."""
        match fact.body:
            case PostDrafted(message=message, at=at):
                drafts = self._drafted(message, by=fact.by, entered_by=fact.relayed_by)
                return {"status": PlanStatus.DRAFTED, "at": at, "message_id": message.id, **drafts}
            case PostPlanned(message=message, at=at, declared=declared):
                planned = {"status": PlanStatus.PLANNED, "at": at, "message_id": message.id, "declared": declared}
                return {**planned, "to_review": False, **NO_DRAFTS, "stops": Stops()}
            case PostTakenOver() | PostUnscheduled() as elsewhere:
                return self._elsewhere(elsewhere, by=fact.by, at=fact.at)
            case PostCorrectionDrafted(message=message):
                return self._drafted(message, by=fact.by, entered_by=fact.relayed_by)
            case MessageAuthorised(message=message, authorisation=authorisation):
                return {
                    **(self._drafted(message) if message.follows else {}),
                    "messages": {**self.messages, message.id: message},
                    "authorisations": {**self.authorisations, message.id: authorisation},
                }
            case PostHeld() as held:
                return _held(held, by=fact.by, at=fact.at)
            case PostToReview():
                return {"to_review": True}
            case PostDropped():
                return {"status": PlanStatus.DROPPED, "to_review": False, **NO_DRAFTS}
            case DeliveryAsked(message_id=name):
                # What mends the post puts nothing of it out, and what was dropped stays dropped.
                stays = self.status is PlanStatus.DROPPED or self._mends(name)
                status = self.status if stays else PlanStatus.OUT
                return {"status": status, **self.outgoing_change(fact)}
            case _:
                return self.outgoing_change(fact)

    def _elsewhere(self, body: PostTakenOver | PostUnscheduled, *, by: str, at: datetime) -> dict[str, Any]:
        """The change by what becomes of it on the server where another program had scheduled it."""
        if isinstance(body, PostUnscheduled):
            return {"origin": self.origin and self.origin.model_copy(update={"settled": body})}
        return _take_over(body, by=by, at=at)

    def _mends(self, message_id: str) -> bool:
        """Whether this message is a correction or withdrawal of the post."""
        message = self.messages.get(message_id)
        return message is not None and message.purpose in MENDS

    def _drafted(self, message: Message, *, by: str | None = None, entered_by: str | None = None) -> dict[str, Any]:
        """The change by which this draft of `by`, or no draft, corrects what the message follows."""
        others = {name: one for name, one in self.drafts.items() if one.follows != message.follows}
        authors = {name: who for name, who in self.drafted_by.items() if name in others}
        relayed = {name: who for name, who in self.entered_by.items() if name in others}
        if by is not None:
            others, authors = {**others, message.id: message}, {**authors, message.id: by}
        if entered_by is not None:
            relayed = {**relayed, message.id: entered_by}
        return {"drafts": others, "drafted_by": authors, "entered_by": relayed}


def _take_over(body: PostTakenOver, *, by: str, at: datetime) -> dict[str, Any]:
    message = body.message
    (channel,) = message.channels
    origin = TakenOver(
        channel=channel, scheduler=body.scheduler, reference=body.reference, at=body.at, lacks=body.lacks
    )
    stop = Stop(what="held", by=by, at=at, reason="an incident was declared")
    return {
        "status": PlanStatus.HELD,
        "at": body.at,
        "message_id": message.id,
        "messages": {message.id: message},
        "origin": origin,
        "stops": Stops(frozen=stop),
    }


def _held(body: PostHeld, *, by: str, at: datetime) -> dict[str, Any]:
    stop = Stop(what="held", by=by, at=at, reason=body.reason)
    return {"status": PlanStatus.HELD, "stops": Stops(frozen=stop)}
