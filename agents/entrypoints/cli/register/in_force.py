"""The register in force as the command line sees it: this machine's files, and the register's log if there is one."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.record.doors import open_door
from agents.runtime.door.door import Door
from agents.runtime.feeds.hearings import HEARING, heard
from infra.log import LogError
from infra.operating import has_log
from streams.decisions.register import change_orders
from streams.decisions.stops.hold_orders import unliftable
from streams.subjects.account import AccountLog
from streams.subjects.incident import Incident, Status
from streams.subjects.register_log import RegisterLog
from streams.telling.changes import told_files, told_unfounded
from streams.telling.proof import unproven_orders
from streams.values import Power
from streams.words.register.approvals import Approvals
from streams.words.register.changes import GONE_AT_ONCE, Changes, differences, in_force, in_mode
from streams.words.register.entries import Register

UNHEARD = (
    "no feed hears {}: pin an account of it (holdingline feeds pin {} ADDRESS --evidence HOW), "
    "or its posts come by `holdingline feed` alone"
)
FILE_ALONE = "{} cannot go out: that {} said yes is written in the files alone, so have them run"


def register_log(mode: str, log: str) -> RegisterLog:
    """The register's own log; empty if no worker has made a log yet; `LogError` if the log does not answer."""
    if not has_log(log):
        return RegisterLog(mode=mode)
    return asyncio.run(_read(mode, log))


def approvals_in(mode: str, log: str) -> Approvals:
    """The approvals that the register's log has; none if it does not answer."""
    with suppress(LogError):
        return register_log(mode, log).changes.approvals
    return {}


def accounts_in(mode: str, log: str) -> Mapping[str, AccountLog]:
    """The accounts of the record, by channel; none if the log does not answer, or there is none yet."""
    if has_log(log):
        with suppress(LogError):
            return {one.id: one for one in asyncio.run(_accounts(mode, log))}
    return {}


def standing_register(folder: Path | None, *, mode: str, log: str) -> Register:
    """The register that a worker of this mode on this log judges by, if it reads the same files."""
    return in_force(load(data_folder(folder)), register_log(mode, log).changes, mode=mode)


def told_of_files(folder: Path | None, *, mode: str, log: str) -> list[str]:
    """Which entries of this machine's files are in force; if the log does not answer, a line that says so."""
    try:
        return [*told_standing(load(data_folder(folder)), register_log(mode, log).changes, mode=mode)]
    except LogError as error:
        return [f"what of the files is in force cannot be told: {error}"]


def told_of_unfounded(folder: Path | None, *, mode: str, log: str) -> list[str]:
    """The files that one person still writes alone in a founded register; none if the log does not answer."""
    with suppress(LogError):
        return [*told_unfounded(load(data_folder(folder)), register_log(mode, log).changes)]
    return []


def told_of_service(mode: str, log: str) -> list[str]:
    """What the worker says of its files, if it cannot use them; nothing if they are good or the log does not answer."""
    try:
        noted = register_log(mode, log).unusable
    except LogError:
        return []
    return [f"the worker on {log} says: {told_files(noted)}"] if noted else []


def told_of_proof(folder: Path | None, *, mode: str, log: str) -> list[str]:
    """What a name alone is enough for in this mode, and whether anybody at all can prove an order."""
    register = load(data_folder(folder))
    with suppress(LogError):
        register = in_force(register, register_log(mode, log).changes, mode=mode)
    return [*unproven_orders(in_mode(register, mode), mode)]


def told_of_holds(folder: Path | None, *, mode: str, log: str) -> list[str]:
    """Each hold of a running incident that no one can lift any more; empty if the log does not answer."""
    if not has_log(log):
        return []
    try:
        incidents, own = asyncio.run(_record(mode, log))
    except LogError:
        return []
    register = in_force(load(data_folder(folder)), own.changes, mode=mode)
    return [
        f"incident {one.id}: nobody whom hold {hold.id} names ({', '.join(hold.holders)}) may lift it any more: "
        f"grant one of them {Power.LIFT_HOLD}"
        for one in incidents.values()
        if one.status in {Status.STANDBY, Status.DECLARED}
        for hold in unliftable(one, register)
    ]


def told_unheard(files: Register, mode: str) -> list[str]:
    """The partners of which this mode hears no account; nothing in a mode that hears nobody."""
    known = {partner.id for partner, _ in heard(files, mode)}
    silent = [one for one in files.partners.values() if one.id not in known] if mode in HEARING else []
    return [UNHEARD.format(one.name, one.id) for one in silent]


def told_standing(files: Register, changes: Changes, *, mode: str) -> Iterator[str]:
    """Whether the register is founded, and which entries and approvals of the files are not in force as written."""
    yield from _told_entries(files, changes, mode=mode)
    yield from _told_approvals(files, in_force(files, changes, mode=mode))


def _told_approvals(files: Register, standing: Register) -> Iterator[str]:
    """Each approval that is in the files alone, although the person whom it names has to sign."""
    for name, template in files.templates.items():
        if template.approval and standing.templates[name].approval is None:
            yield f"{FILE_ALONE.format(f'template {name}', template.approval.by)} `holdingline approve {name}`"
    for name, chain in standing.chains.items():
        written = files.chains[name].delegated if name in files.chains else None
        if written and written.approval and not (chain.delegated and chain.delegated.approval):
            people = f"{written.delegated_by} and {written.approval.by}"
            yield f"{FILE_ALONE.format(f'what chain {name} delegates', people)} `holdingline delegation approve {name}`"


def _told_entries(files: Register, changes: Changes, *, mode: str) -> Iterator[str]:
    if changes.founded_at is None:
        yield "the register is not founded, so whoever edits its files gives powers: see `holdingline register found`"
        return
    yield f"the register is founded since {changes.founded_at:%d %B %Y}"
    yield from told_unfounded(files, changes)
    if len(change_orders.keepers(in_force(files, changes, mode=mode).people.values())) < change_orders.KEEPERS_MIN:
        yield "fewer than two people may change the register, so nothing can be confirmed: put them back into the files"
    waiting = {(change.section, change.entry): change for change in changes.waiting.values()}
    for one in differences(files, changes):
        change = waiting.get((one.section, one.entry))
        next_step = f"waits for somebody's yes as {change.id}" if change else "see `holdingline register propose`"
        gone = one.new is None and one.section in GONE_AT_ONCE
        how = "out of force at once, and not for good yet" if gone else "not in force as the files have it"
        yield f"{how}: {one.section} {one.entry} ({next_step})"


async def _record(mode: str, log: str) -> tuple[Mapping[str, Incident], RegisterLog]:
    """Every incident, and the register's own log."""
    async with open_door(mode, log) as door:
        return await door.incidents(), await door.register_log()


async def _accounts(mode: str, log: str) -> Sequence[AccountLog]:
    # What cannot be read is named by `status`: these commands answer with one JSON value.
    async with Door(mode, log) as door:
        return await door.accounts()


async def _read(mode: str, log: str) -> RegisterLog:
    async with open_door(mode, log) as door:
        return await door.register_log()
