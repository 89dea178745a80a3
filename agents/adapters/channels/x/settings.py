"""The options of a channel on X: the account and the language it speaks."""

from typing import Annotated

from pydantic import StringConstraints

from streams.values import Frozen, Language
from streams.words.register.entries import ChannelEntry

URL = "https://api.x.com"


class XSettings(Frozen):
    """The options of a channel of kind `x`.

    `account` is the account's number, which stays when its name changes; `name` is its name now, for links.
    A post has one language, so an entry publishes in one: a trust that speaks two has two entries.
    """

    account: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,19}$")]
    name: Annotated[str, StringConstraints(pattern=r"^@?[A-Za-z0-9_]{1,15}$")]
    language: Language = "en"
    url: Annotated[str, StringConstraints(pattern=r"^(https://[A-Za-z0-9.-]{1,253}|http://127\.0\.0\.1:\d{1,5})$")] = (
        URL
    )

    def link(self, post_id: str) -> str:
        """Where a browser shows the post."""
        return f"https://x.com/{self.name.removeprefix('@')}/status/{post_id}"


def settings_of(entry: ChannelEntry) -> XSettings:
    """Read the options; `ValueError` names what is missing or wrong."""
    if entry.credential is None:
        raise ValueError("its `credential` is missing: name the variable that holds the four keys of the account")
    return XSettings.model_validate(dict(entry.options))
