"""What a service wrote while workers died, paused and came back gives the same facts when it is judged again."""

from collections import defaultdict

import pytest

from streams.record.second_judgement import find_misjudged
from streams.record.word_trail import astray
from streams.words.orders import Command
from tests.scenarios.adversary import harass
from tests.scenarios.judging import watch
from tests.scenarios.simulation import Simulation


@pytest.mark.usefixtures("networks")
def test_a_record_made_under_faults_gives_the_same_facts_again(seed: int) -> None:
    """Orders that came twice, claims that lapsed, retries, looks: each fact follows from its order alone."""
    sim = Simulation(seed)
    harass(sim, watch)
    sim.settle()
    orders: defaultdict[str, dict[str, Command]] = defaultdict(dict)
    for order in sim.commands:
        orders[order.id][order.content()] = order
    assert list(find_misjudged(sim.facts, orders, registers={sim.register.version(): sim.register})) == []
    assert list(astray(sim.facts)) == []
