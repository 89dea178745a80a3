"""What is not in the tables cannot happen; and what is, the fold does."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

from streams.decisions.advice import ADVICE
from streams.decisions.channels.resolution import MOVE_FOR
from streams.decisions.desk.order_table import ORDERS, answer
from streams.decisions.lifecycle import DELIVERY_MOVES, move_delivery, stuck
from streams.decisions.verdict import Refused
from streams.subjects.incident import Incident, Status
from streams.values import Power, Purpose, SubjectKind
from streams.words.delivery import (
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryPaced,
    DeliveryRefused,
    DeliveryState,
    DeliveryUnknown,
    DeliveryUnsent,
    RecordOutcome,
)
from streams.words.facts import FactBody
from streams.words.holds import HeldField, LiftHold, PlaceHold
from streams.words.incident import BeginExercise, Cancel, NoteSignal, Reclassify, Rename, Report, StandDown
from streams.words.influence.entries import InfluenceCategory
from streams.words.listening.influence import NoteListed
from streams.words.listening.stories import DecideNotToAnswer, NoteStoryCourse
from streams.words.listening.stories_noted import NotedStories, NotedStory
from streams.words.listening.tags import NoteTags, TagUse
from streams.words.network.orders import (
    BringIn,
    ResponderJoined,
    SetLead,
    StepTicked,
    TakeOut,
    TickStep,
    UntickStep,
)
from streams.words.orders import CommandBody
from streams.words.register.accounts import PartnerStopped
from streams.words.release import Amplify, DeleteMessage, NotePostChange, RecordByHand, SignOff
from streams.words.sign_off import Decline, SeekSignOff
from streams.words.stops import (
    CancelRelease,
    Freeze,
    IncidentFrozen,
    IncidentResumed,
    ReleaseHeld,
    Resume,
    ResumePartner,
    ReturnDraft,
    StopPartner,
    WithdrawDraft,
)
from tests import builders, responding, searches, storytelling
from tests.builders import COMMANDER, DRILL, LIVE, NOW, WRITER


def kind_of(order: Any) -> str:
    return str(order.model_fields["kind"].default)


NONE, STANDBY, DECLARED, CANCELLED, STOOD_DOWN = Status
OF_THE_REGISTER = (
    "found_register",
    "propose_change",
    "confirm_change",
    "withdraw_change",
    "approve_content",
    "note_files",
    "note_unconfirmed",
    "note_risks",
    "note_route",
    "note_feed",
    "note_sign_ins",
    "note_look_alike",
    "settle_look_alikes",
)
WHILE_OPEN = ("bring_in", "take_out", "set_lead")
ONCE_OPEN = ("place_hold", "lift_hold", "freeze", "resume")
ONCE_DECLARED = (
    *("release", "note_post_change", "cancel_release", "release_held", "sign_off", "decline"),
    *("draft_line", "return_draft", "withdraw_draft", "record_by_hand", "delete_message"),
    *("tick_step", "untick_step"),
    *("note_story_course", "decide_not_to_answer"),
)
WHILE_DECLARED = (
    *("propose", "seek_sign_off", "rename", "reclassify", "amplify", "note_signal"),
    *("note_tags", "note_listed"),
    *("stop_partner", "resume_partner"),
    *("note_story", "propose_rebuttal"),
)
IN_EVERY_STATUS = (
    *(
        "acknowledge",
        "claim_delivery",
        "record_outcome",
        "resolve_delivery",
        "done_by_hand",
        "record_page",
        "record_briefing",
        "record_pause",
        "tick",
    ),
)
INCIDENT_MOVES: Mapping[tuple[Status, str], Status] = {
    (NONE, "begin_exercise"): NONE,
    (NONE, "report"): STANDBY,
    (STANDBY, "report"): STANDBY,
    (DECLARED, "report"): DECLARED,
    (NONE, "declare"): DECLARED,
    (STANDBY, "declare"): DECLARED,
    (STANDBY, "cancel"): CANCELLED,
    (DECLARED, "cancel"): CANCELLED,
    (STANDBY, "stand_down"): STOOD_DOWN,
    (DECLARED, "stand_down"): STOOD_DOWN,
    **{(DECLARED, order): DECLARED for order in WHILE_DECLARED},
    **{(status, order): status for status in (STANDBY, DECLARED) for order in WHILE_OPEN},
    **{(status, order): status for status in (STANDBY, DECLARED, CANCELLED, STOOD_DOWN) for order in ONCE_OPEN},
    **{(status, order): status for status in (DECLARED, CANCELLED, STOOD_DOWN) for order in ONCE_DECLARED},
}
"""Every move of an incident, written down a second time: what the table of orders is held against."""
ELSEWHERE = {SubjectKind.CASE, SubjectKind.PLAN, SubjectKind.ACCOUNT, SubjectKind.WATCH}
ROWS = {kind_of(body): kind for body, kind in ORDERS.items() if kind.about not in ELSEWHERE}
STEERED = sorted(ROWS.keys() - {*IN_EVERY_STATUS, *OF_THE_REGISTER})
DELIVERY_ENDS = {
    "ask": "asked",
    "claim": "sending",
    "confirm": "confirmed",
    "refuse": "refused",
    "unsent": "unsent",
    "pace": "unsent",
    "find absent": "unsent",
    "unknown": "unknown",
}


LINE = "The coach crash at Ashby Junction at 22:15. Next by 23:30."
FROZEN = IncidentFrozen(reason="wait", rule="r")
STOPPED = PartnerStopped(partner="ambulance", partner_name="Vale Ambulance", reason="too many posts")


def standing(status: Status, mode: str = LIVE, *, kind: str = "") -> Incident:
    """An incident of this status with everything in it that an order, for some of a certain kind, may need."""
    incident = builders.declared(mode)
    if status is not Status.NONE:
        incident = builders.carried_out(incident, builders.line(), by=WRITER)
        credited = Amplify(credit=builders.credit(), text="Crews are here.", posted_at=NOW)
        incident = builders.carried_out(incident, credited, by="amplification-agent")
        incident = builders.after(incident, [searches.sought()])
        resumed = IncidentResumed(reason="go on", rule="r", held=tuple(incident.deliveries))
        before: dict[str, list[FactBody]] = {
            "resume": [FROZEN],
            "release_held": [FROZEN, resumed],
            "resume_partner": [STOPPED],
            "take_out": [ResponderJoined(responder="police", name="Vale Police", rule="r")],
            "untick_step": [StepTicked(step="debrief", title="Do debrief", rule="r")],
        }
        incident = builders.after(incident, before.get(kind, []))
        answers = ("msg-story",) if kind == "note_story_course" else ()
        told = NotedStory(story=3, counts=storytelling.counts(9), answers=answers)
        incident = incident.model_copy(update={"stories": NotedStories(known={3: told})})
        network = incident.network.model_copy(update={"steps": tuple(responding.steps().values())})
        incident = incident.model_copy(update={"network": network})
    return incident.model_copy(update={"status": status})


def orders(incident: Incident) -> dict[str, CommandBody]:
    """One order of every kind that would be carried out, were the status right."""
    draft = next(iter(incident.drafts.values()), None)
    message, delivery = next(iter(incident.messages), "none"), next(iter(incident.deliveries), "none")
    # A draft is signed off while the incident goes on; a matter is decided after it, too.
    search = next(iter(incident.searches.values()), None)
    runs = incident.status is Status.DECLARED
    signing = (draft.id, draft.content_hash) if draft and runs else None
    name, content_hash = signing or ((search.id, search.matter_hash()) if search else ("none", ""))
    purpose = Purpose.HOLDING if incident.status is Status.DECLARED else Purpose.ALL_CLEAR
    found: list[CommandBody] = [
        BeginExercise(title="Drill", wiring=()),
        Report(methane=builders.methane()),
        builders.declaration(),
        Cancel(reason="never was"),
        StandDown(reason="over"),
        Rename(name="Mill Lane coach crash"),
        Reclassify(level=1, reason="fewer were hurt than we feared"),
        builders.holding(purpose=purpose),
        # After the end a line may only correct.
        builders.line(texts={"en": LINE}, follows=None if runs else message),
        SignOff(message_id=name, content_hash=content_hash),
        Amplify(credit=builders.credit(post_id="post-2"), text="More crews are here.", posted_at=NOW),
        NotePostChange(credit=builders.credit(), change="deleted"),
        NoteSignal(signal="surge", minute=NOW, count=30),
        storytelling.note(people=30),
        NoteStoryCourse(story=3, message_id="msg-story", people_before=9, people_after=2),
        storytelling.rebuttal(answer=builders.holding()),
        DecideNotToAnswer(story=3, reason="It says nothing of us."),
        NoteListed(category=InfluenceCategory.MP, posts=2, since=NOW),
        NoteTags(tags=(TagUse(tag="#helyg", people=9, minutes=10),)),
        searches.proposal(),
        SeekSignOff(matter="May we answer the paper?", chain="police"),
        Decline(search_id="srch-1", reason="not me"),
        PlaceHold(field=HeldField.CAUSE, about="why it happened"),
        LiftHold(hold="cause", reason="the police said why"),
        ReturnDraft(message_id=draft.id if draft else "none", reason="say where"),
        WithdrawDraft(message_id=draft.id if draft else "none", reason="not needed"),
        CancelRelease(message_id=message, reason="wrong place"),
        Freeze(reason="we are not sure"),
        Resume(reason="we are sure"),
        ReleaseHeld(delivery_id=delivery),
        StopPartner(partner="ambulance", reason="the account may not be theirs"),
        ResumePartner(partner="ambulance", reason="the account is theirs"),
        BringIn(responder="police"),
        TakeOut(responder="police", reason="they left"),
        SetLead(responder="police"),
        TickStep(step="debrief"),
        UntickStep(step="debrief", reason="it was another one"),
        RecordByHand(said_yes=COMMANDER, texts={"en": "We wrote this."}, links={"website": ""}, put_at=NOW),
        DeleteMessage(message_id=next(iter(incident.messages), "msg-none")),
    ]
    return {one.kind: one for one in found}


def test_there_is_an_order_of_every_kind_here() -> None:
    """A new order cannot be forgotten in these tests."""
    assert sorted(orders(builders.declared())) == STEERED


@pytest.mark.parametrize(("status", "kind"), list(product(Status, ROWS)))
def test_an_incident_moves_exactly_as_it_is_written_down_here(status: Status, kind: str) -> None:
    """No row of the table lets an order pass that is not in the list above, nor lets it lead elsewhere."""
    moves = ROWS[kind].moves
    assert (moves is None) is (kind in IN_EVERY_STATUS)
    assert (moves or {}).get(status) is INCIDENT_MOVES.get((status, kind))


@pytest.mark.parametrize(("status", "kind"), list(product(Status, STEERED)))
def test_an_order_is_carried_out_exactly_where_the_table_has_it(status: Status, kind: str) -> None:
    """Every status with every order: a refusal with advice where the table has nothing, else the table's status."""
    mode = DRILL if kind == "begin_exercise" else LIVE
    incident = standing(status, mode, kind=kind)
    by = {"draft_line": WRITER, "release_held": WRITER, "amplify": "amplification-agent"}.get(kind, COMMANDER)
    decides = searches.reachable(builders.person(COMMANDER, *builders.COMMAND_POWERS, Power.REPORT_TO_POLICE))
    told = searches.register(searches.matter_chain(), people={**searches.people(), COMMANDER: decides})
    told = told.model_copy(update={"responders": responding.responders()})
    if kind == "delete_message":
        plays = {"options": {"plays": "bluesky"}}
        deletes = {name: one.model_copy(update=plays) for name, one in told.channels.items()}
        told = told.model_copy(update={"channels": deletes})
    order = builders.order(orders(incident)[kind], incident, by, id="cmd-now", register=told)
    bodies = answer(order)
    after = builders.after(incident, bodies, order.command).status
    if (status, kind) in INCIDENT_MOVES:
        assert "command_refused" not in builders.kinds(bodies)
        assert after is INCIDENT_MOVES[status, kind]
    else:
        assert ADVICE[status] in builders.reasons(bodies)
        assert after is status


