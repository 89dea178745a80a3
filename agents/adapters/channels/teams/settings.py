"""The options of a channel on Teams; where its workflow listens is a secret, and no option."""

from typing import Annotated

from pydantic import StringConstraints

from streams.values import Frozen
from streams.words.register.entries import ChannelEntry


class TeamsSettings(Frozen):
    """The options of a channel of kind `teams`: the languages of each card, in their order."""

    languages: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(,[a-z]{2})*$")] = "en"


def settings_of(entry: ChannelEntry) -> TeamsSettings:
    """Read the options; `ValueError` names what is missing or wrong."""
    if entry.credential is None:
        raise ValueError("its `credential` is missing: name the variable that holds the address of the workflow")
    return TeamsSettings.model_validate(dict(entry.options))
