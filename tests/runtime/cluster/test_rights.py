"""Who may do what on a cluster: the rules that the table of rights must keep, whatever is added to it."""

import re

import pytest

from agents.runtime.cluster.grants import grants_of
from agents.runtime.cluster.rights import (
    ABOUT,
    AUDITOR,
    DOOR,
    FEED,
    READS,
    ROLES,
    WORKERS,
    WRITES,
    Role,
    principal_of,
    rights_of,
)
from agents.runtime.cluster.topics import planned
from agents.runtime.door.tables import (
    ACCOUNTS_SHARED,
    CASE_POSTS,
    COUNTS,
    LISTENING_KEYS,
    PEOPLE_SHARING,
    STORIES,
    STORY_POSTS,
    changelog,
)
from streams.lanes import CONTROL_LANE, LANES, MENTION_LANE
from streams.topics import CARRYING, DEAD_LETTERS, FACTS, MENTIONS

TOPICS = {*(plan.name for plan in CARRYING), DEAD_LETTERS}
RIGHTS = rights_of("live")
PLANNED = planned("live", "kafka://one:9092")


def may(role: Role, operation: str, topic: str) -> bool:
    """Whether a role may do this with a topic, by its own name or by what it begins with."""
    return any(
        right.kind == "topic"
        and operation in right.operations
        and (topic.startswith(right.name) if right.prefixed else topic == right.name)
        for right in RIGHTS
        if right.role == role
    )


def test_only_the_worker_of_the_incident_agent_writes_facts() -> None:
    assert [role for role in ROLES if may(role, "write", FACTS.named("live"))] == [CONTROL_LANE.name]


def test_the_feed_reads_nothing_and_the_auditor_writes_nothing() -> None:
    assert [spec.name for spec in PLANNED if may(FEED, "read", spec.name)] == []
    assert [spec.name for spec in PLANNED if may(AUDITOR, "write", spec.name)] == []
    assert {right.kind for right in RIGHTS if right.role == AUDITOR} == {"topic", "group"}


def test_the_words_of_the_public_are_read_by_one_worker_and_by_people_who_look_at_a_case_or_a_story() -> None:
    assert [role for role in ROLES if may(role, "read", MENTIONS.named("live"))] == [MENTION_LANE.name, DOOR]


def test_people_see_how_many_are_heard_and_never_the_keys_of_who_it_was() -> None:
    """With the key of a day a hash leads back to an account."""
    tables = [table.name for table in MENTION_LANE.tables]
    read = [name for name in tables if may(DOOR, "read", changelog("live", name))]
    assert read == [COUNTS, CASE_POSTS, STORIES, STORY_POSTS, ACCOUNTS_SHARED, PEOPLE_SHARING]
    assert LISTENING_KEYS in tables


@pytest.mark.parametrize("table", [READS, WRITES])
def test_every_role_is_in_the_table_and_every_name_is_a_topic(table: dict[Role, tuple[str, ...]]) -> None:
    assert set(table) == set(ROLES) == set(ABOUT)
    assert {name for names in table.values() for name in names} <= TOPICS


def test_every_topic_is_written_by_somebody() -> None:
    assert {name for names in WRITES.values() for name in names} == TOPICS


def test_each_worker_keeps_its_own_table_and_not_the_other_one() -> None:
    for lane, table in [(one.name, table) for one in LANES for table in one.tables]:
        name = f"holdingline-live-{lane}-{table.name}-changelog"
        assert name in {spec.name for spec in PLANNED if spec.compacted}
        assert [role for role in ROLES if may(role, "write", name)] == [lane]


def test_no_right_of_a_drill_touches_anything_live_and_nothing_is_for_everybody() -> None:
    """A name that is a beginning ends where the next name would begin."""
    for mode in ("training", "exercise-7"):
        for right in rights_of(mode):
            assert mode in right.name or right.name == "holdingline-append-"
    for right in RIGHTS:
        assert right.name not in {"", "*"}
        assert not right.prefixed or re.search(r"[.-]$", right.name), right


def test_every_user_has_a_mode_and_a_role_of_its_own() -> None:
    users = [principal_of(role, mode) for role in ROLES for mode in ("live", "training", "exercise-7")]
    assert len(set(users)) == len(users)


def test_no_right_is_given_twice() -> None:
    grants = grants_of("live")
    assert len(set(grants)) == len(grants) == sum(len(right.operations) for right in RIGHTS)


def test_a_role_is_played_by_the_user_that_the_operator_names() -> None:
    grants = grants_of("live", {DOOR: "User:desk"})
    assert {grant.principal for grant in grants if grant.name == "live.commands" and grant.operation == "write"} == {
        "User:holdingline-live-control",
        "User:holdingline-live-mentions",
        "User:desk",
    }


def test_a_grant_is_said_in_the_words_of_kafkas_own_tool() -> None:
    (grant,) = [grant for grant in grants_of("live") if grant.name == "live." and grant.operation == "describe-configs"]
    assert list(grant.arguments()) == [
        *("--add", "--allow-principal", "User:holdingline-live-auditor", "--operation", "DescribeConfigs"),
        *("--topic", "live.", "--resource-pattern-type", "prefixed"),
    ]


def test_who_is_no_worker_writes_only_what_may_come_by_a_door() -> None:
    """On a cluster the rights say what the inbox of the embedded log says: no facts, no tables, no registers."""
    theirs = {right.name for right in rights_of("live") if right.role not in WORKERS and "write" in right.operations}
    topics = {name for name in theirs if name.startswith("live.") or name.endswith("-changelog")}
    assert topics == {plan.named("live") for plan in CARRYING if plan.from_doors}
