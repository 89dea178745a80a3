"""Whether a mode's ground is fit to serve: each finding is a line that says how it is, or what to do."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic_core import from_json

from agents.runtime.cluster.topics import planned
from agents.runtime.door.door import Door
from agents.runtime.door.lag import partitions_of, read_at, unhandled
from agents.runtime.door.lanes import log_of_lane
from agents.runtime.door.tables import topic_specs
from infra.addresses import scheme_of, spread_of
from infra.doors import DoorLog, door_of
from infra.log import LogError, LogUnusable, Record
from infra.operating import admin_of, files_open_to_others, free_bytes
from streams.decisions.cases.retention import kept_records
from streams.lanes import CONTROL_LANE, LANES, Lane
from streams.telling.cases import told_records
from streams.topics import FACTS
from streams.values import RULES_VERSION

GIBIBYTE = 1024**3
FREE_BYTES_MIN = GIBIBYTE
WAITING_SECONDS_MAX = 60.0
SILENT_SECONDS_MAX = 15.0
"""A worker that goes on shows it every few seconds, and empties its inbox at once."""
AHEAD_SECONDS_MAX = 5.0
LAST_RECORDS = 50
"""How far before the end of the facts their newest hour is looked for, and by which rules they were judged.

Transactions leave marks between records.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and how it is or what to do."""

    about: str
    ok: bool
    words: str


async def examine(mode: str, log_url: str, *, now: datetime) -> Sequence[Finding]:
    """Look at the log, its workers, topics, room and clock; what cannot be looked at is a problem of its own."""
    kafka = scheme_of(log_url) == "kafka"
    found: list[Finding] = []
    there: dict[str, int] = {}
    for lane in LANES:
        url = log_of_lane(log_url, lane)
        try:
            async with _door(url, lane.group(mode)) as log:
                found += [] if (answers := _answers(url)) in found else [answers]
                found += [await _worker(log, lane.group(mode)), await _waiting(log, mode, lane, now=now)]
                if lane is CONTROL_LANE:
                    facts = await _newest_facts(log, mode)
                    found += [_clock(facts, now=now), _release(facts)]
                known = {
                    spec.name: log.partitions_of(spec.name) for spec in topic_specs(mode, spread=spread_of(log_url))
                }
                there |= {name: count for name, count in known.items() if count is not None}
        except LogError as error:
            found.append(Finding("log", ok=False, words=str(error)))
            if lane is CONTROL_LANE:
                return found
    found += await _kept_people(mode, log_url, now=now)
    return [*found, *(await _cluster(mode, log_url) if kafka else _file(mode, log_url, there=there))]


@asynccontextmanager
async def _door(log_url: str, group: str) -> AsyncIterator[DoorLog]:
    log = door_of(log_url, group)
    try:
        await log.open()
        yield log
    finally:
        await log.close()


def _answers(url: str) -> Finding:
    return Finding("log", ok=True, words=f"{url.partition('?')[0]} answers")


async def _worker(log: DoorLog, name: str) -> Finding:
    """A process that hangs still holds its log: it is asked for a sign that it goes on."""
    if not await log.worker_runs():
        return Finding("worker", ok=False, words=f"nobody works as {name}: start it with `holdingline serve`")
    silent_seconds = await log.silent_seconds()
    if silent_seconds > SILENT_SECONDS_MAX:
        words = (
            f"{name} holds its log and has given no sign for {silent_seconds:.0f} s, so it takes no orders: "
            "end the process with SIGKILL and start it again, what waits is kept"
        )
        return Finding("worker", ok=False, words=words)
    return Finding("worker", ok=True, words=f"{name} is running")


async def _waiting(log: DoorLog, mode: str, lane: Lane, *, now: datetime) -> Finding:  # budget: where, whose, and when
    """A worker that runs may still stand still, at a record that it cannot read or write."""
    group = lane.group(mode)
    left_ms = await log.oldest_left_ms()
    left_seconds = 0.0 if left_ms is None else now.timestamp() - left_ms / 1000
    if left_seconds > SILENT_SECONDS_MAX:
        words = (
            f"an order or a post has waited {left_seconds:.0f} s in the inbox for {group}, which has not taken it: "
            "look into the log of the worker, and start it again"
        )
        return Finding("waiting", ok=False, words=words)
    try:
        first = (await unhandled(log, mode, lane=lane)).first
    except LogUnusable:
        return Finding("waiting", ok=True, words=f"this user may not see what waits for {group}")
    late = [one for one in first if now.timestamp() - one.timestamp_ms / 1000 > WAITING_SECONDS_MAX]
    if late:
        topics = ", ".join(sorted({one.partition.topic for one in late}))
        words = f"{topics} has waited for {group} for more than a minute: look into its log, and start it again"
        return Finding("waiting", ok=False, words=words)
    return Finding("waiting", ok=True, words=f"nothing has waited for {group} for long")


async def _kept_people(mode: str, log_url: str, *, now: datetime) -> Sequence[Finding]:
    """Whether what is kept of people for cases is deleted in its time, and which cases are left with nobody."""
    try:
        async with Door(mode, log_url) as door:
            cases = (await door.overview()).cases
            kept = kept_records(await door.case_posts(), cases, now=now)
            register = await door.last_good_register()
    except LogError as error:
        return [Finding("people", ok=True, words=f"what is kept of people for cases cannot be read here: {error}")]
    zone = register.hours.zone if register else UTC
    left = [one for one in cases if one.waits and one.holder and register and one.holder not in register.people]
    words = "; ".join(f"case {one.id} is with {one.holder}, who is not on the register any more" for one in left)
    do = "hand each on to somebody who is, with `holdingline hand-on-case`"
    return [
        Finding("people", ok=not kept.late, words=told_records(kept, zone)),
        *([Finding("cases", ok=False, words=f"{words}: {do}")] if left else []),
    ]


def _file(mode: str, log_url: str, *, there: Mapping[str, int]) -> Sequence[Finding]:
    specs = topic_specs(mode, spread=spread_of(log_url))
    wrong = [spec.name for spec in specs if there.get(spec.name) != spec.partitions]
    topics = Finding("topics", ok=True, words="every topic is as planned")
    if wrong:
        words = f"not as planned: {', '.join(wrong)}; start the worker of this release once, it makes what is missing"
        topics = Finding("topics", ok=False, words=words)
    return [topics, room(free_bytes(log_url)), _rights(log_url)]


def _rights(log_url: str) -> Finding:
    """The record is for the service's own user, and another who may open the lock could keep the worker out."""
    urls = dict.fromkeys(log_of_lane(log_url, lane) for lane in LANES)
    if wide := [str(file) for url in urls for file in files_open_to_others(url)]:
        do = "start the worker of this release once as the user who owns them, or close them with chmod 600"
        return Finding("files", ok=False, words=f"other users may open {', '.join(wide)}: {do}")
    return Finding("files", ok=True, words="no other user may open the files of the log")


