"""What the command line shows before an order is judged by what the order itself will be judged by."""

import asyncio
from pathlib import Path

from agents.entrypoints.cli.lines import prompts
from streams.values import TRAINING
from tests.console.bench import night
from tests.console.visitor import DECLARED, FIRE, ordered
from tests.examples import WRITER


async def test_an_order_is_prepared_by_the_register_in_force_and_not_by_that_of_the_last_order(tmp_path: Path) -> None:
    """Somebody changed the files: what a person is shown of words that they let out would else be refused as old."""
    async with night(tmp_path, mode=TRAINING) as on:
        await ordered(on, DECLARED)
        writer = on.register.people[WRITER].model_copy(update={"role": "head of communications"})
        changed = on.register.model_copy(update={"people": {**on.register.people, WRITER: writer}})
        await on.put_in_force(changed)
        where = {"mode": TRAINING, "log": on.log, "subject": FIRE}
        incident, register = await asyncio.to_thread(prompts.look, where)
        assert incident is not None
        assert register is not None
        assert register.people[WRITER].role == "head of communications"
