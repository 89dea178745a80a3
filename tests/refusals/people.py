"""Refusals for who somebody is and what they may, at this hour and where the incident stands."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from streams.decisions.desk import order_table
from streams.decisions.lifecycle import move_delivery
from streams.decisions.verdict import Refused
from streams.decisions.wording.listed_names import name_print
from streams.subjects.incident import Incident
from streams.values import LIST_MAX, IncidentType, Power
from streams.words.delivery import DeliveryState
from streams.words.facts import FactBody
from streams.words.holds import HeldField, LiftHold, PlaceHold
from streams.words.incident import BeginExercise, Cancel, Reclassify, Rename, Report, StandDown, Wiring
from streams.words.register.entries import Hours
from streams.words.release import Message, Propose, SignOff
from streams.words.sign_off import SeekSignOff
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft
from tests import builders
from tests.builders import COMMANDER, DRILL, INCIDENT, LIVE, NOW, NURSE, OFFICER, SIGNER, WRITER, person
from tests.refusals.case import AWAY, Case, Could, Told, case, told, with_people

NEW = Incident(id=INCIDENT, mode=LIVE)
ON = ("website", "social")
DECLARES = Could((Power.DECLARE,))
RELEASES = Could((Power.RELEASE_HOLDING,), ON)
SIGNS = Could((Power.SIGN_OFF_LINE,), ON, but=WRITER)
COMMANDS = Could((Power.SIGN_OFF_LINE,), ON, among=(COMMANDER,))
STOPS = Could((Power.WITHDRAW, Power.RELEASE_HOLDING, Power.SIGN_OFF_LINE))
RESUMES = Could((Power.RELEASE_HOLDING,))
FREEZE, RESUME = Freeze(reason="we are not sure"), Resume(reason="we are sure")
END = StandDown(reason="over")
RENAME, LOWER = Rename(name="Mill Lane"), Reclassify(level=1, reason="fewer were hurt than we feared")
FIFTY = tuple(f"word {number}" for number in range(LIST_MAX))


def drafted(**changes: Any) -> tuple[Incident, Message]:
    """A line that waits for its sign-off."""
    incident = builders.carried_out(builders.declared(), builders.line(**changes), by=WRITER)
    return incident, next(iter(incident.drafts.values()))


def yes_to(draft: Message) -> SignOff:
    return SignOff(message_id=draft.id, content_hash=draft.content_hash)


def holders(name: str, **bounds: Any) -> dict[str, Any]:
    """An order by the nurse, who may do so only within these bounds; the director may."""
    return {"by": NURSE, "register": with_people(person(NURSE, Power.DECLARE, **bounds)), "could": DECLARES, "id": name}


def reported() -> Incident:
    return builders.carried_out(NEW, Report(methane=builders.methane()))


def settled() -> Incident:
    """Both deliveries of a release are public."""
    incident = builders.released()
    for name in incident.deliveries:
        public = builders.outcome(incident, "confirmed").model_copy(update={"delivery_id": name})
        incident = builders.carried_out(incident, public, by="publishing-agent")
    return incident


def many_holds() -> Incident:
    incident = builders.declared()
    for number in range(50):
        incident = builders.carried_out(incident, PlaceHold(field=HeldField.CAUSE, about=f"matter {number}"))
    return incident


def filled() -> Sequence[FactBody]:
    """A report to an incident whose state has no room for another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order_table, "STATE_BYTES_MAX", 100)
        return order_table.answer(builders.order(Report(methane=builders.methane()), reported(), NURSE))


def confirmed_claimed() -> Told:
    moved = move_delivery(DeliveryState.CONFIRMED, "claim")
    return [moved] if isinstance(moved, Refused) else []


DRAFTED, DRAFT = drafted()
ENTERED = DRAFTED.model_copy(update={"entered_by": {DRAFT.id: SIGNER}})
"""The same, as its author said it on the telephone to the person who signs."""
RETURN = ReturnDraft(message_id=DRAFT.id, reason="say where")
TAKE_BACK = WithdrawDraft(message_id=DRAFT.id, reason="not needed")
RELEASED = builders.released()
CANCEL = CancelRelease(message_id=next(iter(RELEASED.messages)), reason="wrong place")
FROZEN = builders.carried_out(RELEASED, FREEZE)
RESUMED = builders.carried_out(FROZEN, RESUME)
HELD = ReleaseHeld(delivery_id=builders.first_delivery(RELEASED))
NOBODY_ELSE = builders.register(people={NURSE: person(NURSE)})

