"""Lifecycle: the states of incidents, cases, posts and deliveries, and how they move: no move is outside a table.

The moves of an incident, a case, a planned post and the watch are with each order in the table of orders,
`desk/order_table.py`; those of a delivery are here.
"""

from collections.abc import Mapping

from streams.decisions.advice import advice
from streams.decisions.verdict import Refused
from streams.subjects.case import Case, CaseStatus
from streams.subjects.incident import Incident, Status
from streams.subjects.listening.watch import TrustWatch, WatchStatus
from streams.subjects.plan import Plan, PlanStatus
from streams.subjects.state import State
from streams.why import because
from streams.words.delivery import DeliveryState

NONE, STANDBY, DECLARED = Status.NONE, Status.STANDBY, Status.DECLARED
CANCELLED, STOOD_DOWN = Status.CANCELLED, Status.STOOD_DOWN

CASE_NONE, CASE_OPEN, CASE_HANDED_ON = CaseStatus.NONE, CaseStatus.OPEN, CaseStatus.HANDED_ON
CASE_CHECKING, CASE_ANSWERED, CASE_CLOSED = CaseStatus.CHECKING, CaseStatus.ANSWERED, CaseStatus.CLOSED

WATCH_OPEN, WATCH_CLOSER, WATCH_NOT_OURS = WatchStatus.OPEN, WatchStatus.CLOSER, WatchStatus.NOT_OURS

AnyStatus = Status | CaseStatus | PlanStatus | WatchStatus
Moves = Mapping[AnyStatus, AnyStatus]
"""The statuses in which an order may be given, each with the status after it."""


def stay_in(*statuses: AnyStatus) -> Moves:
    """An order may be given in these statuses, and leaves them as they are."""
    return {status: status for status in statuses}


def lead_to(after: AnyStatus, *statuses: AnyStatus) -> Moves:
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
    (A, "pace"): N,
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


def stuck(state: State, moves: Moves, *, words: str) -> Refused | None:
    """Why an order with these moves cannot be given now; None if it can, or if its subject has no status.

    `words` say what the order does.
    """
    if not isinstance(state, Incident | Case | Plan | TrustWatch) or state.status in moves:
        return None
    return Refused([because("stuck", "cannot {words}: {advice}", words=words, advice=advice(state))])


def move_delivery(state: DeliveryState, move: str) -> DeliveryState | Refused:
    """The state after this move, or why it cannot be made."""
    after = DELIVERY_MOVES.get((state, move))
    return Refused([f"a delivery that is {state} cannot {move}: look at its facts"]) if after is None else after
