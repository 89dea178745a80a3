"""Whether we could speak on a channel now: what the worker's own checks of it note in the register's log."""

import operator
from typing import Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Sentence


class NoteRoute(Frozen):
    """Note what a check of a channel found, which publishes nothing; the worker does that when it changes."""

    kind: Literal["note_route"] = "note_route"
    channel: Identifier
    fault: Sentence | None = Field(default=None, exclude_if=operator.not_)


class RouteNoted(Frozen):
    """This keeps us from speaking on the channel, and what to do; with no fault we can speak there again."""

    kind: Literal["route_noted"] = "route_noted"
    channel: Identifier
    fault: Sentence | None = Field(default=None, exclude_if=operator.not_)
