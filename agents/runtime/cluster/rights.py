"""Who may do what on a cluster, in one table: roles, and the rights that each of them needs and no more.

Rule: only the desk writes facts; it runs in the control worker, so no other role may write that topic.
Every mode has users of its own, so that a drill's user can open nothing of the live service.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agents.runtime.door.tables import (
    ACCOUNTS_SHARED,
    CASE_POSTS,
    COUNTS,
    PEOPLE_SHARING,
    STORIES,
    STORY_POSTS,
    changelog,
)
from streams.lanes import CONTROL_LANE, FEEDS, LANES
from streams.topics import COMMANDS, DEAD_LETTERS, FACTS, FEED_STATES, MENTIONS, PARTNER_POSTS, REGISTERS, SIGNALS

Kind = Literal["topic", "group", "transactional-id"]
Operation = Literal["read", "write", "create", "describe", "describe-configs"]

PREFIX = "holdingline-"
APPENDS = "holdingline-append-"
"""The names of transactions that several appended records are written in; each process draws one of its own."""


Role = str
"""Who comes to the cluster: the worker of each lane by the lane's name, the process that hears partners, and these."""
DOOR, FEED, AUDITOR = "door", "feed", "auditor"
WORKERS = {lane.name: lane for lane in LANES}
ROLES: Sequence[Role] = (*WORKERS, FEEDS, DOOR, FEED, AUDITOR)

ABOUT: Mapping[Role, str] = {
    **{name: lane.about for name, lane in WORKERS.items()},
    DOOR: "people's command line and console",
    FEEDS: "hears the partners by their feeds, and notes how each of them goes",
    FEED: "puts mentions and partners' posts on their topics",
    AUDITOR: "reads the record and looks after the cluster, writes nothing",
}

READS: Mapping[Role, tuple[str, ...]] = {
    **{name: tuple(plan.name for plan in lane.reads) for name, lane in WORKERS.items()},
    DOOR: (FACTS.name, FEED_STATES.name),
    # Which accounts are in force, and up to where each was read.
    FEEDS: (FEED_STATES.name, REGISTERS.name),
    FEED: (),
    # Not the mentions: they are the public's own words, and explain nothing that we said.
    AUDITOR: (
        COMMANDS.name,
        FACTS.name,
        REGISTERS.name,
        SIGNALS.name,
        PARTNER_POSTS.name,
        FEED_STATES.name,
        DEAD_LETTERS,
    ),
}
WRITES: Mapping[Role, tuple[str, ...]] = {
    **{name: lane.writes for name, lane in WORKERS.items()},
    DOOR: (COMMANDS.name,),
    FEEDS: (PARTNER_POSTS.name, FEED_STATES.name),
    FEED: (MENTIONS.name, PARTNER_POSTS.name),
    AUDITOR: (),
}
FOLLOWS: Mapping[Role, str] = {
    **{name: "knows which incidents go on" for name, lane in WORKERS.items() if lane is not CONTROL_LANE},
    DOOR: "shows how every incident goes",
    FEEDS: "looks up the posts that we carry",
    AUDITOR: "checks the tables against the facts",
}
"""Who reads the tables of the control lane, which its own worker writes, and why."""

HEARD: Mapping[Role, Mapping[str, str]] = {
    CONTROL_LANE.name: {COUNTS: "mails how many people speak of an incident"},
    DOOR: {
        COUNTS: "shows how many people speak of an incident",
        STORIES: "shows what stories people tell",
        STORY_POSTS: "shows which posts stand for a story",
        CASE_POSTS: "shows which posts a case is about",
        ACCOUNTS_SHARED: "asks whether an account belongs on the influence list",
        PEOPLE_SHARING: "says how many people passed on the posts of such an account",
    },
}
"""Who reads which tables of the mention lane, and why; the key of a day is read by that lane alone."""


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
    return [right for role in ROLES for right in _rights_of(role, mode)]


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
    if role == DOOR:
        yield Right(role, "group", CONTROL_LANE.group(mode), ("describe",), "sees whether a worker is there")
        yield Right(role, "topic", MENTIONS.named(mode), ("read",), "shows a post of a case or of a story")
    if role in FOLLOWS:
        tables = [changelog(mode, table.name) for table in CONTROL_LANE.tables]
        yield from (Right(role, "topic", name, ("read",), FOLLOWS[role]) for name in tables)
    for table in HEARD.get(role, {}):
        yield Right(role, "topic", changelog(mode, table), ("read",), HEARD[role][table])
    if role == AUDITOR:
        yield from _rights_of_auditor(mode)


def _rights_of_worker(role: Role, mode: str) -> Iterator[Right]:
    app = WORKERS[role].group(mode)
    yield Right(
        role, "topic", f"{mode}.", ("describe",), "checks at its start that every topic is there", prefixed=True
    )
    yield Right(role, "topic", f"{app}-", ("create", "read", "write"), "its tables", prefixed=True)
    yield Right(role, "group", app, ("read",), "shares the work with workers of its kind")
    yield Right(role, "transactional-id", f"{app}-", ("write",), "commits its work, all or nothing", prefixed=True)


def _rights_of_auditor(mode: str) -> Iterator[Right]:
    looks: tuple[Operation, ...] = ("describe", "describe-configs")
    yield Right(AUDITOR, "topic", f"{mode}.", looks, "compares the topics with their plans", prefixed=True)
    yield Right(AUDITOR, "topic", f"{PREFIX}{mode}-", looks, "compares the tables too", prefixed=True)
    for lane in LANES:
        yield Right(AUDITOR, "group", lane.group(mode), ("describe",), "sees whether a worker is there")
