"""Rights in the words of a cluster: one grant for each operation."""

from collections.abc import Mapping, Sequence

from agents.runtime.cluster.rights import ROLES, Right, Role, principal_of, rights_of
from infra.kafka_log.operator.grants import Permission


def grants_of(mode: str, principals: Mapping[Role, str] | None = None) -> Sequence[Permission]:
    """Every grant that the roles of a mode need; `principals` names users where they have names of their own."""
    named = {role: principal_of(role, mode) for role in ROLES} | dict(principals or {})
    return [grant for right in rights_of(mode) for grant in _grants(right, named[right.role])]


def _grants(right: Right, principal: str) -> Sequence[Permission]:
    return [
        Permission(principal, right.kind, right.name, operation, prefixed=right.prefixed)
        for operation in right.operations
    ]
