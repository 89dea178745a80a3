"""Who may do what on a cluster, in one table: roles, and the rights that each of them needs and no more.

Rule: only the desk writes facts; it runs in the control worker, so no other role may write that topic.
Every mode has users of its own, so that a drill's user can open nothing of the live service.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from agents.runtime.door.lanes import Lane, app_id
from agents.runtime.door.tables import TABLES, changelog
from streams.topics import COMMANDS, DEAD_LETTERS, FACTS, MENTIONS, PARTNER_POSTS, REGISTERS, SIGNALS

Kind = Literal["topic", "group", "transactional-id"]
Operation = Literal["read", "write", "create", "describe", "describe-configs"]

PREFIX = "holdingline-"
APPENDS = "holdingline-append-"
"""The names of transactions that several appended records are written in; each process draws one of its own."""


class Role(StrEnum):
    """Who comes to the cluster."""

    CONTROL = "control"
    MENTIONS = "mentions"
    DOOR = "door"
    FEED = "feed"
    AUDITOR = "auditor"


ABOUT: Mapping[Role, str] = {
    Role.CONTROL: "the worker that judges orders, publishes and amplifies",
    Role.MENTIONS: "the worker that counts mentions",
    Role.DOOR: "people's command line and console",
    Role.FEED: "puts mentions and partners' posts on their topics",
    Role.AUDITOR: "reads the record and looks after the cluster, writes nothing",
}

READS: Mapping[Role, tuple[str, ...]] = {
    Role.CONTROL: (COMMANDS.name, FACTS.name, PARTNER_POSTS.name),
    Role.MENTIONS: (MENTIONS.name,),
    Role.DOOR: (FACTS.name,),
    Role.FEED: (),
    # Not the mentions: they are the public's own words, and explain nothing that we said.
    Role.AUDITOR: (COMMANDS.name, FACTS.name, REGISTERS.name, SIGNALS.name, PARTNER_POSTS.name, DEAD_LETTERS),
}
WRITES: Mapping[Role, tuple[str, ...]] = {
    Role.CONTROL: (COMMANDS.name, FACTS.name, REGISTERS.name, DEAD_LETTERS),
    Role.MENTIONS: (COMMANDS.name, SIGNALS.name, DEAD_LETTERS),
    Role.DOOR: (COMMANDS.name,),
    Role.FEED: (MENTIONS.name, PARTNER_POSTS.name),
    Role.AUDITOR: (),
}
FOLLOWS: Mapping[Role, str] = {
    Role.MENTIONS: "knows which incidents go on",
    Role.DOOR: "shows how every incident goes",
    Role.AUDITOR: "checks the tables against the facts",
}
"""Who reads the tables of the control lane, which its own worker writes, and why."""
WORKERS: Mapping[Role, Lane] = {Role.CONTROL: Lane.CONTROL, Role.MENTIONS: Lane.MENTIONS}


@dataclass(frozen=True, slots=True)
class Right:
    """A role may do these things with what has this name, or `prefixed` whatever begins with it."""

    role: Role
    kind: Kind
    name: str
    operations: tuple[Operation, ...]
    why: str
    prefixed: bool = False


def rights_of(mode: str) -> Sequence[Right]:
    """Every right that the roles of a mode need, each once."""
    return [right for role in Role for right in _rights_of(role, mode)]


def principal_of(role: Role, mode: str) -> str:
    """The user that plays a role in a mode, unless the operator names another."""
    return f"User:{PREFIX}{mode}-{role}"


def _rights_of(role: Role, mode: str) -> Iterator[Right]:
    for name in READS[role]:
        yield Right(role, "topic", f"{mode}.{name}", ("read",), "takes what flows there")
    for name in WRITES[role]:
        yield Right(role, "topic", f"{mode}.{name}", ("write",), "puts there what it has to say")
    if WRITES[role]:
        yield Right(role, "transactional-id", APPENDS, ("write",), "writes several records or none", prefixed=True)
    if role in WORKERS:
        yield from _rights_of_worker(role, mode)
    if role is Role.DOOR:
        yield Right(role, "group", app_id(mode, Lane.CONTROL), ("describe",), "sees whether a worker is there")
    if role in FOLLOWS:
        tables = [changelog(mode, table) for table, lane in TABLES.items() if lane is Lane.CONTROL]
        yield from (Right(role, "topic", name, ("read",), FOLLOWS[role]) for name in tables)
    if role is Role.AUDITOR:
        yield from _rights_of_auditor(mode)


def _rights_of_worker(role: Role, mode: str) -> Iterator[Right]:
    app = app_id(mode, WORKERS[role])
    yield Right(
        role, "topic", f"{mode}.", ("describe",), "checks at its start that every topic is there", prefixed=True
    )
    yield Right(role, "topic", f"{app}-", ("create", "read", "write"), "its tables", prefixed=True)
    yield Right(role, "group", app, ("read",), "shares the work with workers of its kind")
    yield Right(role, "transactional-id", f"{app}-", ("write",), "commits its work, all or nothing", prefixed=True)


def _rights_of_auditor(mode: str) -> Iterator[Right]:
    looks: tuple[Operation, ...] = ("describe", "describe-configs")
    yield Right(Role.AUDITOR, "topic", f"{mode}.", looks, "compares the topics with their plans", prefixed=True)
    yield Right(Role.AUDITOR, "topic", f"{PREFIX}{mode}-", looks, "compares the tables too", prefixed=True)
    for role in WORKERS:
        yield Right(Role.AUDITOR, "group", app_id(mode, WORKERS[role]), ("describe",), "sees whether a worker is there")
