"""What a mode needs to find on its ground: its topics as they are planned, and those that its workers' tables need."""

from collections.abc import Sequence

from agents.runtime.worker.worker import topic_specs
from infra.log import TopicSpec
from streams.lanes import LANES, Lane


def changelog(mode: str, lane: Lane, *, table: str | None = None) -> str:
    """The topic that keeps what changes in a table of a lane, its first by default; the next worker rebuilds it."""
    return f"{lane.group(mode)}-{table or lane.tables[0]}-changelog"


def planned(mode: str) -> Sequence[TopicSpec]:
    """Every topic that is declared before a worker first starts."""
    kept = [changelog(mode, lane, table=table) for lane in LANES for table in lane.tables]
    return [*topic_specs(mode), *(TopicSpec(name, compacted=True) for name in kept)]
