"""The sum of the facts about the stories of one incident: what was noted of each, and what we do about it."""

import operator
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from streams.values import Frozen, Identifier, Sentence, Utc
from streams.words.listening.stories import (
    RebuttalProposed,
    StoryCounts,
    StoryCourseNoted,
    StoryFact,
    StoryLeftAlone,
    StoryNoted,
)

AGAIN = 2
"""A story that we left alone comes up again once so many times the people tell it."""
WAITS_FROM = 20
"""A story that nothing of ours answers waits for a person from so many people on."""
Answering = Literal["open", "proposed", "answered", "left-alone"]


class NotedStory(Frozen):
    """One story: its counts when they were noted last, and what became of it.

    `proposed` is the draft that answers it, `answers` are those that went out, `answered_at` says when the last did.
    `left_at` is how many people told it when it was decided not to answer it.
    """

    story: int
    counts: StoryCounts
    nearest: Identifier | None = Field(default=None, exclude_if=operator.not_)
    proposed: Identifier | None = Field(default=None, exclude_if=operator.not_)
    evidence: Sentence | None = Field(default=None, exclude_if=operator.not_)
    answers: tuple[Identifier, ...] = Field(default=(), exclude_if=operator.not_)
    answered_at: Utc | None = Field(default=None, exclude_if=operator.not_)
    course: StoryCourseNoted | None = Field(default=None, exclude_if=operator.not_)
    left_at: int = Field(default=0, exclude_if=operator.not_)
    left_because: Sentence | None = Field(default=None, exclude_if=operator.not_)
    left_by: Identifier | None = Field(default=None, exclude_if=operator.not_)

    @property
    def answering(self) -> Answering:
        """What we do about it; one that we left alone is open again once twice as many people tell it."""
        if self.answers:
            return "answered"
        if self.proposed:
            return "proposed"
        return "left-alone" if self.left_at and self.counts.people < AGAIN * self.left_at else "open"


class NotedStories(Frozen):
    """The stories of one incident, by their numbers."""

    known: Mapping[int, NotedStory] = Field(default_factory=dict)

    def after(self, body: StoryFact, *, by: str) -> Self:
        """The stories after this fact."""
        before = self.known.get(body.story)
        if before is None:
            if not isinstance(body, StoryNoted):
                return self
            return self._with(NotedStory(story=body.story, counts=body.counts, nearest=body.nearest))
        return self._with(before.model_copy(update=_changed(body, by)))

    def let_out(self, message_id: str, at: datetime) -> Self:
        """The stories once this message may go public: those that it was proposed for are answered."""
        return self._settled(message_id, at)

    def answered_by(self, draft_id: str) -> NotedStory | None:
        """The story for which this draft was proposed; None if it answers none."""
        return next((one for one in self.known.values() if one.proposed == draft_id), None)

    def without_draft(self, message_id: str) -> Self:
        """The stories once this draft was returned or withdrawn: those that it was proposed for wait again."""
        return self._settled(message_id, None)

    def _settled(self, message_id: str, at: datetime | None) -> Self:
        found = [one for one in self.known.values() if one.proposed == message_id]
        stories = self
        for one in found:
            out = {"answers": (*one.answers, message_id), "answered_at": at, "course": None} if at else {}
            stories = stories._with(one.model_copy(update={"proposed": None, **out}))
        return stories

    def _with(self, one: NotedStory) -> Self:
        return self.model_copy(update={"known": {**self.known, one.story: one}})


def _changed(body: StoryFact, by: str) -> Mapping[str, object]:
    """What a fact changes in a story that was noted before."""
    match body:
        case StoryNoted():
            return {"counts": body.counts, "nearest": body.nearest}
        case RebuttalProposed():
            return {"proposed": body.message_id, "evidence": body.evidence}
        case StoryLeftAlone():
            return {"left_at": body.people, "left_because": body.reason, "left_by": by}
        case StoryCourseNoted():
            return {"course": body}
