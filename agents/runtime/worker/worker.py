"""The worker: all agents of one mode on one log, wired up. A drill and the real thing differ by what is handed in."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from secrets import token_bytes
from typing import Any, Self, TypeVar
from uuid import uuid4  # noqa: TID251 - a process's life has no cause to derive its name from

from pydantic import TypeAdapter

from agents import amplification, briefing, desk, escalation, mentions, pausing, publishing
from agents.listening.listed_authors import InfluenceTables
from agents.listening.opened_cases import CaseTables
from agents.listening.told_stories import StoryTables
from agents.listening.used_tags import TagTables
from agents.ports import Channel, Clock, Pager, Registers
from agents.runtime.door.door import facts_of
from agents.runtime.door.lanes import log_of_lane, topics_on
from agents.runtime.door.reading import RecordReader
from agents.runtime.door.registers import in_force_last
from agents.runtime.door.tables import (
    ACCOUNTS_SHARED,
    CASE_POSTS,
    COUNTS,
    LISTED_HEARD,
    LISTENING_KEYS,
    PAST,
    PEOPLE_SHARING,
    ROUTES,
    STORIES,
    STORY_POSTS,
    SUBJECTS,
    TAGS_HEARD,
    TAGS_USUAL,
    WORDINGS,
    changelog,
    table_specs,
    topic_specs,
)
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.views.incidents import RecentPostsView, SubjectsView, TableView, since_recent
from agents.runtime.views.recall import recall_from
from agents.runtime.views.register_in_force import InForce
from agents.runtime.views.situation import briefing_writer
from agents.runtime.worker.agents_on_topics import AgentOnTopic, AgentsOnTopics
from agents.runtime.worker.background import BackgroundTasks, cancel_all
from agents.runtime.worker.channel_records import keep_whole, put_back
from agents.runtime.worker.crossing import Crossing
from agents.runtime.worker.feed_watch import watch_feeds
from agents.runtime.worker.inbox_guard import inbox_guard
from agents.runtime.worker.listening.case_posts import keep_case_posts
from agents.runtime.worker.register_keeper import keep_each, keeper
from agents.runtime.worker.table_store import OwnRows, TableStore, declared_in
from agents.runtime.worker.timers import (
    Rounds,
    audit,
    look_again,
    tick,
    watch_channels,
    watch_files,
    watch_risks,
    watch_unconfirmed,
)
from infra.addresses import spread_of
from infra.driver import RawSchema, create_app, log_of, wait_until_ready
from infra.log import Log, LogError, Partition, RowsByKey
from streams.decisions.listening.influence import ListedHeard
from streams.decisions.listening.routes.gathering import RoutesHeard
from streams.decisions.listening.spread import AccountsShared, PeopleSharing
from streams.decisions.listening.stories import StoriesKept, StoryPosts
from streams.decisions.listening.surge import Counts
from streams.decisions.listening.tags.heard import TagsHeard, TagsUsual
from streams.decisions.listening.wordings import WordingShelf
from streams.decisions.sign_off.links import Ticket
from streams.lanes import CONTROL_LANE, LANES, MENTION_LANE, Lane
from streams.subjects.account import AccountLog, account
from streams.subjects.fold import STATES
from streams.subjects.past import ENDED_KEPT, ROWS, Row
from streams.subjects.register_log import RegisterLog
from streams.topics import COMMANDS, FACTS, FEED_STATES, MENTION_COUNTS, MENTIONS, PARTNER_POSTS, Event, TopicPlan
from streams.values import THE_REGISTER
from streams.words.facts import Fact
from streams.words.feeds import FeedState
from streams.words.listening.routes import CasePosts
from streams.words.register.entries import Register

Model = TypeVar("Model")
Run = Callable[[], Coroutine[Any, Any, None]]

READY_SECONDS_MAX = 60.0
FINISH_SECONDS_MAX = 12.0
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is made of. `log_url` names the ground, `lanes` the agents it runs, `pagers` go by `Contact.via`.

    Several lanes in one process are for drills and tests: they share the group, the log and the fate of the first.
    `registers` are those of the files, `unusable` the places in them that keep them from being used now;
    `wire` makes more channels, of the register in force when the worker starts.
    `link` makes the link to a decision for the person who is asked.
    """

    mode: str
    log_url: str
    clock: Clock
    registers: Registers
    channels: Mapping[str, Channel]
    tick_seconds: float = 1.0
    ended_kept: timedelta = ENDED_KEPT
    ready_seconds_max: float = READY_SECONDS_MAX
    lanes: Sequence[Lane] = LANES
    pagers: Mapping[str, Pager] = field(default_factory=dict)
    wire: Callable[[Register], Mapping[str, Channel]] = lambda _: {}
    unusable: Callable[[], Sequence[str]] = tuple
    link: Callable[[Ticket], str] | None = None


