"""What a mode needs to find on its ground: its topics as they are planned, and those that its workers' tables need."""

from collections.abc import Sequence

from agents.runtime.door.tables import table_specs, topic_specs
from infra.log import TopicSpec


def planned(mode: str) -> Sequence[TopicSpec]:
    """Every topic that is declared before a worker first starts."""
    return [*topic_specs(mode), *table_specs(mode)]
