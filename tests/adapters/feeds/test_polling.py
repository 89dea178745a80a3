"""A source that is asked from time to time: only what is new is given, and what is taken away is noticed."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from agents.adapters.feeds.asking import BODY_BYTES_MAX
from agents.adapters.feeds.polling import polled
from agents.feed_port import FeedWaits
from agents.ports import NotSent, Rejected
from streams.words.feeds import MARK_CHARACTERS_MAX
from tests.adapters.feeds.sources import Listing, Reading, StillClock, account, card, feed_on, listed, parse, tools


@pytest.fixture
async def source() -> AsyncIterator[Listing]:
    async with Listing({"/feed": listed("one", "two")}).open() as listing:
        yield listing


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


async def test_a_post_is_given_once_and_its_edit_once_more(source: Listing, clock: StillClock) -> None:
    """However often the source shows them, and in whatever order."""
    reading = Reading(feed_on(source, clock))
    assert await reading.said() == ["new a one", "new b two"]
    assert await reading.said() == []
    source.pages["/feed"] = listed("one", "two, mended", "three")[::-1]
    assert await reading.said() == ["new c three", "edited b two, mended"]
    source.pages["/feed"] = listed("one", "two", "three")
    assert await reading.said() == ["edited b two"]


async def test_an_edit_back_and_forth_has_an_id_each_time_and_a_repeat_has_the_same(
    source: Listing, clock: StillClock
) -> None:
    """From the same mark the same ids come, so that what was read twice is one thing."""
    reading, ids = Reading(feed_on(source, clock)), list[str]()
    for words in ("one", "other", "one", "other"):
        mark = reading.mark
        source.pages["/feed"] = listed(words)
        (again,) = (await Reading(feed_on(source, clock), mark).next()).items
        (first,) = (await reading.next()).items
        assert first.id == again.id
        ids.append(first.id)
    assert len({*ids}) == len(ids)


async def test_a_source_that_has_nothing_new_is_asked_for_no_body(source: Listing, clock: StillClock) -> None:
    reading = Reading(feed_on(source, clock))
    await reading.next()
    await reading.next()
    assert source.unchanged == 1


async def test_a_reader_that_begins_again_at_a_mark_goes_on_where_it_was(source: Listing, clock: StillClock) -> None:
    reading = Reading(feed_on(source, clock))
    await reading.next()
    source.pages["/feed"] = listed("one", "two", "three")
    assert await Reading(feed_on(source, clock), reading.mark).said() == ["new c three"]


async def test_a_mark_that_says_nothing_is_a_fault_and_not_a_crash(source: Listing, clock: StillClock) -> None:
    batch = await Reading(feed_on(source, clock), "an older release wrote this").next()
    assert len(batch.items) == 2
    assert "not known any more" in batch.faults[0]


async def test_what_left_the_current_set_is_taken_away_and_may_come_back(source: Listing, clock: StillClock) -> None:
    """Where the source shows all that holds; elsewhere a post that left a window of twenty says nothing."""
    reading, window = Reading(feed_on(source, clock, deletions="by-absence")), Reading(feed_on(source, clock))
    await reading.next()
    await window.next()
    source.pages["/feed"] = listed("one")
    assert await reading.said() == ["deleted b"]
    assert await window.said() == []
    assert await reading.said() == []
    source.pages["/feed"] = listed("one", "two")
    assert await reading.said() == ["edited b two"]


async def test_an_entry_that_cannot_be_read_takes_nothing_away(source: Listing, clock: StillClock) -> None:
    """It may be the very one that seems to be missing."""
    reading = Reading(feed_on(source, clock, deletions="by-absence"))
    await reading.next()
    source.pages["/feed"] = [*listed("one"), {"fault": "entry 2 has no time"}]
    batch = await reading.next()
    assert (batch.items, batch.faults) == ((), ("entry 2 has no time",))


async def test_a_post_that_is_missing_is_asked_for_and_taken_away_once_it_is_not_there(
    source: Listing, clock: StillClock
) -> None:
    """A post that only left the window is still at its address."""
    for name in "ab":
        source.pages[f"/posts/{name}"] = []
    shown = [{**one, "url": source.address(f"/posts/{one['id']}")} for one in listed("one", "two", "three")]
    source.pages["/feed"] = shown[:2]
    reading = Reading(feed_on(source, clock, deletions="by-asking"))
    await reading.next()
    source.pages["/feed"] = shown[2:]
    del source.pages["/posts/b"]
    batch = await reading.next()
    assert [(one.change, one.post_id) for one in batch.items] == [("new", "c"), ("deleted", "b")]  # type: ignore[union-attr] # posts alone


async def test_a_gap_is_said(source: Listing, clock: StillClock) -> None:
    reading = Reading(feed_on(source, clock))
    await reading.next()
    source.pages["/feed"] = [{"id": "z", "text": "much later"}]
    batch = await reading.next()
    assert len(batch.items) == 1
    assert "some may have come and gone unread" in batch.faults[0]


async def test_linked_documents_are_read_once_a_revision(source: Listing, clock: StillClock) -> None:
    """One that cannot be had is asked for again, also where its index has not changed."""
    link = {"id": "l", "revision": "1", "link": source.address("/alert")}
    source.pages = {"/feed": [link]}
    reading = Reading(feed_on(source, clock, deletions="by-absence"))
    first = await reading.next()
    assert (first.items, len(first.faults)) == ((), 1)
    source.pages["/alert"] = listed("flood")
    assert await reading.said() == ["new a flood"]
    assert await reading.said() == []
    source.pages |= {"/feed": [{**link, "revision": "2"}], "/alert": listed("flood, higher")}
    assert await reading.said() == ["edited a flood, higher"]
    source.pages["/feed"] = []
    assert await reading.said() == ["deleted a"]
    assert source.asked.count("/alert") == 3


async def test_a_linked_document_elsewhere_is_not_fetched(source: Listing, clock: StillClock) -> None:
    """What a feed says must not make us ask whom it likes."""
    source.pages = {"/feed": [{"id": "l", "revision": "1", "link": "http://elsewhere.example/alert"}]}
    batch = await Reading(feed_on(source, clock)).next()
    assert "which is not on police.example: not read" in batch.faults[0]


@pytest.mark.parametrize(
    ("answer", "kind", "sentence"),
    [
        (web.Response(status=429, headers={"Retry-After": "120"}), FeedWaits, "no question for 120 seconds"),
        (
            web.Response(status=503, headers={"Retry-After": "Wed, 14 Jan 2026 22:41:00 GMT"}),
            FeedWaits,
            "no question for 600 seconds",
        ),
        (web.Response(status=503), FeedWaits, "no question for 60 seconds"),
        (web.Response(status=500), NotSent, "did not answer as it should"),
        (web.Response(status=401), Rejected, "set its secret again"),
        (web.Response(status=404), Rejected, "ask its owner for the address of today"),
        (
            web.Response(status=301, headers={"Location": "https://other.example/"}),
            Rejected,
            "has moved to https://other",
        ),
        (web.Response(body=b" " * (BODY_BYTES_MAX + 1)), Rejected, "sends more than 8192 KiB at once"),
    ],
)
async def test_each_way_in_which_a_source_fails_is_said(
    source: Listing, clock: StillClock, answer: web.Response, kind: type[Exception], sentence: str
) -> None:  # budget: a source, and how it fails
    source.instead = answer
    with pytest.raises(kind, match=sentence):
        await Reading(feed_on(source, clock)).next()


async def test_a_source_that_is_not_there_is_worth_a_retry(clock: StillClock) -> None:
    with pytest.raises(NotSent, match="cannot be reached"):
        await Reading(feed_on(Listing(port=1), clock)).next()


async def test_two_feeds_that_began_together_do_not_come_back_together(source: Listing) -> None:
    """Each waits as its card says, a tenth more or less by chance."""
    waited = []
    for chance in (0.0, 0.5, 1.0):
        clock = StillClock()
        reading = Reading(polled(card(), parse).make(account(source.address()), tools(clock, chance=lambda: chance)))  # noqa: B023 - used at once
        await reading.next()
        await reading.next()
        waited += clock.slept
    assert waited == pytest.approx([54, 60, 66])


async def test_the_mark_of_a_long_feed_fits_into_one_record(source: Listing, clock: StillClock) -> None:
    address = source.address(f"/{'p' * 150}")
    reading = Reading(feed_on(source, clock, deletions="by-asking"))
    for round_ in range(4):
        source.pages["/feed"] = [{"id": f"{round_}-{n}", "text": "words", "url": address} for n in range(200)]
        await reading.next()
    assert len(reading.mark or "") < MARK_CHARACTERS_MAX


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"address": "http://police.example/feed"}, "begin it with https://"),
        ({"address": "https://me:word@police.example/feed"}, "name or a password in it"),
        ({"options": {"every_seconds": "1"}}, "from 15 to 900"),
        ({"options": {"every_seconds": "often"}}, "from 15 to 900"),
        ({"options": {"evry_seconds": "60"}}, "there is no option evry_seconds: this kind takes every_seconds"),
    ],
)
def test_an_account_that_cannot_be_read_so_is_named_before_it_is(changes: dict[str, object], sentence: str) -> None:
    wrong = account("https://police.example/feed").model_copy(update=changes)
    with pytest.raises(ValueError, match=sentence):
        polled(card(), parse).checked(wrong)


async def test_a_check_reads_the_source_and_says_what_is_there(source: Listing, clock: StillClock) -> None:
    assert await feed_on(source, clock).check() == "127.0.0.1 answers with 2 entries"
