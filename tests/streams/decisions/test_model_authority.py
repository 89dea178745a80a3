"""Every power at every type, level, channel, hour and absence: authority answers as the rules' text has it.

The bound: nine worlds (night, day and bank holiday; nobody, the first and all of three people away), every power,
every type of incident, every level and two channels, for everybody of the register and for a stranger.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from streams.decisions.authority.powers import Act, may, may_on_all, who_could
from streams.decisions.verdict import Allowed, Refused
from streams.values import IncidentType, Power
from streams.words.register.entries import Hours, Register
from tests import builders, oracle
from tests.model.mutants import blind_to
from tests.model.worlds import GONE, HOURS, World

CHANNELS = ("website", "social")
BOUNDED = builders.person(
    "bounded", *Power, types=(IncidentType.MAJOR,), levels=(2, 3), channels=("website",), hours=Hours.OUT_OF_HOURS
)
TURN_OVER = builders.person("turn-over", *Power, rota="night-before", deputies=("bounded",))
NINE = [World(hour, gone, "no chain") for hour, gone in product(HOURS, GONE)]
ANSWERS = len(Power) * len(IncidentType) * 4


def register(world: World) -> Register:
    """The world's own people, one who is bounded in every way, and one whose turn is over."""
    plain = world.register()
    more = {one.id: one for one in (BOUNDED, TURN_OVER)}
    return plain.model_copy(update={"people": {**plain.people, **more}})


def acts(world: World) -> Iterator[Act]:
    for power, kind, level in product(Power, IncidentType, (1, 2, 3, 4)):
        yield Act(power, world.now, kind, level)


@pytest.mark.parametrize("world", NINE, ids=str)
def test_authority_answers_as_the_rules_say_for_everybody_and_everything(world: World) -> None:
    """A yes by a rule that holds on each channel; a no with exactly those who could on all of them."""
    known, judged, yeses = register(world), 0, 0
    for act in acts(world):
        on = {name: [oracle.rules(name, replace(act, channel=one), known) for one in CHANNELS] for name in known.people}
        able = oracle.titles(known, [name for name, rules in on.items() if all(rules)])
        assert list(who_could(act, known, channels=CHANNELS)) == able
        for name in (*known.people, "stranger"):
            rules = on.get(name, [[]])
            both = may_on_all(name, act, channels=CHANNELS, register=known)
            first = may(name, replace(act, channel="website"), register=known)
            assert isinstance(both, Allowed) is all(rules)
            assert isinstance(first, Allowed) is bool(rules[0])
            if isinstance(both, Refused):
                assert list(both.who_could or ()) == able
            else:
                assert (both.person, both.rule in rules[0] + rules[1]) == (name, True)
                yeses += 1
        judged += 1
    assert judged == ANSWERS
    assert yeses >= 30


@pytest.mark.parametrize("bound", ["types", "levels", "channels", "rota"])
def test_a_bound_that_nobody_looks_at_is_found(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same comparison fails."""
    blind_to(bound)(monkeypatch)
    with pytest.raises(AssertionError):
        test_authority_answers_as_the_rules_say_for_everybody_and_everything(NINE[0])
