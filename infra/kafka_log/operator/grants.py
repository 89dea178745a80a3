"""Rights on a cluster: what each user may do, read and granted; nothing is ever taken away here."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from aiokafka import errors
from aiokafka.protocol.admin import CreateAclsRequest, DescribeAclsRequest

from infra.kafka_log.nodes import Nodes
from infra.kafka_log.trouble import translate, translated
from infra.log import LogError

KINDS: Mapping[str, int] = {"topic": 2, "group": 3, "cluster": 4, "transactional-id": 5}
OPERATIONS: Mapping[str, int] = {
    "all": 2,
    "read": 3,
    "write": 4,
    "create": 5,
    "delete": 6,
    "alter": 7,
    "describe": 8,
    "cluster-action": 9,
    "describe-configs": 10,
    "alter-configs": 11,
    "idempotent-write": 12,
}
LITERAL, PREFIXED = 3, 4
ALLOW = 3
ANY = 1
ANY_HOST = "*"
"""Kafka's numbers and marks."""


class NoRights(LogError):
    """The cluster checks no rights: give its brokers an authorizer, or every user may do everything."""


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """A user may do one thing with what has this name, or `prefixed` whatever begins with it."""

    principal: str
    kind: str
    name: str
    operation: str
    prefixed: bool = False

    def arguments(self) -> Sequence[str]:
        """The same for `kafka-acls.sh --bootstrap-server ...`."""
        pattern = "prefixed" if self.prefixed else "literal"
        who = ["--allow-principal", self.principal, "--operation", self.operation.title().replace("-", "")]
        return ["--add", *who, f"--{self.kind}", self.name, "--resource-pattern-type", pattern]


async def read_grants(nodes: Nodes, principals: Collection[str]) -> set[Permission]:
    """Everything that these users may do from any host; raises `NoRights` if the cluster checks nothing."""
    found: set[Permission] = set()
    with translated():
        async with asyncio.timeout(nodes.settings.request_seconds_max):
            for principal in principals:
                found |= await _read(nodes, principal)
    return found


async def add_grants(nodes: Nodes, grants: Collection[Permission]) -> None:
    """Grant all of these; the same again changes nothing."""
    with translated():
        async with asyncio.timeout(nodes.settings.request_seconds_max):
            for one in grants:
                pattern = PREFIXED if one.prefixed else LITERAL
                what = (KINDS[one.kind], one.name, pattern, one.principal, ANY_HOST, OPERATIONS[one.operation], ALLOW)
                answer = await nodes.send(nodes.any(), CreateAclsRequest(*what))
                for code, words in answer.creation_responses:
                    _require(code, words)


async def _read(nodes: Nodes, principal: str) -> set[Permission]:
    request = DescribeAclsRequest(ANY, None, ANY, principal, ANY_HOST, ANY, ALLOW)
    answer = await nodes.send(nodes.any(), request)
    _require(answer.error_code, answer.error_message)
    kinds, operations = _names(KINDS), _names(OPERATIONS)
    return {
        Permission(
            who, kinds.get(kind, str(kind)), name, operations.get(operation, str(operation)), pattern == PREFIXED
        )
        for kind, name, pattern, rights in answer.resources
        for who, _, operation, _ in rights
    }


def _names(numbers: Mapping[str, int]) -> Mapping[int, str]:
    return {number: name for name, number in numbers.items()}


def _require(code: int, words: str | None) -> None:
    kind = errors.for_code(code)
    if kind is errors.SecurityDisabled:
        raise NoRights
    if kind is not errors.NoError:
        raise translate(kind(words or "rights"))
