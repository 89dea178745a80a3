"""What the desk answers to a command: facts, or one fact that refuses it with reasons."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from streams.decisions import lifecycle
from streams.decisions.authority import freshness, signatures, turns
from streams.decisions.authority.order import Order
from streams.decisions.desk import incident_orders
from streams.decisions.desk.who_else import who_else
from streams.decisions.register import change_orders
from streams.decisions.release import delivery_orders, release_orders
from streams.decisions.stops import hold_orders, stop_orders
from streams.decisions.verdict import Refused
from streams.subjects.register_log import RegisterLog
from streams.words.delivery import ClaimDelivery, RecordOutcome, ResolveDelivery
from streams.words.facts import CommandRefused, FactBody
from streams.words.holds import LiftHold, PlaceHold
from streams.words.incident import BeginExercise, Cancel, Declare, NoteSignal, Report, StandDown
from streams.words.orders import Tick
from streams.words.register.changes import ConfirmChange, FoundRegister, ProposeChange, WithdrawChange
from streams.words.release import Amplify, DraftLine, Propose, Release, SignOff, WithdrawAmplification
from streams.words.sign_off import Decline, RecordPage, SeekSignOff
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft


def tick(order: Order, body: Tick) -> Sequence[FactBody]:
    """Whatever has fallen due for the subject."""
    return change_orders.lapsed(order) if isinstance(order.state, RegisterLog) else delivery_orders.tick(order, body)


ANSWERS: Mapping[type, Callable[[Order, Any], Sequence[FactBody]]] = {
    BeginExercise: incident_orders.begin_exercise,
    Report: incident_orders.report,
    Declare: incident_orders.declare,
    StandDown: incident_orders.end,
    Cancel: incident_orders.end,
    NoteSignal: incident_orders.note_signal,
    WithdrawAmplification: incident_orders.withdraw_amplification,
    Release: release_orders.release,
    DraftLine: release_orders.draft_line,
    SignOff: release_orders.sign_off,
    Amplify: release_orders.amplify,
    ClaimDelivery: delivery_orders.claim,
    RecordOutcome: delivery_orders.record,
    ResolveDelivery: delivery_orders.resolve,
    Tick: tick,
    Propose: release_orders.propose,
    PlaceHold: hold_orders.place,
    LiftHold: hold_orders.lift,
    SeekSignOff: turns.seek,
    Decline: turns.decline,
    RecordPage: turns.record,
    ReturnDraft: stop_orders.return_draft,
    WithdrawDraft: stop_orders.withdraw_draft,
    CancelRelease: stop_orders.cancel_release,
    Freeze: stop_orders.freeze,
    Resume: stop_orders.resume,
    ReleaseHeld: stop_orders.release_held,
    FoundRegister: change_orders.found,
    ProposeChange: change_orders.propose,
    ConfirmChange: change_orders.confirm,
    WithdrawChange: change_orders.withdraw,
}
OF_MACHINES = (ClaimDelivery, RecordOutcome, RecordPage, Tick)
"""Orders that agents give about deliveries and pages: they hold in every status and repeat safely by their state."""
STATE_BYTES_MAX = 640 * 1024
"""An incident's state is one record, and a log takes a mebibyte; the rest is for yeses, receipts and stopping."""
GROWING = (
    Report,
    DraftLine,
    Propose,
    Amplify,
    NoteSignal,
    SeekSignOff,
)
"""Orders that add to the state and that many may give, so that they alone could fill it."""


def answer(order: Order) -> Sequence[FactBody]:
    """Judge a command against the incident, the registers and the hour; an order answered before gives nothing."""
    given, state = order.command, order.state
    if state.has_heard(given.id) or order.past.has_heard(given.id):
        return []
    if given.mode != state.mode:
        return order.refused(
            f"this order is of mode {given.mode} and this worker of mode {state.mode}: give it where it belongs"
        )
    if misplaced := change_orders.misplaced(given):
        return order.refused(misplaced)
    if unproven := signatures.unproven(order):
        return order.refused(*unproven, who_could=_others(order))
    return _answered(order)


def _others(order: Order) -> Sequence[str] | None:
    """Who else could give this very order; None where more is wrong with it than that it is not proven."""
    wrong = next((one for one in _answered(order) if isinstance(one, CommandRefused)), None)
    return (wrong.who_could if wrong else who_else(order)) or None


def _answered(order: Order) -> Sequence[FactBody]:
    """The answer to an order that its person really gave."""
    given, state = order.command, order.state
    if not isinstance(given.body, (*OF_MACHINES, ResolveDelivery)):
        moved = lifecycle.move(state, given.body.kind)
        if isinstance(moved, Refused):
            return [moved.fact(given.body.kind)]
        if stale := freshness.stale_order(given.at, order.now):
            return order.refused(*stale)
    if isinstance(given.body, GROWING) and len(state.model_dump_json().encode()) > STATE_BYTES_MAX:
        return order.refused(
            f"the state of {state.id} has more than {STATE_BYTES_MAX} bytes: declare another incident for what is "
            "new, and mend, stop and end here what went out"
        )
    return ANSWERS[type(given.body)](order, given.body)
