"""Lifecycle: the states of an incident and of a delivery, and how they move. What is not in a table cannot happen.

The moves of an incident stand with each order in the table of orders, `desk/order_table.py`; those of a delivery here.
"""

from collections.abc import Mapping

from streams.decisions.verdict import Refused
from streams.subjects.incident import Status
from streams.words.delivery import DeliveryState

NONE, STANDBY, DECLARED = Status.NONE, Status.STANDBY, Status.DECLARED
CANCELLED, STOOD_DOWN = Status.CANCELLED, Status.STOOD_DOWN

Moves = Mapping[Status, Status]
"""The statuses in which an order may be given, each with the status after it."""


def stay_in(*statuses: Status) -> Moves:
    """An order may be given in these statuses, and leaves them as they are."""
    return {status: status for status in statuses}


def lead_to(after: Status, *statuses: Status) -> Moves:
    """An order may be given in these statuses, and leads to another."""
    return dict.fromkeys(statuses, after)


ONCE_OPEN = stay_in(STANDBY, DECLARED, CANCELLED, STOOD_DOWN)
ONCE_DECLARED = stay_in(DECLARED, CANCELLED, STOOD_DOWN)

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
A message may turn out to be public in any state; that is always recorded.
"""

ADVICE: Mapping[Status, str] = {
    NONE: "no such incident: declare it or hand in a METHANE report first",
    STANDBY: "the incident is on standby: declare it first",
    DECLARED: "the incident is declared already: hand in further METHANE reports with a report",
    CANCELLED: "the incident was cancelled: declare a new one",
    STOOD_DOWN: "the incident was stood down: declare a new one",
}


def move_incident(status: Status, moves: Moves, *, words: str) -> Status | Refused:
    """The status after an order with these moves, or why it cannot be given now; `words` say what it does."""
    after = moves.get(status)
    return Refused([f"cannot {words}: {ADVICE[status]}"]) if after is None else after


def move_delivery(state: DeliveryState, move: str) -> DeliveryState | Refused:
    """The state after this move, or why it cannot be made."""
    after = DELIVERY_MOVES.get((state, move))
    return Refused([f"a delivery that is {state} cannot {move}: look at its facts"]) if after is None else after
