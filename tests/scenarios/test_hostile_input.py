"""Malformed, oversize and hostile input on every topic: the worker goes on, each stray record is kept with a reason."""

import asyncio
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.runtime.door.door import Door
from agents.runtime.door.tables import PAST, SUBJECTS, changelog
from agents.runtime.feeds.hearings import states_of
from infra.log import Draft, Partition
from streams.codec import encode
from streams.topics import BYTES_MAX, CARRYING, COMMANDS, DEAD_LETTERS, FACTS, FEED_STATES, MENTIONS, PARTNER_POSTS
from streams.values import LIVE, Subject
from streams.words.posts import DeadLetter, Mention, PartnerPost
from tests import builders
from tests.grounds import EmptyLog
from tests.scenarios.worker_bench import PATIENCE_SECONDS, Bench, bench

TOPICS = [plan.name for plan in CARRYING if plan.name not in {"signals", "registers", FEED_STATES.name}]
"""Signals are for people and other services, registers are for whoever judges again; no agent of ours reads them.

What is known of feeds is only looked at: see below.
"""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
nasty = st.sampled_from(
    [
        b"",
        b"\x00",
        b"\xff\xfe",
        b"[" * 5_000,
        b'{"version":1}',
        b'{"version":99,"kind":"release"}',
        b"x" * (BYTES_MAX + 1),
        b'{"id":"a","id":"b"}',
        b"1e999",
        "\u202e{}".encode(),
    ]
)
strays = nasty | st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode())
"""None of them is a message: each lacks most of the fields that all messages have."""


@settings(max_examples=5)
@given(strays=st.lists(st.tuples(st.none() | st.binary(max_size=30), strays), min_size=1, max_size=20))
@pytest.mark.parametrize("topic", TOPICS)
def test_a_stray_record_becomes_a_dead_letter_and_the_worker_goes_on(
    topic: str, strays: list[tuple[bytes | None, bytes]], empty_log: EmptyLog
) -> None:
    """As many dead letters as strays, each with its origin and a reason; then an order is answered as ever."""
    with empty_log() as url:
        asyncio.run(_flooded(url, topic, strays))


async def _flooded(log_url: str, topic: str, strays: list[tuple[bytes | None, bytes]]) -> None:
    async with bench(log_url, builders.register()) as on:
        await on.put_raw(topic, strays)
        letters = await _letters(on, at_least=len(strays))
        assert {letter.offset for letter in letters if letter.topic == f"live.{topic}"} == set(range(len(strays)))
        assert all(letter.reason for letter in letters)
        (fact,) = await on.answered(on.order(builders.declaration()))
        assert fact.body.kind == "incident_declared"


