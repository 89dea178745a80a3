"""The watch in words: what a person reads of what is heard, of who answered it, and of how many spoke lately."""

from datetime import UTC, timedelta

from streams.decisions.listening.surge import WATCH_RULE, Counts, heard
from streams.subjects.attention import waiting
from streams.subjects.listening.watch import the_watch
from streams.telling.attention import told_attention
from streams.telling.listening.counts import heard_lately, lately_lines
from streams.telling.listening.watch import watch_lines
from streams.telling.names import names_of
from streams.values import LIVE
from streams.words.attention import PAGES
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import OF_US_LASTS, NoteListedOfUs
from streams.words.listening.watch import CLOSER, NoteWatch, NotOurs, WatchCloser
from streams.words.posts import Voice
from tests import builders
from tests.builders import COMMANDER, NOW

HEARD = NoteWatch(minute=NOW, people=6, minutes=5, usual=0.02, everyone=9, first_seen=NOW)
NAMES = names_of([], builders.register())
CALLED = builders.register().called(COMMANDER)


def test_before_anything_was_heard_it_says_so() -> None:
    for watch in (None, the_watch(LIVE)):
        assert list(watch_lines(watch, NOW)) == ["nothing unusual was heard of the trust yet"]


def test_what_waits_comes_first_with_what_to_type() -> None:
    state = builders.carried_out(the_watch(LIVE), HEARD, by="mentions-agent")
    first, since, *commands = watch_lines(state, NOW, names=NAMES)
    assert first.startswith("WAITS  6 people in 5 minutes name Vale Hospitals; usual:")
    assert "first heard at" in since
    assert [one.split()[:3] for one in commands] == [["holdingline", "watch", one] for one in ("closer", "not-ours")]


def test_who_looks_on_and_who_settled_it_is_named() -> None:
    state = builders.carried_out(the_watch(LIVE), HEARD, by="mentions-agent", id="heard")
    state = builders.carried_out(state, WatchCloser(), id="closer")
    (line,) = watch_lines(state, NOW + CLOSER / 2, names=NAMES)
    assert line.startswith(f"{CALLED} watches closer until ")
    state = builders.carried_out(state, NotOurs(reason="A film is made there."), id="not-ours")
    nothing, settled = watch_lines(state, NOW, names=NAMES)
    assert nothing == "nothing that is heard of the trust waits for a person"
    assert f"at most 9 people in 15 minutes; {CALLED} found it not ours" in settled
    assert settled.endswith("A film is made there.")


def test_how_many_spoke_is_told_by_quarter_of_an_hour_the_newest_first() -> None:
    """People, not posts; what is older than six hours is left out."""
    at = int(NOW.timestamp()) // 15
    earlier = [Voice(at - hours * 240, person) for hours, person in ((7, 1), (1, 2), (1, 3))]
    counts, _ = heard(Counts(), [*earlier, Voice(at, 4, ("fire",)), Voice(at, 4, ("fire",))], rule=WATCH_RULE)
    assert [(one.people, one.warning) for one in heard_lately(counts, NOW)] == [(1, 1), (2, 0)]
    told = list(lately_lines(heard_lately(counts, NOW), UTC))
    assert told[1].endswith("  1, 1 of them with a hazard word")
    assert list(lately_lines(heard_lately(counts, NOW + timedelta(hours=12)), UTC)) == [
        "nobody named the trust in the last six hours"
    ]


def test_posts_of_listed_authors_wait_for_a_day_and_page_nobody() -> None:
    """They are told by their number, and no surge is needed."""
    note = NoteListedOfUs(category=InfluenceCategory.MP, posts=2, since=NOW)
    watch = builders.carried_out(the_watch(LIVE), note, by="mentions-agent")
    (one,) = waiting(watch, NOW)
    told = "members of parliament on your list post about the trust: 2 posts"
    assert told_attention(one, zone=UTC) == f"the watch: {told}, until 15 Jan 2026 22:31 UTC"
    assert PAGES[one.kind] == "never"
    assert f"{told} since 14 Jan 2026 22:31 UTC" in [*watch_lines(watch, NOW)]
    assert not [*waiting(watch, NOW + OF_US_LASTS)]
    assert [*watch_lines(watch, NOW + OF_US_LASTS)] == ["nothing unusual was heard of the trust yet"]