class Worker:
    """Runs the agents of one mode; `async with` starts it, and stops it in good order."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self.run = f"run-{uuid4().hex[:12]}"
        url = log_of_lane(setup.log_url, setup.lanes[0])
        self.app = create_app(setup.lanes[0].group(setup.mode), url)
        self.app.guard_door(inbox_guard(setup.mode, setup.clock, bytes_max=lambda: self.app.ground.record_bytes_max))
        # Any other lane sees the incidents, and gives its orders, on the control lane's log.
        there = None if url == setup.log_url else Crossing(setup.mode, setup.log_url, CONTROL_LANE)
        self._crossing = there
        self._spread = spread_of(setup.log_url)
        crossings = {} if there is None else {COMMANDS.name: there}
        self.puts_begun = self._puts_ended = 0
        self._agents = AgentsOnTopics(self.app, setup.mode, clock=setup.clock, crossings=crossings, spread=self._spread)
        self.background = BackgroundTasks(self.put)
        self._readers: list[TopicReader] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._views: list[Run] = []
        self._timers: list[Run] = []
        past = self._follow(PAST) if CONTROL_LANE in setup.lanes else None
        self.incidents = SubjectsView(self._follow(SUBJECTS), past, rows=self._past_rows)
        self.counts: TableStore[Counts]
        self._channels = dict(setup.channels)
        self._in_force: InForce | None = None

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.stop()

    @property
    def log(self) -> Log:
        """The log it stands on."""
        return log_of(self.app)

    @property
    def registers(self) -> Registers | None:
        """The register in force; None before the worker has read it, and in a lane that judges nothing."""
        return self._in_force

    @property
    def is_ready(self) -> bool:
        """Whether its tables are recovered and its streams open, so that it handles what comes."""
        consumer: Any = self.app._consumer  # noqa: SLF001 - asking for it in the open would make one
        return consumer is not None and consumer.ready.is_set() and not self.app._crashed.is_set()  # noqa: SLF001 - as above

    @property
    def is_putting(self) -> bool:
        """Whether some messages are on their way to the log."""
        return self.puts_begun > self._puts_ended

    async def put(self, messages: Sequence[Event]) -> None:
        """Put messages on their topics, as a door does; they are durable when this returns."""
        await self._put(messages)

    async def _put(self, messages: Sequence[Event]) -> Sequence[int]:
        self.puts_begun += 1
        try:
            return await self._agents.put(self.log, messages)
        finally:
            self._puts_ended += 1

    async def _orders_handled(self) -> int:
        """The place up to which the desk has handled orders, in this worker or another."""
        consumer: Any = self.app.consumer
        where = Partition(COMMANDS.named(self._setup.mode), 0)
        places = await consumer.require_session().member.committed([where])
        return places[where] or 0

    async def crashed(self) -> None:
        """Return never, or raise what has stopped the agents."""
        await self.app._crashed.wait()  # noqa: SLF001 - Faust offers no public way to wait for it
        raise self.app.crash_reason or LogError("the worker stopped without a reason: look at its log")

    async def stop(self) -> None:
        """Take nothing more, commit what was handled, let sends that are under way end, and let the log go."""
        # An event that is handled after the sends were waited for would begin one that is then cut off.
        await self.app.finish()
        await self.background.finish(FINISH_SECONDS_MAX)
        await cancel_all(self._tasks)
        for reader in self._readers:
            with suppress(LogError):
                await reader.close()
        await self.app.stop()
        if self._crossing:
            await self._crossing.close()

    async def _start(self) -> None:
        composed = {CONTROL_LANE: self._control, MENTION_LANE: self._mentions}
        self._agents.open([agent for lane in self._setup.lanes for agent in composed[lane]()])
        self.app.once_open(self._prepare)
        if self._crossing:
            tables = table_specs(self._setup.mode, CONTROL_LANE, spread=self._spread)
            await self._crossing.open(self._setup.ready_seconds_max, tables)
        await self.app.start()
        await wait_until_ready(self.app, seconds_max=self._setup.ready_seconds_max)
        self._tasks += [asyncio.create_task(run()) for run in self._timers]

    async def _prepare(self, log: Log) -> None:
        """Make the topics and start the views, before the first event is handled."""
        mode, own = self._setup.mode, self._setup.lanes
        lying = {plan.name: plan for lane in own for plan in topics_on(self._setup.log_url, lane)}
        # Each lane follows the subjects of the control lane, whose worker may start after it.
        followed = own if self._crossing else {*own, CONTROL_LANE}
        tables = [spec for lane in followed for spec in table_specs(mode, lane, spread=self._spread)]
        await log.create_topics([*topic_specs(mode, [*lying.values()], spread=self._spread), *tables])
        self._tasks += [asyncio.create_task(run()) for run in (self.incidents.run, *self._views)]
        if self._in_force:
            kept = partial(in_force_last, lambda: self.log, mode, reading=RecordReader())
            seconds_max = self._setup.ready_seconds_max
            await self._in_force.begin(self.incidents.caught_up, seconds_max=seconds_max, kept=kept)
            self._channels |= self._setup.wire(self._in_force())
            await put_back(self._channels, self._facts, mode=mode)
            self._timers += [
                partial(keep_whole, self._channels, self._facts, mode=mode),
                partial(
                    watch_channels,
                    self._channels,
                    self.incidents,
                    registers=self._in_force,
                    clock=self._setup.clock,
                    mode=mode,
                    put=self.put,
                ),
            ]

    def _control(self) -> Sequence[AgentOnTopic]:
        """Commands, facts, publishing and amplification; and the time that passes for every incident."""
        setup = self._setup
        clock, every, kept = setup.clock, setup.tick_seconds, setup.ended_kept
        table = self._table(SUBJECTS, STATES, beside=COMMANDS)
        # It grows with all that was ever said, and little of it is asked for again.
        rows = self.app.lazy_table(PAST, partitions=COMMANDS.partitions(self._spread))
        past: TableStore[Row] = TableStore(rows, ROWS, find=rows.find_keys)

        def own() -> RegisterLog | None:
            log = table.get(THE_REGISTER.key)
            return log if isinstance(log, RegisterLog) else None

        def account_of(channel: str) -> AccountLog | None:
            found = table.get(account(channel).key)
            return found if isinstance(found, AccountLog) else self.incidents.account(channel)

        registers = self._in_force = InForce(
            setup.registers, setup.mode, own=own, followed=lambda: self.incidents.register_log, accounts=account_of
        )
        posts = RecentPostsView(self._reader(PARTNER_POSTS.named(setup.mode), since_ms=since_recent()), clock)
        self._views.append(posts.run)
        rounds = Rounds(self._put, self._orders_handled)
        passing = partial(tick, self.incidents, clock, registers, rounds=rounds, seconds=every, ended_kept=kept)
        keep = keeper(setup.mode, self.put)

        def look() -> Sequence[str]:
            registers()  # Reading them is what finds out.
            return setup.unusable()

        watching = partial(watch_files, self.incidents, clock, setup.mode, put=self.put, seconds=every, look=look)
        comparing = partial(watch_unconfirmed, self.incidents, clock, setup.mode, put=self.put)
        self._timers += [partial(comparing, seconds=every, files=setup.registers)]
        reviewing = partial(watch_risks, self.incidents, clock, setup.mode, put=self.put)
        self._timers += [partial(reviewing, seconds=every, registers=registers)]
        feeds = TableView(self._reader(FEED_STATES.named(setup.mode)), TypeAdapter(FeedState))
        self._views.append(feeds.run)
        hearing = partial(watch_feeds, feeds, self.incidents, registers=registers, clock=clock, mode=setup.mode)
        self._timers += [partial(hearing, put=self.put)]
        self._timers += [passing, partial(audit, self.incidents, clock), watching, partial(keep_each, registers, keep)]
        recall = recall_from(lambda: self.log, setup.mode)
        declared = partial(declared_in, past, table)
        judging = desk.Needs(setup.mode, self.run, clock, registers, keep, table, past, recall, kept, declared)
        sending = publishing.Needs(self.run, clock, registers, self._channels, self.background, table, declared)
        asking = escalation.Needs(self.run, clock, setup.pagers, self.background, table, setup.link)
        echoing = amplification.Needs(clock, registers, self.incidents, posts)
        write = briefing_writer(
            setup.mode, setup.log_url, clock=clock, registers=registers, tables=(table, past), subjects=self.incidents
        )
        telling = briefing.Needs(self.run, clock, registers, setup.pagers, self.background, table, write)
        holding = pausing.Needs(clock, registers, self._channels, self.background, table)
        return [
            AgentOnTopic("desk", COMMANDS, partial(desk.handle, needs=judging)),
            AgentOnTopic(publishing.NAME, FACTS, partial(publishing.handle, needs=sending)),
            AgentOnTopic(escalation.NAME, FACTS, partial(escalation.handle, needs=asking)),
            AgentOnTopic(briefing.NAME, FACTS, partial(briefing.handle, needs=telling)),
            AgentOnTopic(pausing.NAME, FACTS, partial(pausing.handle, needs=holding)),
            AgentOnTopic("declaration-agent", FACTS, partial(amplification.handle_declaration, needs=echoing)),
            AgentOnTopic(amplification.NAME, PARTNER_POSTS, partial(amplification.handle, needs=echoing)),
        ]

    def _mentions(self) -> Sequence[AgentOnTopic]:
        """What the public says, by the batch."""
        self.counts = self._table(COUNTS, TypeAdapter(Counts), beside=MENTION_COUNTS)
        keys = self._own_rows(LISTENING_KEYS, TypeAdapter(mentions.DayKey))
        setup = self._setup
        told = StoryTables(
            self._table(STORIES, TypeAdapter(StoriesKept), beside=MENTION_COUNTS),
            self._table(WORDINGS, TypeAdapter(WordingShelf), beside=MENTION_COUNTS),
            self._table(STORY_POSTS, TypeAdapter(StoryPosts), beside=MENTION_COUNTS),
        )
        tags = TagTables(
            self._table(TAGS_HEARD, TypeAdapter(TagsHeard), beside=MENTION_COUNTS),
            self._own_rows(TAGS_USUAL, TypeAdapter(TagsUsual)),
        )
        influence = InfluenceTables(
            self._table(LISTED_HEARD, TypeAdapter(ListedHeard), beside=MENTION_COUNTS),
            self._own_rows(ACCOUNTS_SHARED, TypeAdapter(AccountsShared)),
            self._table(PEOPLE_SHARING, TypeAdapter(PeopleSharing), beside=MENTION_COUNTS),
        )
        cases = CaseTables(
            self._table(ROUTES, TypeAdapter(RoutesHeard), beside=MENTION_COUNTS),
            self._table(CASE_POSTS, TypeAdapter(CasePosts), beside=MENTION_COUNTS),
            self.incidents.case,
            told.posts,
        )
        counting = mentions.Needs(
            mode=setup.mode,
            clock=setup.clock,
            incidents=self.incidents,
            counts=self.counts,
            registers=self._in_force or setup.registers,
            keys=keys,
            new_key=partial(token_bytes, KEY_BYTES),
            told=told,
            cases=cases,
            tags=tags,
            influence=influence,
            watch=self.incidents.watch,
        )
        looking = partial(look_again, self.incidents, setup.clock, setup.mode, put=self.put)
        keeping = partial(keep_case_posts, cases, clock=setup.clock, mode=setup.mode, put=self.put)
        self._timers += [partial(one, seconds=setup.tick_seconds) for one in (looking, keeping)]
        return [
            AgentOnTopic(mentions.NAME, MENTIONS, partial(mentions.handle, needs=counting)),
            AgentOnTopic("surge-agent", MENTION_COUNTS, partial(mentions.handle_counts, needs=counting)),
        ]

    async def _facts(self) -> Sequence[Fact]:
        """Every fact, from the first one on: only what was lost elsewhere needs that."""
        reader = TopicReader(lambda: self.log, FACTS.named(self._setup.mode))
        try:
            return facts_of(await reader.rest())
        finally:
            await reader.close()

    def _table(self, name: str, model: TypeAdapter[Model], *, beside: TopicPlan) -> TableStore[Model]:
        table = self.app.Table(name, schema=RawSchema(), partitions=beside.partitions(self._spread))
        return TableStore(table, model)

    def _past_rows(self) -> RowsByKey | None:
        return self.log.rows_of(Partition(changelog(self._setup.mode, PAST), 0))

    def _own_rows(self, name: str, model: TypeAdapter[Model]) -> OwnRows[Model]:
        """Rows that each worker of mentions has of its own."""
        return OwnRows(self._table(name, model, beside=MENTIONS), partitions=MENTIONS.partitions(self._spread))

    def _follow(self, table: str) -> TopicReader:
        return self._reader(changelog(self._setup.mode, table))

    def _reader(self, topic: str, *, since_ms: int | None = None) -> TopicReader:
        def log() -> Log:
            return self._crossing.log if self._crossing else self.log

        reader = TopicReader(log, topic, since_ms=since_ms)
        self._readers.append(reader)
        return reader
