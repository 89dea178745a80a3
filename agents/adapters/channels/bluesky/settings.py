"""The options of a Bluesky channel: the account, and the server that it lives on."""

from typing import Annotated

from pydantic import Field, StringConstraints

from streams.values import Frozen
from streams.words.register.entries import ChannelEntry

DID = r"did:plc:[a-z2-7]{24}|did:web:[A-Za-z0-9.-]{1,253}"
Did = Annotated[str, StringConstraints(pattern=f"^({DID})$")]


class BlueskySettings(Frozen):
    """The options of a channel of kind `bluesky`.

    `did` is the account's identifier, which stays when its name changes; `url` is the server that the account lives on.
    """

    did: Did
    url: str = Field(pattern=r"^(https://[A-Za-z0-9.-]{1,253}(:\d{1,5})?|http://127\.0\.0\.1:\d{1,5})$")


def settings_of(entry: ChannelEntry) -> BlueskySettings:
    """Read the options; `ValueError` names what is missing or wrong."""
    if entry.credential is None:
        raise ValueError("its `credential` is missing: name the secret that holds the account's app password")
    return BlueskySettings.model_validate(dict(entry.options))
