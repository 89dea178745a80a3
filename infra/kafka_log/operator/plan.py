"""The difference between topics as planned and as found: what to make, to set, and what cannot be done in place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from infra.kafka_log.operator.survey import FoundTopic
from infra.kafka_log.settings import KafkaLogSettings
from infra.kafka_log.topics import FOR_EVER, topic_configs
from infra.log import TopicSpec

RETENTION = "retention.ms"
INSYNC = "min.insync.replicas"


@dataclass(frozen=True, slots=True)
class TopicChanges:
    """Topics to make, settings to set, and a sentence for everything that is refused or unknown."""

    make: Sequence[TopicSpec] = ()
    set: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    refused: Sequence[str] = ()
    unseen: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.make or self.set or self.refused)


def difference(
    specs: Collection[TopicSpec], found: Mapping[str, FoundTopic], *, settings: KafkaLogSettings
) -> TopicChanges:
    """Compare a plan with a cluster; an empty difference is false."""
    there = [(spec, found[spec.name]) for spec in specs if spec.name in found]
    to_set = {spec.name: _settings(spec, topic, settings) for spec, topic in there}
    return TopicChanges(
        make=[spec for spec in specs if spec.name not in found],
        set={name: wanted for name, wanted in to_set.items() if wanted},
        refused=[sentence for spec, topic in there for sentence in _refuse(spec, topic, settings)],
        unseen=[_unseen(topic) for _, topic in there if topic.configs is None],
    )


def _settings(spec: TopicSpec, found: FoundTopic, settings: KafkaLogSettings) -> Mapping[str, str]:
    have = found.configs
    if have is None:
        return {}
    wanted = dict(topic_configs(spec, settings))
    if _shorter(wanted[RETENTION], have[RETENTION]):
        del wanted[RETENTION]
    if int(wanted[INSYNC]) > found.replication:
        # More than there are copies: nothing could be written any more.
        del wanted[INSYNC]
    return {name: value for name, value in wanted.items() if have.get(name) != value}


def _shorter(wanted: str, have: str) -> bool:
    """Whether records that are kept now would be deleted."""
    return int(wanted) != FOR_EVER and (int(have) == FOR_EVER or int(wanted) < int(have))


def _refuse(spec: TopicSpec, found: FoundTopic, settings: KafkaLogSettings) -> Sequence[str]:
    sentences = []
    if found.partitions != spec.partitions:
        sentences.append(
            f"{spec.name} has {found.partitions} partitions, {spec.partitions} are planned: the number cannot be "
            "changed in place, since keys would move; copy the log to a new topic, or plan what is there."
        )
    if found.replication != settings.replication_count:
        sentences.append(
            f"{spec.name} lies on {found.replication} brokers, {settings.replication_count} are wanted: "
            "move its copies with kafka-reassign-partitions.sh, which knows how busy the brokers are."
        )
    have = (found.configs or {}).get(RETENTION)
    wanted = topic_configs(spec, settings)[RETENTION]
    if have is not None and _shorter(wanted, have):
        sentences.append(
            f"{spec.name} is kept for {_days(have)}, {_days(wanted)} are planned: what is older would be deleted at "
            f"once; if that is meant, say it with kafka-configs.sh --alter --add-config {RETENTION}={wanted}."
        )
    return sentences


def _days(milliseconds: str) -> str:
    return "ever" if int(milliseconds) == FOR_EVER else f"{int(milliseconds) / 86_400_000:g} days"


def _unseen(found: FoundTopic) -> str:
    return f"{found.name}: its settings cannot be seen by this user; ask as one that may describe them."
