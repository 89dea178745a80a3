"""Posts of authors on the influence list: how many of one category there are, never which author or what they say."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from streams.values import Frozen, Utc
from streams.words.influence.entries import InfluenceCategory

OF_US_LASTS = timedelta(hours=24)
"""So long what they post about us is shown where no incident goes on; a post after that counts from one again."""


class NoteListed(Frozen):
    """Tell at once that authors of one category on the list post about us or the incident: so many posts since then."""

    kind: Literal["note_listed"] = "note_listed"
    category: InfluenceCategory
    posts: int = Field(ge=1)
    since: Utc


class NoteListedOfUs(Frozen):
    """Tell at once that authors of one category on the list post about us while no incident goes on."""

    kind: Literal["note_listed_of_us"] = "note_listed_of_us"
    category: InfluenceCategory
    posts: int = Field(ge=1)
    since: Utc


class ListedNoted(Frozen):
    """Authors on the influence list posted about us or the incident, see `NoteListed` and `NoteListedOfUs`."""

    kind: Literal["listed_noted"] = "listed_noted"
    category: InfluenceCategory
    posts: int = Field(ge=1)
    since: Utc
