"""What others scheduled on a server of ours: an incident holds each post, and none is lost or goes out twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from agents import desk, pausing
from agents.pausing import PUT_OFF, post_id
from agents.runtime.worker.table_store import declared_in
from streams.errors import Forged
from streams.subjects.attention import waiting
from streams.subjects.declared import Declared
from streams.subjects.incident import Incident
from streams.subjects.past import Row
from streams.subjects.plan import Plan, PlanStatus
from streams.subjects.state import State
from streams.telling.facts import plan_lines
from streams.telling.network.lines import network_lines, step_lines, steps_of
from streams.values import LIVE, Subject, SubjectKind
from streams.words.facts import Fact
from streams.words.incident import StandDown
from streams.words.network.entries import Scheduler
from streams.words.network.orders import PauseSought
from streams.words.orders import Command, CommandBody, Tick, command
from streams.words.plans import DropPost, ReplanPost, ScheduledPost
from streams.words.register.entries import Register
from tests import builders
from tests.agents.doubles import HeldBackground, MemoryStore, Scheduling, clock_at, kept, not_recalled
from tests.builders import COMMANDER, NOW, SIGNER

MORNING = NOW + timedelta(hours=11)
QUEUE = Scheduler(id="queue", name="The queue", pause={"en": "Hold it."}, resume={"en": "Go on."}, on_server=True)
CLINIC = ScheduledPost(reference="3001", at=MORNING, text="Our flu clinic is open on Saturday.", language="en")
FAIR = ScheduledPost(reference="3002", at=MORNING, text="Come to our fair.", language="en", lacks="its pictures")


def register() -> Register:
    plain = builders.register()
    social = plain.channels["social"].model_copy(update={"schedulers": (QUEUE,)})
    return builders.register(channels={**plain.channels, "social": social})


@dataclass
class House:
    """The desk and the pausing agent on tables of their own; `lost` are attempts whose worker dies before it tells."""

    server: Scheduling
    lost: frozenset[int] = frozenset()
    now: datetime = NOW
    states: MemoryStore[State] = field(default_factory=MemoryStore)
    past: MemoryStore[Row] = field(default_factory=MemoryStore)
    facts: list[Fact] = field(default_factory=list)

    async def give(self, body: CommandBody, by: str, about: Subject = builders.SUBJECT) -> Sequence[Fact]:
        return await self.handle(command(body, cause=(self.now, by), mode=LIVE, subject=about, at=self.now, by=by))

    async def handle(self, order: Command) -> Sequence[Fact]:
        """Judge the order, and all that the agent then reports, until nothing more comes of it."""
        judging = desk.Needs(
            LIVE, "run-1", clock_at(self.now), register, kept, self.states, self.past, not_recalled,
            declared=self.declared,
        )  # fmt: skip
        facts = [*await desk.handle(order, judging)]
        self.facts += facts
        for fact in facts:
            for reported in await self.paused(fact):
                await self.handle(reported)
        return facts

    async def paused(self, fact: Fact) -> Sequence[Command]:
        background = HeldBackground()
        needs = pausing.Needs(clock_at(self.now), register, {"social": self.server}, background, self.states)
        assert [*await pausing.handle(fact, needs)] == []
        reports = await background.finish()
        is_lost = isinstance(fact.body, PauseSought) and fact.body.attempt in self.lost
        return [] if is_lost else reports

    async def pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        await self.give(Tick(), "clock")

    def declared(self) -> Declared:
        return declared_in(self.past, self.states)

    def incident(self) -> Incident:
        found = self.states.get(builders.SUBJECT.key)
        assert isinstance(found, Incident)
        return found

    def plan(self, post: ScheduledPost) -> Plan:
        found = self.states.get(about(post).key)
        assert isinstance(found, Plan)
        return found

    def waits(self) -> list[tuple[str, str]]:
        found = [one for one in waiting(self.incident(), self.now) if one.kind in {"scheduler", "resume-scheduler"}]
        return [(one.kind, one.words) for one in found]


def about(post: ScheduledPost) -> Subject:
    return Subject(kind=SubjectKind.PLAN, id=post_id("social", post))


async def house(*posts: ScheduledPost, mode: str = LIVE, away: bool = False, lost: Sequence[int] = ()) -> House:
    """After the declaration of an incident, with these posts scheduled on the server."""
    found = House(Scheduling(mode, *posts, away=away), frozenset(lost))
    await found.give(builders.declaration(), COMMANDER)
    return found


async def test_each_post_becomes_a_held_post_of_ours_and_leaves_the_server() -> None:
    """Its words and its time are in the record; the step for a person is done, and nothing is asked of anybody."""
    on = await house(CLINIC)
    plan = on.plan(CLINIC)
    assert (plan.status, plan.at, on.server.queue) == (PlanStatus.HELD, MORNING, {})
    assert plan.message
    assert plan.message.texts == {"en": CLINIC.text}
    assert on.waits() == []
    assert [one.ticked is not None for one in steps_of(on.incident()) if one.step.id == "pause-queue"] == [True]
    assert "The queue: 1 scheduled post HELD" in "\n".join(network_lines(on.incident(), on.now, zone=UTC))
    assert "queue had scheduled it on the server there" in "\n".join(plan_lines(plan, zone=UTC))


async def test_a_post_that_we_cannot_send_whole_stays_there_and_is_put_off() -> None:
    """So no picture is lost; after the incident a person gives it its time where it lies."""
    on = await house(CLINIC, FAIR)
    assert {one.reference: one.at for one in on.server.queue.values()} == {FAIR.reference: NOW + PUT_OFF}
    assert on.waits() == []
    await on.give(StandDown(reason="it is over"), COMMANDER)
    await on.give(Tick(), "clock", about(FAIR))
    refused = await on.give(ReplanPost(at=MORNING), SIGNER, about(FAIR))
    assert "we cannot send all of it (its pictures)" in str(refused[0].body)
    assert [one.kind for one in waiting(on.plan(FAIR), on.now)] == ["held-post"]
    await on.give(DropPost(reason="It is set for Monday there."), SIGNER, about(FAIR))
    assert not [*waiting(on.plan(FAIR), on.now)]


async def test_after_the_end_each_is_looked_at_and_planned_again_by_a_person() -> None:
    """No step asks to let the program post again: it has nothing left to post."""
    on = await house(CLINIC)
    await on.give(StandDown(reason="it is over"), COMMANDER)
    assert on.waits() == []
    await on.give(Tick(), "clock", about(CLINIC))
    assert [one.kind for one in waiting(on.plan(CLINIC), on.now)] == ["held-post"]
    again = await on.give(ReplanPost(at=MORNING + timedelta(hours=3)), SIGNER, about(CLINIC))
    assert [one.body.kind for one in again] == ["post_planned", "message_authorised"]


@pytest.mark.parametrize("lost", [(1,), (2,), (1, 2), (2, 3), (1, 2, 3, 4)])
async def test_a_worker_that_dies_loses_no_post_and_doubles_none(lost: Sequence[int]) -> None:
    """Whatever it did on the server before it died: the next attempt goes on from what is there."""
    on = await house(CLINIC, FAIR, lost=lost)
    for _ in range(6):
        # What left the server is in the record, and what is not in the record is on the server.
        for one in (CLINIC, FAIR):
            assert on.states.get(about(one).key) or on.server.queue[one.reference] == one
        await on.pass_time(30)
    assert [*on.server.queue] == [FAIR.reference]
    taken = [one for one in on.facts if one.body.kind == "post_taken_over"]
    gone = [one for one in on.facts if one.body.kind == "post_unscheduled"]
    assert (len(taken), len(gone)) == (2, 2)
    assert on.waits() == []


async def test_a_server_that_does_not_answer_leaves_the_step_to_a_person_and_says_so() -> None:
    """They read why and how; the service goes on asking, and ticks the step off once the server answers."""
    on = await house(CLINIC, away=True)
    ((kind, words),) = on.waits()
    assert kind == "scheduler"
    assert "Pause The queue" in words
    assert "the server cannot be reached" in words
    assert "Hold it." in "\n".join(step_lines(on.incident(), on.now, zone=UTC, language="en"))
    assert "NOT all held (0 scheduled posts so far)" in "\n".join(network_lines(on.incident(), on.now, zone=UTC))
    on.server.away = False
    await on.pass_time(30)
    assert (on.waits(), on.server.queue, on.plan(CLINIC).status) == ([], {}, PlanStatus.HELD)


async def test_people_hear_after_a_minute_if_nothing_is_heard_of_the_attempt() -> None:
    on = await house(CLINIC, lost=range(30))
    assert on.waits() == []
    await on.pass_time(60)
    assert [kind for kind, _ in on.waits()] == ["scheduler"]


async def test_a_post_whose_time_came_meanwhile_may_be_public_and_is_not_sent_again() -> None:
    """The server had it no more when it was looked for, and nobody had removed it."""
    on = await house(CLINIC.model_copy(update={"at": NOW + timedelta(seconds=10)}), lost=(2,))
    on.server.queue.clear()
    await on.pass_time(30)
    refused = await on.give(ReplanPost(at=MORNING), SIGNER, about(CLINIC))
    assert "it may be public there" in str(refused[0].body)


async def test_a_post_that_somebody_schedules_meanwhile_is_held_by_the_next_attempt() -> None:
    on = await house(CLINIC, lost=(2,))
    on.server.queue[FAIR.reference] = FAIR
    await on.pass_time(30)
    assert on.plan(FAIR).status is PlanStatus.HELD
    assert on.waits() == []


async def test_a_drill_never_asks_the_server_of_another_mode() -> None:
    """The channel of another mode is no channel of this one: the step is a person's, and the posts stay."""
    on = await house(CLINIC, mode="training")
    assert (on.server.asked, [*on.server.queue]) == (0, [CLINIC.reference])
    ((_, words),) = on.waits()
    assert "no channel social of its mode" in words


async def test_nothing_is_asked_for_a_fact_that_the_record_does_not_have() -> None:
    on = await house(CLINIC, away=True)
    sought = next(one for one in on.facts if isinstance(one.body, PauseSought))
    with pytest.raises(Forged):
        await on.paused(sought.model_copy(update={"body": PauseSought(scheduler="other", channel="social", attempt=1)}))
