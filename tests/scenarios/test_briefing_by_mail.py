"""Through the whole worker: the briefing is mailed to the drill's memory, and a declaration holds what is scheduled."""

import asyncio
from datetime import timedelta
from pathlib import Path

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.registers import data_folder, load
from agents.pausing import post_id
from agents.runtime.door.door import Door
from agents.runtime.worker.worker import Setup, Worker
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.subjects.plan import Plan, PlanStatus
from streams.values import TRAINING, Subject, SubjectKind
from streams.words.briefings.entries import BriefingRule
from streams.words.cases import CaseSort, OpenCase
from streams.words.orders import command
from streams.words.posts import Mention
from streams.words.register.changes import in_mode
from tests.agents.doubles import Scheduling
from tests.agents.test_pausing_agent import CLINIC, QUEUE
from tests.builders import INCIDENT, SUBJECT, declaration
from tests.examples import CHIEF, DIRECTOR, NOW

SECONDS_MAX = 180


async def test_people_are_mailed_what_is_known_and_a_person_without_address_waits(
    tmp_path: Path,
) -> None:
    rule = BriefingRule(people=(CHIEF, DIRECTOR), every_minutes=30)
    register = in_mode(load(data_folder(), NOW), TRAINING).model_copy(update={"briefing": rule})
    site = register.channels["site"].model_copy(update={"schedulers": (QUEUE,)})
    register = register.model_copy(update={"channels": {**register.channels, "site": site}})
    bare = register.people[DIRECTOR].model_copy(update={"contacts": ()})
    register = register.model_copy(update={"people": {**register.people, DIRECTOR: bare}, "unsigned_orders": "allowed"})
    passed = [0.0]
    clock, pager = ScaledClock(NOW, 1.0, elapsed=lambda: passed[0]), MemoryPager(TRAINING)
    server = Scheduling(TRAINING, CLINIC, away=False)
    log = f"sqlite:///{tmp_path}/log.db"
    setup = Setup(TRAINING, log, clock, lambda: register, {"site": server}, pagers={"email": pager})
    async with Worker(setup) as worker, asyncio.timeout(SECONDS_MAX), Door(TRAINING, log) as door:
        at, about = clock.now(), Subject(kind=SubjectKind.CASE, id="case-1")
        late = OpenCase(sort=CaseSort.MEDIA_ENQUIRY, about="A radio asks", answer_by=at + timedelta(minutes=5))
        await door.ask(command(declaration(), cause=1, mode=TRAINING, subject=SUBJECT, at=at, by=CHIEF))
        await door.ask(command(late, cause=2, mode=TRAINING, subject=about, at=at, by=CHIEF))
        posts = [Mention(id=f"m-{n}", mode=TRAINING, author_id=f"a-{n}", at=at, text="#AshbyCrash") for n in range(12)]
        await worker.put(posts)
        while (await door.counts(INCIDENT)).total < 12:  # noqa: ASYNC110 - people wait as well
            await asyncio.sleep(0.1)
        passed[0] += timedelta(minutes=30).total_seconds()
        while not (calls := [one for one in pager.calls if "Briefing" in one.text]):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
        while not (missed := await missing(door)):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
        while server.queue:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.1)
        held = await door.state(Subject(kind=SubjectKind.PLAN, id=post_id("site", CLINIC)))
    assert isinstance(held, Plan)
    assert held.status is PlanStatus.HELD
    (letter,) = calls
    assert letter.person == CHIEF
    assert letter.text.startswith("EXERCISE")
    assert "12 people" in letter.text
    assert "enquiry of the media: 1 open, 1 late." in letter.text
    assert "Crynodeb" in letter.text
    assert "#AshbyCrash" not in letter.text
    assert missed == [DIRECTOR]


async def missing(door: Door) -> list[str]:
    """The people whose letter did not go, as the attention list has them."""
    state = await door.state(SUBJECT)
    assert isinstance(state, Incident)
    return [one.what for one in waiting(state, NOW) if one.kind == "briefing"]
