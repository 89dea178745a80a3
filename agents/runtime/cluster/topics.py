"""What a mode needs to find on its ground: its topics as they are planned, and those that its workers' tables need."""

from collections.abc import Sequence

from agents.runtime.door.tables import table_specs, topic_specs
from infra.addresses import spread_of
from infra.log import TopicSpec


def planned(mode: str, log_url: str) -> Sequence[TopicSpec]:
    """Every topic that is declared before a worker first starts, with as many partitions as the address says."""
    spread = spread_of(log_url)
    return [*topic_specs(mode, spread=spread), *table_specs(mode, spread=spread)]
