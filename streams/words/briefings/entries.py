"""What the register says of the briefing by mail."""

from typing import Annotated

from pydantic import Field

from streams.values import Frozen, Identifier

EVERY_MINUTES = 30
PEOPLE_MAX = 50


class BriefingRule(Frozen):
    """Who gets the briefing by mail while an incident is declared, and every how many minutes; nobody, by default."""

    people: Annotated[tuple[Identifier, ...], Field(max_length=PEOPLE_MAX)] = ()
    every_minutes: Annotated[int, Field(ge=5, le=24 * 60)] = EVERY_MINUTES
