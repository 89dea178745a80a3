"""Watches facts and dead letters as they come, shows them, and judges expectations while the exercise runs."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from agents.exercise.play.answers import case_answers, story_decisions
from agents.exercise.play.lines import letter_moment, moment_of, outcome_moment
from agents.exercise.play.score import house_rules, judge
from agents.exercise.play.seen import Seen
from agents.exercise.played import CaseAnswering, Moment, Outcome, StoryDecision
from agents.runtime.door.reading import RecordReader, told_bad
from agents.runtime.door.topic_reader import TopicReader
from agents.runtime.worker.worker import Worker
from streams.telling.names import names_of
from streams.topics import DEAD_LETTERS, FACTS
from streams.words.delivery import DeliveryAsked
from streams.words.facts import Fact

WAIT_SECONDS = 0.1
logger = structlog.get_logger(__name__)


class Watcher:
    """Reads a worker's facts and dead letters into `seen`; every moment is kept and shown."""

    def __init__(self, worker: Worker, seen: Seen, show: Callable[[Moment], None]) -> None:
        self._seen = seen
        self._show = show
        self._facts = TopicReader(lambda: worker.log, FACTS.named(seen.play.mode))
        self._letters = TopicReader(lambda: worker.log, f"{seen.play.mode}.{DEAD_LETTERS}")
        self._reading, self._bad_told = RecordReader(), 0
        self._names = names_of([], seen.play.register)
        self._deliveries: dict[str, str] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._came = asyncio.Condition()
        self._tasks: list[asyncio.Task[None]] = []
        self.moments: list[Moment] = []

    async def start(self) -> None:
        """Begin to watch, from the first record."""
        self._tasks = [asyncio.create_task(self._watch_facts()), asyncio.create_task(self._watch_letters())]

    async def stop(self) -> None:
        """Stop watching."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for reader in (self._facts, self._letters):
            with suppress(Exception):
                await reader.close()

    async def answer(self, command_id: str, seconds_max: float) -> Sequence[Fact]:
        """The facts that answer this order; `TimeoutError` if none comes within so many real seconds."""
        async with asyncio.timeout(seconds_max), self._came:
            await self._came.wait_for(lambda: any(fact.cause == command_id for fact in self._seen.facts))
        return [fact for fact in self._seen.facts if fact.cause == command_id]

    async def caught_up(self) -> None:
        """Return once everything committed before the call was seen."""
        for reader in (self._facts, self._letters):
            reached = partial(reader.has_reached, await reader.ends())
            async with self._came:
                await self._came.wait_for(reached)

    def tell(self, moment: Moment) -> None:
        """Keep a moment and show it."""
        self.moments.append(moment)
        self._show(moment)

    def judge(self, at: datetime, *, ended: bool) -> list[Outcome]:
        """Judge the open expectations and show each outcome once; at the end also the rules and the desk."""
        for number, expectation in enumerate(self._seen.play.scenario.expectations):
            if number not in self._outcomes and (outcome := judge(expectation, self._seen, ended=ended)):
                self._outcomes[number] = outcome
                self._show_outcome(outcome, at)
        outcomes = [self._outcomes[number] for number in sorted(self._outcomes)]
        if ended:
            rules = list(house_rules(self._seen))
            for outcome in rules:
                self._show_outcome(outcome, at)
            outcomes += rules
            answers: list[CaseAnswering | StoryDecision] = [*case_answers(self._seen, now=at)]
            answers += story_decisions(self._seen, now=at)
            for one in answers:
                self.tell(Moment(at=at, kind="judged", text=f"{one.name}: {one.says}", id=one.evidence[0]))
        return outcomes

    def _show_outcome(self, outcome: Outcome, at: datetime) -> None:
        self.tell(outcome_moment(outcome, Moment(at=at, kind="judged", text="", id=next(iter(outcome.evidence), ""))))

    async def _watch_facts(self) -> None:
        while True:
            facts = self._reading.facts(await self._facts.more(WAIT_SECONDS))
            for fact in facts:
                try:
                    self._take(fact)
                except Exception:
                    logger.exception("a fact is left out of the exercise: run log verify", fact=fact.id)
            self._tell_bad()
            await self._notify()
            if facts:
                self.judge(facts[-1].at, ended=False)

    def _take(self, fact: Fact) -> None:
        self._seen.add(fact)
        if isinstance(fact.body, DeliveryAsked):
            self._deliveries[fact.body.delivery_id] = fact.body.channel
        moment = moment_of(fact, replace(self._names, channels=self._deliveries))
        if moment:
            self.tell(moment)

    async def _watch_letters(self) -> None:
        while True:
            for record in await self._letters.more(WAIT_SECONDS):
                if letter := self._reading.letter(record):
                    self._seen.letters.append(letter)
                    self.tell(letter_moment(letter))
            self._tell_bad()
            await self._notify()

    def _tell_bad(self) -> None:
        for bad in self._reading.bad[self._bad_told :]:
            logger.error("a record is left out of the exercise", reason="; ".join(told_bad([bad])))
        self._bad_told = len(self._reading.bad)

    async def _notify(self) -> None:
        async with self._came:
            self._came.notify_all()
