"""A trust whose people sign their orders plays its exercises as it would act: signed."""

from datetime import timedelta
from pathlib import Path

from agents.adapters.registers import key_as_yaml
from agents.exercise import Options, run
from agents.exercise.played import Played
from streams.words.facts import CommandRefused
from streams.words.release import MessageAuthorised
from tests import keyring
from tests.adapters.breaking import Break, copied
from tests.exercise.scripts import COMMANDER, written

REAL = keyring.key(COMMANDER, enrolled_by="dilys.maenhir")


async def played(folder: Path, revoked: str = "") -> Played:
    """The short scenario, in a trust that takes no unsigned orders, where its commander has this key."""
    register = copied(folder / "register")
    entry = f"- id: {COMMANDER}\n"
    lines = f"{entry}{key_as_yaml(REAL, COMMANDER)}\n{revoked}"
    Break("register/people.yaml", entry, lines, "", "").apply(register)
    Break("register/trust.yaml", "languages:", "unsigned_orders: refused\nlanguages:", "", "").apply(register)
    return await run(written(folder), Options(speed=1_000, register=register))


async def test_played_orders_are_signed_with_a_key_of_the_exercise(tmp_path: Path) -> None:
    """The real key signs nothing: an exercise never gets it."""
    done = await played(tmp_path)
    assert done.passed, done.outcomes
    (yes,) = [fact.body.authorisation for fact in done.facts if isinstance(fact.body, MessageAuthorised)]
    assert yes.key
    assert yes.key != REAL.id


async def test_whose_key_was_revoked_is_refused_in_the_exercise_too(tmp_path: Path) -> None:
    done = await played(tmp_path, f"      revoked_at: {REAL.enrolled_at + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}\n")
    assert not done.passed
    refused = [fact.body for fact in done.facts if isinstance(fact.body, CommandRefused)]
    assert "no key of Ifor Brynllwyd is in force" in refused[0].reasons[1]
