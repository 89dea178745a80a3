"""The watch: what is heard of the trust comes up once, a person answers it, and it comes up again if it grows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.advice import WATCH_ADVICE
from streams.decisions.desk.judge import judge
from streams.decisions.desk.order_table import ORDERS, answer
from streams.decisions.listening.crowd import MINUTES_MAX
from streams.decisions.listening.watch.orders import declared_by
from streams.record.second_judgement import find_misjudged
from streams.subjects.attention import waiting
from streams.subjects.declared import Declared
from streams.subjects.listening.figures import told_heard
from streams.subjects.listening.watch import LOOK_MAX, SAME_SURGE, SETTLED_KEPT, TrustWatch, WatchStatus, the_watch
from streams.values import LIVE, Power, Subject, SubjectKind
from streams.words.facts import Fact
from streams.words.listening.watch import CLOSER, NoteWatch, NotOurs, WatchCloser, WatchNoted
from streams.words.orders import Command, CommandBody, Tick
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE

OURS = NotOurs(reason="A film about a hospital is on television.")
NONE, ONE, OVER = Declared(), Declared(count=1, latest="INC-9"), Declared(count=1, over=1, latest="INC-9")
STATUSES = (WatchStatus.OPEN, WatchStatus.CLOSER)
MOVES = {
    **{(one, "watch_closer"): WatchStatus.CLOSER for one in STATUSES},
    **{(one, "not_ours"): WatchStatus.NOT_OURS for one in STATUSES},
}
GIVEN: dict[str, CommandBody] = {"watch_closer": WatchCloser(), "not_ours": OURS}


def surge(people: int, **changes: Any) -> NoteWatch:
    """So many people with a hazard word."""
    plain = {"minute": NOW, "people": people, "minutes": 5, "usual": 0.01, "everyone": people, "first_seen": NOW}
    return NoteWatch.model_validate({**plain, "words": ("fire", "smoke"), **changes})


class Watching:
    """The watch while orders come."""

    def __init__(self) -> None:
        self.state, self.now, self.register = the_watch(LIVE), NOW, builders.register()
        self.facts: list[Fact] = []
        self.orders: dict[str, dict[str, Command]] = {}

    def give(self, body: CommandBody, by: str = COMMANDER, *, declared: Declared = NONE, **after: float) -> list[Any]:
        self.now += timedelta(**after)
        by = "mentions-agent" if isinstance(body, NoteWatch) else by
        told: dict[str, Any] = {"now": self.now, "id": f"cmd-{self.state.sequence}", "register": self.register}
        order = builders.order(body, self.state, by, **told)
        order = type(order)(order.command, self.state, self.register, self.now, declared=declared)
        facts, state = judge(order, run="run-1", register_version="v1")
        assert isinstance(state, TrustWatch)
        self.state = state
        self.facts += facts
        self.orders[order.command.id] = {order.command.content(): order.command}
        return [fact.body for fact in facts]

    def kinds(self, body: CommandBody, by: str = COMMANDER, **more: Any) -> Sequence[str]:
        return [one.kind for one in self.give(body, by, **more)]

    @property
    def says(self) -> Sequence[str]:
        return [one.words for one in waiting(self.state, self.now)]


def watching(*bodies: CommandBody) -> Watching:
    """The watch after these orders."""
    watch = Watching()
    for body in bodies:
        watch.give(body)
    return watch


def test_what_is_heard_waits_for_a_person_in_one_sentence() -> None:
    """With its figures, the usual, and that no incident is declared."""
    (said,) = watching(surge(6)).says
    assert said == (
        "6 people in 5 minutes name Vale Hospitals together with fire or smoke; usual: 3 in a day. "
        "No incident is declared."
    )


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"usual": 0.0}, "usual: none in a day."),
        ({"usual": 2.6}, "usual: 3."),
        ({"words": ()}, "name Vale Hospitals; usual"),
        ({"peak": 20}, "Again: 41 people"),
        ({"peak": 20}, "twice the highest so far (20)"),
        ({"is_estimate": True}, "about 41 people"),
        ({"is_estimate": True, "peak": 20}, "Again: about 41 people"),
    ],
)
def test_the_sentence_says_what_is_known(changes: dict[str, Any], part: str) -> None:
    (noted,) = Watching().give(surge(41, **changes))
    assert part in told_heard(noted)


def test_while_an_incident_goes_on_the_sentence_names_it() -> None:
    """People speak of us and use none of its words: it may be another matter."""
    (noted,) = Watching().give(surge(6), declared=ONE)
    assert "Incident INC-9 goes on, and they use none of its words." in told_heard(noted)


def test_there_is_an_order_of_every_kind_here() -> None:
    of_watch = [kind.body.model_fields["kind"].default for kind in ORDERS.values() if kind.about is SubjectKind.WATCH]
    assert sorted(of_watch) == sorted([*GIVEN, "note_watch", "note_listed_of_us"])


@pytest.mark.parametrize(("status", "kind"), list(product(WatchStatus, GIVEN)))
def test_the_watch_moves_exactly_as_it_is_written_down_here(status: WatchStatus, kind: str) -> None:
    state = watching(surge(6)).state.model_copy(update={"status": status})
    order = builders.order(GIVEN[kind], state, id="cmd-now")
    bodies = answer(order)
    after = builders.after(state, bodies, order.command).status
    if (status, kind) in MOVES:
        assert after is MOVES[status, kind]
    else:
        assert WATCH_ADVICE[status] in builders.reasons(bodies)
        assert after is status


@pytest.mark.parametrize("body", GIVEN.values(), ids=GIVEN)
def test_who_may_not_declare_is_refused_and_told_who_could(body: CommandBody) -> None:
    (refused,) = watching(surge(6)).give(body, NURSE)
    assert Power.DECLARE in refused.reasons[0]
    assert builders.register().people[COMMANDER].called in refused.who_could


def test_there_is_one_watch() -> None:
    """An order for another is refused, and says which there is."""
    other = TrustWatch(id="other", mode=LIVE)
    (refused,) = answer(builders.order(WatchCloser(), other, subject=Subject(kind=SubjectKind.WATCH, id="other")))
    assert "name watch/trust" in builders.reasons([refused])


def test_after_not_ours_the_same_surge_stays_quiet_until_it_is_twice_as_large() -> None:
    """What is heard is still in the record."""
    watch = watching(surge(10), OURS)
    assert watch.says == []
    (quiet,) = watch.give(surge(19), minutes=65)
    assert (quiet.waits, watch.says) == (False, [])
    (loud,) = watch.give(surge(38), minutes=2)
    assert loud.waits
    assert len(watch.says) == 1


def test_twice_is_counted_from_the_highest_that_the_person_had_seen_and_has_been_told_since() -> None:
    watch = watching(surge(10), surge(30), OURS)
    (quiet,) = watch.give(surge(59), minutes=5)
    assert not quiet.waits
    (loud,) = watch.give(surge(118), minutes=5)
    assert loud.waits


def test_a_surge_long_after_not_ours_is_another_one() -> None:
    """A film on Monday does not hide a fire on Tuesday, which begins small."""
    watch = watching(surge(400), OURS)
    (heard,) = watch.give(surge(3), seconds=SAME_SURGE.total_seconds() + 1)
    assert heard.waits
    assert watch.state.peak == 3


@pytest.mark.parametrize("answer_given", [OURS, WatchCloser()], ids=["not ours", "closer"])
def test_another_hazard_comes_up_again_though_it_is_no_larger(answer_given: CommandBody) -> None:
    """The worst of the night may be the second thing in the same hour; the sentence says that it is another."""
    watch = watching(surge(10, kinds={"fire": 9, "crash": 1}), answer_given)
    for quiet in ({"fire": 15}, {"fire": 9, "crash": 8}, {"fire": 9, "attack": 2}, {"fire": 90, "attack": 8}):
        assert not watch.give(surge(4, kinds=quiet), minutes=2)[0].waits
    (loud,) = watch.give(surge(4, words=("gunman",), kinds={"fire": 9, "attack": 3}), minutes=2)
    assert (loud.waits, loud.is_other) == (True, True)
    (said,) = watch.says
    assert "with gunman; usual: 3 in a day. It is another hazard than what was settled before. No incident" in said


def test_each_hazard_is_found_not_ours_once() -> None:
    """So a night has no more pages than kinds of hazard; two hours later all begins again."""
    watch = watching(surge(10, kinds={"fire": 9}), OURS)
    watch.give(surge(4, kinds={"fire": 9, "attack": 3}), minutes=2)
    watch.give(OURS, minutes=1)
    assert not watch.give(surge(6, kinds={"fire": 9, "attack": 5}), minutes=2)[0].waits
    (later,) = watch.give(surge(3, kinds={"attack": 3}), seconds=SAME_SURGE.total_seconds() + 1)
    assert (later.waits, later.is_other) == (True, False)
    assert watch.state.kinds == ("attack",)


def test_while_an_incident_goes_on_another_hazard_is_taken_to_be_of_it() -> None:
    """Its people are awake; what it is about changes while they work."""
    watch = watching(surge(10, kinds={"fire": 9}))
    watch.give(Tick(), "clock", declared=ONE)
    assert not watch.give(surge(4, kinds={"fire": 9, "attack": 3}), minutes=2, declared=ONE)[0].waits
    (over,) = watch.give(surge(4, kinds={"fire": 9, "attack": 4}), minutes=2, declared=OVER)
    assert over.waits


def test_another_hazard_is_judged_again_as_it_was() -> None:
    watch = watching(surge(10, kinds={"fire": 9}), OURS, surge(4, kinds={"fire": 9, "attack": 3}))
    assert list(find_misjudged(watch.facts, watch.orders, registers={"v1": watch.register})) == []


def test_watched_closer_keeps_quiet_for_half_an_hour_and_then_says_what_became_of_it() -> None:
    """Above the usual it waits for a person again; the sentence says that they still speak."""
    watch = watching(surge(10), WatchCloser())
    assert watch.state.until == NOW + CLOSER
    assert watch.says == []
    (quiet,) = watch.give(surge(19), minutes=10)
    assert not quiet.waits
    looked = surge(12, minutes=MINUTES_MAX, looked=watch.state.until)
    (still,) = watch.give(looked, minutes=20)
    assert still.waits
    assert "12 people in 15 minutes still name" in watch.says[0]


def test_what_fell_back_to_the_usual_is_settled() -> None:
    watch = watching(surge(10), WatchCloser())
    (over,) = watch.give(surge(2, minutes=MINUTES_MAX, looked=watch.state.until), minutes=30)
    assert not over.waits
    assert (watch.state.status, watch.says) == (WatchStatus.OVER, [])
    assert [one.status for one in watch.state.settled] == [WatchStatus.OVER]


def test_after_it_fell_back_the_next_surge_is_another_one() -> None:
    watch = watching(surge(10), WatchCloser())
    watch.give(surge(0, minutes=MINUTES_MAX, looked=watch.state.until), minutes=30)
    (heard,) = watch.give(surge(4), minutes=35)
    assert heard.waits
    assert watch.state.peak == 4


def test_twice_as_many_break_through_while_it_is_watched_closer() -> None:
    """Then nobody has to hear of it once more when the half hour is over."""
    watch = watching(surge(10), WatchCloser())
    until = watch.state.until
    (loud,) = watch.give(surge(20), minutes=3)
    assert loud.waits
    assert watch.give(surge(40, looked=until), minutes=30) == []


def test_word_of_what_became_of_it_counts_once_and_not_too_soon() -> None:
    watch = watching(surge(10), WatchCloser())
    looked = surge(12, looked=watch.state.until)
    assert watch.give(looked, minutes=29) == []
    assert len(watch.give(looked, minutes=1)) == 1
    assert watch.give(looked) == []


def test_a_person_hears_of_it_although_nothing_was_counted() -> None:
    """As when the worker that counts has stopped: else the half hour would never end."""
    watch = watching(surge(10), WatchCloser())
    watch.now = NOW + CLOSER + LOOK_MAX
    (late,) = waiting(watch.state, watch.now)
    assert "Nothing was counted since" in late.words
    assert late.key != next(waiting(watching(surge(10)).state, NOW)).key, "else no page would be made again"


def test_declaring_an_incident_settles_it() -> None:
    """Time alone finds that one was declared since; what is heard after it is taken to be of that."""
    watch = watching(surge(10))
    assert watch.kinds(Tick(), "clock", declared=ONE) == ["watch_settled"]
    assert (watch.says, watch.state.settled[-1].incident) == ([], "INC-9")
    (quiet,) = watch.give(surge(400), minutes=5, declared=ONE)
    assert not quiet.waits


def test_what_is_heard_right_after_the_declaration_settles_it_too() -> None:
    """Nothing of it waits beside the incident until time passes."""
    for before in ((), (WatchCloser(),)):
        watch = watching(surge(10), *before)
        assert watch.kinds(surge(40), declared=ONE) == ["watch_noted", "watch_settled"]
        assert watch.says == []


def test_an_incident_that_is_over_hides_no_surge_that_grows() -> None:
    watch = watching(surge(10))
    watch.give(Tick(), "clock", declared=ONE)
    (quiet,) = watch.give(surge(19), minutes=5, declared=OVER)
    (loud,) = watch.give(surge(38), minutes=5, declared=OVER)
    assert (quiet.waits, loud.waits) == (False, True)


def test_an_incident_from_before_does_not_settle_it() -> None:
    """It goes on for days, and this may be another matter."""
    watch = Watching()
    watch.give(surge(10), declared=ONE)
    assert watch.kinds(Tick(), "clock", declared=ONE) == []
    assert len(watch.says) == 1


def test_a_reason_that_holds_personal_data_is_refused() -> None:
    """It is kept for ever."""
    (refused,) = watching(surge(10)).give(NotOurs(reason="Ring 01632 960123 about it."))
    assert "kept for ever" in refused.reasons[0]


def test_what_was_judged_can_be_judged_again() -> None:
    """The facts say what was known of the incidents."""
    watch = watching(surge(10), WatchCloser(), surge(20), OURS)
    watch.give(surge(40), declared=ONE)
    watch.give(Tick(), "clock", declared=Declared(count=2, latest="INC-10"))
    watch.give(surge(80), declared=Declared(count=2, over=2, latest="INC-10"))
    assert len(watch.facts) == 7
    assert list(find_misjudged(watch.facts, watch.orders, registers={"v1": watch.register})) == []


def test_what_is_known_of_the_incidents_is_in_the_facts() -> None:
    for declared in (NONE, ONE, OVER):
        facts = Watching().give(surge(10), declared=declared)
        again = declared_by(facts)
        assert again is not None
        assert (again.count, again.live) == (declared.count, declared.live)
    assert declared_by([]) is None


def test_the_state_is_bounded() -> None:
    """The watch goes on for years."""
    watch = Watching()
    for number in range(SETTLED_KEPT + 5):
        watch.give(surge(10), hours=3, declared=Declared(count=number, over=number, latest="INC-9"))
        watch.give(Tick(), "clock", declared=Declared(count=number + 1, over=number, latest="INC-9"))
    assert len(watch.state.settled) == SETTLED_KEPT


@given(st.lists(st.tuples(st.integers(1, 500), st.floats(0, 200)), max_size=12))
def test_whatever_is_heard_after_not_ours_only_twice_as_much_or_another_surge_waits(
    heard: list[tuple[int, float]],
) -> None:
    watch = watching(surge(10), OURS)
    peak, last = 10, watch.now
    for people, minutes in heard:
        (noted,) = watch.give(surge(people), minutes=minutes)
        assert isinstance(noted, WatchNoted)
        grew, other = people >= 2 * peak, _later(last, watch.now)
        assert noted.waits is (grew or other)
        if noted.waits:
            return
        peak, last = max(peak, people), watch.now


def _later(last: datetime, now: datetime) -> bool:
    return now - last > SAME_SURGE