@pytest.mark.parametrize(("status", "kind"), list(product(Status, STEERED)))
def test_a_refused_move_of_an_incident_says_what_to_do(status: Status, kind: str) -> None:
    """The table and its advice are complete."""
    incident = Incident(id=builders.INCIDENT, mode=LIVE, status=status)
    moved = stuck(incident, ROWS[kind].moves or {}, words=ROWS[kind].words)
    assert isinstance(moved, Refused) is ((status, kind) not in INCIDENT_MOVES)
    if isinstance(moved, Refused):
        assert ": " in moved.reasons[0]


@pytest.mark.parametrize(("state", "move"), list(product(DeliveryState, DELIVERY_ENDS)))
def test_a_delivery_moves_exactly_as_the_table_says(state: DeliveryState, move: str) -> None:
    """Nothing but the table's moves; and each leads where the fact of that name leads the fold."""
    moved = move_delivery(state, move)
    if (state, move) not in DELIVERY_MOVES:
        assert isinstance(moved, Refused)
        return
    assert moved == DELIVERY_MOVES[state, move] == DELIVERY_ENDS[move]
    incident = in_state(state)
    folded = builders.after(incident, [fact_of(move, incident)])
    assert folded.deliveries[builders.first_delivery(incident)].state is moved


def test_every_outcome_that_can_be_reported_is_a_move_of_the_table() -> None:
    """Reports and moves have the same words."""
    outcomes = RecordOutcome.model_fields["outcome"].annotation
    assert set(MOVE_FOR) == set(outcomes.__args__)  # type: ignore[union-attr] # a Literal
    assert (
        set(MOVE_FOR.values()) | {"ask", "claim", "pace"} == {move for _, move in DELIVERY_MOVES} == set(DELIVERY_ENDS)
    )