WHERE_IT_STANDS: tuple[Case, ...] = (
    case("this order is of mode exercise-1", builders.holding(), mode=DRILL),
    case("the order is 60 minutes old", builders.holding(), at=NOW - timedelta(hours=1)),
    case("which lies ahead: set the clock", builders.holding(), at=NOW + timedelta(hours=1)),
    case("no such incident: declare it", builders.holding(), NEW),
    case("on standby: declare it first", builders.line(), reported()),
    case("cannot seek sign off: the incident is on standby", SeekSignOff(message_id="msg-1"), reported()),
    case("the incident is declared already", builders.declaration(), id="again"),
    case("was cancelled: declare a new one", builders.line(), builders.carried_out(RELEASED, Cancel(reason="no"))),
    case("was stood down: declare a new one", builders.line(), builders.carried_out(RELEASED, END)),
    told("a delivery that is confirmed cannot claim", confirmed_claimed),
    told("has more than 100 bytes: declare another incident", filled),
)
AUTHORITY: tuple[Case, ...] = (
    case("stranger is not on the register: ask somebody", builders.holding(), by="stranger", could=RELEASES),
    case("has no power to release-holding", builders.holding(), by=NURSE, could=RELEASES),
    case(
        "is marked away: ask the deputy",
        builders.declaration(),
        NEW,
        by=NURSE,
        register=with_people(person(NURSE, Power.DECLARE).model_copy(update={"away": AWAY})),
        could=DECLARES,
    ),
    case("for critical incidents only", builders.declaration(), NEW, **holders("t", types=(IncidentType.CRITICAL,))),
    case("at level 1, 2 only, this is", builders.declaration(), NEW, **holders("l", levels=(1, 2))),
    case("in hours only, which it is not", builders.declaration(), NEW, **holders("h", hours=Hours.IN_HOURS)),
    case(
        "out of hours only, which it is not",
        builders.declaration(),
        NEW,
        by=NURSE,
        now=NOW + timedelta(hours=14),
        id="o",
        register=with_people(person(NURSE, Power.DECLARE, hours=Hours.OUT_OF_HOURS)),
        could=DECLARES,
    ),
    case("is not on the rota on-call now", builders.declaration(), NEW, **holders("r", rota="on-call")),
    case(
        "on website only, not on social",
        builders.holding(),
        by=NURSE,
        register=with_people(person(NURSE, Power.RELEASE_HOLDING, channels=("website",))),
        could=RELEASES,
    ),
    case("nobody on the register can do this", builders.holding(), by=NURSE, register=NOBODY_ELSE, could=RELEASES),
)
STEERING: tuple[Case, ...] = (
    case("a live worker plays no exercises", BeginExercise(title="Night", wiring=()), NEW),
    case(
        "publishes in mode live, not in exercise-1",
        BeginExercise(title="Night", wiring=(Wiring(channel="website", kind="memory", mode=LIVE),)),
        Incident(id=INCIDENT, mode=DRILL),
    ),
    case(
        "holds a credential of mode live",
        BeginExercise(
            title="Night", wiring=(Wiring(channel="website", kind="memory", mode=DRILL, credential_mode=LIVE),)
        ),
        Incident(id=INCIDENT, mode=DRILL),
    ),
    case(
        "and 10 reasons more: mend these first",
        BeginExercise(title="Night", wiring=tuple(Wiring(channel=f"c{n}", kind="x", mode=LIVE) for n in range(30))),
        Incident(id=INCIDENT, mode=DRILL),
    ),
    case("have somebody who is hand the report in", Report(methane=builders.methane()), NEW, by="stranger"),
    case("an ETHANE report", builders.declaration(methane=builders.methane(major_incident=False)), NEW),
    case("has no power to stand-down", END, by=NURSE, could=Could((Power.STAND_DOWN,))),
    case("has no power to stand-down", Cancel(reason="no"), by=NURSE, could=Could((Power.STAND_DOWN,))),
    case("have somebody who is propose it", Propose(release=builders.holding()), by="stranger"),
    case("has no power to declare", RENAME, by=NURSE, could=DECLARES),
    case("called that already: nothing is to be done", Rename(name="Ashby coach crash")),
    case("its old name would be lost: keep the name", RENAME, builders.declared(words=FIFTY)),
    case("has no power to declare", LOWER, by=NURSE, could=DECLARES),
    case("at level 1 only, this is level 4", LOWER, **{**holders("low", levels=(1,)), "could": DECLARES}),
    case("at level 4 only, this is level 1", LOWER, **{**holders("high", levels=(4,)), "could": DECLARES}),
    case("it is major level 4 already: give another", Reclassify(level=4, reason="more is known")),
    case("it is major level 4 already: give another", Reclassify(reason="more is known")),
)
SIGNING: tuple[Case, ...] = (
    case("has no power to draft-line", builders.line(), by=NURSE, could=Could((Power.DRAFT_LINE,), ON)),
    case("no draft msg-none waits for sign-off", SignOff(message_id="msg-none", content_hash="")),
    case("its hash differs", SignOff(message_id=DRAFT.id, content_hash="other"), DRAFTED),
    case("who wrote a line cannot sign it off", yes_to(DRAFT), DRAFTED, by=WRITER, could=SIGNS),
    case("who entered the words that", yes_to(DRAFT), ENTERED, by=SIGNER, could=COMMANDS, id="own"),
    case("has no power to sign-off-line", yes_to(DRAFT), DRAFTED, by=NURSE, could=SIGNS),
    case(
        "the message expired at",
        yes_to(drafted(expires_at=NOW + timedelta(minutes=1))[1]),
        drafted(expires_at=NOW + timedelta(minutes=1))[0],
        now=NOW + timedelta(minutes=2),
        at=NOW + timedelta(minutes=2),
    ),
    case("these words are out, were out, or are on their way on", builders.holding(), RELEASED, id="again"),
    case("was returned by", yes_to(DRAFT), builders.carried_out(DRAFTED, RETURN)),
    case(
        "cannot sign off: the incident was stood down",
        yes_to(DRAFT),
        builders.carried_out(DRAFTED, END),
    ),
    case(
        "was signed off by Test Director On Call (Director On Call) at 22:31:00 GMT",
        yes_to(DRAFT),
        builders.carried_out(DRAFTED, yes_to(DRAFT)),
        by=SIGNER,
    ),
)
STOPPING: tuple[Case, ...] = (
    case("no draft msg-none waits", ReturnDraft(message_id="msg-none", reason="no")),
    case("who wrote a draft does not return it", RETURN, DRAFTED, by=WRITER, could=SIGNS),
    case("has no power to sign-off-line", RETURN, DRAFTED, by=NURSE, could=SIGNS),
    case("was returned by", TAKE_BACK, builders.carried_out(DRAFTED, RETURN)),
    case("no power to withdraw", TAKE_BACK, DRAFTED, by=NURSE, could=Could((Power.WITHDRAW,), also=(WRITER,))),
    case("no message msg-none was released", CancelRelease(message_id="msg-none", reason="no")),
    case("was cancelled by", CANCEL, builders.carried_out(RELEASED, CANCEL), id="again"),
    case(
        "has no power to withdraw",
        CANCEL,
        RELEASED,
        by=NURSE,
        could=Could(STOPS.powers, ON, any_channel=True),
    ),
    case(
        "is on its way any more: release a withdrawal",
        CANCEL,
        settled(),
        could=Could((Power.WITHDRAW,), ON, same=False),
    ),
    case("has no power to withdraw", FREEZE, by=NURSE, could=STOPS),
    case("nothing more is to be done", FREEZE, FROZEN, id="again"),
    case("has no power to release-holding", RESUME, FROZEN, by=SIGNER, could=RESUMES),
    case("the incident is not frozen", RESUME),
    case(
        "only a withdrawal or correction goes out",
        builders.holding(),
        FROZEN,
        id="more",
        could=Could(RESUMES.powers, same=False),
    ),
    case("those that are: none", HELD, RELEASED),
    case(
        "only a withdrawal or correction goes out",
        HELD,
        builders.carried_out(RESUMED, FREEZE, id="twice"),
        could=Could(RESUMES.powers, same=False),
    ),
    case("has no power to release-holding", HELD, RESUMED, by=NURSE, could=Could((Power.RELEASE_HOLDING,), ON[:1])),
)
CASUALTIES = builders.hold(
    id="casualties", field=HeldField.CASUALTIES, about="how many were hurt", holders=(COMMANDER,)
)
HOLDS = builders.register(holds={"cause": builders.hold(), "casualties": CASUALTIES})
LIFT = LiftHold(hold="cause", reason="the inquest said it")
LIFTS = Could((Power.LIFT_HOLD,), among=(COMMANDER, OFFICER))
NAMES = (name_print("Alun Prys", "salt"),)


