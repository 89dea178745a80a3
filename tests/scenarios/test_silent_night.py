import asyncio

from agents.adapters.registers import data_folder
from agents.exercise import Options, run

SCENARIO = data_folder() / "exercises" / "silent-night.yaml"


def test_a_drill_asks_one_after_another_until_somebody_says_yes(log_url: str) -> None:
    """Silent, away, passed on, yes: each is a fact of the drill, and every page is the drill's own."""
    played = asyncio.run(run(SCENARIO, Options(speed=1_000, log_url=log_url)))
    assert [f"{one.says}: {one.found}" for one in played.outcomes if not one.held] == []
    kinds = [fact.body.kind for fact in played.facts]
    assert kinds.count("person_passed_over") == 3
    assert kinds.count("person_told") == 3
    assert kinds[-5:] == ["delivery_confirmed"] * 2 + ["page_recorded"] * 3
