"""The ground makes no difference to what is said, by whom, or why not."""

import asyncio

from agents.adapters.registers import data_folder
from agents.exercise import Options, Played, run
from infra.transports import broker_url, register_transports
from tests.contracts.kafka_ground import kafka_address
from tests.exercise.scripts import facts_in_short

SCENARIO = data_folder() / "exercises" / "major-incident.yaml"


def played(log_url: str | None = None) -> Played:
    """The example drill as fast as it goes, on a temporary embedded log or on this one."""
    return asyncio.run(run(SCENARIO, Options(speed=1_000, log_url=log_url)))


def test_the_same_drill_gives_the_same_facts_on_both_grounds() -> None:
    """Facts, their order within each message and the messages' identifiers are the same; only times differ."""
    register_transports()
    embedded = played()
    with kafka_address() as address:
        clustered = played(broker_url(f"kafka://{address}?replication=1&insync=1"))
    assert (embedded.passed, clustered.passed) == (True, True)
    assert facts_in_short(embedded) == facts_in_short(clustered)
    assert {one.message_id for one in embedded.publications} == {one.message_id for one in clustered.publications}
