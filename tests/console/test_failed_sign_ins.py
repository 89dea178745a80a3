"""Sign-ins that fail are in the record, gathered: a flood from outside makes few facts, and no word of its own."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from agents.console.sessions import TOLD_EACH, FailedSignIns
from streams.decisions.desk.order_table import answer
from streams.subjects.register_log import RegisterLog
from streams.values import LIVE, TRAINING
from streams.words.register.passkeys import SIGN_INS_APART_SECONDS, NoteSignIns, SignInCount, SignInsFailed
from tests import builders
from tests.builders import NOW, WRITER
from tests.console.asking import browser, lacking
from tests.console.bench import Night, night
from tests.console.visitor import read
from tests.examples import APPROVER, CHIEF

TYPED = "Zqxmark"


async def facts_of_it(on: Night) -> Sequence[SignInsFailed]:
    log = on.house.board.overview.register_log
    while not log or log.sign_ins is None:
        await on.house.board.moved_on(on.house.board.version, seconds_max=0.5)
        log = on.house.board.overview.register_log
    return [log.sign_ins]


async def test_a_sign_in_that_fails_is_a_fact_and_the_status_page_shows_it(tmp_path: Path) -> None:
    """The fact names the person of the passkey, and nothing that was typed."""
    async with night(tmp_path) as on, browser(on, CHIEF) as at:
        assert (await at.sign_in(CHIEF, origin="https://elsewhere.example")).status == 422
        (failed,) = await facts_of_it(on)
        assert (failed.failed, failed.people) == ((SignInCount(why="wrong", times=1),), (CHIEF,))
        await at.post("/sign-in", {"asked": TYPED, "proof": {TYPED: TYPED}, "next": TYPED})
        assert "1 sign-ins at the console failed" in read((await at.get("/status")).text)
        records = await on.door.fact_records()
        assert not any(TYPED.encode() in one.value for one in records if one.value)


class Told:
    """Takes what is told, and lets time pass when the test says so."""

    def __init__(self) -> None:
        self.bodies: list[NoteSignIns] = []
        self.takes = True
        self.passed = asyncio.Event()

    async def tells(self, body: NoteSignIns) -> bool:
        if self.takes:
            self.bodies.append(body)
        return self.takes

    async def sleeps(self, seconds: float) -> None:
        assert seconds == TOLD_EACH.total_seconds()
        await self.passed.wait()
        self.passed.clear()

    async def let_pass(self) -> None:
        self.passed.set()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_the_first_is_told_at_once_and_a_flood_together_later() -> None:
    told = Told()
    failed = FailedSignIns(told.tells, told.sleeps)
    for number in range(1000):
        await failed.count("unknown", None, now=NOW + timedelta(milliseconds=number))
    assert [one.failed for one in told.bodies] == [(SignInCount(why="unknown", times=1),)]
    await told.let_pass()
    assert [one.failed[0].times for one in told.bodies] == [1, 999]
    await told.let_pass()
    await failed.count("late", None, now=NOW + timedelta(minutes=20))
    assert [one.failed[0].why for one in told.bodies] == ["unknown", "unknown", "late"]
    await failed.stop()


async def test_what_the_log_cannot_take_now_is_told_with_the_next() -> None:
    told = Told()
    told.takes = False
    failed = FailedSignIns(told.tells, told.sleeps)
    await failed.count("wrong", CHIEF, now=NOW)
    assert told.bodies == []
    told.takes = True
    await told.let_pass()
    (body,) = told.bodies
    assert (body.since, body.failed[0].times, body.people) == (NOW, 1, (CHIEF,))
    await failed.stop()


def noted(log: RegisterLog, at: datetime, people: tuple[str, ...] = (WRITER,)) -> RegisterLog:
    body = NoteSignIns(since=at, failed=(SignInCount(why="wrong", times=1),), people=people)
    order = builders.order(body, log, "console", id=f"cmd-{at:%H%M%S}", now=at)
    return builders.after(log, answer(order), order.command, at)


def test_the_desk_takes_one_such_fact_a_minute_and_only_people_of_the_register() -> None:
    """Whoever can write orders fills no log with them."""
    log = RegisterLog(mode=LIVE)
    for second in range(SIGN_INS_APART_SECONDS):
        log = noted(log, NOW + timedelta(seconds=second), (WRITER, "stranger"))
    assert log.sequence == 1
    assert log.sign_ins
    assert log.sign_ins.people == (WRITER,)
    assert noted(log, NOW + timedelta(seconds=SIGN_INS_APART_SECONDS)).sequence == 2


async def test_in_a_drill_people_type_their_name_and_the_page_lists_nobody(tmp_path: Path) -> None:
    """Who is not signed in learns no name; a name that is not known is kept in its field, with a sentence beside it."""
    async with night(tmp_path, mode=TRAINING) as on, browser(on) as at:
        page = (await at.get("/sign-in")).text
        assert "Who do you play?" in page
        assert [one for one in on.register.people.values() if one.id in page or one.name in page] == []
        wrong = await at.send("/sign-in/name", person="A. Stranger", next="/")
        assert (wrong.status, [*lacking(wrong)]) == (422, [])
        assert "No person without a passkey is called so" in wrong.text
        assert 'value="A. Stranger"' in wrong.text
        person = on.register.people[APPROVER]
        entered = await at.send("/sign-in/name", person=person.name.upper(), next="/")
        assert (entered.status, entered.headers["Location"]) == (303, "/")
