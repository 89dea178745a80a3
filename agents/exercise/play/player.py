"""The player: plays a scenario on the worker that runs for real, watches what comes, and judges it.

Two things are faked: the channels, which are in memory, and the clock. The log is a temporary file unless one is named.
"""

import asyncio
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from agents.exercise.play.answers import case_answers, story_decisions
from agents.exercise.play.clock import SPEED_MAX, PlayedClock
from agents.exercise.play.screen import silent
from agents.exercise.play.seen import Given, Seen
from agents.exercise.play.spans import spans
from agents.exercise.play.stage import memory_channels, memory_pagers, mode_of, staged_register, wiring
from agents.exercise.play.watcher import Watcher
from agents.exercise.played import Moment, Played
from agents.exercise.script.crowd import Recount
from agents.exercise.script.cues import Cue, Play, Subjects, cues
from agents.exercise.script.loader import UnusableScenario, load
from agents.exercise.script.recordings import Recordings
from agents.feed_port import ReadRecording
from agents.runtime.worker.idle import Quiet
from agents.runtime.worker.worker import Setup, Worker
from streams.decisions.listening.keep import UNMATCHED
from streams.decisions.listening.surge import Counts
from streams.topics import Event
from streams.values import Subject
from streams.words.facts import CommandRefused
from streams.words.incident import BeginExercise, Declare
from streams.words.orders import Command, Giver, command
from streams.words.posts import PartnerPost

Answer = TypeVar("Answer")

SPEED = 60.0
DIRECTOR = Giver.DIRECTOR.value
ANSWER_SECONDS_MAX = 20.0
SETTLE_SECONDS_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to play. `speed` is played seconds for each real second while no agent works; see the package's docstring.

    `read_recording` is the parser of feeds: an exercise has none of its own, since it could reach their network.
    """

    speed: float = SPEED
    log_url: str | None = None
    mentions: Path | None = None
    register: Path | None = None
    show: Callable[[Moment], None] = silent
    read_recording: ReadRecording | None = None


async def run(scenario_path: Path, options: Options | None = None) -> Played:
    """Play the scenario of this file to its end. The temporary log is deleted, even if the play breaks off."""
    options = options or Options()
    if not 1 <= options.speed <= SPEED_MAX:
        raise UnusableScenario([f"speed {options.speed:g} cannot be played: give a number from 1 to {SPEED_MAX:g}"])
    if options.log_url and options.mentions:
        raise UnusableScenario(["posts of real people go to a temporary log only: leave out --log, or --mentions"])
    scenario = load(scenario_path)
    register, mode = staged_register(scenario, options.register), mode_of(scenario, scenario_path)
    play = Play(scenario, mode, register, Recordings(scenario_path.parent, options.read_recording))
    script = cues(play, options.mentions)
    if options.log_url:
        return await _Performance(play, script, options, options.log_url).perform()
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="exercise-")
    try:
        with _ended_by_a_signal():
            return await _Performance(play, script, options, f"sqlite:///{folder}/log.db").perform()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ended_by_a_signal() -> Iterator[None]:
    """A SIGTERM breaks the play off, so that its log is deleted; some systems cannot deliver one."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    heard = task is not None and threading.current_thread() is threading.main_thread() and os.name == "posix"
    if task is not None and heard:
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    finally:
        if heard:
            loop.remove_signal_handler(signal.SIGTERM)


