"""When so many people speak at once that somebody should be asked for a word."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.listening.crowd import BIN_SECONDS, PEOPLE_MAX, Gathering, PeopleHeard, moment_of
from streams.decisions.listening.surge import (
    AGAIN,
    INCIDENT_RULE,
    KEPT,
    MINUTE,
    WATCH_RULE,
    Counts,
    Surge,
    counted,
    heard,
    minute_of,
)
from streams.decisions.listening.usual import DAY, QUARTER_BINS
from streams.decisions.listening.watch.kinds import PEOPLE_KEPT
from streams.words.posts import Voice
from tests.builders import NOW

MINUTES = st.dictionaries(st.integers(0, 600).map(lambda back: NOW - MINUTE * back), st.integers(1, 200), max_size=20)
NOON = 1_000 * DAY * QUARTER_BINS
VOICES = st.lists(
    st.builds(
        lambda after, person, words: Voice(NOON + after, person * 7, words),
        st.integers(0, 70),
        st.integers(1, 40),
        st.sampled_from([(), ("fire",), ("gunman",), ("fire", "gunman"), ("injured",)]),
    ),
    max_size=60,
)


def speak(people: int, *, at: int = NOON, first: int = 0, words: tuple[str, ...] = ()) -> list[Voice]:
    """So many people in one bin."""
    return [Voice(at, (first + number) * 64 + 1, words) for number in range(people)]


KINDS = {"fire": "fire", "smoke": "fire", "gunman": "attack", "flood": "weather"}


def surges(voices: Sequence[Voice], before: Counts | None = None) -> Sequence[Surge]:
    return heard(before or Counts(), voices, rule=WATCH_RULE, kinds=KINDS)[1]


def test_ten_people_are_a_surge_and_nine_are_none() -> None:
    """Exactly from the least number on."""
    assert surges(speak(WATCH_RULE.people_min - 1)) == []
    (found,) = surges(speak(WATCH_RULE.people_min))
    assert (found.people, found.minutes, found.words) == (WATCH_RULE.people_min, 2, ())


def test_three_people_with_a_hazard_word_are_enough() -> None:
    """The words are told; two are not enough while it is not known what is usual."""
    assert surges(speak(2, words=("fire",))) == []
    (found,) = surges(speak(3, words=("fire",)))
    assert (found.people, found.words) == (3, ("fire",))


def test_a_slow_crisis_is_seen_by_three_people_of_an_hour() -> None:
    """They may be far apart; what was said more than an hour ago is forgotten."""
    hour = 60 * 60 // BIN_SECONDS
    slow = [voice for turn in range(3) for voice in speak(1, at=NOON + turn * 100, first=turn, words=("flood",))]
    (found,) = surges(slow)
    assert (found.people, found.minutes, found.at) == (3, 60, moment_of(NOON + 200))
    later = [voice for turn in range(3) for voice in speak(1, at=NOON + turn * hour, first=turn, words=("flood",))]
    after, found_later = heard(Counts(), later, rule=WATCH_RULE)
    assert found_later == []
    assert len(after.warning.people) == 1


def test_people_with_a_hazard_word_are_no_surge_where_so_many_are_usual_in_an_hour() -> None:
    """One in each hour for two days, each with another word; two more in the next hour are no news, six are."""
    hour = 60 * 60 // BIN_SECONDS
    usual = [Voice(NOON + turn * hour, turn * 64 + 3, (f"word-{turn}",)) for turn in range(2 * 24)]
    before = heard(Counts(), usual, rule=WATCH_RULE)[0]
    later = [Voice(NOON + 2 * 24 * hour + turn * 30, 10**9 + turn, (f"more-{turn}",)) for turn in range(6)]
    assert surges(later[:4], before) == []
    assert surges(later, before)[0].minutes == 60


def test_who_is_counted_now_is_not_taken_for_usual() -> None:
    """Two at the beginning of an hour and one at its end are three of an hour: the first two are no past yet."""
    voices = [*speak(2, words=("flood",)), *speak(1, at=NOON + 58 * 60 // BIN_SECONDS, first=9, words=("flood",))]
    (found,) = surges(voices)
    assert (found.people, found.minutes) == (3, 60)
    assert found.usual < 1


def test_where_many_people_use_hazard_words_every_day_it_takes_four() -> None:
    """One in each half hour for two days, each with another word: three at once are no surge, four are."""
    half = 30 * 60 // BIN_SECONDS
    usual = [Voice(NOON + turn * half, turn * 64 + 3, (f"word-{turn}",)) for turn in range(2 * 48)]
    before = heard(Counts(), usual, rule=WATCH_RULE)[0]
    later = NOON + 2 * DAY * QUARTER_BINS
    assert surges(speak(3, at=later, first=10**9, words=("fire",)), before) == []
    assert len(surges(speak(4, at=later, first=10**9, words=("fire",)), before)) == 1


def test_one_account_makes_no_surge_however_much_it_posts() -> None:
    """A thousand posts, each with a hazard word, in twenty minutes: one person."""
    assert surges([Voice(NOON + number // 12, 5, ("fire",)) for number in range(1_000)]) == []


def test_one_account_cannot_make_the_watch_deaf() -> None:
    """Two days of a post in each bin leave one person in each quarter of an hour for usual."""
    alone = [Voice(NOON + number, 1) for number in range(0, 2 * DAY * QUARTER_BINS, 10)]
    before, found = heard(Counts(), alone, rule=WATCH_RULE)
    assert found == []
    assert len(surges(speak(WATCH_RULE.people_min, at=NOON + 2 * DAY * QUARTER_BINS), before)) == 1


def test_many_people_are_no_surge_where_they_are_usual() -> None:
    """Twelve different people in each quarter for two days; twelve more are no news, many times as many are."""
    usual = [
        Voice(NOON + quarter * QUARTER_BINS + one * 4, quarter * 64 + one)
        for quarter in range(2 * DAY)
        for one in range(12)
    ]
    before, found = heard(Counts(), usual, rule=WATCH_RULE)
    assert len(found) <= 1
    next_day = NOON + 2 * DAY * QUARTER_BINS
    assert surges(speak(11, at=next_day, first=10**9), before) == []
    assert surges(speak(100, at=next_day, first=10**9), before)[0].usual > 1


def test_a_word_that_is_said_of_us_every_day_warns_of_nothing() -> None:
    """After some days of "injured" three people with it are no surge, and three with "fire" still are."""
    days = [
        Voice(NOON + day * DAY * QUARTER_BINS + one * 600, one, ("injured",)) for day in range(5) for one in range(9)
    ]
    before = heard(Counts(), days, rule=WATCH_RULE)[0]
    later = NOON + 5 * DAY * QUARTER_BINS
    assert surges(speak(3, at=later, first=99, words=("injured",)), before) == []
    assert len(surges(speak(3, at=later, first=99, words=("fire",)), before)) == 1


def test_in_an_incident_only_twice_the_highest_is_told_again() -> None:
    """A thousand people more, one after another, in five minutes: each signal has twice the one before it."""
    voices = [Voice(NOON + number // 50, number * 64) for number in range(1, 1_001)]
    _, found = heard(Counts(), voices, rule=INCIDENT_RULE)
    counts = [one.people for one in found]
    assert counts[0] == INCIDENT_RULE.people_min
    assert all(later >= AGAIN * before for before, later in pairwise(counts))
    assert [one.peak for one in found] == [0, *counts[:-1]]
    assert len(counts) > 1


def test_an_hour_later_the_watch_tells_of_another_surge() -> None:
    """In an incident the commander knows; before one, an hour is another matter."""
    before = heard(Counts(), speak(3, words=("fire",)), rule=WATCH_RULE, kinds=KINDS)[0]
    soon, later = NOON + 50, NOON + 4 * QUARTER_BINS + 1
    assert surges(speak(4, at=soon, first=50, words=("smoke",)), before) == []
    assert len(surges(speak(4, at=later, first=50, words=("smoke",)), before)) == 1


def test_what_comes_after_a_wave_that_is_over_is_told_though_it_is_no_larger() -> None:
    """Nobody used a hazard word for 15 minutes; as long as people go on, only twice as many are news."""
    quarter = 15 * 60 // BIN_SECONDS
    before, first = heard(Counts(), speak(3, words=("smoke",)), rule=WATCH_RULE, kinds=KINDS)
    assert [one.people for one in first] == [3]
    (found,) = surges(speak(3, at=NOON + quarter, first=50, words=("fire",)), before)
    assert (found.people, found.peak) == (3, 0), "people of the wave before are not counted again"
    assert surges(speak(3, at=NOON + quarter - 1, first=50, words=("fire",)), before) == []
    assert surges(speak(2, at=NOON + quarter, first=50, words=("fire",)), before) == []


def test_people_who_speak_of_another_hazard_are_told_within_the_hour() -> None:
    """Three are enough, with their own words and how many speak of which kind; more of the same hazard are no news."""
    before, first = heard(Counts(), speak(3, words=("fire",)), rule=WATCH_RULE, kinds=KINDS)
    assert [dict(one.kinds) for one in first] == [{"fire": 3}]
    soon = NOON + 20
    assert surges(speak(4, at=soon, first=50, words=("smoke",)), before) == []
    assert surges(speak(2, at=soon, first=50, words=("gunman",)), before) == []
    (found,) = surges(speak(4, at=soon, first=50, words=("gunman", "injured")), before)
    assert (found.people, found.minutes, found.words, found.peak) == (3, 2, ("gunman",), 0)
    assert dict(found.kinds) == {"attack": 3, "fire": 3}


def test_who_speaks_of_both_hazards_speaks_of_the_one_that_was_told() -> None:
    """A film about a siege is one matter, though one post says fire and the next gunman."""
    before = heard(Counts(), speak(3, words=("fire",)), rule=WATCH_RULE, kinds=KINDS)[0]
    assert surges(speak(5, at=NOON + 20, first=50, words=("fire", "gunman")), before) == []
    assert surges(speak(5, at=NOON + 20, first=50, words=("injured",)), before) == []


def test_a_few_of_very_many_who_say_otherwise_are_no_other_hazard() -> None:
    """Among a hundred who speak of fire nine say gunman: eleven are news."""
    fire = [*speak(100, words=("fire",)), *speak(1, at=NOON + 8, first=400, words=("fire",))]
    before = heard(Counts(), fire, rule=WATCH_RULE, kinds=KINDS)[0]
    few = [Voice(NOON + 20 + turn, turn * 64 + 7, ("gunman",)) for turn in range(9)]
    assert surges(few, before) == []
    (found,) = surges([*few, *speak(2, at=NOON + 30, first=900, words=("gunman",))], before)
    assert found.words == ("gunman",)


def test_a_flood_of_people_with_one_hazard_takes_no_more_memory() -> None:
    """Of each kind few are remembered; that there are many is still known."""
    flood = [Voice(NOON + one // 200, one * 2_654_435_761 % 2**48, ("fire",)) for one in range(1, 5_000)]
    after = heard(Counts(), flood, rule=WATCH_RULE, kinds=KINDS)[0]
    assert len(after.kinds.people["fire"].people) <= PEOPLE_KEPT


@given(voices=VOICES, cut=st.integers(0, 60))
def test_how_posts_are_cut_into_batches_changes_nothing(voices: list[Voice], cut: int) -> None:
    """One batch or two, stored and read between them: the same signals and the same counts."""
    whole, found = heard(Counts(), voices, rule=WATCH_RULE, kinds=KINDS)
    half, first = heard(Counts(), voices[:cut], rule=WATCH_RULE, kinds=KINDS)
    stored = Counts.model_validate_json(half.model_dump_json())
    after, second = heard(stored, voices[cut:], rule=WATCH_RULE, kinds=KINDS)
    assert [*first, *second] == found
    assert after == whole


@pytest.mark.parametrize("people", [PEOPLE_MAX, 3 * PEOPLE_MAX, 10 * PEOPLE_MAX])
def test_a_flood_of_accounts_takes_no_more_memory_and_is_still_counted(people: int) -> None:
    """At most `PEOPLE_MAX` are remembered; the count is about right, and says that it is an estimate."""
    gathering = Gathering(PeopleHeard())
    for number in range(people):
        gathering.add(int.from_bytes(number.to_bytes(6, "little")) ^ (number * 2_654_435_761), NOON + number // 2_500)
    assert len(gathering.people().people) <= PEOPLE_MAX
    assert gathering.is_estimate is (people > PEOPLE_MAX)
    assert abs(gathering.count() - people) <= people * 0.15


def test_people_are_forgotten_after_a_quarter_of_an_hour() -> None:
    """Nothing of them is stored any more."""
    before = heard(Counts(), speak(5, words=("fire",)), rule=INCIDENT_RULE)[0]
    after = heard(before, speak(1, at=NOON + 15 * 60 // BIN_SECONDS, first=99), rule=INCIDENT_RULE)[0]
    assert len(after.people.people) == 1


@given(batches=st.lists(MINUTES, max_size=4))
def test_no_mention_is_lost_from_the_total_and_no_minute_is_kept_too_long(batches: list[dict[datetime, int]]) -> None:
    """However they are batched: the total is theirs, the minutes are the last hours'."""
    counts = Counts()
    for batch in batches:
        counts = counted(counts, batch)
    assert counts.total == sum(sum(batch.values()) for batch in batches)
    assert all(minute > max(counts.minutes) - KEPT for minute in counts.minutes)


def test_a_minute_begins_at_its_first_second() -> None:
    """22:31:59.9 belongs to 22:31."""
    assert minute_of(NOW + timedelta(seconds=59, microseconds=9)) == NOW
