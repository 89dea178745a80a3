"""What a mode needs to find on its ground: its topics as they are planned, and those that its workers' tables need."""

from collections.abc import Mapping, Sequence

from agents.runtime.worker import topic_specs
from infra.log import TopicSpec

PREFIX = "holdingline-"
TABLES: Mapping[str, str] = {"control": "incidents", "mentions": "mention-counts"}
"""The table of each kind of worker; what changes in it is kept on a topic, so that the next worker can rebuild it."""


def app_id(mode: str, kind: str) -> str:
    """The name of a kind of worker in a mode: of its group, and what the names of its own topics begin with."""
    return f"{PREFIX}{mode}-{kind}"


def changelog(mode: str, kind: str) -> str:
    """The topic that keeps the table of a kind of worker."""
    return f"{app_id(mode, kind)}-{TABLES[kind]}-changelog"


def planned(mode: str) -> Sequence[TopicSpec]:
    """Every topic that is declared before a worker first starts."""
    return [*topic_specs(mode), *(TopicSpec(changelog(mode, kind), compacted=True) for kind in TABLES)]
