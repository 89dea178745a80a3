"""The port to posts that people have scheduled on the server of a channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from streams.words.plans import ScheduledPost


@runtime_checkable
class KeepsSchedule(Protocol):
    """A channel whose own server keeps posts that somebody has scheduled there, and tells of them."""

    async def list_scheduled(self) -> Sequence[ScheduledPost]:
        """All that is scheduled for our account; `NotSent` if the server cannot be trusted to tell all of it."""

    async def unschedule(self, post: ScheduledPost, *, put_off_to: datetime | None) -> bool:
        """Have the server lose the post, or send it only then; the same again does no harm.

        Answers with whether it had the post until now. After `NotSent` a look at what is scheduled tells.
        """
