"""The topics of a mode: those that carry messages, and those that keep the tables of the workers."""

from collections.abc import Mapping, Sequence

from agents.runtime.door.lanes import Lane, app_id
from infra.log import TopicSpec
from streams.topics import CARRYING, DEAD_LETTERS, TopicPlan

SUBJECTS, PAST, COUNTS = "subjects", "past", "mention-counts"
TABLES: Mapping[str, Lane] = {SUBJECTS: Lane.CONTROL, PAST: Lane.CONTROL, COUNTS: Lane.MENTIONS}
"""Every table and the lane whose worker writes it; a topic keeps what changes in it, so that the next can rebuild it.

`subjects` has the state of every subject, `past` what left an incident's record.
"""


def changelog(mode: str, table: str) -> str:
    """The topic that keeps a table."""
    return f"{app_id(mode, TABLES[table])}-{table}-changelog"


def table_specs(mode: str, lane: Lane = Lane.ALL) -> Sequence[TopicSpec]:
    """The topics of the tables that a lane's worker writes."""
    mine = [table for table, writer in TABLES.items() if lane in {writer, Lane.ALL}]
    return [TopicSpec(changelog(mode, table), compacted=True) for table in mine]


def topic_specs(mode: str, plans: Sequence[TopicPlan] = CARRYING) -> list[TopicSpec]:
    """These topics of a mode, as `streams.topics` plans them; all, if none are given."""
    planned = [TopicSpec(plan.named(mode), plan.partitions, retention_seconds=plan.retention_seconds) for plan in plans]
    return [*planned, TopicSpec(f"{mode}.{DEAD_LETTERS}")]
