"""Lifecycle: the states of an incident and of a delivery, and every move there is. What is not here cannot happen."""

from collections.abc import Mapping

from streams.decisions.verdict import Refused
from streams.subjects.incident import Incident, Status
from streams.subjects.state import State
from streams.words.delivery import DeliveryState

NONE, STANDBY, DECLARED = Status.NONE, Status.STANDBY, Status.DECLARED
CANCELLED, STOOD_DOWN = Status.CANCELLED, Status.STOOD_DOWN

ONCE_OPEN = ("place_hold", "lift_hold", "freeze", "resume")
ONCE_DECLARED = ("release", "withdraw_amplification", "cancel_release", "release_held")

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
    (DECLARED, "draft_line"): DECLARED,
    (DECLARED, "sign_off"): DECLARED,
    (DECLARED, "propose"): DECLARED,
    (DECLARED, "seek_sign_off"): DECLARED,
    (DECLARED, "decline"): DECLARED,
    (DECLARED, "return_draft"): DECLARED,
    (DECLARED, "withdraw_draft"): DECLARED,
    (DECLARED, "amplify"): DECLARED,
    (DECLARED, "note_signal"): DECLARED,
    **{(status, order): status for status in (STANDBY, DECLARED, CANCELLED, STOOD_DOWN) for order in ONCE_OPEN},
    **{(status, order): status for status in (DECLARED, CANCELLED, STOOD_DOWN) for order in ONCE_DECLARED},
}
"""(status, order) to the status after it. After the end a release may only mend or end: see `message_policy`."""

A, S, N, U = DeliveryState.ASKED, DeliveryState.SENDING, DeliveryState.UNSENT, DeliveryState.UNKNOWN
C, R = DeliveryState.CONFIRMED, DeliveryState.REFUSED

DELIVERY_MOVES: Mapping[tuple[DeliveryState, str], DeliveryState] = {
    (A, "claim"): S,
    (A, "refuse"): R,
    (A, "confirm"): C,
    (S, "confirm"): C,
    (S, "refuse"): R,
    (S, "unsent"): N,
    (S, "unknown"): U,
    (N, "ask"): A,
    (N, "confirm"): C,
    (R, "confirm"): C,
    (N, "refuse"): R,
    (U, "claim"): S,
    (U, "confirm"): C,
    (U, "find absent"): N,
    (U, "unknown"): U,
}
"""(state, move) to the state after it.

Once an attempt ended unknown, a later one cannot refuse or return the delivery: only a look at the channel can.
That a message is public may come to light in any state, and is always recorded.
"""

ADVICE: Mapping[Status, str] = {
    NONE: "no such incident: declare it or hand in a METHANE report first",
    STANDBY: "the incident is on standby: declare it first",
    DECLARED: "the incident is declared already: hand in further METHANE reports with a report",
    CANCELLED: "the incident was cancelled: declare a new one",
    STOOD_DOWN: "the incident was stood down: declare a new one",
}


def move(state: State, order: str) -> Status | Refused | None:
    """The incident's status after this order, or why the order cannot be given now; the register has no status."""
    return move_incident(state, order) if isinstance(state, Incident) else None


def move_incident(incident: Incident, order: str) -> Status | Refused:
    """The status after this order, or why it cannot be given now."""
    after = INCIDENT_MOVES.get((incident.status, order))
    return Refused([f"cannot {order.replace('_', ' ')}: {ADVICE[incident.status]}"]) if after is None else after


def move_delivery(state: DeliveryState, move: str) -> DeliveryState | Refused:
    """The state after this move, or why it cannot be made."""
    after = DELIVERY_MOVES.get((state, move))
    return Refused([f"a delivery that is {state} cannot {move}: look at its facts"]) if after is None else after
