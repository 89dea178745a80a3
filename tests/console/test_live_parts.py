"""The live part of a page: made once for all who see the same, and never shown to a person who sees something else."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.registers import data_folder
from agents.console.streaming import BEAT_SECONDS
from streams.values import TRAINING
from streams.words.release import Propose
from tests.console.asking import browser
from tests.console.bench import INCIDENT, Night, night
from tests.console.test_asked import FIRE, OFFICER, WORDS
from tests.examples import CHIEF, DIRECTOR

EVENTS = f"/incidents/{INCIDENT}/events"
SETTLES = "You can settle this"


async def test_what_a_hundred_telephones_show_is_made_once(tmp_path: Path) -> None:
    """One that hangs up meanwhile ends no other's wait; what could not be made is made again for the next."""
    made, opened = list[int](), asyncio.Event()

    async def make() -> str:
        made.append(1)
        await opened.wait()
        return "a part"

    async def fails() -> str:
        made.append(1)
        raise ValueError

    async with night(tmp_path, mode=TRAINING) as on:
        waiting = [asyncio.ensure_future(on.house.made_once("a", make)) for _ in range(100)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        opened.set()
        assert set(await asyncio.gather(*waiting[1:])) == {"a part"}
        assert len(made) == 1
        for _ in range(2):
            with pytest.raises(ValueError):  # noqa: PT011 - it has no words
                await on.house.made_once("b", fails)
        assert len(made) == 3


def test_a_page_that_hears_nothing_says_so_within_ten_seconds() -> None:
    """The script waits for three beats of the server, and looks twice a second; a browser shows the line itself."""
    script = (data_folder() / "console/static/console.js").read_text(encoding="utf-8")
    (stale_ms,) = re.findall(r"STALE_MS = (\d+);", script)
    (look_ms,) = re.findall(r"> STALE_MS\) tell\(true\); \}, (\d+)\)", script)
    assert int(stale_ms) >= 3 * BEAT_SECONDS * 1000
    assert int(stale_ms) + int(look_ms) < 10_000


async def test_people_who_see_the_same_share_one_drawing_and_others_have_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A draft waits that the director may sign, and the officer and the reader may not."""
    async with night(tmp_path, mode=TRAINING) as on:
        await on.give(FIRE, by=CHIEF)
        later = WORDS.model_copy(update={"next_update_at": on.house.clock.now() + timedelta(minutes=90)})
        await on.give(Propose(release=later), by=OFFICER)
        people = (DIRECTOR, *(one for one in on.register.people if one != DIRECTOR))
        drawn, draw = list[str](), on.house.drawing.draw

        def counted(name: str, /, **given: object) -> str:
            drawn.append(name)
            return draw(name, **given)  # type: ignore[arg-type] # handed on as it came

        monkeypatch.setattr(on.house.drawing, "draw", counted)
        async with asyncio.timeout(180):
            found = await asyncio.gather(*(first_part(on, person) for person in people))
        seen = {person: part.partition("\n") for person, part in zip(people, found, strict=True)}
        assert SETTLES in seen[DIRECTOR][2]
        assert SETTLES not in seen[OFFICER][2]
        versions, views = ({one[place] for one in seen.values()} for place in (0, 2))
        assert len(drawn) <= len(versions) * len(views) < len(people)


async def first_part(on: Night, person: str) -> str:
    """What an open page of the incident gets first."""
    async with browser(on, person) as at, at.client.get(on.origin + EVENTS) as answer:
        return (await answer.content.readuntil(b"\n\n")).decode()
