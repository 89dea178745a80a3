"""The desk is the only writer of facts: sealed, chained, folded; an answer for whatever it is asked."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.desk import Needs, handle
from streams.chain import START, faults
from streams.subjects.case import Case, CaseStatus
from streams.subjects.declared import DECLARED
from streams.subjects.fold import fold_all
from streams.subjects.incident import Incident, Status
from streams.subjects.past import ENDED, ENDED_KEPT, Ended, Pointer, Row, whole
from streams.subjects.state import State
from streams.values import THE_REGISTER, Power, Subject, SubjectKind
from streams.words.cases import CaseSort, CloseCase, Nature, OpenCase
from streams.words.delivery import DeliveryAsked, DeliveryClaimed
from streams.words.facts import Fact
from streams.words.incident import StandDown
from streams.words.orders import Command, Tick
from streams.words.register.keys import challenge_of
from streams.words.register.sheets import SpokenProof, number_for
from tests import builders, keyring, passkeys
from tests.agents.doubles import MemoryStore, clock_at, kept, not_recalled
from tests.builders import INCIDENT, LIVE, SUBJECT
from tests.strategies import built


def needs() -> Needs:
    register = builders.register()
    tables = MemoryStore[State](), MemoryStore[Row]()
    return Needs(LIVE, "run-1", clock_at(), lambda: register, kept, *tables, not_recalled)


def as_whole(told: Needs) -> Incident:
    """The incident with what left its record."""
    record = told.states.get(SUBJECT.key)
    assert isinstance(record, Incident)
    rows = {key.partition("|")[2]: told.past.get(key) for key in told.past.keys()}  # noqa: SIM118 - a store is no dict
    return whole(record, rows)


async def test_an_order_becomes_sealed_facts_and_the_state_that_they_add_up_to() -> None:
    """Facts and table are two views of the same."""
    told = needs()
    facts = [
        *await handle(builders.command(builders.declaration()), told),
        *await handle(builders.command(builders.holding()), told),
    ]
    assert builders.kinds(fact.body for fact in facts) == [
        "incident_declared",
        "message_authorised",
        "delivery_asked",
        "delivery_asked",
        "delivery_claimed",
        "delivery_claimed",
    ]
    assert facts[0].previous == START
    assert faults([fact.model_dump(mode="json") for fact in facts]) == []
    assert as_whole(told) == fold_all(Incident(id=INCIDENT, mode=LIVE), facts)


async def test_what_is_asked_for_is_claimed_in_the_same_step_for_its_own_run() -> None:
    """The publishing agent of this worker is the next to see it, and no other may send."""
    told = needs()
    await handle(builders.command(builders.declaration()), told)
    facts = await handle(builders.command(builders.holding()), told)
    claims = [fact.body for fact in facts if isinstance(fact.body, DeliveryClaimed)]
    assert {(one.run, one.attempt) for one in claims} == {("run-1", 1)}
    assert [one.delivery_id for one in claims] == [
        fact.body.delivery_id for fact in facts if isinstance(fact.body, DeliveryAsked)
    ]


async def test_the_same_order_again_gives_nothing_and_from_the_same_state_the_same() -> None:
    """A redelivered order changes nothing; one that is replayed gives the same facts, to the byte."""
    told, order = needs(), builders.command(builders.declaration())
    first = await handle(order, told)
    assert await handle(order, told) == []
    assert await handle(order, needs()) == first


async def test_what_gives_no_facts_leaves_the_table_alone() -> None:
    """A tick on an incident that nobody knows makes none."""
    told = needs()
    assert await handle(builders.command(Tick(), by="clock"), told) == []
    assert told.states.get(SUBJECT.key) is None


async def test_a_refusal_is_a_fact_in_the_chain() -> None:
    """It can be explained from the log alone."""
    told = needs()
    [refused] = await handle(builders.command(builders.declaration(), by=builders.NURSE), told)
    assert refused.body.kind == "command_refused"
    found = told.states.get(SUBJECT.key)
    assert isinstance(found, Incident)
    assert (found.status, found.head) == (Status.NONE, refused.hash)


async def test_an_order_of_another_mode_is_refused_in_this_ones_record() -> None:
    """A live order that strays into a drill moves nothing."""
    told = replace(needs(), mode=builders.DRILL)
    [refused] = await handle(builders.command(builders.declaration()), told)
    assert (refused.mode, refused.body.kind) == (builders.DRILL, "command_refused")


async def test_an_order_on_a_register_that_there_is_not_is_refused_in_the_log_of_the_one_there_is() -> None:
    """It begins no other log, and takes nothing out of that of the register."""
    told = needs()
    [first, second] = [
        await handle(
            builders.command(Tick(), id=f"cmd-{name}", subject=Subject(kind=SubjectKind.REGISTER, id=name)), told
        )
        for name in ("register", "other")
    ]
    log = told.states.get(THE_REGISTER.key)
    assert log is not None
    assert [fact.sequence for fact in (*first, *second)] == [*range(1, log.sequence + 1)]
    assert second[0].subject == THE_REGISTER
    assert "there is one register, and register/other is not it" in str(second[0].body)
    assert told.states.keys() == [THE_REGISTER.key]


async def test_what_ended_long_ago_leaves_memory_and_comes_back_when_an_order_is_about_it() -> None:
    """A tick lets it leave; where it ended is kept, and the next order is judged by the state that its facts give."""
    told, prefix = needs(), f"{SUBJECT.key}|"
    facts = [
        *await handle(builders.command(builders.declaration()), told),
        *await handle(builders.command(StandDown(reason="It is over.")), told),
    ]
    over, rows, asked = told.states.get(SUBJECT.key), told.past.keys(), list[Ended]()

    async def recall(subject: Subject, left: Ended) -> State:
        asked.append(left)
        return fold_all(Incident(id=subject.id, mode=LIVE), facts)

    late = replace(told, clock=clock_at(builders.NOW + ENDED_KEPT), recall=recall)
    assert await handle(builders.command(Tick(), by="clock"), told) == []
    assert told.states.get(SUBJECT.key) == over
    assert await handle(builders.command(Tick(), by="clock"), late) == []
    assert (told.states.keys(), told.past.keys()) == ([], [DECLARED, prefix + ENDED])
    left = told.past.get(prefix + ENDED)
    assert isinstance(left, Ended)
    assert (left.sequence, left.head) == (len(facts), facts[-1].hash)
    [refused] = await handle(builders.command(builders.declaration(), by=builders.NURSE), late)
    assert asked == [left]
    assert (refused.sequence, refused.previous) == (len(facts) + 1, facts[-1].hash)
    assert told.states.keys() == [SUBJECT.key]
    assert set(told.past.keys()) == set(rows)


async def test_a_code_that_was_said_counts_in_no_other_incident_however_long_ago_it_was() -> None:
    """Also after the incident left memory, in which it proved an order."""
    first, sheet = passkeys.spoken(builders.command(builders.declaration()))
    people = {**builders.people(), keyring.KEEPER: builders.person(keyring.KEEPER, Power.ENROL_KEY)}
    people[builders.COMMANDER] = people[builders.COMMANDER].model_copy(update={"keys": (sheet,)})
    register = builders.register(people=people, spoken_orders="allowed")
    told = replace(needs(), registers=lambda: register)
    [declared] = await handle(first, told)
    assert declared.body.kind == "incident_declared"
    told.past.put(f"{SUBJECT.key}|post/of-a-partner", Pointer(to="msg-1"))
    ends = builders.command(StandDown(reason="It is over."), by=builders.SIGNER)
    assert await handle(ends, replace(told, registers=builders.register))
    late = replace(told, clock=clock_at(builders.NOW + ENDED_KEPT))
    assert await handle(builders.command(Tick(), by="clock"), late) == []
    elsewhere = builders.command(builders.declaration(), subject=Subject.incident("inc-of-another"))
    other = next(one for one in _under_other_names(elsewhere) if asks_for(one) == asks_for(first))
    assert isinstance(first.proof, SpokenProof)
    replayed = passkeys.spoken(other)[0].model_copy(update={"proof": first.proof})
    [refused] = await handle(replayed, told)
    assert f"code {first.proof.number} of {sheet.id} was used before" in str(refused.body)


def _under_other_names(given: Command) -> Iterator[Command]:
    return (given.model_copy(update={"id": f"cmd-{number}"}) for number in range(1_000))


def asks_for(given: Command) -> int:
    return number_for(challenge_of(given.model_dump(mode="json", exclude={"proof"})))


async def test_a_closed_case_leaves_memory_as_an_incident_does() -> None:
    """Before it is closed it stays, however long; and what is ordered about it later is judged by its facts."""
    told, case = needs(), Subject(kind=SubjectKind.CASE, id="paper-1")
    opened = OpenCase(sort=CaseSort.COMPLAINT, about="A visitor waited.")
    facts = [*await handle(builders.command(opened, subject=case), told)]
    later = replace(told, clock=clock_at(builders.NOW + ENDED_KEPT))
    assert await handle(builders.command(Tick(), by="clock", subject=case), later) == []
    assert told.states.keys() == [case.key]
    closing = CloseCase(reason="Settled.", nature=Nature.WAITING)
    facts += await handle(builders.command(closing, subject=case), told)

    async def recall(subject: Subject, left: Ended) -> State:
        assert (subject, left.status) == (case, CaseStatus.CLOSED)
        return fold_all(Case(id=subject.id, mode=LIVE), facts)

    late = replace(later, recall=recall)
    assert await handle(builders.command(Tick(), by="clock", subject=case), late) == []
    assert (told.states.keys(), told.past.keys()) == ([], [f"{case.key}|{ENDED}"])
    [refused] = await handle(
        builders.command(
            CloseCase(reason="Again.", nature=Nature.WAITING), subject=case, id="again", at=late.clock.now()
        ),
        late,
    )
    assert (refused.body.kind, refused.previous) == ("command_refused", facts[-1].hash)
    assert (told.states.keys(), told.past.keys()) == ([case.key], [])


@given(orders=st.lists(built(Command), max_size=6))
async def test_whatever_is_ordered_the_record_holds(orders: list[Command]) -> None:
    """Any orders the types allow, hostile ones too: no exception, an unbroken chain, table and facts agree."""
    told = needs()
    facts: list[Fact] = []
    for order in [builders.command(builders.declaration()), *orders]:
        facts += await handle(order.model_copy(update={"subject": SUBJECT}), told)
    assert faults([fact.model_dump(mode="json") for fact in facts]) == []
    assert as_whole(told) == fold_all(Incident(id=INCIDENT, mode=LIVE), facts)
