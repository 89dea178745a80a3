"""The topics of a mode: those that carry messages, and those that keep the tables of the workers."""

from collections.abc import Sequence
from itertools import count

from infra.log import TopicSpec
from infra.placement import partition_number
from streams.lanes import CONTROL_LANE, LANES, MENTION_LANE, Lane
from streams.topics import CARRYING, DEAD_LETTERS, TopicPlan

SUBJECTS, PAST = (table.name for table in CONTROL_LANE.tables)
"""The state of every subject, and what left an incident's record."""
(
    COUNTS,
    LISTENING_KEYS,
    ROUTES,
    CASE_POSTS,
    STORIES,
    WORDINGS,
    STORY_POSTS,
    TAGS_HEARD,
    TAGS_USUAL,
    LISTED_HEARD,
    ACCOUNTS_SHARED,
    PEOPLE_SHARING,
) = (table.name for table in MENTION_LANE.tables)


MARK = "|"
"""Stands between a key and the number that a partition's own row under it needs."""


def own_key(key: str, partition: int, *, of: int) -> str:
    """The key under which a partition, one `of` so many, has a row of its own: one that belongs to this partition."""
    names = (f"{key}{MARK}{number}" if number else key for number in count())
    return next(name for name in names if partition_number(name.encode(), of) == partition)


def changelog(mode: str, table: str) -> str:
    """The topic that keeps what changes in a table, so that the next worker can rebuild it."""
    writer = next(lane for lane in LANES if table in {plan.name for plan in lane.tables})
    return f"{writer.group(mode)}-{table}-changelog"


def shared_changelog(mode: str, table: str) -> str:
    """The same where one process runs every lane, as in a drill: its tables are named after the control lane."""
    return f"{CONTROL_LANE.group(mode)}-{table}-changelog"


def table_specs(mode: str, *lanes: Lane, spread: int) -> Sequence[TopicSpec]:
    """The topics of the tables that these lanes' workers write; those of all lanes, if none is named."""
    plans = [table for lane in lanes or LANES for table in lane.tables]
    return [
        TopicSpec(changelog(mode, plan.name), partitions=plan.beside.partitions(spread), compacted=True)
        for plan in plans
    ]


def topic_specs(mode: str, plans: Sequence[TopicPlan] = CARRYING, *, spread: int) -> list[TopicSpec]:
    """These topics of a mode, as `streams.topics` plans them; all, if none are given."""
    planned = [
        TopicSpec(
            plan.named(mode),
            plan.partitions(spread),
            compacted=plan.compacted,
            retention_seconds=plan.retention_seconds,
        )
        for plan in plans
    ]
    return [*planned, TopicSpec(f"{mode}.{DEAD_LETTERS}")]
