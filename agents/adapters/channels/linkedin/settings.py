"""The options of a channel on LinkedIn: the page and the language it speaks."""

from typing import Annotated

from pydantic import StringConstraints

from streams.values import Frozen, Language
from streams.words.register.entries import ChannelEntry

URL = "https://api.linkedin.com"
LOGIN_URL = "https://www.linkedin.com"
Address = Annotated[str, StringConstraints(pattern=r"^(https://[A-Za-z0-9.-]{1,253}|http://127\.0\.0\.1:\d{1,5})$")]


class LinkedInSettings(Frozen):
    """The options of a channel of kind `linkedin`.

    `page` is the number of the organisation's page, which stays when its name changes.
    `version` is the month of the interface that we speak, which LinkedIn answers for about a year.
    A post has one language, so an entry publishes in one: a trust that speaks two has two entries.
    """

    page: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
    language: Language = "en"
    version: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}(0[1-9]|1[0-2])$")] = "202609"
    url: Address = URL
    login_url: Address = LOGIN_URL

    @property
    def author(self) -> str:
        """The page, as LinkedIn names it."""
        return f"urn:li:organization:{self.page}"


def settings_of(entry: ChannelEntry) -> LinkedInSettings:
    """Read the options; `ValueError` names what is missing or wrong."""
    if entry.credential is None:
        raise ValueError("its `credential` is missing: name the variable that holds the app's two keys and the token")
    return LinkedInSettings.model_validate(dict(entry.options))
