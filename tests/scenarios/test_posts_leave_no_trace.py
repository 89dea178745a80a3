"""Of the posts that are heard, no word and no handle is anywhere but in the topic of mentions, kept seven days.

Their hashtags are counted, and so stand in the counts and in the table of hashtags as long as the incident goes on.

Every topic and table of the log is looked through, what was mailed, the evidence file, and all that was logged.
"""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.registers import data_folder, load
from agents.runtime.door.door import Door
from agents.runtime.door.tables import TAGS_HEARD, shared_changelog
from agents.runtime.record.export import export
from agents.runtime.worker.worker import Setup, Worker
from infra.sqlite_log.file.codec import OFFSET_BITS
from streams.topics import MENTION_COUNTS, MENTIONS
from streams.values import TRAINING
from streams.words.briefings.entries import BriefingRule
from streams.words.orders import command
from streams.words.posts import Mention
from streams.words.register.changes import in_mode
from tests.builders import INCIDENT, SUBJECT, declaration
from tests.examples import CHIEF, NOW
from tests.planting import MARK

SECONDS_MAX = 180
POSTS = 30
FIRST_MARK = 900_000
FIELDS = ("author", "text", "hashtag", "repost", "reply", "addressed")


def planted(number: int) -> Mention:
    """A post with a mark of its own in every field that the public fills."""
    mark = [f"zq{FIRST_MARK + 10 * number + place}xq" for place in range(6)]
    return Mention(
        id=f"m-{number}",
        mode=TRAINING,
        author_id=f"{mark[0]}.example",
        at=NOW,
        text=f"{mark[1]} evacuated, injured #AshbyCrash #{mark[2]}",
        repost_of=mark[3],
        reply_to=mark[4],
        addressed=(mark[5],),
        followers=7,
    )


def places_with_marks(file: Path) -> Mapping[str, set[str]]:
    """Each topic of which a record has a mark in its key, value or headers, with the fields whose marks they are.

    Other tables are called by their own names.
    """
    found = defaultdict[str, set[str]](set)
    with closing(sqlite3.connect(file)) as log:
        topics = dict(log.execute("SELECT id, topic FROM partition"))
        tables = [name for (name,) in log.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in log.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the names are the file's own
                words = " ".join(one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in row)
                for mark in MARK.finditer(words):
                    place = topics[row[0] >> OFFSET_BITS] if table == "record" else table
                    found[place].add(FIELDS[int(mark[0].strip("zqx")) % 10])
    return found


async def test_no_word_or_handle_of_a_post_is_left_but_in_the_mentions_and_no_fact_has_its_hashtag(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    register = in_mode(load(data_folder(), NOW), TRAINING)
    rule = BriefingRule(people=(CHIEF,))
    register = register.model_copy(update={"briefing": rule, "unsigned_orders": "allowed"})
    passed = [0.0]
    clock, pager = ScaledClock(NOW, 1.0, elapsed=lambda: passed[0]), MemoryPager(TRAINING)
    log = f"sqlite:///{tmp_path}/log.db"
    setup = Setup(TRAINING, log, clock, lambda: register, {}, pagers=dict.fromkeys(("email", "sms", "chat"), pager))
    async with Worker(setup) as worker, asyncio.timeout(SECONDS_MAX), Door(TRAINING, log) as door:
        await door.ask(command(declaration(), cause=1, mode=TRAINING, subject=SUBJECT, at=clock.now(), by=CHIEF))
        await worker.put([planted(number) for number in range(POSTS)])
        while (await door.counts(INCIDENT)).total < POSTS:  # noqa: ASYNC110 - people wait as well
            await asyncio.sleep(0.1)
        passed[0] += timedelta(minutes=31).total_seconds()
        while not [one for one in pager.calls if "Briefing" in one.text]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
        while not [one for one in await door.facts_about(SUBJECT) if one.body.kind == "signal_noted"]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
        facts = await door.facts_about(SUBJECT)
        _, evidence = await export(door, SUBJECT, mode=TRAINING, by=CHIEF, at=clock.now())
    assert [one.body.kind for one in facts].count("signal_noted") == 1
    assert places_with_marks(tmp_path / "log.db") == {
        MENTIONS.named(TRAINING): {*FIELDS},
        MENTION_COUNTS.named(TRAINING): {"hashtag"},
        shared_changelog(TRAINING, TAGS_HEARD): {"hashtag"},
    }
    assert not MARK.search(evidence.decode(errors="replace"))
    assert not any(MARK.search(one.model_dump_json()) for one in pager.calls)
    logged = capfd.readouterr()
    assert not MARK.search(logged.out + logged.err)