def hold(**changes: Any) -> PlaceHold:
    return PlaceHold(**{"field": HeldField.CAUSE, "about": "why it happened", **changes})


HOLDING_BACK: tuple[Case, ...] = (
    case(
        "no power to withdraw",
        hold(),
        by=NURSE,
        could=Could((Power.WITHDRAW, Power.LIFT_HOLD)),
        register=with_people(person(SIGNER, Power.LIFT_HOLD)),
    ),
    case("this incident has 50 holds already", hold(), many_holds()),
    case("names are held back as names", hold(names=NAMES)),
    case(
        "it names a person: say it without",
        hold(field=HeldField.NAMES, names=NAMES, salt="salt", about="that Alun Prys drove"),
    ),
    case("gone is not on the register: name who may lift it", hold(holders=("gone", COMMANDER))),
    case("is granted to anybody: name who may lift it", hold(field=HeldField.NAMES)),
    case("is granted to Test Comms Lead (Comms Lead): name who may lift it", hold(holders=(WRITER,))),
    case(
        "have somebody be granted lift-hold first",
        hold(),
        register=with_people(*(person(one, Power.WITHDRAW) for one in (COMMANDER, OFFICER))),
    ),
    case("no hold weather is in force", LiftHold(hold="weather", reason="no")),
    case("the hold cause is lifted by", LIFT, by=WRITER, could=LIFTS),
    case("in hours only", LIFT, by=OFFICER, could=LIFTS),
    case("name the post of theirs that said it", LiftHold(hold="casualties", reason="no"), register=HOLDS),
)
PEOPLE = (*WHERE_IT_STANDS, *AUTHORITY, *STEERING, *SIGNING, *STOPPING, *HOLDING_BACK)
