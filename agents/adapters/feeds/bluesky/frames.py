"""Frames of Jetstream v2 (`network.bsky.jetstream.subscribeEvents`), each one JSON object. Pure.

A frame tells of one change of a record, of the account's name, or of the account; or that the stream ends.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streams.values import sentence
from streams.words.posts import AccountChange

EVENTS = "network.bsky.jetstream.subscribeEvents"
CLOSED = {
    "deleted": AccountChange.GONE,
    "takendown": AccountChange.SUSPENDED,
    "suspended": AccountChange.SUSPENDED,
    "deactivated": AccountChange.SUSPENDED,
}
"""What a status of an account that is not active means; of others nothing follows, since they pass by themselves."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What one frame says. `kind` is `commit`, `identity`, `account`, `sync`, `info` or `error`.

    `seq` is its place in the stream; `fields` is all that it has.
    """

    kind: str
    seq: int | None
    did: str
    fields: Mapping[str, Any]

    def said(self) -> str:
        """The name and the words of an error or a notice."""
        name, words = self.fields.get("error") or self.fields.get("name"), self.fields.get("message", "")
        return sentence(f"{name} {words}")


def frame_of(body: bytes) -> Frame | None:
    """A frame from its bytes; None if it is none."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict):
        return None
    if read.get("$type") == "error":
        return Frame("error", None, "", read)
    payload = read.get("payload")
    if read.get("$type") != "message" or not isinstance(payload, dict):
        return None
    kind = str(payload.get("$type")).removeprefix(f"{EVENTS}#")
    seq = payload.get("seq")
    number = seq if isinstance(seq, int) and not isinstance(seq, bool) and seq >= 0 else None
    return Frame(kind, number, str(payload.get("did", "")), payload)


def state_of(status: Mapping[str, Any]) -> AccountChange | None:
    """What an account's `active` and `status` say; None for one that is open, or closed for a moment only."""
    return None if status.get("active") is True else CLOSED.get(str(status.get("status")))
