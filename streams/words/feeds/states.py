"""How each feed goes, and what is noted of one that is not heard for long."""

import operator
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Mode, Sentence, Utc

FAULTS_MAX = 10
TOLD_AFTER = timedelta(minutes=10)
"""A person hears of a feed that could not be read for so long: a source that is started again is no news."""
SILENT_AFTER = timedelta(minutes=20)
"""A feed of which nothing was noted for so long is heard by no process: one notes each at least every 15 minutes."""
MARK_CHARACTERS_MAX = 150_000


class FeedState(Frozen):
    """How one feed goes, as it was noted last; the newest of an account counts.

    It is on the log together with the posts that were read up to `mark`. `read_at` is when the source answered last.
    `failing_since` is when it could be read no more, `failure` why.
    `faults` are those that it said last, at `faults_at`: one that was mended since is not taken back.
    """

    version: Literal[1] = 1
    mode: Mode
    partner: Identifier
    account_id: Identifier
    kind: Identifier
    at: Utc
    mark: Annotated[str, Field(max_length=MARK_CHARACTERS_MAX)] | None = None
    read_at: Utc | None = None
    posts: int = 0
    failing_since: Utc | None = None
    failure: Sentence | None = None
    faults: Annotated[tuple[Sentence, ...], Field(max_length=FAULTS_MAX)] = ()
    faults_at: Utc | None = None

    def fault(self, now: datetime) -> str | None:
        """What keeps us from hearing this account now, in a sentence; None if nothing does."""
        if now - self.at > SILENT_AFTER:
            return "no process hears partners any more: start `holdingline serve`, or its lane `feeds`"
        return self.failure


class NoteFeed(Frozen):
    """Note that a partner's account cannot be heard for long, or can be heard again; the worker does it by itself."""

    kind: Literal["note_feed"] = "note_feed"
    account: Identifier
    partner: Identifier
    fault: Sentence | None = Field(default=None, exclude_if=operator.not_)


class FeedNoted(Frozen):
    """This keeps us from hearing a partner's account; with no fault it is heard again."""

    kind: Literal["feed_noted"] = "feed_noted"
    account: Identifier
    partner: Identifier
    fault: Sentence | None = Field(default=None, exclude_if=operator.not_)
