"""P1: how many mentions a core handles in a second, compared with other libraries that could do it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground, Kind, fresh
from benchmarks.processes import ROOT, line_of, program_of, started
from tests import builders

QUIX = ROOT / "var/quix/bin/python"
"""Quix Streams has an environment of its own: it wants an older pydantic than ours."""
UNIT = "events/s a core"
PLAIN_PART, QUIX_PART = 20, 4
"""Those that are slower are given a part of the mentions, since a rate does not depend on their number."""


async def speed(kind: Kind, url: str, *, events: int, runs: int) -> Sequence[Figure]:
    """P1a, P1b, and on Kafka P1c."""
    cpu: Mapping[str, list[float]] = defaultdict(list)
    wall: Mapping[str, list[float]] = defaultdict(list)
    for _ in range(runs):
        async with fresh(kind, url) as ground:
            await ground.declare()
            await ground.fill(events)
            for who, program in _contestants(ground, events).items():
                async with started(program) as process:
                    rates = [float(rate) for rate in (await line_of(process)).split()]
                cpu[who].append(rates[0])
                wall[who].append(rates[1])
    caption = f"by the clock {min(wall['lane']):,.0f} to {max(wall['lane']):,.0f} events/s in one process"
    driver = "its own Kafka driver" if kind is Kind.KAFKA else "our driver"
    against = {
        "bare": ("P1a mention lane", "bare loop without commits", Aim(0.8, at_least=True)),
        "plain": ("P1b mention lane", f"plain Faust agent per event on {driver}", Aim(15, at_least=True)),
        "quix": ("P1c mention lane", "Quix Streams, tumbling window", Aim(10, at_least=True)),
    }
    return [
        Figure(name, kind, UNIT, cpu["lane"], cpu[who], what, aim, caption if who == "bare" else "")
        for who, (name, what, aim) in against.items()
        if who in cpu
    ]


def _contestants(ground: Ground, events: int) -> Mapping[str, Sequence[str]]:
    parts = {"bare": 1, "lane": 1, "plain": PLAIN_PART}
    programs = {who: program_of("contestants", ground, who, events // part) for who, part in parts.items()}
    if ground.kind is Kind.KAFKA and QUIX.exists():
        told = (",".join(ground.bootstrap), ground.mentions.topic, ground.copies, events // QUIX_PART)
        program = (QUIX, "-m", "benchmarks.quix.count", *told, builders.declared().model_dump_json())
        programs["quix"] = [str(part) for part in program]
    return programs
