"""What a mode needs to find on its ground: its topics as they are planned, and those that its workers' tables need."""

from collections.abc import Sequence

from agents.runtime.door.tables import TABLES, changelog
from infra.log import TopicSpec
from streams.topics import CARRYING, DEAD_LETTERS, TopicPlan


def planned(mode: str) -> Sequence[TopicSpec]:
    """Every topic that is declared before a worker first starts."""
    return [*topic_specs(mode), *(TopicSpec(changelog(mode, table), compacted=True) for table in TABLES)]


def topic_specs(mode: str, plans: Sequence[TopicPlan] = CARRYING) -> list[TopicSpec]:
    """These topics of a mode, as `streams.topics` plans them; all, if none are given."""
    planned = [TopicSpec(plan.named(mode), plan.partitions, retention_seconds=plan.retention_seconds) for plan in plans]
    return [*planned, TopicSpec(f"{mode}.{DEAD_LETTERS}")]
