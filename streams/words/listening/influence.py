"""Posts of authors on the influence list: how many of one category there are, never which author or what they say."""

from typing import Literal

from pydantic import Field

from streams.values import Frozen, Utc
from streams.words.influence.entries import InfluenceCategory


class NoteListed(Frozen):
    """Tell at once that authors of one category on the list post about us or the incident: so many posts since then."""

    kind: Literal["note_listed"] = "note_listed"
    category: InfluenceCategory
    posts: int = Field(ge=1)
    since: Utc


class ListedNoted(Frozen):
    """Authors on the influence list posted about us or the incident, see `NoteListed`."""

    kind: Literal["listed_noted"] = "listed_noted"
    category: InfluenceCategory
    posts: int = Field(ge=1)
    since: Utc
