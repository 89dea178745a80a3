"""The mentions agent counts, and says when a word is due; no post can stop it counting."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agents.mentions import ENDED_KEPT, UNMATCHED, Needs, handle, handle_counts
from agents.runtime.worker.table_store import UnreadableRow
from streams.decisions.listening.surge import COUNT_MIN, LOOK_BACK, Counts
from streams.words.incident import NoteSignal
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from tests import builders
from tests.agents.doubles import MemoryIncidents, MemoryStore, clock_at
from tests.builders import INCIDENT, LIVE, NOW
from tests.strategies import built


def mentions(count: int, text: str = "#AshbyCrash", at: datetime = NOW) -> list[Mention]:
    return [Mention(id=f"m-{number}", mode=LIVE, author_id=f"a-{number}", at=at, text=text) for number in range(count)]


def needs(at: datetime = NOW) -> Needs:
    return Needs(LIVE, clock_at(at), MemoryIncidents((builders.declared(),)), MemoryStore[Counts]())


async def heard(batch: Sequence[Mention], told: Needs) -> Sequence[Signal | Command]:
    """What comes of a batch, once its counts were added up."""
    return await handle_counts(await handle(batch, told), told)


async def test_a_surge_gives_one_signal_and_puts_it_before_the_commander() -> None:
    """Once; the next batch of the same minute is silent."""
    told = needs()
    signal, order = await heard(mentions(COUNT_MIN), told)
    assert isinstance(signal, Signal)
    assert not isinstance(order, Signal)
    assert order.body == NoteSignal(signal="surge", minute=NOW, count=COUNT_MIN)
    assert await heard(mentions(COUNT_MIN), told) == []


async def test_a_surge_over_several_batches_is_seen() -> None:
    """The table remembers."""
    told = needs()
    assert await heard(mentions(COUNT_MIN - 1), told) == []
    assert len(await heard(mentions(1), told)) == 2


async def test_a_surge_over_several_partitions_is_seen() -> None:
    """Each worker alone found too few; together they are enough."""
    told = needs()
    counts = [*await handle(mentions(COUNT_MIN // 2), told), *await handle(mentions(COUNT_MIN // 2), told)]
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
    told = Needs(LIVE, clock_at(NOW), MemoryIncidents((builders.declared(),)), store)
    assert len(await heard([*mentions(1, "of nothing"), *mentions(COUNT_MIN)], told)) == 2
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
    assert len(await heard(mentions(COUNT_MIN), told)) == 2


async def test_the_same_surge_gives_the_same_signal() -> None:
    """Identifiers are derived: a replay says nothing new, though it is later, and its batch has grown."""
    ahead = NOW + timedelta(days=1)
    first = await heard(mentions(30, at=ahead), needs())
    again = await heard(mentions(35, at=ahead), needs(NOW + timedelta(minutes=3)))
    assert [one.id for one in first] == [one.id for one in again]


async def test_the_next_surge_gives_another_signal() -> None:
    """Else the commander would hear of the first one only."""
    counts, later = needs().counts, NOW + LOOK_BACK
    live = MemoryIncidents((builders.declared(),))
    first = await heard(mentions(30), Needs(LIVE, clock_at(NOW), live, counts))
    second = await heard(mentions(30, at=later), Needs(LIVE, clock_at(later), live, counts))
    assert (len(first), len(second)) == (2, 2)
    assert not {one.id for one in first} & {one.id for one in second}


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
