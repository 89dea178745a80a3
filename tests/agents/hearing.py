"""What the mentions agent needs, in memory, and what comes of a batch of posts."""

from collections.abc import Sequence
from datetime import datetime

from agents.listening.listed_authors import InfluenceTables
from agents.listening.opened_cases import CaseTables
from agents.listening.told_stories import StoryTables
from agents.listening.used_tags import TagTables
from agents.mentions import DayKey, Needs, handle, handle_counts
from streams.decisions.listening.stories import StoriesKept, StoryPosts
from streams.decisions.listening.surge import INCIDENT_RULE, Counts
from streams.decisions.listening.tags.heard import TagsHeard, TagsUsual
from streams.decisions.listening.wordings import WordingShelf
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from streams.words.register.wording import DoubtWords, HazardKind, HazardWords, WordLists
from tests import builders
from tests.agents.doubles import MemoryIncidents, MemoryStore, clock_at
from tests.builders import LIVE, NOW

PEOPLE = INCIDENT_RULE.people_min
ASKED = DoubtWords(language="en", owner="Press", note="Invented.", words="is it true")
FLOOD = HazardKind(kind="weather", owner="Press", note="Invented.", words="flooded")
TRUST = builders.register().model_copy(
    update={
        "trust": "Cwm Helyg Hospitals NHS Trust",
        "words": WordLists(
            hazards=(HazardWords(language="en", owner="Press", note="Invented.", words="fire, smoke, flooded"),),
            hazard_kinds=(HazardKind(kind="fire", owner="Press", note="Invented.", words="fire, smoke"), FLOOD),
            doubts=(ASKED,),
        ),
    }
)


def mentions(count: int, text: str = "#AshbyCrash", at: datetime = NOW, *, first: int = 0) -> list[Mention]:
    numbers = range(first, first + count)
    return [Mention(id=f"m-{number}", mode=LIVE, author_id=f"a-{number}", at=at, text=text) for number in numbers]


def needs(at: datetime = NOW, counts: MemoryStore[Counts] | None = None) -> Needs:
    live, keys = MemoryIncidents((builders.declared(),)), MemoryStore[DayKey]()
    store = MemoryStore[Counts]() if counts is None else counts
    told = StoryTables(MemoryStore[StoriesKept](), MemoryStore[WordingShelf](), MemoryStore[StoryPosts]())
    return Needs(
        mode=LIVE,
        clock=clock_at(at),
        incidents=live,
        counts=store,
        registers=lambda: TRUST,
        keys=keys,
        new_key=lambda: bytes(range(32)),
        told=told,
        cases=CaseTables(MemoryStore(), MemoryStore()),
        tags=TagTables(MemoryStore[TagsHeard](), MemoryStore[TagsUsual]()),
        influence=InfluenceTables(MemoryStore(), MemoryStore(), MemoryStore()),
    )


async def heard(batch: Sequence[Mention], told: Needs) -> Sequence[Signal | Command]:
    """What comes of a batch, once its counts were added up."""
    return await handle_counts(await handle(batch, told), told)
