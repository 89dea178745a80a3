"""The options of a channel on Facebook: the page and the language it speaks."""

from typing import Annotated

from pydantic import StringConstraints

from streams.values import Frozen, Language
from streams.words.register.entries import ChannelEntry

URL = "https://graph.facebook.com"


class FacebookSettings(Frozen):
    """The options of a channel of kind `facebook`.

    `page` is the page's number, which stays when its name changes.
    A post has one language, so an entry publishes in one: a trust that speaks two has two entries.
    """

    page: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
    language: Language = "en"
    url: Annotated[str, StringConstraints(pattern=r"^(https://[A-Za-z0-9.-]{1,253}|http://127\.0\.0\.1:\d{1,5})$")] = (
        URL
    )

    def link(self, post_id: str) -> str:
        """Where a browser shows the post."""
        return f"https://www.facebook.com/{self.page}/posts/{post_id.removeprefix(f'{self.page}_')}"


def settings_of(entry: ChannelEntry) -> FacebookSettings:
    """Read the options; `ValueError` names what is missing or wrong."""
    if entry.credential is None:
        raise ValueError("its `credential` is missing: name the variable that holds the token of the page")
    return FacebookSettings.model_validate(dict(entry.options))
