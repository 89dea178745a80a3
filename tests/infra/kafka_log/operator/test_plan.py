"""The difference between plan and cluster: what is missing is made, what would lose records is refused."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from infra.kafka_log import KafkaLogSettings
from infra.kafka_log.operator.plan import TopicChanges, difference
from infra.kafka_log.operator.survey import FoundTopic
from infra.kafka_log.topics import topic_configs
from infra.log import TopicSpec

SETTINGS = KafkaLogSettings()
FACTS = TopicSpec("live.facts")
MENTIONS = TopicSpec("live.mentions", retention_seconds=7 * 86_400.0)
TABLE = TopicSpec("table", compacted=True)


def as_planned(spec: TopicSpec, **configs: str) -> FoundTopic:
    """A topic as it would have been made, but for these settings."""
    return FoundTopic(
        spec.name, spec.partitions, SETTINGS.replication_count, configs={**topic_configs(spec, SETTINGS), **configs}
    )


def compared(spec: TopicSpec, found: FoundTopic) -> TopicChanges:
    return difference([spec], {found.name: found}, settings=SETTINGS)


@pytest.mark.parametrize("spec", [FACTS, MENTIONS, TABLE])
def test_a_topic_as_planned_is_no_difference(spec: TopicSpec) -> None:
    assert not compared(spec, as_planned(spec))


def test_what_is_missing_is_made_and_what_is_not_planned_is_left_alone() -> None:
    change = difference([FACTS, TABLE], {"theirs": replace(as_planned(FACTS), name="theirs")}, settings=SETTINGS)
    assert change == TopicChanges(make=[FACTS, TABLE], set={}, refused=[], unseen=[])


WRONG: Mapping[str, tuple[TopicSpec, dict[str, str]]] = {
    "facts that would be forgotten": (FACTS, {"retention.ms": "1000"}),
    "facts that would be compacted": (FACTS, {"cleanup.policy": "compact"}),
    "a table that keeps everything": (TABLE, {"cleanup.policy": "delete"}),
    "a table that is compacted once a week": (TABLE, {"segment.ms": "604800000"}),
    "a write that one broker has": (FACTS, {"min.insync.replicas": "1"}),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_setting_that_differs_is_set(what: str) -> None:
    spec, configs = WRONG[what]
    change = compared(spec, as_planned(spec, **configs))
    planned = topic_configs(spec, SETTINGS)
    assert change.set == {spec.name: {name: planned[name] for name in configs}}
    assert not change.refused


@pytest.mark.parametrize("kept", ["-1", str(30 * 86_400_000)])
def test_records_that_are_kept_are_not_deleted_by_a_shorter_plan(kept: str) -> None:
    change = compared(MENTIONS, as_planned(MENTIONS, **{"retention.ms": kept}))
    assert not change.set
    (sentence,) = change.refused
    assert "7 days are planned: what is older would be deleted" in sentence


def test_more_or_fewer_partitions_are_refused_with_a_sentence() -> None:
    (sentence,) = compared(FACTS, replace(as_planned(FACTS), partitions=4)).refused
    assert "live.facts has 4 partitions, 1 are planned: the number cannot be changed in place" in sentence


def test_too_few_copies_are_refused_and_no_more_are_asked_for_than_there_are() -> None:
    """Else the topic could not be written to any more."""
    change = compared(FACTS, replace(as_planned(FACTS, **{"min.insync.replicas": "1"}), replication=1))
    assert not change.set
    (sentence,) = change.refused
    assert "kafka-reassign-partitions.sh" in sentence


def test_settings_that_we_may_not_see_are_said_and_left_alone() -> None:
    change = compared(FACTS, replace(as_planned(FACTS), configs=None))
    assert not change
    assert "cannot be seen by this user" in change.unseen[0]
