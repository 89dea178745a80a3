"""The model of the register's own log: what those who may change it do, and the rules about it once more."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from streams.decisions.authority.powers import Act
from streams.decisions.desk.order_table import answer
from streams.subjects.register_log import RegisterLog
from streams.values import Power
from streams.words.facts import CommandRefused, FactBody
from streams.words.orders import CommandBody, Tick
from streams.words.register.changes import (
    ChangeConfirmed,
    ChangeProposed,
    ChangeWithdrawn,
    ConfirmChange,
    FoundRegister,
    RegisterFounded,
    WithdrawChange,
    founding_hash,
)
from streams.words.register.entries import Absence, Register
from tests import builders, changing, oracle
from tests.builders import NOW, NURSE
from tests.changing import CHAIR, CHIEF, CLERK, proposal

PEOPLE = (CHAIR, CHIEF, CLERK, NURSE)
LAPSES = timedelta(days=3)
WANTED = changing.register(
    builders.person(NURSE, Power.RELEASE_HOLDING), builders.person(CLERK, Power.CHANGE_REGISTER, Power.DECLARE)
)


@dataclass(frozen=True)
class Log:
    """Where a path has led; `proposals` says by the orders who proposed what, about whom, and until when it waits."""

    state: RegisterLog
    files: Register
    now: datetime = NOW
    proposals: Mapping[str, tuple[str, str, str, datetime]] = field(default_factory=dict)
    given: int = 0
    path: tuple[str, ...] = ()

    @property
    def waiting(self) -> str | None:
        return next(iter(self.state.changes.waiting), None)


Try = Callable[[Log], CommandBody | None]


@dataclass(frozen=True)
class Move:
    """Something that somebody may try; a body of None means that there is nothing to try it on."""

    name: str
    by: str
    body: Try
    passes: timedelta = timedelta()


def founds(log: Log) -> CommandBody:
    return FoundRegister(content_hash=founding_hash(log.files))


def confirms(log: Log, content_hash: str | None = None) -> CommandBody | None:
    change = log.state.changes.waiting.get(log.waiting or "")
    return ConfirmChange(change_id=change.id, content_hash=content_hash or change.content_hash) if change else None


def withdraws(log: Log) -> CommandBody | None:
    return WithdrawChange(change_id=log.waiting, reason="no") if log.waiting else None


def goes(name: str) -> Try:
    """Somebody is taken off the register."""
    return lambda log: proposal(log.files, name, content=None)


DEEDS: Mapping[str, Try] = {
    "founds the register": founds,
    "proposes a power for the nurse": lambda _: proposal(WANTED),
    "proposes a power for the clerk": lambda _: proposal(WANTED, CLERK),
    "proposes that the chief executive goes": goes(CHIEF),
    "proposes that the clerk goes": goes(CLERK),
    "confirms": confirms,
    "confirms what was not read": lambda log: confirms(log, "0" * 64),
    "withdraws": withdraws,
}
MOVES: Sequence[Move] = (
    *(Move(f"{by} {deed}", by, body) for by in PEOPLE for deed, body in DEEDS.items()),
    Move("three days pass", "clock", lambda _: Tick(), LAPSES),
)


def tried(log: Log, move: Move) -> tuple[Log, list[str]] | None:
    """The log after a move, and the rules that it broke."""
    given, by, now = move.body(log), move.by, log.now + move.passes
    if given is None:
        return None
    order = builders.order(given, log.state, by, register=log.files, now=now, id=f"cmd-{log.given}")
    facts = answer(order)
    after = replace(
        log,
        state=builders.after(log.state, facts, order.command, now),
        now=now,
        given=log.given + 1,
        path=(*log.path, move.name),
        proposals={**log.proposals, **dict(proposed(facts, by))},
    )
    return after, list(broken(log, after, given, by, facts))


def proposed(facts: Sequence[FactBody], by: str) -> Iterator[tuple[str, tuple[str, str, str, datetime]]]:
    for fact in facts:
        if isinstance(fact, ChangeProposed):
            change = fact.change
            yield change.id, (by, change.entry, change.content_hash, change.lapses_at)


def broken(log: Log, after: Log, given: CommandBody, by: str, facts: Sequence[FactBody]) -> Iterator[str]:
    """Two people for every power: neither confirms alone, nor their own entry, nor what they did not read."""
    act = Act(Power.CHANGE_REGISTER, after.now)
    keeps = by in log.files.people and any(grant.power is act.power for grant in log.files.people[by].grants)
    may = keeps and not oracle.away(by, after.now, log.files)
    for fact in facts:
        match fact:
            case ChangeProposed() if not may:
                yield f"{by} may not propose"
            case ChangeConfirmed(change_id=name) | RegisterFounded(change_id=name):
                author, about, content_hash, lapses_at = log.proposals[name]
                if by in {author, about} or not may:
                    yield f"{by} confirmed alone"
                if not isinstance(given, ConfirmChange) or given.content_hash != content_hash:
                    yield f"{by} confirmed what was not read"
                if lapses_at <= after.now:
                    yield "it had lapsed"
            case ChangeWithdrawn(change_id=name) if not may and by != log.proposals[name][0]:
                yield f"{by} may not withdraw"
    people = after.state.changes.entries("people")
    left = [one for one in people.values() if any(grant.power is act.power for grant in one.grants)]
    if after.state.changes.founded_at and len(left) < 2:
        yield "nobody could change the register any more"
    if isinstance(given, WithdrawChange) and (may or by == log.proposals[given.change_id][0]):
        yield from (f"{by} could not withdraw" for fact in facts if isinstance(fact, CommandRefused))


def searched(beginning: Log, *, moves_max: int) -> Iterator[tuple[int, list[str]]]:
    """Every sequence of so many moves: after each state, how many were reached and what was broken so far."""
    border, known, found = [beginning], {_key(beginning)}, list[str]()
    for _ in range(moves_max):
        reached = []
        for log in border:
            for move in MOVES:
                if done := tried(log, move):
                    after, wrong = done
                    found += [f"{' → '.join(after.path)}: {words}" for words in wrong]
                    if _key(after) not in known:
                        known.add(_key(after))
                        reached.append(after)
            yield len(known), found
        border = reached


def _key(log: Log) -> object:
    waits = [
        (by, about, key) for name, (by, about, key, _) in log.proposals.items() if name in log.state.changes.waiting
    ]
    confirmed = [(section, *entries.items()) for section, entries in log.state.changes.confirmed.items()]
    return str((waits, confirmed, log.state.changes.founded_at, log.now))


def beginnings() -> Mapping[str, Log]:
    """Before the founding and after it; with the chief executive away, for whom the nurse would stand in; with two."""
    files = changing.register()
    fewer = changing.given(changing.founded(files), proposal(files, CLERK, content=None), files)
    fewer = changing.given(fewer, changing.yes_to(changing.waiting(fewer)), files, by=CHIEF)
    absence = Absence(starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=9))
    away = files.people[CHIEF].model_copy(update={"away": (absence,), "deputies": (NURSE,)})
    deputed = files.model_copy(update={"people": {**files.people, CHIEF: away}})
    return {
        "before the founding": Log(changing.NOBODY, files),
        "once founded": Log(changing.founded(files), files),
        "with a deputy": Log(changing.founded(files), deputed),
        "two are left": Log(fewer, files),
    }