def test_what_is_confirmed_stays_confirmed() -> None:
    """No move leads away from it: what is public is not forgotten."""
    assert not [move for move in DELIVERY_MOVES if move[0] is DeliveryState.CONFIRMED]


def in_state(state: DeliveryState) -> Incident:
    incident = builders.released()
    name = builders.first_delivery(incident)
    delivery = incident.deliveries[name].model_copy(update={"state": state})
    return incident.model_copy(update={"deliveries": {**incident.deliveries, name: delivery}})


def fact_of(move: str, incident: Incident) -> FactBody:
    """The fact that records a move, as the decisions write it."""
    name = builders.first_delivery(incident)
    delivery = incident.deliveries[name]
    claimed = answer(builders.order(builders.claim(builders.released()), builders.released()))[0]
    assert isinstance(claimed, DeliveryClaimed)
    unsent = DeliveryUnsent(delivery_id=name, attempt=1, reason="r", retry_at=NOW)
    unknown = DeliveryUnknown(
        delivery_id=name, attempt=1, looks=0, reason="r", look_again_at=NOW, dispatch=claimed.dispatch
    )
    paced = DeliveryPaced(delivery_id=name, channel=delivery.channel, attempt=1, reason="r", retry_at=NOW)
    facts: dict[str, FactBody] = {
        "pace": paced,
        "ask": DeliveryAsked(delivery_id=name, message_id=delivery.message_id, channel=delivery.channel, attempt=2),
        "claim": claimed,
        "confirm": DeliveryConfirmed(delivery_id=name),
        "refuse": DeliveryRefused(delivery_id=name, reason="r"),
        "unsent": unsent,
        "find absent": unsent,
        "unknown": unknown,
    }
    return facts[move]