async def _letters(on: Bench, at_least: int) -> list[DeadLetter]:
    """The dead letters, as soon as so many records have become one; several of one record are one."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            letters = list(await on.dead_letters())
            if len({(letter.topic, letter.partition, letter.offset) for letter in letters}) >= at_least:
                return letters
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("topic", TOPICS)
async def test_the_largest_record_that_the_log_takes_does_not_stop_the_worker(topic: str, log_url: str) -> None:
    """With the headers of a dead letter it is too large to be written again: its beginning is kept, and it says so."""
    async with bench(log_url, builders.register()) as on:
        size = on.worker.app.ground.record_bytes_max or 0
        await on.put_raw(topic, [(b"k", b"x" * (size - 1)), (b"k" * (size - 1), b"x"), (None, None)])
        letters = await _letters(on, 3)
        cut = {letter.offset for letter in letters if letter.reason.startswith("only its beginning is kept here: ")}
        assert cut == {0, 1}
        (fact,) = await on.answered(on.order(builders.declaration()))
        assert fact.body.kind == "incident_declared"


async def test_garbage_in_place_of_what_is_known_of_a_feed_keeps_no_order_waiting(log_url: str) -> None:
    """It is left out where the feeds are listed, also under a key that is no text."""
    async with bench(log_url, builders.register()) as on:
        await on.put_raw(FEED_STATES.name, [(b"\xff\xfe", b"x"), (b"police", b"{}"), (b"k" * 5_000, b"\x00")])
        (fact,) = await on.answered(on.order(builders.declaration()))
        assert fact.body.kind == "incident_declared"
        async with Door(LIVE, log_url) as door:
            assert await states_of(door) == {}


async def test_a_message_under_a_key_that_is_not_its_own_is_a_dead_letter(log_url: str) -> None:
    """Two orders of one incident on two partitions would be judged side by side."""
    async with bench(log_url, builders.register()) as on:
        order = on.order(builders.declaration())
        await on.put_raw(COMMANDS.name, [(b"another-incident", encode(order)), (None, encode(order))])
        letters = await _letters(on, 2)
    assert all("its key is not its subject" in letter.reason for letter in letters)


async def test_a_mention_of_a_drill_on_a_live_topic_is_a_dead_letter_and_the_rest_of_its_batch_counts(
    log_url: str,
) -> None:
    async with bench(log_url, builders.register()) as on:
        await on.answered(on.order(builders.declaration()))
        posts = [
            Mention(id=f"m-{number}", mode=mode, author_id="author-1", at=on.clock.now(), text="so loud #AshbyCrash")
            for number, mode in enumerate(["live", builders.DRILL, "live"])
        ]
        await on.put_raw(MENTIONS.name, [(b"author-1", encode(post)) for post in posts])
        letters = await _letters(on, 1)
        async with asyncio.timeout(180):
            # Another agent adds the counts up, when it comes to them.
            while not (counts := on.worker.counts.get(builders.INCIDENT)) or counts.total < 2:  # noqa: ASYNC110 - a table tells nobody
                await asyncio.sleep(0.01)
    assert ["of mode exercise-1" in letter.reason for letter in letters] == [True]
    assert counts.total == 2


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\u202egnp.exe", "a\x00b", "x" * 10_000, "\N{PILE OF POO}" * 500, ""]
)
async def test_a_partner_post_with_hostile_words_never_stops_the_worker(log_url: str, text: str) -> None:
    """It goes out as it is, is refused with a reason, or is a dead letter; the next order is answered."""
    async with bench(log_url, builders.register()) as on:
        await on.answered(on.order(builders.declaration()))
        plain = PartnerPost(
            id="p-1",
            mode="live",
            account_id="did:vale:1",
            domain="vale-ambulance.example",
            post_id="1",
            at=on.clock.now(),
            text=f"#AshbyCrash {text}"[:10_000],
        )
        await on.put_raw(PARTNER_POSTS.name, [(b"did:vale:1", encode(plain))])
        (fact, *_) = await on.answered(on.order(builders.holding()))
        assert fact.body.kind == "message_authorised"


async def test_garbage_in_tables_and_dead_letters_hides_nothing_from_a_door_and_stops_no_worker(log_url: str) -> None:
    """On each ground: it is named, the rest is shown, and a worker that starts on it answers the next order."""
    tables = [changelog(builders.LIVE, table) for table in (SUBJECTS, PAST)]
    topics = [*tables, f"{builders.LIVE}.{DEAD_LETTERS}", FACTS.named(builders.LIVE)]
    keys = [b"\xff", b"incident/no-state", builders.SUBJECT.key.encode()]
    async with bench(log_url, builders.register()) as on:
        await on.answered(on.order(builders.declaration()))
        drafts = [
            Draft(Partition(topic, 0), key, value, 0) for topic in topics for key in keys for value in (b"x", b"{}")
        ]
        await on.worker.log.append(drafts)
    async with bench(log_url, builders.register()) as on:
        other = Subject.incident("inc-other")
        (fact,) = await on.answered(on.order(builders.declaration(), about=other))
        async with Door(builders.LIVE, log_url) as door:
            shown = await door.overview()
            await door.dead_letters()
            facts = await door.facts_about(builders.SUBJECT)
    assert fact.body.kind == "incident_declared"
    assert {one.id for one in shown.incidents} == {builders.INCIDENT, other.id}
    assert [one.body.kind for one in facts] == ["incident_declared"]
    assert {one.where.topic for one in door.bad} == {tables[0], *topics[2:]}
