"""A code that is said fits one order, and counts once; the rest of the sheet stays unknown."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from streams.decisions.authority.order import Order
from streams.decisions.authority.signatures import not_to_hear, proof_faults
from streams.decisions.desk.judge import judge
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.verdict import reasons_of
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.past import SPENT, Past, set_aside
from streams.subjects.plan import Plan
from streams.subjects.state import State
from streams.values import Power, Purpose
from streams.words.cases import CaseSort, OpenCase, SuspectHate
from streams.words.facts import CommandRefused, Fact
from streams.words.orders import Command, CommandBody
from streams.words.register.approvals import ApproveContent
from streams.words.register.changes import ConfirmChange, FoundRegister, ProposeChange, WithdrawChange
from streams.words.register.entries import Register
from streams.words.register.keys import challenge_of
from streams.words.register.sheets import CODES, Sheet, number_for
from streams.words.release import Amplify, LineDrafted, Message, SignOff
from streams.words.sign_off import SeekSignOff
from streams.words.stops import Freeze, ReturnDraft
from tests import builders, keyring, passkeys, planned
from tests.architecture.tree import ROOT
from tests.builders import COMMANDER, NOW
from tests.storytelling import rebuttal, with_story

FREEZE = builders.command(Freeze(reason="wrong place"))
RELEASE = builders.command(builders.holding())


def with_sheet(sheet: Sheet, spoken_orders: str = "allowed") -> Register:
    people = {**builders.people(), keyring.KEEPER: builders.person(keyring.KEEPER, Power.ENROL_KEY)}
    people[COMMANDER] = people[COMMANDER].model_copy(update={"keys": (sheet,)})
    return builders.register(people=people, spoken_orders=spoken_orders)


def faults(given: Command, register: Register) -> str:
    return "; ".join(reasons_of(proof_faults(given, register, now=NOW)))


def number_of(order: Command) -> int:
    return number_for(challenge_of(order.model_dump(mode="json")))


def judged(order: Command, sheet: Sheet, incident: Incident | None = None) -> tuple[Fact, Incident]:
    """The first fact that an order by code gives, and the incident after it."""
    asked = Order(order, incident or builders.declared(), with_sheet(sheet), NOW)
    facts, after = builders.judged(asked)
    return facts[0], after


def refusal(fact: Fact) -> str:
    assert isinstance(fact.body, CommandRefused), fact.body
    return "; ".join(fact.body.reasons)


@pytest.mark.parametrize("order", [FREEZE, RELEASE], ids=["freeze", "release"])
def test_a_code_from_the_sheet_is_enough_to_stop_and_to_release_what_was_approved(order: Command) -> None:
    """Each fact names the code that it used up, and never what it says."""
    by_code, sheet = passkeys.spoken(order)
    fact, after = judged(by_code, sheet)
    assert not isinstance(fact.body, CommandRefused), fact.body
    assert fact.spent == f"{sheet.id}/{number_of(order)}"
    assert fact.relayed_by == builders.WRITER
    assert after.spent == (fact.spent,)
    assert builders.order(order.body).incident.spent == ()


def test_a_code_counts_once() -> None:
    """Who heard it, or read the log, cannot give another order with it, even one that asks for the same number."""
    by_code, sheet = passkeys.spoken(FREEZE)
    _, after = judged(by_code, sheet)
    others = (by_code.model_copy(update={"id": f"cmd-{number}"}) for number in range(1_000))
    again = next(one for one in others if number_of(one) == number_of(FREEZE))
    assert faults(again, with_sheet(sheet)) == ""
    fact, after = judged(again, sheet, after)
    assert "was used before: give the order again" in refusal(fact)
    assert len(after.spent) == 1


def test_a_code_that_proved_an_order_of_another_incident_counts_no_more() -> None:
    """Who heard it cannot declare an incident of their own and use it there."""
    by_code, sheet = passkeys.spoken(FREEZE)
    used = f"{sheet.id}/{number_of(FREEZE)}"
    past = Past(elsewhere=lambda code: code == used)
    facts, after = builders.judged(Order(by_code, builders.declared(), with_sheet(sheet), NOW, past))
    assert "was used before: give the order again" in refusal(facts[0])
    assert after.stops.frozen is None


UNSAID = {
    Amplify,
    SeekSignOff,
    FoundRegister,
    ProposeChange,
    ConfirmChange,
    WithdrawChange,
    ApproveContent,
}
"""What a person orders on a device of their own."""
OF_PEOPLE = [row for row in ORDERS.values() if row.by_people and row.command]


@pytest.mark.parametrize("row", OF_PEOPLE, ids=lambda row: row.words)
def test_every_order_of_a_person_may_be_said_unless_the_table_says_why_not(row: OrderKind) -> None:
    assert bool(row.why_unsaid) == (row.body in UNSAID)


def test_what_only_machines_order_cannot_be_said() -> None:
    assert all(row.why_unsaid for row in ORDERS.values() if row not in OF_PEOPLE)


def test_the_guide_names_each_order_that_cannot_be_said_and_why() -> None:
    guide = (ROOT / "docs/when-it-is-down.md").read_text(encoding="utf-8")
    for body in UNSAID:
        assert f"`{ORDERS[body].command}`" in guide
        assert str(ORDERS[body].why_unsaid) in guide


CASE = Case(id="case-1", mode=builders.LIVE)
OPENING = OpenCase(sort=CaseSort.THREAT, about="A threat to the staff of one ward.")


def carried_on(state: State, body: CommandBody, *, relayed_by: str = builders.NURSE) -> tuple[Fact, State, Command]:
    """The first fact that an order about any subject gives by a code, what is left of the record, and the order."""
    given = builders.command(body, subject=state.subject, id=f"cmd-{body.kind}-{relayed_by}")
    by_code, sheet = passkeys.spoken(given, relayed_by=relayed_by)
    (fact, *_), after = judge(
        Order(by_code, state, with_writing_commander(sheet), NOW), run="run-1", register_version="v1"
    )
    return fact, after, by_code


def test_a_case_is_opened_and_taken_on_by_codes_that_count_once() -> None:
    """The record of every subject knows which codes were used, and hands them to where all are looked up."""
    fact, case, _ = carried_on(CASE, OPENING)
    assert (fact.body.kind, fact.by, fact.relayed_by) == ("case_opened", COMMANDER, builders.NURSE)
    fact, case, order = carried_on(case, SuspectHate(reason="The post says why."))
    assert fact.body.kind == "hate_suspected"
    assert len(case.spent) == 2
    again = order.model_copy(update={"id": "cmd-again", "proof": None})
    renamed, sheet = passkeys.spoken(again)
    used = case.model_copy(update={"spent": (f"{sheet.id}/{number_of(again)}",)})
    (fact, *_), _ = judge(Order(renamed, used, with_sheet(sheet), NOW), run="run-1", register_version="v1")
    assert "was used before" in refusal(fact)
    left, rows = set_aside(case, at=NOW)
    assert left.spent == ()
    assert {f"{case.subject.key}|{name}" for name in rows} == {
        f"{case.subject.key}|{SPENT}{code}" for code in case.spent
    }


def test_wrong_codes_about_a_case_are_counted_too() -> None:
    given = builders.command(OPENING, subject=CASE.subject)
    by_code, sheet = passkeys.spoken(given, code="2222222222")
    (fact, *_), after = judge(Order(by_code, CASE, with_sheet(sheet), NOW), run="run-1", register_version="v1")
    assert "have it read out again" in refusal(fact)
    assert after.wrong_codes == {sheet.id: (NOW,)}


def test_a_planned_post_is_said_yes_to_and_never_through_who_wrote_or_entered_it() -> None:
    """The commander dictates a post; who typed it neither reads it out for the yes nor says yes."""
    (fact, draft, _) = carried_on(planned.untouched(), planned.post(), relayed_by=builders.SIGNER)
    assert isinstance(draft, Plan), refusal(fact)
    assert draft.entered_by == dict.fromkeys(draft.drafts, builders.SIGNER)
    bodies, _ = planned.given(draft, planned.approving(draft), by=builders.SIGNER)
    assert "who entered the words that" in builders.reasons(bodies)
    written = planned.drafted()
    fact, _, _ = carried_on(written, planned.approving(written), relayed_by=builders.WRITER)
    assert "wrote or entered what waits here" in refusal(fact)
    fact, plan, _ = carried_on(written, planned.approving(written))
    assert (fact.body.kind, fact.relayed_by) == ("post_planned", builders.NURSE)
    assert isinstance(plan, Plan)
    assert not plan.drafts


def test_a_partners_post_that_waits_is_shared_or_left_by_a_code_and_none_is_typed_in() -> None:
    """Its words came from the partner, so who reads them out wrote none of them."""
    heard = builders.command(FREEZE.body, by="amplification-agent")
    waits = builders.after(builders.declared(), [LineDrafted(message=a_partners_post())], heard)
    (draft,) = waits.drafts.values()
    fact, after, _ = carried_on(waits, SignOff(message_id=draft.id, content_hash=draft.content_hash))
    assert fact.body.kind == "message_authorised", refusal(fact)
    fact, after, _ = carried_on(waits, ReturnDraft(message_id=draft.id, reason="It is about another hospital."))
    assert fact.body.kind == "draft_returned", refusal(fact)
    assert isinstance(after, Incident)
    assert not after.drafts


def a_partners_post() -> Message:
    return Message(
        id="msg-post",
        purpose=Purpose.AMPLIFICATION,
        texts={"en": "Test Police: Keep away from Ashby Road."},
        channels=("social",),
        titles={"en": "Test Police"},
        expires_at=NOW + timedelta(hours=1),
        credit=builders.credit(),
    ).sealed()


def test_the_yes_to_an_answer_to_a_story_is_said_and_not_to_who_proposed_it() -> None:
    """The words are a draft like any other; what proposes them may be said too."""
    fact, after, _ = carried_on(with_story(), rebuttal(), relayed_by=builders.SIGNER)
    assert isinstance(after, Incident), refusal(fact)
    (draft,) = after.drafts.values()
    yes = SignOff(message_id=draft.id, content_hash=draft.content_hash)
    given, sheet = passkeys.spoken(builders.command(yes, by=builders.OFFICER), relayed_by=builders.SIGNER)
    order = Order(given, after, with_writing_commander(sheet), NOW)
    assert "wrote or entered what waits here" in "; ".join(reasons_of(not_to_hear(order, builders.SIGNER)))
    assert not_to_hear(order, builders.NURSE) is None


def test_an_incident_is_declared_by_a_code() -> None:
    by_code, sheet = passkeys.spoken(builders.command(builders.declaration()))
    fact, after = judged(by_code, sheet, Incident(id=builders.INCIDENT, mode=builders.LIVE))
    assert fact.body.kind == "incident_declared"
    assert after.spent == (fact.spent,)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code": "2222222222"}, "have it read out again"),
        ({"number": number_of(FREEZE) % CODES + 1}, f"this order asks for code {number_of(FREEZE)}"),
        ({"key": "sheet-other"}, "is not on the register"),
    ],
)
def test_another_code_or_sheet_is_refused_and_uses_nothing_up(changes: dict[str, Any], reason: str) -> None:
    """Else anybody could use up somebody's sheet."""
    by_code, sheet = passkeys.spoken(FREEZE, **changes)
    fact, after = judged(by_code, sheet)
    assert reason in refusal(fact)
    assert after.spent == ()
    assert fact.relayed_by is None
    is_of_theirs = changes.get("key", sheet.id) == sheet.id
    assert after.wrong_codes == ({sheet.id: (fact.at,)} if is_of_theirs else {})


