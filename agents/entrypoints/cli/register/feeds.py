"""`holdingline feeds`: how each account of a partner is heard, when it was last, and what each would give now."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from agents.adapters.clocks import SystemClock
from agents.adapters.feeds.asking import BODY_BYTES_MAX
from agents.adapters.feeds.kinds import KINDS
from agents.adapters.feeds.tools import Tools
from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    fail,
    moment,
    say,
    secret,
    zone_of,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.register.pins import pin
from agents.entrypoints.cli.register.replays import Replay, supposed
from agents.entrypoints.worker.feeds.wiring import feed_of, read_recording
from agents.feed_port import FeedBatch, Recording
from agents.ports import NotSent, Rejected
from agents.runtime.feeds.hearings import heard, states_of
from infra.log import LogError
from infra.operating import has_log
from streams.subjects.incident import Incident
from streams.telling.changes import told_event, told_state
from streams.telling.facts import apart
from streams.words.feeds import FeedState
from streams.words.register.changes import in_mode
from streams.words.register.entries import Register
from streams.words.register.partners import Partner, PartnerAccount

app = typer.Typer()
feeds_app = typer.Typer(help="How partners are heard.", invoke_without_command=True)
app.add_typer(feeds_app, name="feeds")
feeds_app.command("pin")(pin)

TEST_SECONDS_MAX = 45.0
SHOWN_MAX = 10
Heard = Sequence[tuple[Partner, PartnerAccount]]


@feeds_app.callback()
def feeds(
    context: typer.Context,
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """List every account of a partner that is heard: by which kind of feed, when it was read last, and what is amiss.

    It needs no running worker.
    """
    if context.invoked_subcommand is not None:
        return
    files = load(data_folder(register))
    states: Mapping[str, FeedState] = {}
    if has_log(log):
        try:
            states = asyncio.run(_states(mode, log))
        except LogError as error:
            typer.echo(f"how the feeds go cannot be told: {error}", err=True)
    now, zone = SystemClock().now(), zone_of(files)
    shown = [*heard(files, mode)]
    lines = [apart(line) for one in shown for line in _lines(*one, states.get(one[1].account_id), now=now, zone=zone)]
    answers = [_answer(*one, states.get(one[1].account_id)) for one in shown]
    say(answers, lines or [_none(files)], as_json=as_json)


@feeds_app.command("test")
def try_out(  # budget: what is tried, of which moment and incident, and where it is looked up
    account: Annotated[
        str | None, typer.Argument(help="The account's identifier; all accounts, if none is given.")
    ] = None,
    *,
    recording: Annotated[
        Path | None, typer.Option(help="A file that has what the source once sent: it is judged, and no network asked.")
    ] = None,
    suppose: Annotated[
        str | None, typer.Option(help="With a recording: suppose that an incident of this name is declared.")
    ] = None,
    at: Annotated[str | None, typer.Option(help="With a recording: the moment at which it came; now if none.")] = None,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Read each feed once and show what it would give now; nothing is put on the log, and nothing goes out.

    Of a recording it says of each post whether it would go out, and why not: for the incidents that are declared now,
    or for one that you suppose. The accounts are those of the files, so that one can be tried before it is in force.
    Exit code 1 if one cannot be read.
    """
    files = load(data_folder(register))
    if recording is not None:
        moment_of = moment(at) if at else SystemClock().now()
        incidents = _incidents(suppose, mode=mode, log=log, at=moment_of)
        play = Replay(in_mode(files, mode), moment_of, {one.id: one for one in incidents})
        _replay(recording, _account(files, account), play, mode=mode, as_json=as_json)
        return
    if suppose is not None or at is not None:
        raise Misused("--suppose and --at are about a recording: name one with --recording")
    wanted = [one for one in heard(files, mode) if account in (None, one[1].account_id)]
    if not wanted and account is not None:
        raise Misused(f"there is no account {account} that mode {mode} hears: see `holdingline feeds`")
    tried = asyncio.run(_try_all(wanted, mode))
    lines = [apart(line) for one in tried for line in one.lines(zone_of(files))] or [_none(files)]
    answer = [one.answer() for one in tried]
    if bad := [one for one in tried if one.failure]:
        raise fail("\n".join(lines), as_json=as_json, more={"failed": len(bad), "feeds": answer})
    say(answer, lines, as_json=as_json)


def _replay(recording: Path, account: PartnerAccount, play: Replay, *, mode: str, as_json: bool) -> None:
    """Show what would become of each post of a recording."""
    try:
        with recording.open("rb") as file:
            body = file.read(BODY_BYTES_MAX)
    except OSError as error:
        raise Misused(f"{recording} cannot be read ({error.strerror}): name a file with what the source sent") from None
    batch = read_recording(Recording(body, account, mode, play.now))
    verdicts = asyncio.run(play.judged(batch.items))
    zone = zone_of(play.register)
    about = ", ".join(one.declaration.name for one in play.incidents.values() if one.declaration) or "none"
    lines = [f"{account.account_id} ({account.kind}): {len(batch.items)} heard, incidents: {about}"]
    lines += [line for one in verdicts for line in one.lines(zone)]
    lines += [*(f"not taken: {one}" for one in batch.faults), "nothing was published: this only says what would be"]
    if about == "none":
        lines.append("no incident is declared, so nothing goes out: suppose one with --suppose NAME")
    answer = {"posts": [one.answer() for one in verdicts], "faults": batch.faults}
    say(answer, [*map(apart, lines)], as_json=as_json)


