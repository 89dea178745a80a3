"""Seeded faults at every step of publishing: nothing is lost, nothing doubled, and what is unknown is shown as that.

What it cannot show: a process that is paused inside a channel's own write, after our last check and longer than its
claim, and then goes on to send. No check of ours lies behind it; only a channel that knows our key can stop that.
A clock that steps back by more than `LAPSE_GRACE`, and a channel that shows a post after the time in which its kind
says that a request settles, are of the same kind.
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

import pytest

from agents import publishing
from agents.ports import Background, Clock, Work
from agents.sending import Answer
from streams.decisions.channels import kinds, resolution
from streams.decisions.desk.order_table import answer
from streams.errors import Forged
from streams.words.delivery import DeliveryClaimed, DeliveryUnknown, RecordOutcome, Resolution
from streams.words.facts import Fact, FactBody
from streams.words.orders import Command
from streams.words.register.accounts import PartnerResumed, PartnerStopped
from streams.words.stops import DeliveryHeld, HeldReleased, IncidentFrozen, IncidentResumed, ReleaseCancelled, StopFact
from tests import builders
from tests.networks import NETWORKS
from tests.scenarios.adversary import harass
from tests.scenarios.judging import Broken, judge, stopped, watch
from tests.scenarios.simulation import NeverSettles, PublishingHandler, Simulation
from tests.scenarios.world import Fault

SEEDS_MIN = 1_000
STOPS = set(get_args(StopFact)) - {PartnerStopped, PartnerResumed, DeliveryHeld}
"""What people stop; no partner speaks here."""
BATCHES = 10
pytestmark = pytest.mark.usefixtures("networks")
STAGES = ("before the last check", "before sending", "after sending", "after the outcome is known")


def played(seed: int, publish: PublishingHandler = publishing.handle, *, facts_with_offset: bool = True) -> Simulation:
    """One run under fault, settled and judged."""
    sim = Simulation(seed, publish, trouble=(0.3, 1.0, 1.5, 0.0)[seed % 4], facts_with_offset=facts_with_offset)
    harass(sim, watch)
    sim.settle()
    judge(sim)
    return sim


def faulty(seeds: Sequence[int], publish: PublishingHandler, *, facts_with_offset: bool = True) -> list[str]:
    """What was found, with the seed that plays it again: `played(seed)`. What a worker takes for forged is a fault."""
    found = []
    for seed in seeds:
        try:
            played(seed, publish, facts_with_offset=facts_with_offset)
        except (Broken, NeverSettles, Forged) as broken:
            found.append(f"seed {seed}: {broken}")
    return found


@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_strikes_nothing_is_lost_and_nothing_is_doubled(batch: int, pytestconfig: pytest.Config) -> None:
    """For every seed: each authorised delivery is public once, or held back with a reason; the record proves it."""
    seeds = max(SEEDS_MIN, int(pytestconfig.getoption("--seeds")))
    assert faulty(range(batch, seeds, BATCHES), publishing.handle) == []


def test_the_adversary_strikes_at_every_stage_of_publishing() -> None:
    """Kills and pauses before and after sending and after the receipt, and every fault of a channel, do occur."""
    met = Counter(strike for seed in range(80) for strike in played(seed).world.met)
    wanted = [f"{what} {stage}" for what in ("killed", "paused") for stage in STAGES]
    assert {strike for strike in [*wanted, *(f"channel {fault}" for fault in Fault)] if met[strike] < 2} == set()


def test_the_adversary_stops_what_is_on_its_way_and_what_is_being_sent() -> None:
    """Drafts, releases and incidents are stopped, some while a channel is written to; and what was held goes on."""
    bodies = [fact.body for seed in range(80) for fact in played(seed).facts]
    met = Counter(body.kind for body in bodies if isinstance(body, StopFact))
    assert min(met[kind.model_fields["kind"].default] for kind in STOPS) >= 2
    assert any(body.beyond for body in bodies if isinstance(body, ReleaseCancelled))
    assert any(body.beyond for body in bodies if isinstance(body, IncidentFrozen))


def stop_facts(*between: FactBody) -> list[Fact]:
    """A delivery that is claimed although these facts had stopped it."""
    released = builders.released()
    (claimed,) = answer(builders.order(builders.claim(released), released))
    return builders.facts_of(released, [*between, claimed])


def test_a_claim_of_what_was_stopped_is_found() -> None:
    """The judgement can fail: after a cancel, in a freeze, and of what is held after it."""
    released = builders.released()
    message, delivery = next(iter(released.messages)), builders.first_delivery(released)
    cancel = ReleaseCancelled(message_id=message, reason="no", rule="r")
    freeze = IncidentFrozen(reason="no", rule="r")
    resume = IncidentResumed(reason="yes", rule="r", held=(delivery,))
    for between in ([cancel], [freeze], [freeze, resume]):
        with pytest.raises(Broken, match="stopped"):
            stopped(stop_facts(*between))
    stopped(stop_facts(freeze, resume, HeldReleased(delivery_id=delivery, rule="r")))


def test_the_same_seed_gives_the_same_run() -> None:
    """A seed that fails can be played again."""
    assert [fact.hash for fact in played(7).facts] == [fact.hash for fact in played(7).facts]


async def sends_whatever_was_claimed(fact: Fact, needs: publishing.Needs) -> Sequence[Command]:
    """Broken: a claim of another run is sent from here as well."""
    if isinstance(fact.body, DeliveryClaimed):
        return await publishing.handle(fact, replace(needs, run=fact.body.run))
    return await publishing.handle(fact, needs)


async def retries_blindly(fact: Fact, needs: publishing.Needs) -> Sequence[Command]:
    """Broken: the unknown is resolved by sending again, on every channel, and nobody is asked for a claim."""
    if not isinstance(fact.body, DeliveryUnknown) or not fact.body.look_now:
        return await publishing.handle(fact, needs)
    dispatch = fact.body.dispatch

    async def again() -> Sequence[Command]:
        with suppress(Exception):
            await needs.channels[dispatch.channel].publish(dispatch)
        return []

    needs.background.start(f"{fact.id} again", again)
    return []


async def trusts_its_first_look_at_the_clock(fact: Fact, needs: publishing.Needs) -> Sequence[Command]:
    """Broken: a worker that was paused does not see that its claim has lapsed."""
    return await publishing.handle(fact, replace(needs, clock=Stopped(fact.at, needs.clock)))


async def takes_silence_for_a_no(fact: Fact, needs: publishing.Needs) -> Sequence[Command]:
    """Broken: what gave no answer is reported as surely not sent."""
    return await publishing.handle(fact, replace(needs, background=Hopeful(needs.background)))


async def forgets_to_look(fact: Fact, needs: publishing.Needs) -> Sequence[Command]:
    """Broken: what is unknown is taken for public."""
    if not _unknown(fact):
        return await publishing.handle(fact, needs)
    body = fact.body.model_copy(update={"look_now": True})
    confirmed = publishing._report(fact.model_copy(update={"body": body}), needs, Answer("confirmed", "surely"))
    return [confirmed]


def _unknown(fact: Fact) -> bool:
    return isinstance(fact.body, DeliveryUnknown)


@dataclass(frozen=True)
class Stopped:
    """A clock that stands; its timeouts strike as they should."""

    moment: datetime
    real: Clock

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        await self.real.sleep(seconds)

    def timeout(self, seconds: float) -> AbstractAsyncContextManager[object]:
        return self.real.timeout(seconds)


class Hopeful:
    """Turns every unknown outcome into a no."""

    def __init__(self, background: Background) -> None:
        self.background = background

    def start(self, key: str, work: Work) -> None:
        async def hoping() -> Sequence[Command]:
            return [self.hoped(one) for one in await work()]

        self.background.start(key, hoping)

    def hoped(self, one: Command) -> Command:
        if isinstance(one.body, RecordOutcome) and one.body.outcome == "unknown":
            return one.model_copy(update={"body": one.body.model_copy(update={"outcome": "unsent"})})
        return one


@pytest.mark.parametrize(
    "broken",
    [
        sends_whatever_was_claimed,
        retries_blindly,
        trusts_its_first_look_at_the_clock,
        takes_silence_for_a_no,
        forgets_to_look,
    ],
)
def test_a_broken_publishing_agent_is_found_within_a_few_seeds(broken: PublishingHandler) -> None:
    """The simulation can fail: each of these faults in our own agent shows."""
    assert faulty(range(60), broken) != []


def test_a_row_that_claims_more_than_its_channel_does_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every network knew its keys again: what only a look can tell is then sent twice."""
    for one in NETWORKS:
        monkeypatch.setitem(kinds.KINDS, one.name, replace(one, resolution=Resolution.SEND_AGAIN))
    assert faulty(range(60), publishing.handle) != []


def test_a_look_that_shows_nothing_too_early_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a request settled at once: the first copy lands after somebody saw nothing, and the second one as well."""
    monkeypatch.setattr(resolution, "absent_from", lambda *_: None)
    assert faulty(range(60), publishing.handle) != []


def test_facts_that_are_not_committed_with_the_offset_are_found() -> None:
    """The simulation sees it: facts that are out before table and offset are committed are told twice."""
    assert faulty(range(60), publishing.handle, facts_with_offset=False) != []
