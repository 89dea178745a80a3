"""What a mode needs to find on its ground: its topics as they are planned, and those that its workers' tables need."""

from collections.abc import Mapping, Sequence

from agents.runtime.places import Lane, app_id
from infra.log import TopicSpec
from streams.topics import CARRYING, DEAD_LETTERS, TopicPlan

TABLES: Mapping[Lane, str] = {Lane.CONTROL: "incidents", Lane.MENTIONS: "mention-counts"}
"""The table of each lane's worker; what changes in it is kept on a topic, so that the next worker can rebuild it."""


def changelog(mode: str, lane: Lane) -> str:
    """The topic that keeps the table of a lane's worker."""
    return f"{app_id(mode, lane)}-{TABLES[lane]}-changelog"


def planned(mode: str) -> Sequence[TopicSpec]:
    """Every topic that is declared before a worker first starts."""
    return [*topic_specs(mode), *(TopicSpec(changelog(mode, lane), compacted=True) for lane in TABLES)]


def topic_specs(mode: str, plans: Sequence[TopicPlan] = CARRYING) -> list[TopicSpec]:
    """These topics of a mode, as `streams.topics` plans them; all, if none are given."""
    planned = [TopicSpec(plan.named(mode), plan.partitions, retention_seconds=plan.retention_seconds) for plan in plans]
    return [*planned, TopicSpec(f"{mode}.{DEAD_LETTERS}")]
