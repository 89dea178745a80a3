"""Tables: which ones the workers keep, and the compacted topics that hold the last value of each of their keys."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from agents.runtime.door.lanes import Lane, app_id
from infra.log import TopicSpec


class Table(StrEnum):
    """A table of a worker, by its name."""

    INCIDENTS = "incidents"
    ENDED = "ended-incidents"
    COUNTS = "mention-counts"


LANE_OF: Mapping[Table, Lane] = {
    Table.INCIDENTS: Lane.CONTROL,
    Table.ENDED: Lane.CONTROL,
    Table.COUNTS: Lane.MENTIONS,
}
"""Which lane's worker writes each table."""


def changelog(mode: str, table: Table) -> str:
    """The topic that keeps a table: the last record of a key is its value."""
    return f"{app_id(mode, LANE_OF[table])}-{table}-changelog"


def table_specs(mode: str, lane: Lane) -> Sequence[TopicSpec]:
    """The topics of the tables that a lane's worker writes."""
    mine = [table for table, writer in LANE_OF.items() if lane in {writer, Lane.ALL}]
    return [TopicSpec(changelog(mode, table), compacted=True) for table in mine]
