"""The options of a site: its address, whose it is, and in which languages it speaks."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints

from streams.values import LIVE, Frozen, Mode, Word
from streams.words.register.entries import ChannelEntry

FOLDER_OPTION = "folder"


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError:
        raise ValueError(f"there is no time zone {name}: write it like Europe/London") from None
    return name


def _with_slash(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"


class SiteSettings(Frozen):
    """The options of a channel of kind `site`.

    `url` is the public address of the page's folder; `sender` names the trust to CAP, unique in the world.
    `languages` is a list with commas, the first leads; `area` names the place that alerts are about.
    `mode` is the mode in which this site is written to, if no credential says so.
    `banner` is the class of the banner for other pages, as GOV.UK's style sheets name it.
    `alert_hours` is how long an alert is valid whose words promise no next one.
    """

    url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>&\"'?#]+$"), AfterValidator(_with_slash)]
    trust: Word
    sender: Annotated[str, StringConstraints(pattern=r"^[^\s,<&]{1,200}$")]
    languages: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(,[a-z]{2})*$")] = "en"
    timezone: Annotated[str, AfterValidator(_known)] = "Europe/London"
    area: Word | None = None
    contact: Word | None = None
    mode: Mode = LIVE
    alert_hours: int = Field(default=24, ge=1, le=24 * 14)
    banner: Literal["local-emergency", "national-emergency", "notable-death"] = "local-emergency"
    shown_max: int = Field(default=50, ge=1, le=500)

    def order(self) -> tuple[str, ...]:
        """The languages, the leading one first."""
        return tuple(dict.fromkeys(self.languages.split(",")))


def settings_of(entry: ChannelEntry) -> SiteSettings:
    """Read the options; `ValueError` names what is missing or wrong. The composition root reads the folder."""
    options = {name: value for name, value in entry.options.items() if name != FOLDER_OPTION}
    return SiteSettings.model_validate(options)
