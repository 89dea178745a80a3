import asyncio

from agents.adapters.registers import data_folder
from agents.exercise import Options, run

SCENARIO = data_folder() / "exercises" / "troubled-channels.yaml"


def test_a_channel_that_makes_trouble_has_the_message_once(log_url: str) -> None:
    """An answer that was lost is looked for, a server that was away is tried again; nothing is said twice."""
    played = asyncio.run(run(SCENARIO, Options(speed=1_000, log_url=log_url)))
    assert [f"{one.says}: {one.found}" for one in played.outcomes if not one.held] == []
    kinds = [fact.body.kind for fact in played.facts]
    assert {"delivery_unknown", "delivery_unsent"} <= set(kinds)
    assert kinds.count("delivery_confirmed") == 2