class _Performance:
    """One play of one scenario."""

    def __init__(self, play: Play, script: list[Cue], options: Options, log_url: str) -> None:
        self._play, self._script, self._options, self._log_url = play, script, options, log_url
        self._seen = Seen(play)
        self._began_seconds = monotonic()

    async def perform(self) -> Played:
        scenario, register, mode = self._play.scenario, self._play.register, self._play.mode
        self._clock = PlayedClock(scenario.start, self._options.speed)
        channels = memory_channels(register, mode=mode, changes=scenario.register_changes, clock=self._clock)
        pagers = memory_pagers(mode)
        setup = Setup(mode, self._log_url, self._clock, lambda: register, channels, pagers=pagers)
        async with Worker(setup) as worker, self._watch(worker) as watcher:
            refusal = await _unless_crashed(worker, self._whole(worker, watcher))
            self._seen.on_channels = {name: channel.posts for name, channel in channels.items()}
            return self._result(watcher, refusal)

    async def _whole(self, worker: Worker, watcher: Watcher) -> CommandRefused | None:
        """Begin; play unless the desk refuses the beginning."""
        refusal = await self._begin(worker, watcher)
        if refusal is None:
            await self._play_through(worker, watcher)
        return refusal

    @asynccontextmanager
    async def _watch(self, worker: Worker) -> AsyncIterator[Watcher]:
        """Run the clock and watch the topics while the worker works."""
        watcher = Watcher(worker, self._seen, self._options.show)
        driving = asyncio.create_task(self._clock.run(Quiet(worker)))
        await watcher.start()
        try:
            yield watcher
        finally:
            await watcher.stop()
            driving.cancel()
            with suppress(asyncio.CancelledError):
                await driving

    async def _begin(self, worker: Worker, watcher: Watcher) -> CommandRefused | None:
        """Give the order to begin the exercise. If the desk refuses it, answer with that fact and play nothing."""
        play = self._play
        body = BeginExercise(title=play.scenario.title, wiring=wiring(play.register, play.mode))
        order = self._order(body)
        await watcher.caught_up()
        if self._seen.facts:
            raise UnusableScenario(["this exercise was played on this log before: name another log, or none"])
        await worker.put([order])
        answer = await watcher.answer(order.id, ANSWER_SECONDS_MAX)
        return next((fact.body for fact in answer if isinstance(fact.body, CommandRefused)), None)

    def _order(self, body: BeginExercise) -> Command:
        play = self._play
        return command(
            body, cause="begin", mode=play.mode, subject=Subject.incident(play.mode), at=self._clock.now(), by=DIRECTOR
        )

    async def _play_through(self, worker: Worker, watcher: Watcher) -> None:
        scenario = self._play.scenario
        recount = Recount(one.order for one in scenario.injects if isinstance(one.order, Declare))
        for cue in self._script:
            await self._until(scenario.start + cue.at)
            with self._clock.held():
                # The facts that the watcher saw: what is settled has left the worker's own view.
                await watcher.caught_up()
                incidents = self._seen.incidents
                if cue.posts and (incident := incidents.get(scenario.incident)) and incident.is_live:
                    recount.add(cue.posts)
                messages = cue.build(Subjects(incidents, self._seen.cases), self._clock.now())
                self._note(cue, messages, watcher)
                await worker.put(messages)
        await self._until(scenario.start + scenario.lasts)
        await self._settle(worker, watcher)
        self._seen.recounted = recount.count

    async def _until(self, moment: datetime) -> None:
        wait = (moment - self._clock.now()).total_seconds()
        if wait > 0:
            await self._clock.sleep(wait)

    def _note(self, cue: Cue, messages: Sequence[Event], watcher: Watcher) -> None:
        now = self._clock.now()
        given = self._seen.given.setdefault(cue.name, Given(now))
        if not cue.posts:
            given.ids += [message.id for message in messages if isinstance(message, Command)]
        for message in messages:
            if isinstance(message, PartnerPost):
                given.post = (message.account_id, message.post_id)
        if cue.tells:
            watcher.tell(Moment(at=now, kind="asked", text=cue.tells, id=next(iter(given.ids), ""), label=cue.label))

    async def _settle(self, worker: Worker, watcher: Watcher) -> None:
        """Wait until the agents have handled everything, then read the counts and the channels."""
        quiet = Quiet(worker)
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_SECONDS_MAX):
                while not await quiet():  # noqa: ASYNC110 - the agents end at their own pace
                    await asyncio.sleep(0.02)
        await watcher.caught_up()
        self._seen.counts = worker.counts.get(self._play.scenario.incident) or Counts()
        self._seen.unmatched = (worker.counts.get(UNMATCHED) or Counts()).total

    def _result(self, watcher: Watcher, refusal: CommandRefused | None) -> Played:
        scenario, seen, now = self._play.scenario, self._seen, self._clock.now()
        outcomes = () if refusal else tuple(watcher.judge(now, ended=True))
        return Played(
            title=scenario.title,
            trust=self._play.register.trust,
            mode=self._play.mode,
            incident_id=scenario.incident,
            started_at=scenario.start,
            ended_at=now,
            real_seconds=round(monotonic() - self._began_seconds, 1),
            speed=self._options.speed,
            begun=refusal is None,
            refusal=refusal,
            facts=tuple(seen.facts),
            moments=tuple(watcher.moments),
            publications=tuple(seen.publications()),
            dead_letters=tuple(seen.letters),
            outcomes=outcomes,
            cases=tuple(case_answers(seen, now=now)),
            stories=tuple(story_decisions(seen, now=now)),
            spans=tuple(span for span in spans(seen) if span.begins),
            mentions_by_minute=dict(sorted(seen.counts.minutes.items())),
            counted=seen.counts.total,
            unmatched=seen.unmatched,
            recounted=seen.recounted,
        )


async def _unless_crashed(worker: Worker, playing: Coroutine[Any, Any, Answer]) -> Answer:
    """The result of the play; if the agents crash first, their error is raised."""
    play, crash = asyncio.ensure_future(playing), asyncio.ensure_future(worker.crashed())
    try:
        await asyncio.wait({play, crash}, return_when=asyncio.FIRST_COMPLETED)
        if crash.done():
            await crash
        return await play
    finally:
        for task in (play, crash):
            task.cancel()
        await asyncio.gather(play, crash, return_exceptions=True)
