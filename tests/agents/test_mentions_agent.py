"""The mentions agent counts, and says when a word is due; no post can stop it counting."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.mentions import ENDED_KEPT, DayKey, handle, handle_counts
from agents.runtime.worker.table_store import UnreadableRow
from streams.decisions.listening.keep import UNMATCHED
from streams.decisions.listening.surge import Counts
from streams.subjects.listening.watch import TrustWatch, WatchStatus, the_watch
from streams.words.incident import NoteSignal
from streams.words.listening.watch import THE_WATCH, NoteWatch, WatchNoted
from streams.words.orders import Command
from streams.words.posts import Mention, MentionCount, Signal
from tests.agents.doubles import MemoryStore
from tests.agents.hearing import PEOPLE, heard, mentions, needs
from tests.builders import INCIDENT, LIVE, NOW
from tests.strategies import built

NOTHING_MORE = MentionCount(mode=LIVE, incident_id=THE_WATCH.key, minutes={})


def watched_until(until: datetime) -> TrustWatch:
    """A person wants to know what becomes of it by then."""
    figures = {"people": 3, "minutes": 2, "usual": 0.1, "everyone": 3, "words": ("fire",)}
    noted = WatchNoted.model_validate({**figures, "minute": NOW, "first_seen": NOW, "trust": "Ours", "waits": True})
    change = {"status": WatchStatus.CLOSER, "until": until, "noted": noted}
    return the_watch(LIVE).model_copy(update=change)


async def test_a_surge_gives_one_signal_and_puts_it_before_the_commander() -> None:
    """Once; the next batch of the same minute is silent."""
    told = needs()
    signal, order = await heard(mentions(PEOPLE), told)
    assert isinstance(signal, Signal)
    assert not isinstance(order, Signal)
    noted = NoteSignal(signal="surge", minute=NOW, count=PEOPLE, minutes=2, usual=0.14)
    assert order.body == noted
    assert await heard(mentions(PEOPLE), told) == []


async def test_the_last_surge_is_kept_with_what_is_counted() -> None:
    """The briefing marks it; what was counted is read without reading the facts."""
    told = needs()
    await heard(mentions(PEOPLE), told)
    counts = told.counts.get(INCIDENT)
    assert counts is not None
    assert [(one.minute, one.people) for one in counts.surges] == [(NOW, PEOPLE)]


async def test_followers_are_added_up_where_the_source_tells_them_and_else_nothing_is_concluded() -> None:
    told = needs()
    known = [one.model_copy(update={"followers": 40}) for one in mentions(3)]
    for batch in (known, mentions(2, first=3), mentions(1, "nothing of ours", first=9)):
        await heard(batch, told)
    counts = told.counts.get(INCIDENT)
    assert counts is not None
    assert (counts.total, counts.followers, counts.with_followers) == (5, 120, 3)


async def test_a_surge_over_several_batches_is_seen() -> None:
    """The table remembers."""
    told = needs()
    assert await heard(mentions(PEOPLE - 1), told) == []
    assert len(await heard(mentions(1, first=PEOPLE), told)) == 2


async def test_a_surge_over_several_partitions_is_seen() -> None:
    """Each worker alone found too few; together they are enough."""
    told = needs()
    counts = [*await handle(mentions(PEOPLE // 2), told), *await handle(mentions(PEOPLE // 2, first=PEOPLE), told)]
    assert len(counts) == 2
    assert len(await handle_counts(counts, told)) == 2


class Unreadable(MemoryStore[Counts]):
    """A table in which some values cannot be read until they are written again."""

    def get(self, key: str) -> Counts | None:
        found = super().get(key)
        if found is not None and found.total < 0:
            raise UnreadableRow
        return found


async def test_a_count_that_cannot_be_read_blinds_the_counting_of_nothing_else() -> None:
    """It begins from nothing, and all that is in the same batch is counted as ever."""
    store = Unreadable()
    store.put(UNMATCHED, Counts().model_copy(update={"total": -1}))
    told = needs(counts=store)
    assert len(await heard([*mentions(1, "of nothing"), *mentions(PEOPLE)], told)) == 2
    unmatched = store.get(UNMATCHED)
    assert unmatched is not None
    assert unmatched.total == 1


async def test_posts_of_no_incident_are_counted_and_never_signalled() -> None:
    """There is nobody to put them before; their number is kept."""
    told = needs()
    assert await heard(mentions(500, "nothing of ours"), told) == []
    found = told.counts.get(UNMATCHED)
    assert found is not None
    assert found.total == 500


async def test_a_post_dated_ahead_does_not_blind_the_counting() -> None:
    """One post of the year 2999 counts as of now; the surge after it is seen."""
    told = needs()
    await heard(mentions(1, at=datetime.fromisoformat("2999-01-01T00:00:00+00:00")), told)
    assert len(await heard(mentions(PEOPLE), told)) == 2


async def test_the_same_surge_gives_the_same_signal() -> None:
    """Identifiers are derived: a replay says nothing new, though it is later, and its batch has grown."""
    ahead = NOW + timedelta(days=1)
    first = await heard(mentions(19, at=ahead), needs())
    again = await heard([*mentions(19, at=ahead), *mentions(19, at=ahead)], needs(NOW + timedelta(minutes=3)))
    assert [one.id for one in first] == [one.id for one in again]
    assert len(first) == 2


async def test_twice_as_many_people_give_another_signal() -> None:
    """Else the commander would hear of the first one only."""
    store = MemoryStore[Counts]()
    later = NOW + timedelta(minutes=2)
    first = await heard(mentions(PEOPLE), needs(counts=store))
    second = await heard(mentions(PEOPLE, at=later, first=PEOPLE), needs(later, store))
    assert (len(first), len(second)) == (2, 2)
    assert not {one.id for one in first} & {one.id for one in second}


async def test_three_people_who_warn_with_our_name_give_a_signal_without_an_incident() -> None:
    """Before anybody declared one: counts and words of our own list, and nothing of what they wrote."""
    signal, order = await heard(mentions(3, "fire in ward five of Cwm Helyg Hospitals"), needs())
    assert isinstance(signal, Signal)
    assert isinstance(order, Command)
    assert order.subject == THE_WATCH
    assert isinstance(order.body, NoteWatch)
    assert (order.body.people, order.body.everyone, order.body.words) == (3, 3, ("fire",))
    assert order.body.first_seen == NOW
    assert (signal.signal, signal.incident_id, signal.count, signal.words) == ("watch-surge", None, 3, ("fire",))
    assert "ward" not in signal.model_dump_json() + order.model_dump_json()


async def test_the_same_surge_is_put_before_a_person_once_however_late_it_is_replayed() -> None:
    """The order's identifier follows from the signal."""
    batch = mentions(3, "fire in ward five of Cwm Helyg Hospitals")
    _, first = await heard(batch, needs())
    _, again = await heard([*batch, *batch], needs(NOW + timedelta(minutes=2)))
    assert first.id == again.id


