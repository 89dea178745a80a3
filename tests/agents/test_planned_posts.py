"""Declaring an incident holds everything planned at once: in whatever order the log has it, nothing slips."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from agents import desk, publishing
from agents.adapters.memory.channel import MemoryChannel
from agents.runtime.worker.table_store import declared_in
from streams.decisions.channels.kinds import KINDS, MEMORY
from streams.subjects.declared import DECLARED, Declared
from streams.subjects.past import Row
from streams.subjects.plan import Plan, PlanStatus
from streams.subjects.state import State
from streams.values import LIVE, Subject
from streams.words.facts import Fact
from streams.words.incident import StandDown
from streams.words.orders import Command, CommandBody, Tick, command
from tests import builders, planned
from tests.agents.doubles import HeldBackground, MemoryStore, clock_at, kept, not_recalled
from tests.builders import NOW, SIGNER, WRITER
from tests.planned import AT, CLOCK

REGISTER = builders.register()


@dataclass
class House:
    """The desk and the publishing agent on tables of their own; what is sent is sent when a test says so."""

    now: datetime = NOW
    states: MemoryStore[State] = field(default_factory=MemoryStore)
    past: MemoryStore[Row] = field(default_factory=MemoryStore)
    background: HeldBackground = field(default_factory=HeldBackground)
    channels: dict[str, MemoryChannel] = field(
        default_factory=lambda: {
            name: MemoryChannel(LIVE, KINDS[MEMORY], pretends_live=True) for name in ("website", "social")
        }
    )

    async def give(self, body: CommandBody, *, by: str, about: Subject = builders.SUBJECT) -> list[Fact]:
        register, now = REGISTER, self.now
        tables = self.states, self.past
        judging = desk.Needs(
            LIVE, "run-1", clock_at(now), lambda: register, kept, *tables, not_recalled, declared=self.declared
        )
        order = command(body, cause=(now, by), mode=LIVE, subject=about, at=now, by=by)
        return [*await desk.handle(order, judging)]

    async def publish(self, facts: list[Fact]) -> None:
        sending = publishing.Needs(
            "run-1", clock_at(self.now), lambda: REGISTER, self.channels, self.background, self.states, self.declared
        )
        for fact in facts:
            await publishing.handle(fact, sending)

    async def send(self) -> list[Command]:
        """Let what was claimed be sent, and hand over what is reported of it."""
        reports = [*await self.background.finish()]
        self.background.works.clear()
        return reports

    def declared(self) -> Declared:
        return declared_in(self.past, self.states)

    def plan(self, name: str) -> Plan:
        plan = self.states.get(planned.subject(name).key)
        assert isinstance(plan, Plan)
        return plan

    def said(self) -> list[str]:
        return [one.incident_id for channel in self.channels.values() for one in channel.posts]

    async def with_posts(self, count: int) -> None:
        """So many posts are planned; the first is due at `AT`, the others later that day."""
        for number in range(count):
            name = f"post-{number}"
            at = AT + timedelta(minutes=number)
            await self.give(planned.post(at=at), by=WRITER, about=planned.subject(name))
            yes = planned.approving(self.plan(name))
            await self.give(yes, by=SIGNER, about=planned.subject(name))


async def house(count: int) -> House:
    made = House()
    await made.with_posts(count)
    made.now = AT
    return made


async def declare(on: House) -> None:
    await on.give(builders.declaration(), by=builders.OFFICER)


async def test_of_a_thousand_planned_posts_none_slips_in_the_second_of_the_declaration() -> None:
    """One is due in that very second, and the declaration is judged first; then all the others fall due."""
    on = await house(1_000)
    await declare(on)
    for number in range(1_000):
        on.now = AT + timedelta(minutes=number)
        about = planned.subject(f"post-{number}")
        await on.publish(await on.give(Tick(), by=CLOCK, about=about))
    await on.send()
    assert on.said() == []
    assert {on.plan(f"post-{number}").status for number in range(1_000)} == {PlanStatus.HELD}


async def test_a_post_that_was_claimed_in_the_same_second_is_not_sent_after_the_declaration() -> None:
    """The claim comes first in the log; the declaration is judged before the channel is called."""
    on = await house(2)
    due = planned.subject("post-0")
    facts = await on.give(Tick(), by=CLOCK, about=due)
    assert "delivery_claimed" in builders.kinds(fact.body for fact in facts)
    await on.publish(facts)
    await declare(on)
    reports = await on.send()
    assert on.said() == []
    assert {getattr(one.body, "outcome", None) for one in reports} == {"unsent"}
    for report in reports:
        await on.give(report.body, by="publishing-agent", about=due)
    assert on.plan("post-0").status is PlanStatus.HELD


async def test_in_a_log_that_an_earlier_release_wrote_an_incident_that_goes_on_holds_posts_too() -> None:
    """Nothing counted its incidents; the first order about a post does."""
    on = await house(1)
    on.past.remove(DECLARED)
    on.states.put(builders.SUBJECT.key, builders.declared())
    await on.publish(await on.give(Tick(), by=CLOCK, about=planned.subject("post-0")))
    await on.send()
    assert on.said() == []
    assert on.plan("post-0").status is PlanStatus.HELD
    assert on.past.get(DECLARED) == planned.GOES_ON


STEPS = ("tick-0", "tick-1", "send", "declare", "end", "wait")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_planned_goes_out_after_a_declaration_before_a_person_looked_at_it(data: st.DataObject) -> None:
    """Ticks, sends, declarations and ends in any order: only what the channel had before is public."""
    import asyncio

    asyncio.run(_in_any_order(data))


async def _in_any_order(data: st.DataObject) -> None:
    on = await house(3)
    was_declared, before = False, list[str]()
    for step in data.draw(
        st.lists(st.sampled_from(["tick-0", "tick-1", "send", "declare", "end", "wait"]), max_size=9)
    ):
        match step.split("-"):
            case ["tick", number]:
                about = planned.subject(f"post-{number}")
                await on.publish(await on.give(Tick(), by=CLOCK, about=about))
            case ["send"]:
                await on.send()
            case ["declare"]:
                if not was_declared:
                    before = on.said()
                await declare(on)
                was_declared = True
            case ["end"]:
                await on.give(StandDown(reason="over"), by=builders.OFFICER)
            case _:
                on.now += timedelta(minutes=1)
    await on.send()
    if was_declared:
        assert on.said() == before
