"""When mentions come so thick that somebody should be asked for a word."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.listening.surge import (
    COUNT_MIN,
    FACTOR,
    KEPT,
    LOOK_BACK,
    MINUTE,
    Counts,
    counted,
    minute_of,
    surge,
)
from tests.builders import NOW

MINUTES = st.dictionaries(st.integers(0, 600).map(lambda back: NOW - MINUTE * back), st.integers(1, 200), max_size=20)


def steady(count: int, newest: int) -> Counts:
    """Ten minutes of so many mentions, and the newest minute."""
    minutes = {NOW - MINUTE * back: count for back in range(1, 11)}
    return counted(Counts(), {**minutes, NOW: newest})


def test_a_minute_of_many_after_quiet_is_a_surge() -> None:
    """Exactly from the least count on."""
    assert surge(steady(0, COUNT_MIN - 1)) is None
    found = surge(steady(0, COUNT_MIN))
    assert found is not None
    assert (found.minute, found.count) == (NOW, COUNT_MIN)


def test_much_is_no_surge_where_it_is_usual() -> None:
    """It takes several times the usual."""
    assert surge(steady(100, int(100 * FACTOR) - 1)) is None
    assert surge(steady(100, int(100 * FACTOR))) is not None


def test_a_surge_is_signalled_once_in_a_while() -> None:
    """Not every minute anew."""
    counts = steady(0, 90).model_copy(update={"signalled_at": NOW - LOOK_BACK + MINUTE})
    assert surge(counts) is None
    assert surge(counts.model_copy(update={"signalled_at": NOW - LOOK_BACK})) is not None


@given(batches=st.lists(MINUTES, max_size=4))
def test_no_mention_is_lost_from_the_total_and_no_minute_is_kept_too_long(batches: list[dict[datetime, int]]) -> None:
    """However they are batched: the total is theirs, the minutes are the last hours'."""
    counts = Counts()
    for batch in batches:
        counts = counted(counts, batch)
    assert counts.total == sum(sum(batch.values()) for batch in batches)
    assert all(minute > max(counts.minutes) - KEPT for minute in counts.minutes)


@given(one=MINUTES, other=MINUTES)
def test_the_order_of_batches_does_not_matter(one: dict[datetime, int], other: dict[datetime, int]) -> None:
    """Partitions come in any order: the minutes that are kept count the same."""
    there = counted(counted(Counts(), one), other)
    back = counted(counted(Counts(), other), one)
    assert there.total == back.total
    newest = max(there.minutes, default=NOW)
    span = [newest - MINUTE * back_by for back_by in range(int(LOOK_BACK / MINUTE))]
    assert [there.minutes.get(at) for at in span] == [back.minutes.get(at) for at in span]


@given(minutes=MINUTES)
def test_nothing_counted_breaks_the_judgement(minutes: dict[datetime, int]) -> None:
    """A surge names a minute that was counted."""
    counts = counted(Counts(), minutes)
    found = surge(counts)
    assert found is None or counts.minutes[found.minute] == found.count


def test_a_minute_begins_at_its_first_second() -> None:
    """22:31:59.9 belongs to 22:31."""
    assert minute_of(NOW + timedelta(seconds=59, microseconds=9)) == NOW