async def test_another_hazard_within_the_hour_is_put_before_a_person_too_and_the_same_one_is_not() -> None:
    """Over any number of partitions: what each of them counted is added up at one place, in the order it comes."""
    told = needs()
    await heard(mentions(3, "fire at Cwm Helyg Hospitals"), told)
    counted = told.counts
    assert isinstance(counted, MemoryStore)
    later = NOW + timedelta(minutes=10)
    told = needs(later, counted)
    assert await heard(mentions(2, "smoke at Cwm Helyg Hospitals", at=later, first=10), told) == []
    assert await heard(mentions(2, "Cwm Helyg Hospitals is flooded", at=later, first=20), told) == []
    _, order = await heard(mentions(1, "Cwm Helyg Hospitals is flooded", at=later, first=22), told)
    assert isinstance(order, Command)
    assert isinstance(order.body, NoteWatch)
    assert (order.body.people, order.body.words, order.body.kinds) == (3, ("flooded",), {"fire": 5, "weather": 3})


@pytest.mark.parametrize(("later", "people"), [(0, 3), (10, 3), (20, 0)])
async def test_what_became_of_it_is_told_once_a_persons_moment_has_come(later: int, people: int) -> None:
    """It needs no post: a count of nothing is enough. People of the last 15 minutes count, those with a word alone."""
    told = needs()
    await heard([*mentions(3, "fire at Cwm Helyg Hospitals"), *mentions(4, "Cwm Helyg Hospitals", first=3)], told)
    counted = told.counts
    assert isinstance(counted, MemoryStore)
    now = NOW + timedelta(minutes=later)
    told = replace(needs(now, counted), watch=lambda: watched_until(now))
    (order,) = await handle_counts([NOTHING_MORE], told)
    assert isinstance(order, Command)
    assert isinstance(order.body, NoteWatch)
    assert (order.body.people, order.body.minutes, order.body.looked) == (people, 15, now)
    assert (await handle_counts([NOTHING_MORE], told))[0].id == order.id


async def test_before_that_moment_nothing_is_told() -> None:
    told = replace(needs(), watch=lambda: watched_until(NOW + timedelta(seconds=1)))
    assert await handle_counts([NOTHING_MORE], told) == []
    assert await handle_counts([NOTHING_MORE], needs()) == []


async def test_one_account_that_warns_a_thousand_times_gives_no_signal() -> None:
    """It is one person."""
    alone = [one.model_copy(update={"author_id": "a"}) for one in mentions(1_000, "fire at Cwm Helyg Hospitals")]
    assert await heard(alone, needs()) == []


async def test_more_people_than_one_count_takes_are_told_by_several() -> None:
    """None is lost, and the posts are counted once."""
    told = needs()
    counts = await handle(mentions(2_500), told)
    assert [len(one.voices) for one in counts] == [1_000, 1_000, 500]
    await handle_counts(counts, told)
    found = told.counts.get(INCIDENT)
    assert found is not None
    assert (found.total, len(found.people.people)) == (2_500, 2_500)


async def test_a_key_is_deleted_after_two_days() -> None:
    """From then on nothing leads from a hash to an account, since there is no key to try accounts with."""
    told = needs()
    told.keys.put("2020-01-01", DayKey(key="00"))
    await handle(mentions(1), told)
    assert [*told.keys.keys()] == [f"{NOW:%Y-%m-%d}"]


async def test_the_table_stays_small_however_many_incidents_end() -> None:
    """The last that ended are kept, the live one and what belongs to none always."""
    told = needs()
    await heard([*mentions(1), *mentions(1, "nothing of ours")], told)
    for number in range(ENDED_KEPT + 5):
        told.counts.put(f"ended-{number}", Counts(total=1))
    await heard(mentions(1), told)
    kept = told.counts.keys()
    assert {INCIDENT, UNMATCHED} < set(kept)
    assert len(kept) == ENDED_KEPT + 2
    assert f"ended-{ENDED_KEPT + 4}" in kept


@given(batch=st.lists(built(Mention), max_size=20))
async def test_whatever_is_posted_is_counted(batch: list[Mention]) -> None:
    """Any batch of any posts: no exception, and not one is lost from the totals."""
    told = needs()
    await heard(batch, told)
    totals = [counts.total for name in (INCIDENT, UNMATCHED) if (counts := told.counts.get(name))]
    assert sum(totals) == len(batch)
