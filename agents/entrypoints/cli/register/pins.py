"""`holdingline feeds pin`: what never changes behind an address of a partner, and its entry in the register."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.pins import Candidate, Directories, Question, candidate_at
from agents.adapters.feeds.tools import Tools
from agents.adapters.registers import data_folder, enter_account, load
from agents.adapters.registers.enrolment import Unwritable
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    said,
    say,
    secret,
)
from agents.entrypoints.cli.register.in_force import register_log
from agents.entrypoints.worker.feeds.wiring import SETTINGS, feed_of
from agents.ports import NotSent, Rejected
from infra.log import LogError
from streams import foreign
from streams.codec import says
from streams.telling.facts import apart
from streams.words.register.entries import Register
from streams.words.register.partners import Partner, PartnerAccount

DIRECTORIES = Directories()
SECONDS_MAX = 60.0
INDENT = "    "
Evidence = Annotated[
    str,
    typer.Option(callback=said, help="How you know that it is theirs, so that a second person can look again."),
]
Names = Annotated[str, typer.Option("--names", help="The server that says whose a name on Bluesky is.")]
Identifiers = Annotated[str, typer.Option("--identifiers", help="The directory of identifiers of Bluesky.")]
Write = Annotated[bool, typer.Option("--write", help="Put the entry into `partners.yaml` too.")]


def pin(  # budget: whose account, where, how it is known, and where that is asked and written
    partner: Annotated[str, typer.Argument(help="The partner, as the register calls it.")],
    address: Annotated[
        str, typer.Argument(help="A name on Bluesky, @name@server on Mastodon, or https:// of a page or feed.")
    ],
    *,
    evidence: Evidence,
    write: Write = False,
    names: Names = DIRECTORIES.names,
    identifiers: Identifiers = DIRECTORIES.identifiers,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Find what never changes behind an address of a partner, and show the entry that pins the partner to it.

    With `--write` the entry is in `partners.yaml`; in a founded register it counts once two people have confirmed it.
    """
    folder = data_folder(register)
    files = load(folder)
    entry = _partner(files, partner)
    question = Question(address, entry.id, entry.domain, SystemClock().now(), Directories(names, identifiers))
    found, heard = asyncio.run(_look(question, mode=mode, evidence=evidence))
    account = _usable(found, partner=entry, files=files, evidence=evidence)
    written = account_lines(account)
    lines = [*found.says, *(f"LOOK AGAIN: {one}" for one in found.doubts), heard]
    lines += [f"# To the entry of {partner}:", "  accounts:", *written]
    lines += (
        _write(folder, entry, lines=written, where=(mode, log))
        if write
        else ["put it there with --write, and a second person confirms it"]
    )
    answer = {"account": account.model_dump(mode="json"), "says": found.says, "doubts": found.doubts, "feed": heard}
    say({**answer, "written": write}, [*map(apart, lines)], as_json=as_json)


def account_lines(account: PartnerAccount) -> Sequence[str]:
    """An account as a person writes it into `partners.yaml`, below `accounts:`."""
    fields = account.model_dump(mode="json", include={"kind", "account_id", "domain", "address", "evidence"})
    first, *others = [f"{name}: {_scalar(value)}" for name, value in fields.items()]
    options = [f"  {name}: {_scalar(value)}" for name, value in account.options.items()]
    behind = [*others, *(["options:", *options] if options else [])]
    return [f"{INDENT}- {first}", *(f"{INDENT}  {one}" for one in behind)]


def _scalar(value: str) -> str:
    """The value in quotes unless it is a plain word, since YAML makes numbers, times and remarks of some."""
    return value if value.replace("-", "").isalpha() else json.dumps(value, ensure_ascii=False)


def _partner(files: Register, name: str) -> Partner:
    if (found := files.partners.get(name)) is None:
        known = ", ".join(files.partners) or "none"
        raise Misused(f"the register has no partner {name}: add its entry to partners.yaml first (known: {known})")
    return found


async def _look(question: Question, *, mode: str, evidence: str) -> tuple[Candidate, str]:
    """What is behind the address, and whether the feed of it could be read now."""
    try:
        async with asyncio.timeout(SECONDS_MAX):
            found = await candidate_at(question)
    except TimeoutError:
        raise Misused(f"{question.address}: no answer within {SECONDS_MAX:.0f} seconds, try again") from None
    except (NotSent, Rejected) as error:
        raise Misused(str(error)) from None
    try:
        feed = feed_of(found.account(question.domain, evidence), Tools(mode, SystemClock(), secret, lambda: 0.0))
        async with asyncio.timeout(SECONDS_MAX):
            return found, await feed.check()
    except TimeoutError:
        return found, "it cannot be read as it is: no answer came in time"
    except (NotSent, Rejected, ValueError) as error:
        return found, f"it cannot be read as it is: {error}"


def _usable(found: Candidate, *, partner: Partner, files: Register, evidence: str) -> PartnerAccount:
    """The account, if the register can take it; `Misused` says why not."""
    try:
        account = found.account(partner.domain, evidence)
        SETTINGS[account.kind](account)
    except ValidationError as error:
        raise Misused(f"the register takes no such account: {says(error)}") from None
    except ValueError as error:
        raise Misused(f"the register takes no such account: {error}") from None
    name = foreign.account(account.account_id)
    for other in files.partners.values():
        if other.id != partner.id and name in {foreign.account(pinned) for pinned, _ in other.pins}:
            raise Misused(f"{account.account_id} is pinned to {other.name} already: one account, one partner")
        if name in {foreign.account(one.account_id) for one in other.accounts}:
            raise Misused(f"{account.account_id} is pinned to {other.name} already, and heard: nothing is to be done")
    return account


def _write(folder: Path, partner: Partner, *, lines: Sequence[str], where: tuple[str, str]) -> Iterator[str]:
    try:
        path = enter_account(folder, lines, partner=partner.id)
    except Unwritable as error:
        raise Misused("\n".join([str(error), *lines])) from None
    yield f"it is in {path}"
    mode, log = where
    try:
        founded = register_log(mode, log).changes.founded_at
    except LogError:
        founded = None
        yield "whether the register is founded cannot be told, since the log does not answer"
    if founded is None:
        yield "as long as the register is not founded the files alone count: see `holdingline register found`"
        return
    yield "it counts once a second person has confirmed it:"
    yield f'holdingline register propose partners/{partner.id} --as YOU --reason "Their account was pinned."'
    yield "holdingline register confirm --as ANOTHER"
