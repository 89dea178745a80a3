"""The adversary: at any step it may kill, pause, repeat, delay, jump the clock, or have somebody give an order."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from streams.values import Purpose
from streams.words.delivery import DeliveryState
from streams.words.incident import Cancel, StandDown
from streams.words.orders import CommandBody
from streams.words.release import Amplify, DraftLine, Message, SignOff
from streams.words.stops import CancelRelease, Freeze, ReturnDraft, WithdrawDraft
from tests import builders
from tests.builders import COMMANDER, OFFICER, WRITER
from tests.scenarios.simulation import Simulation

STEPS = 220
Act = Callable[[Simulation], None]


def harass(sim: Simulation, watch: Act, steps: int = STEPS, *, weights: Mapping[Act, float] | None = None) -> None:
    """Declare, release, and then let chance play; `watch` judges after every step."""
    sim.give(builders.declaration(hashtags=()), by=OFFICER)
    sim.give(builders.holding())
    acts, shares = zip(*(weights or WEIGHTS).items(), strict=True)
    for act in sim.rng.choices(acts, shares, k=steps):
        act(sim)
        watch(sim)


def orders(sim: Simulation) -> None:
    """A person gives an order; some of them twice, as fingers do."""
    promised = sim.world.now + timedelta(minutes=30)
    given: Sequence[tuple[CommandBody, str]] = [
        (builders.holding(next_update_at=promised), COMMANDER),
        (builders.holding(purpose=Purpose.CORRECTION), sim.rng.choice([COMMANDER, OFFICER])),
        (builders.holding(purpose=Purpose.WITHDRAWAL), sim.rng.choice([COMMANDER, OFFICER])),
        (builders.holding(purpose=Purpose.ALL_CLEAR), OFFICER),
        (_line(sim), WRITER),
        (_partner_post(sim), "amplification-agent"),
        *((SignOff(message_id=one.id, content_hash=one.content_hash), OFFICER) for one in _drafts(sim)),
    ]
    body, by = sim.rng.choice(given)
    for _ in range(sim.rng.choice([1, 1, 2])):
        sim.give(body, by)


def end(sim: Simulation) -> None:
    """Now and then the incident ends, or is said never to have been."""
    if sim.rng.random() < 0.1:
        sim.give(sim.rng.choice([Cancel, StandDown])(reason="over"), OFFICER)


def stops(sim: Simulation) -> None:
    """Somebody cancels a release, sends a draft back, or freezes it all; sometimes twice."""
    given: Sequence[CommandBody] = [
        Freeze(reason="wait"),
        *(CancelRelease(message_id=name, reason="wrong") for name in sim.incident.messages),
        *(sim.rng.choice([ReturnDraft, WithdrawDraft])(message_id=one.id, reason="no") for one in _drafts(sim)),
    ]
    body = sim.rng.choice(given)
    for _ in range(sim.rng.choice([1, 1, 2])):
        sim.give(body, sim.rng.choice([COMMANDER, OFFICER]))


def goes_on(sim: Simulation) -> None:
    """After a freeze somebody resumes, and decides about what is held."""
    sim.goes_on()


def resolves(sim: Simulation) -> None:
    """A person looks at what is unknown and says so, sometimes twice."""
    for delivery in sim.incident.deliveries.values():
        if delivery.state is DeliveryState.UNKNOWN:
            for _ in range(sim.rng.choice([1, 1, 2])):
                sim.give(sim.look(delivery), by=OFFICER)


def command(sim: Simulation) -> None:
    for _ in range(sim.rng.choice([1, 3, 5])):
        sim.handle_command(dies=sim.world.chance(0.02))


def fact(sim: Simulation) -> None:
    for _ in range(sim.rng.choice([1, 3, 5])):
        sim.handle_fact(dies=sim.world.chance(0.02), steps_before=sim.rng.choice([0, 0, 0, 4]))


def work(sim: Simulation) -> None:
    for _ in range(sim.rng.choice([1, 2, 4])):
        sim.step_a_work(sim.worker, put_fails=sim.world.chance(0.05))


def zombie(sim: Simulation) -> None:
    """A paused worker wakes for one step; being fenced, most of what it puts does not arrive."""
    if sim.zombies:
        sim.step_a_work(sim.rng.choice(sim.zombies), put_fails=sim.rng.random() < 0.5)


def kill(sim: Simulation) -> None:
    if sim.strike("killed"):
        sim.kill()


def pause(sim: Simulation) -> None:
    if sim.strike("paused"):
        sim.pause()


def repeat_facts(sim: Simulation) -> None:
    """The publishing agent is given the last facts once more."""
    if sim.world.chance(1):
        sim.facts_done = max(0, sim.facts_done - sim.rng.randint(1, 6))


def repeat_commands(sim: Simulation) -> None:
    """An old order is on the topic once more, as it was."""
    if sim.commands and sim.world.chance(1):
        sim.commands.append(sim.rng.choice(sim.commands))


def time(sim: Simulation) -> None:
    sim.world.now += timedelta(seconds=sim.rng.choice([0.1, 1, 3]))


def jump(sim: Simulation) -> None:
    if sim.world.chance(1):
        sim.world.now += timedelta(seconds=sim.rng.choice([-1, 15, 90, 600]))


def tick(sim: Simulation) -> None:
    sim.tick()


WEIGHTS: Mapping[Act, float] = {
    command: 25,
    fact: 25,
    work: 25,
    zombie: 10,
    time: 8,
    tick: 8,
    orders: 5,
    end: 1,
    stops: 2,
    goes_on: 5,
    resolves: 3,
    kill: 4,
    pause: 4,
    repeat_facts: 2,
    repeat_commands: 3,
    jump: 1,
}


def _line(sim: Simulation) -> DraftLine:
    promised = sim.world.now + timedelta(minutes=30)
    words = f"The coach crash at Ashby Junction at 22:15. Next word by {promised:%H:%M}."
    return builders.line(
        texts={"en": words}, channels=tuple(sim.register.channels), next_update_at=promised, expires_at=promised
    )


def _drafts(sim: Simulation) -> list[Message]:
    return list(sim.incident.drafts.values())


def _partner_post(sim: Simulation) -> Amplify:
    credit = builders.credit(post_id=f"post-{sim.rng.randrange(3)}")
    return Amplify(credit=credit, text="Crews are at Ashby Junction.", posted_at=sim.world.now)
