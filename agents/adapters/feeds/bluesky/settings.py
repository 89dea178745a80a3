"""What a feed of Bluesky can do, and where an account is read: its identifier, its server, and a stream."""

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from agents.adapters.channels.bluesky.settings import DID
from agents.adapters.feeds.polling import EVERY, every_seconds_of
from streams.values import Frozen
from streams.words.feeds import FeedCard
from streams.words.register.partners import PartnerAccount

CARD = FeedCard(
    kind="bluesky",
    about="An account on Bluesky: a stream tells of each change, the account's own server is asked for it.",
    transport="stream",
    every_seconds=30,
    sees_edits=True,
    sees_deletions="yes",
    keeps="36 hours on the stream; asked, the newest 100 posts",
)
HOST = r"https://[A-Za-z0-9.-]{1,253}(:\d{1,5})?|http://(?:127\.0\.0\.1|localhost):\d{1,5}"
STREAM = r"wss://[A-Za-z0-9.-]{1,253}(:\d{1,5})?|ws://127\.0\.0\.1:\d{1,5}"


class BlueskyFeedSettings(Frozen):
    """An account of kind `bluesky`: `account_id` is its DID, `address` the server that it lives on.

    The option `stream` is the address of a Jetstream, version 2; without it the account is only asked.
    """

    did: Annotated[str, StringConstraints(pattern=f"^({DID})$")]
    address: Annotated[str, StringConstraints(pattern=f"^({HOST})$")]
    stream: str | None = Field(default=None, pattern=f"^({STREAM})$")


def settings_of(account: PartnerAccount) -> BlueskyFeedSettings:
    """Read them; `ValueError` says in a sentence what is wrong, and what to write."""
    if not re.fullmatch(DID, account.account_id):
        raise ValueError("its `account_id` is no DID: write the one of the account, as did:plc:...")
    if not re.fullmatch(HOST, account.address):
        raise ValueError("its `address` is no server: write https:// and the host that the account lives on")
    if odd := sorted(set(account.options) - {"stream", EVERY}):
        raise ValueError(f"there is no option {', '.join(odd)}: this kind takes {EVERY}, stream")
    every_seconds_of(account, CARD)
    stream = account.options.get("stream")
    if stream is not None and not re.fullmatch(STREAM, stream):
        raise ValueError("its `stream` is no address of a stream: write wss:// and the host of a Jetstream")
    return BlueskyFeedSettings(did=account.account_id, address=account.address, stream=stream)
