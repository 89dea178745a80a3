"""The options of a channel on Slack: the channel, its workspace and the languages."""

from typing import Annotated

from pydantic import StringConstraints

from streams.values import Frozen
from streams.words.register.entries import ChannelEntry

URL = "https://slack.com/api"


class SlackSettings(Frozen):
    """The options of a channel of kind `slack`.

    `channel` is Slack's identifier of the channel, which stays when its name changes.
    `workspace` is the name in the workspace's address: `ardudwy` in `ardudwy.slack.com`.
    """

    channel: Annotated[str, StringConstraints(pattern=r"^[CG][A-Z0-9]{7,30}$")]
    workspace: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,63}(\.enterprise)?$")]
    languages: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(,[a-z]{2})*$")] = "en"
    url: Annotated[
        str, StringConstraints(pattern=r"^(https://[A-Za-z0-9.-]{1,253}/api|http://127\.0\.0\.1:\d{1,5}/api)$")
    ] = URL

    @property
    def home(self) -> str:
        """The address of the workspace."""
        return f"https://{self.workspace}.slack.com/"

    def link(self, time: str) -> str:
        """Where a browser shows the post with this time."""
        return f"{self.home}archives/{self.channel}/p{time.replace('.', '')}"


def settings_of(entry: ChannelEntry) -> SlackSettings:
    """Read the options; `ValueError` names what is missing or wrong."""
    if entry.credential is None:
        raise ValueError("its `credential` is missing: name the variable that holds the app's token")
    return SlackSettings.model_validate(dict(entry.options))
