"""The operator's way to a cluster: topics compared and made, rights granted. Workers and doors don't come this way."""

from collections.abc import Collection, Mapping
from types import TracebackType
from typing import Self

from infra.kafka_log.loggers import limit_loggers
from infra.kafka_log.nodes import Nodes
from infra.kafka_log.operator.grants import Permission, add_grants, read_grants
from infra.kafka_log.operator.plan import TopicChanges, difference
from infra.kafka_log.operator.survey import FoundTopic, set_configs, survey
from infra.kafka_log.settings import KafkaLogSettings
from infra.kafka_log.topics import create_topics
from infra.log import TopicSpec


class KafkaAdmin:
    """A connection with an operator's rights; used with `async with` from one event loop."""

    def __init__(self, settings: KafkaLogSettings) -> None:
        self.settings = settings
        self._nodes = Nodes(settings)

    async def __aenter__(self) -> Self:
        limit_loggers()
        try:
            await self._nodes.open()
        except BaseException:
            await self._nodes.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._nodes.close()

    async def topics(self) -> Mapping[str, FoundTopic]:
        """Every topic that we may see."""
        return await survey(self._nodes)

    async def compare(self, specs: Collection[TopicSpec]) -> TopicChanges:
        """What would have to change for the cluster to be as planned."""
        return difference(specs, await self.topics(), settings=self.settings)

    async def apply(self, change: TopicChanges) -> None:
        """Make and set what can be; what is refused stays as it is."""
        await create_topics(self._nodes, change.make)
        found = await self.topics() if change.set else {}
        for name, wanted in change.set.items():
            await set_configs(self._nodes, found[name], wanted=wanted)

    async def missing(self, grants: Collection[Permission]) -> list[Permission]:
        """Those that are not granted yet, in order; raises `NoRights` if the cluster checks none."""
        return sorted(set(grants) - await self._read_grants(grants))

    async def surplus(self, grants: Collection[Permission]) -> list[Permission]:
        """What the same users may do beside these, in order."""
        return sorted(await self._read_grants(grants) - set(grants))

    async def grant(self, grants: Collection[Permission]) -> None:
        """Grant all of these."""
        await add_grants(self._nodes, grants)

    async def _read_grants(self, grants: Collection[Permission]) -> set[Permission]:
        return await read_grants(self._nodes, {grant.principal for grant in grants})
