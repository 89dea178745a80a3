"""A hostile flood: 10,000 accounts a minute with varied spam under one hashtag, and one wording copied on and on.

What is stored stays small however long it goes on, no story comes of it, and people are told what they cannot read.
"""

import random
from dataclasses import fields, replace
from datetime import timedelta

from agents.mentions import Needs
from streams.topics import BYTES_MAX
from streams.words.listening.stories import NoteStory
from streams.words.listening.tags import NoteTags
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from tests.agents.doubles import MemoryStore, clock_at
from tests.agents.hearing import heard, needs
from tests.builders import LIVE, NOW

A_MINUTE, BATCH = 10_000, 2_000
STORED_BYTES_MAX = 500_000
"""Of all rows of an incident together; those of its wordings grow on to 800,000, those of its people no more."""
COPIED = "#AshbyCrash everybody wins a prize today, look here"


def flood(minute: int) -> list[Mention]:
    """The posts of a minute, each of an account of its own: half are copies, half varied words under one hashtag."""
    dice, at = random.Random(minute), NOW + timedelta(minutes=minute)

    def text(number: int) -> str:
        words = " ".join(f"w{dice.getrandbits(40):x}" for _ in range(8))
        return COPIED if number % 2 else f"#AshbyCrash #BuyNow {words}"

    return [
        Mention(id=f"f-{minute}-{one}", mode=LIVE, author_id=f"f-{minute}-{one}", at=at, text=text(one))
        for one in range(A_MINUTE)
    ]


def rows(told: Needs) -> dict[str, int]:
    """The bytes of the rows of each of the agent's tables."""
    parts = {"": told, "told.": told.told, "cases.": told.cases, "tags.": told.tags, "influence.": told.influence}
    stores = {
        f"{prefix}{one.name}": store
        for prefix, part in parts.items()
        for one in fields(part)  # type: ignore[arg-type] # Each is a dataclass.
        if isinstance(store := getattr(part, one.name), MemoryStore)
    }
    return {name: sum(len(row.model_dump_json()) for row in store.values.values()) for name, store in stores.items()}


async def test_what_is_stored_is_bounded_no_story_comes_of_it_and_it_is_said() -> None:
    told, events = needs(), list[Signal | Command]()
    stored = []
    for minute in range(4):
        posts = flood(minute)
        later = replace(told, clock=clock_at(posts[-1].at))
        for first in range(0, A_MINUTE, BATCH):
            events += await heard(posts[first : first + BATCH], later)
        stored.append(rows(told))
    orders = [one.body for one in events if isinstance(one, Command)]
    assert not [one for one in orders if isinstance(one, NoteStory)]
    surges = [one for one in events if isinstance(one, Signal) and one.signal == "surge"]
    assert surges[-1].is_estimate
    assert len(surges) <= 4
    assert len([one for one in orders if isinstance(one, NoteTags)]) <= 2
    assert all(sum(one.values()) < STORED_BYTES_MAX for one in stored)
    assert all(max(one.values()) < BYTES_MAX for one in stored)
    stories = told.told.stories.get(next(iter(told.told.stories.keys())))
    assert stories is not None
    assert stories.read_one_in > 1