def room(free: int) -> Finding:
    """Whether so many free bytes are enough under an embedded log."""
    words = f"{free / GIBIBYTE:.1f} GiB are free where the log lies"
    if free < FREE_BYTES_MIN:
        return Finding("room", ok=False, words=f"only {words}: free some, a full disk stops every release")
    return Finding("room", ok=True, words=words)


async def _cluster(mode: str, log_url: str) -> Sequence[Finding]:
    specs = planned(mode, log_url)
    try:
        async with admin_of(log_url) as admin:
            change = await admin.compare(specs)
            there = [topic for name, topic in (await admin.topics()).items() if name in {one.name for one in specs}]
    except LogError as error:
        return [Finding("topics", ok=False, words=str(error))]
    if change:
        wrong = sorted({*(spec.name for spec in change.make), *change.set})
        do = [f"not as planned: {', '.join(wrong)}; see `holdingline topics apply --dry-run`"] if wrong else []
        topics = Finding("topics", ok=False, words=" ".join([*do, *change.refused]))
    else:
        topics = Finding("topics", ok=True, words=" ".join(["every topic is as planned", *change.unseen]))
    behind = [topic.name for topic in there if topic.behind]
    if behind:
        words = (
            f"copies lag behind of {', '.join(behind)}: see which broker is down, another loss may stop every release"
        )
        return [topics, Finding("copies", ok=False, words=words)]
    return [topics, Finding("copies", ok=True, words=f"the copies of {len(there)} topics are level")]


async def _newest_facts(log: DoorLog, mode: str) -> Sequence[Record]:
    partitions = partitions_of(log, FACTS.named(mode))
    begins, ends = await log.beginnings(partitions), await log.ends(partitions)
    near = {tp: max(begins[tp], ends[tp] - LAST_RECORDS) for tp in partitions if begins[tp] < ends[tp]}
    return await read_at(log, near, records_max=LAST_RECORDS) if near else []


def _clock(facts: Sequence[Record], *, now: datetime) -> Finding:
    """If a record is from the future, the clock that dated it is ahead, or this machine's clock is behind."""
    if not facts:
        return Finding("clock", ok=True, words="no facts yet to compare this machine's clock with")
    newest_seconds = max(record.timestamp_ms / 1000 for record in facts)
    ahead = newest_seconds - now.timestamp()
    if ahead > AHEAD_SECONDS_MAX:
        newest = datetime.fromtimestamp(newest_seconds, UTC)
        words = f"the newest fact is of {newest:%H:%M:%S} UTC, {ahead:.0f} s from now: set all machines by NTP"
        return Finding("clock", ok=False, words=words)
    return Finding("clock", ok=True, words="no fact is from the future of this machine's clock")


def _release(facts: Sequence[Record]) -> Finding:
    """An older release cannot read all that a newer one wrote, and judges by older rules."""
    named = {rules for record in facts if isinstance(rules := _rules_of(record), str)}
    if newer := max((one for one in named if one > RULES_VERSION), default=None):
        words = (
            f"a newer release worked on this log (rules of {newer}, this one knows those up to {RULES_VERSION}), "
            "and this one may not read what it wrote: stop the workers of this mode and install the newer one again"
        )
        return Finding("release", ok=False, words=words)
    return Finding("release", ok=True, words="no newer release worked on this log")


def _rules_of(fact: Record) -> object:
    """The rules that a fact names, which need not be a fact of a kind that this release knows."""
    try:
        stored = from_json(fact.value or b"")
    except ValueError:
        return None
    return stored.get("rules_version") if isinstance(stored, dict) else None


async def newer_release(mode: str, log_url: str) -> str | None:
    """What to do because a newer release worked on this log; None if none did, or if there is no log yet."""
    try:
        async with _door(log_url, CONTROL_LANE.group(mode)) as log:
            found = _release(await _newest_facts(log, mode))
    except LogError:
        return None
    return None if found.ok else found.words