def _account(files: Register, name: str | None) -> PartnerAccount:
    """The account of this name, in whatever mode it is heard; the only one, if none is named."""
    known = [one for partner in files.partners.values() for one in partner.accounts]
    wanted = [one for one in known if name in (None, one.account_id)]
    if len(wanted) != 1:
        names = ", ".join(one.account_id for one in known) or "none: see `holdingline feeds pin`"
        raise Misused(f"name the account that the recording is of: {names}")
    return wanted[0]


def _incidents(suppose: str | None, *, mode: str, log: str, at: datetime) -> Sequence[Incident]:
    """The incident that is supposed, else those of the log that are declared now."""
    if suppose is not None:
        return [supposed(suppose, mode=mode, at=at)]
    return asyncio.run(_declared(mode, log)) if has_log(log) else []


async def _declared(mode: str, log: str) -> Sequence[Incident]:
    async with open_door(mode, log) as door:
        return [one for one in (await door.incidents()).values() if one.is_live]


@dataclass(frozen=True, slots=True)
class Tried:
    """What one feed gave when it was read once, or why it could not be."""

    partner: Partner
    account: PartnerAccount
    batch: FeedBatch
    failure: str | None
    says: str

    def lines(self, zone: tzinfo) -> Iterator[str]:
        """What a person reads of it."""
        yield f"{self.account.account_id}: {self.partner.name} ({self.account.kind})"
        if self.failure:
            yield f"  CANNOT BE READ: {self.failure}"
            return
        yield f"  {self.says}"
        for event in self.batch.items[-SHOWN_MAX:]:
            yield f"  would give {told_event(event, zone)}"
        if (more := len(self.batch.items) - SHOWN_MAX) > 0:
            yield f"  and {more} older"
        for one in self.batch.faults:
            yield f"  not taken: {one}"

    def answer(self) -> Mapping[str, Any]:
        """The same for a program."""
        items = [one.model_dump(mode="json") for one in self.batch.items]
        about = {"partner": self.partner.id, "account_id": self.account.account_id, "kind": self.account.kind}
        return {**about, "failure": self.failure, "says": self.says, "items": items, "faults": self.batch.faults}


async def _try_all(wanted: Heard, mode: str) -> Sequence[Tried]:
    """All at once, so that a slow one keeps no other waiting."""
    tools = Tools(mode, SystemClock(), secret, lambda: 0.0)
    return await asyncio.gather(*(_try_one(*one, tools) for one in wanted))


async def _try_one(partner: Partner, account: PartnerAccount, tools: Tools) -> Tried:
    feed, nothing = feed_of(account, tools), FeedBatch((), None)
    is_hook = account.kind in KINDS and KINDS[account.kind].card.transport == "hook"
    try:
        async with asyncio.timeout(TEST_SECONDS_MAX):
            if is_hook:
                return Tried(partner, account, nothing, None, await feed.check())
            async with aclosing(feed.read(None)) as batches:  # type: ignore[type-var] # every feed's `read` is a generator
                batch = await anext(batches)
    except TimeoutError:
        return Tried(partner, account, nothing, f"no answer within {TEST_SECONDS_MAX:.0f} seconds", "")
    except (NotSent, Rejected) as error:
        return Tried(partner, account, nothing, str(error), "")
    count = len(batch.items)
    return Tried(partner, account, batch, None, f"it answers: {count} {'entry' if count == 1 else 'entries'}")


async def _states(mode: str, log: str) -> Mapping[str, FeedState]:
    async with open_door(mode, log) as door:
        return await states_of(door)


def _lines(
    partner: Partner, account: PartnerAccount, state: FeedState | None, *, now: datetime, zone: tzinfo
) -> Iterator[str]:
    yield f"{account.account_id}: {partner.name} ({account.kind})"
    row = KINDS.get(account.kind)
    if row:
        yield f"  {row.card.about}"
    yield f"  its address is {account.address}"
    yield from (f"  {line}" for line in told_state(state, now, zone=zone))


def _answer(partner: Partner, account: PartnerAccount, state: FeedState | None) -> Mapping[str, Any]:
    row = KINDS.get(account.kind)
    about = {"partner": partner.id, **account.model_dump(mode="json", include={"kind", "account_id", "address"})}
    return {**about, "card": row and row.card, "state": state}


def _none(register: Register) -> str:
    named = len(register.partners)
    return f"the register names no account to hear, of {named} partners: add `accounts` in partners.yaml"
