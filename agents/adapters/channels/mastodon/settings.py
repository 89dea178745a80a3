"""The options of a Mastodon channel: the server, the account on it and the language it speaks."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import StringConstraints, field_validator

from streams.values import Frozen, Language
from streams.words.register.entries import ChannelEntry

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MastodonSettings(Frozen):
    """The options of a channel of kind `mastodon`.

    `server` is the address of the server; `account` is the account's name there, with or without its server.
    A post has one language, so an entry publishes in one: a trust that speaks two has two entries, on one account or
    on two.
    """

    server: Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.:\[\]-]{1,253}/?$")]
    account: Annotated[str, StringConstraints(pattern=r"^@?[A-Za-z0-9_.-]{1,100}(@[A-Za-z0-9.:-]{1,253})?$")]
    language: Language = "en"

    @field_validator("server")
    @classmethod
    def _is_safe(cls, server: str) -> str:
        parts = urlsplit(server)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("a token never travels in the open: begin `server` with https://")
        return server.rstrip("/")

    def name(self) -> str:
        """The account's name on its own server."""
        return self.account.removeprefix("@").partition("@")[0]


def settings_of(entry: ChannelEntry) -> MastodonSettings:
    """Read the options; `ValueError` names what is missing, wrong or unsafe."""
    if entry.credential is None:
        raise ValueError("its `credential` is missing: name the variable that holds the account's access token")
    return MastodonSettings.model_validate(dict(entry.options))
