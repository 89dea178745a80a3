"""Whoever counts the mentions may be killed at any moment: what comes of the posts is what comes of them undisturbed.

On the embedded log one process counts; on a cluster two share four partitions, and take them over from each other.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from agents.adapters.clocks import SystemClock
from agents.runtime.door.door import Door, facts_of
from infra.log import LogError
from streams.codec import decode
from streams.lanes import CONTROL_LANE, MENTION_LANE
from streams.topics import SIGNALS
from streams.values import LIVE
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from tests.grounds import EmptyLog
from tests.scenarios.chaos_judge import mentions_counted
from tests.scenarios.chaos_worker import Phase, Serving
from tests.scenarios.kill_bench import Service, service, wait_until
from tests.scenarios.test_kill import FEWEST_SECONDS, MOST_SECONDS, opening
from tests.scenarios.test_lanes import started
from tests.scenarios.worker_bench import PATIENCE_SECONDS

INCIDENT, TAG = "incident-1", "#FireWard1"
AT_ONCE = 4
QUARTER = timedelta(minutes=15)
TOLD = {"signal_noted", "story_noted", "tags_noted", "listed_noted", "watch_noted", "case_opened", "case_gathered"}
VARYING = {"answer_by", "at", "id", "case_id"}
"""What depends on when an order was judged, or on a key that each evening has of its own."""
VARYING_ON_A_CLUSTER = VARYING | {"nearest"}
"""Which text is nearest to a story too: words weigh by the posts before, in any order on several partitions."""


def post(name: str, text: str, at: datetime, **more: str) -> Mention:
    author = more.pop("author", f"author-{name}")
    return Mention.model_validate({"id": name, "mode": LIVE, "author_id": author, "at": at, "text": text, **more})


def crowd(at: datetime, turn: int) -> list[Mention]:
    """Two rumours and a noise, told by different people, each in words that nobody else uses too."""
    texts = {
        "rumour": (24, "children's ward closed because of smoke"),
        "other": (12, "ambulances are sent to another county"),
        "noise": (20, "so loud down here tonight"),
    }
    return [
        post(f"{name}-{turn}-{one}", f"{text} x{name}{one} {TAG}", at, author=f"{name}-{one}")
        for name, (count, text) in texts.items()
        for one in range(count)
    ]


def evening(begins: datetime) -> list[list[Mention]]:
    """What people post, in three parts: the whole of one is counted before the next begins.

    On several partitions posts of one part may be counted in any order, so nothing in it hangs on that.
    """
    threat = f"I will burn the hospital down tonight {TAG}"
    first = [
        *crowd(begins, 1),
        post("threat", threat, begins),
        *(post(f"again-{one}", threat, begins, repost_of="threat") for one in range(8)),
        *(post(f"help-{one}", f"my nan is trapped in ward {one} {TAG}", begins) for one in range(6)),
        post("press", f"I am a reporter, can I get a statement about {TAG}", begins),
        *(
            post(f"paper-{one}", f"Our report number {one} {TAG}", begins, author="did:web:ardudwy-herald.example")
            for one in range(3)
        ),
        *(post(f"watch-{one}", f"smoke over Ardudwy Vale Hospitals {one}", begins) for one in range(3)),
    ]
    partner = "did:web:ardudwy-police.example"
    last = [post("crews", f"Crews are there {TAG} #ArdudwyPolice", begins + timedelta(minutes=6), author=partner)]
    return [first, crowd(begins + timedelta(minutes=3), 2), last]


def lanes(on: Service) -> tuple[Serving, list[Serving]]:
    """The worker that answers orders, and those that count."""
    on_a_cluster = on.log_url.startswith("kafka:")

    def worker(name: str, lane: str) -> Serving:
        url = f"{on.log_url}&worker={name}" if on_a_cluster else on.log_url
        return on.worker(f"{name}.log", "--lane", lane, log_url=url)

    names = ("a", "b") if on_a_cluster else ("a",)
    return worker("control", CONTROL_LANE.name), [worker(name, MENTION_LANE.name) for name in names]


async def kill_some(counting: Sequence[Serving], kills: int, chance: Random) -> None:
    """SIGKILL to one of them, and start it again, at moments that chance draws."""
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(FEWEST_SECONDS, MOST_SECONDS))
        one = chance.choice(counting)
        one.kill()
        one.start()
    for one in counting:
        await asyncio.to_thread(wait_until, partial(serves, one), "it serves again")


def serves(worker: Serving) -> bool:
    return worker.phase is Phase.RUNNING


async def put_slowly(on: Service, posts: Sequence[Mention], seconds: float) -> None:
    """Some posts at a time, over so many seconds: each batch that is counted is another one."""
    parts = [posts[first : first + AT_ONCE] for first in range(0, len(posts), AT_ONCE)]
    for part in parts:
        await on.put(part)
        await asyncio.sleep(seconds / len(parts))


async def until_counted(log_url: str, posts: int) -> None:
    """Return once so many posts are counted: the doors leave them for a worker that may not live."""
    async with asyncio.timeout(2 * PATIENCE_SECONDS):
        while True:
            with suppress(LogError):
                if await mentions_counted(log_url) >= posts:
                    return
            await asyncio.sleep(0.2)


async def told(on: Service, parts: Sequence[Sequence[Mention]], *, kills: int) -> Counter[str]:
    """Everything that comes of an evening during which those that count are killed so often in each part."""
    control, counting = lanes(on)
    await started(control, *counting)
    declare, release = [one for one in opening(1) if isinstance(one, Command)]
    chance = Random(kills)
    async with Door(LIVE, on.log_url) as door:
        await door.ask(declare)
        for number, part in enumerate(parts, 1):
            seconds = kills * (FEWEST_SECONDS + MOST_SECONDS) / 2
            await asyncio.gather(put_slowly(on, part, seconds), kill_some(counting, kills, chance))
            await until_counted(on.log_url, sum(map(len, parts[:number])))
        # Orders are answered one after the other: once this one is, all are.
        await door.ask(release)
        facts = facts_of(await door.fact_records())
        letters = await door.dead_letters()
        signals = [decode(SIGNALS, one.value) for one in await door.records(SIGNALS)]
        stories, counts = (await door.stories(INCIDENT)).stories.stories, await door.counts(INCIDENT)
    assert [await asyncio.to_thread(one.stop) for one in (*counting, control)] == [0] * (1 + len(counting))
    assert all(isinstance(one, Signal) for one in signals)
    assert len({one.id for one in signals}) == len(signals)
    assert letters == []
    varying = VARYING if len(counting) == 1 else VARYING_ON_A_CLUSTER
    noted = [
        f"{one.subject.kind} {one.body.model_dump_json(exclude=varying)}" for one in facts if one.body.kind in TOLD
    ]
    given = [one.model_dump_json(exclude=varying) for one in signals]
    kept = [f"story of {one.posts} posts, {one.people_count} people, {one.wordings} wordings" for one in stories]
    people = f"{counts.total} posts by {len(counts.people.people)} people"
    return Counter([*noted, *given, *kept, people])


@pytest.mark.kill
@pytest.mark.slow
def test_killed_at_any_moment_those_that_count_say_what_they_say_undisturbed(
    empty_log: EmptyLog, tmp_path: Path, kills: int
) -> None:
    """Surges, stories, hashtags, listed authors and cases: the same ones, none twice and none missing."""
    now = SystemClock().now()
    begins = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0) - QUARTER + timedelta(minutes=1)
    parts, evenings = evening(begins), list[Counter[str]]()
    for number in (0, kills):
        folder = tmp_path / f"{number}-kills"
        folder.mkdir()
        with empty_log() as url:
            spread = f"{url}&partitions=4" if url.startswith("kafka:") else url
            with service(folder, spread) as on:
                evenings.append(asyncio.run(told(on, parts, kills=number)))
    undisturbed, killed = evenings
    differences = {"only killed": [*(killed - undisturbed)], "only undisturbed": [*(undisturbed - killed)]}
    assert killed == undisturbed, json.dumps(differences, indent=1)
    assert {one.partition(" ")[0] for one in undisturbed} >= {"incident", "case", "watch", "story"}