def test_after_five_wrong_codes_in_an_hour_none_counts_until_the_first_of_them_is_an_hour_old() -> None:
    """Not even the right one, so that nobody can guess; an hour later the same sheet counts again."""
    by_code, sheet = passkeys.spoken(FREEZE)
    incident = builders.declared()
    for number in range(5):
        guess = by_code.model_copy(update={"id": f"cmd-guess-{number}"})
        fact, incident = judged(guess, sheet, incident)
        assert isinstance(fact.body, CommandRefused)
    fact, incident = judged(by_code, sheet, incident)
    assert "none counts before 23:31 GMT, so sign the order" in refusal(fact)
    hour = timedelta(hours=1)
    late, _ = passkeys.spoken(FREEZE.model_copy(update={"id": "cmd-late", "at": NOW + hour}))
    facts, _ = builders.judged(Order(late, incident, with_sheet(passkeys.spoken(late)[1]), NOW + hour))
    assert facts[0].body.kind == "incident_frozen"


@pytest.mark.parametrize("changes", [{"number": 0}, {"number": CODES + 1}, {"code": "SHORT"}, {"code": "IOIOIOIOIO"}])
def test_what_is_no_code_of_any_sheet_is_no_proof(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        passkeys.spoken(FREEZE, **changes)


def test_which_code_is_asked_for_follows_from_the_order() -> None:
    """So a code that was said for one order is seldom one for another, and every code of the sheet comes up."""
    orders = (FREEZE.model_copy(update={"id": f"cmd-{number}"}) for number in range(1_000))
    assert {number_of(one) for one in orders} == set(range(1, CODES + 1))


def test_a_code_is_for_few_orders_and_only_where_the_trust_says_so() -> None:
    post = Amplify(credit=builders.credit(), text="Please keep away.", posted_at=NOW)
    by_code, sheet = passkeys.spoken(builders.command(post))
    fact, after = judged(by_code, sheet)
    assert "a code that is said is not enough for this order" in refusal(fact)
    assert not after.messages
    by_code, sheet = passkeys.spoken(FREEZE)
    assert "prove nothing here" in faults(by_code, with_sheet(sheet, "refused"))


def test_a_sheet_alone_obliges_nobody_to_sign() -> None:
    """It is for few orders; the others are given as before."""
    order = builders.command(builders.declaration())
    fact, _ = judged(order, passkeys.sheet(), Incident(id="inc-1", mode="live"))
    assert fact.body.kind == "incident_declared"


def test_a_code_that_was_said_in_a_drill_is_none_for_the_same_order_in_live() -> None:
    """The mode is a part of what says which code is asked for, and the drill's order has no place in live."""
    drilled = builders.command(Freeze(reason="wrong place"), mode="training")
    by_code, sheet = passkeys.spoken(drilled)
    fact, after = judged(by_code, sheet, builders.declared("training"))
    assert (fact.body.kind, fact.mode, fact.relayed_by) == ("incident_frozen", "training", builders.WRITER)
    assert after.stops.frozen
    assert number_of(drilled) != number_of(drilled.model_copy(update={"mode": "live"}))
    fact, after = judged(by_code, sheet)
    assert "this order is of mode training" in refusal(fact)
    assert after.stops.frozen is None


def written(incident: Incident | None = None) -> tuple[Incident, SignOff]:
    """An incident with a line that its writer handed in, and the yes to that."""
    drafted = incident or builders.carried_out(builders.declared(), builders.line(), by=builders.WRITER)
    (draft,) = drafted.drafts.values()
    return drafted, SignOff(message_id=draft.id, content_hash=draft.content_hash)


def test_a_yes_to_a_line_may_be_said_to_anybody_but_its_author() -> None:
    """Who wrote the words could read out others, and have a yes to what nobody but they had seen."""
    incident, yes = written()
    by_code, sheet = passkeys.spoken(builders.command(yes))
    fact, after = judged(by_code, sheet, incident)
    assert "wrote or entered what waits here, and cannot read it out for a yes" in refusal(fact)
    assert not after.messages
    by_code, sheet = passkeys.spoken(builders.command(yes), relayed_by=builders.NURSE)
    fact, after = judged(by_code, sheet, incident)
    assert (fact.body.kind, fact.by, fact.relayed_by) == ("message_authorised", COMMANDER, builders.NURSE)
    assert set(after.messages) == {yes.message_id}
    assert not after.entered_by


def test_who_entered_a_line_for_its_author_neither_reads_it_out_nor_signs_it() -> None:
    """They alone know what was typed: the yes takes a third person, and so it is for a correction."""
    register = with_writing_commander()
    command = builders.command(builders.line(), by=COMMANDER)
    by_code, sheet = passkeys.spoken(command, relayed_by=builders.SIGNER)
    people = {**register.people, COMMANDER: register.people[COMMANDER].model_copy(update={"keys": (sheet,)})}
    register = register.model_copy(update={"people": people})
    (fact, *_), incident = builders.judged(Order(by_code, builders.declared(), register, NOW))
    assert fact.body.kind == "line_drafted", fact.body
    assert incident.entered_by == dict.fromkeys(incident.drafts, builders.SIGNER)
    _, yes = written(incident)
    own = builders.command(yes, by=builders.SIGNER)
    (fact, *_), _ = builders.judged(Order(own, incident, register, NOW))
    assert "cannot sign them off: ask another person" in refusal(fact)
    assert isinstance(fact.body, CommandRefused)
    assert register.called(builders.SIGNER) not in fact.body.who_could


def with_writing_commander(sheet: Sheet | None = None) -> Register:
    """The trust where codes count, and where the commander, who has this sheet, may write lines too."""
    plain = with_sheet(sheet or passkeys.sheet())
    commander = builders.person(COMMANDER, *builders.COMMAND_POWERS, Power.DRAFT_LINE, Power.AMPLIFY)
    commander = commander.model_copy(update={"keys": (sheet,) if sheet else ()})
    return plain.model_copy(update={"people": {**plain.people, COMMANDER: commander}})
