"""`holdingline topics`: the topics of a mode on a cluster, and the rights of those who come to them."""

import asyncio
import shlex
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    fail,
    pairs,
    say,
)
from agents.runtime.cluster.grants import grants_of
from agents.runtime.cluster.rights import ABOUT, ROLES, Right, Role, principal_of, rights_of
from agents.runtime.cluster.topics import planned
from infra.addresses import scheme_of
from infra.kafka_log.operator.grants import Permission
from infra.kafka_log.operator.plan import TopicChanges
from infra.operating import admin_of

app = typer.Typer()
topics_app = typer.Typer(no_args_is_help=True, help="Topics and rights on a Kafka cluster.")
app.add_typer(topics_app, name="topics")

EMBEDDED = "The worker makes the topics of the embedded log itself, when it starts: there is nothing to do."

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
Users = Annotated[
    list[str] | None, typer.Option("--user", help="The user that plays a role, as in door=User:desk; may be repeated.")
]


@topics_app.command("apply")
def apply(
    *, dry_run: DryRun = False, log: LogUrl = DEFAULT_LOG, mode: ModeName = DEFAULT_MODE, as_json: AsJson = False
) -> None:
    """Make the planned topics and set how they are kept; exit code 1 if something cannot be changed in place."""
    if scheme_of(log) == "sqlite":
        say({"changed": [], "said": EMBEDDED}, [EMBEDDED], as_json=as_json)
        return
    change = asyncio.run(_apply(mode, log, dry_run=dry_run))
    lines = _told(change, dry_run=dry_run)
    answer = {
        "made": [spec.name for spec in change.make],
        "set": change.set,
        "refused": change.refused,
        "unseen": change.unseen,
        "dry_run": dry_run,
    }
    if change.refused:
        raise fail("\n".join(lines), as_json=as_json, more=answer)
    say(answer, lines, as_json=as_json)


@topics_app.command("rights")
def rights(  # budget: what is shown, in which form, and for whom
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Grant what is missing; nothing is taken away.")] = False,
    arguments: Annotated[bool, typer.Option("--arguments", help="Print arguments for kafka-acls.sh.")] = False,
    user: Users = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    as_json: AsJson = False,
) -> None:
    """Show what each role may do and why, as a table or for Kafka's own tool, or grant it on the cluster."""
    users = _users(mode, user or ())
    grants = grants_of(mode, users)
    if apply:
        _grant(log, grants, as_json=as_json)
    elif arguments:
        lines = [shlex.join(grant.arguments()) for grant in grants]
        say([list(grant.arguments()) for grant in grants], lines, as_json=as_json)
    else:
        rows = rights_of(mode)
        say([_row(right, users) for right in rows], _table(rows, users), as_json=as_json)


def _grant(log: str, grants: Sequence[Permission], *, as_json: bool) -> None:
    granted, surplus = asyncio.run(_granted(log, grants))
    lines = [f"granted: {_words(grant)}" for grant in granted] or ["every right was granted before"]
    lines += [f"more than needed, not taken away: {_words(grant)}" for grant in surplus]
    say({"granted": granted, "surplus": surplus}, lines, as_json=as_json)


async def _apply(mode: str, log: str, *, dry_run: bool) -> TopicChanges:
    async with admin_of(log) as admin:
        change = await admin.compare(planned(mode, log))
        if not dry_run:
            await admin.apply(change)
        return change


async def _granted(log: str, grants: Sequence[Permission]) -> tuple[Sequence[Permission], Sequence[Permission]]:
    async with admin_of(log) as admin:
        missing = await admin.missing(grants)
        await admin.grant(missing)
        return missing, await admin.surplus(grants)


def _told(change: TopicChanges, *, dry_run: bool) -> Sequence[str]:
    make, change_to = ("would make", "would set") if dry_run else ("made", "set")
    lines = [f"{make} {spec.name} with {spec.partitions} partitions" for spec in change.make]
    for name, settings in change.set.items():
        lines.append(f"{change_to} on {name}: {', '.join(f'{key}={value}' for key, value in settings.items())}")
    lines += [*change.refused, *change.unseen]
    return lines or ["every topic is as planned"]


def _users(mode: str, given: Sequence[str]) -> Mapping[Role, str]:
    named = pairs(given)
    unknown = sorted(set(named) - set(ROLES))
    if unknown:
        raise Misused(f"there is no role {', '.join(unknown)}: there are {', '.join(ROLES)}")
    return {role: named.get(role) or principal_of(role, mode) for role in ROLES}


def _table(rows: Sequence[Right], users: Mapping[Role, str]) -> Sequence[str]:
    lines = []
    for role in ROLES:
        lines.append(f"{role}: {ABOUT[role]}; {users[role]}")
        for right in rows:
            if right.role == role:
                what = f"{right.kind} {right.name}{'*' if right.prefixed else ''}"
                lines.append(f"  {', '.join(right.operations):<26} {what:<58} {right.why}")
    return lines


def _row(right: Right, users: Mapping[Role, str]) -> Mapping[str, object]:
    return {
        "role": right.role,
        "user": users[right.role],
        "kind": right.kind,
        "name": right.name,
        "prefixed": right.prefixed,
        "operations": right.operations,
        "why": right.why,
    }


def _words(grant: Permission) -> str:
    return f"{grant.principal} may {grant.operation} {grant.kind} {grant.name}{'*' if grant.prefixed else ''}"
