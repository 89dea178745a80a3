"""What the incident agent answers to a command: facts, or one fact that refuses it with reasons."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from streams import commands
from streams.changes import ConfirmChange, FoundRegister, ProposeChange, WithdrawChange
from streams.decisions import (
    changing,
    delivering,
    freshness,
    holding_back,
    lifecycle,
    proving,
    releasing,
    searching,
    steering,
    stopping,
)
from streams.decisions.order import Order
from streams.decisions.others import who_else
from streams.decisions.verdict import Refused
from streams.events import CommandRefused, FactBody
from streams.holds import LiftHold, PlaceHold
from streams.searching import Decline, RecordPage, SeekSignOff
from streams.stopping import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft

ANSWERS: Mapping[type, Callable[[Order, Any], Sequence[FactBody]]] = {
    commands.BeginExercise: steering.begin_exercise,
    commands.Report: steering.report,
    commands.Declare: steering.declare,
    commands.StandDown: steering.end,
    commands.Cancel: steering.end,
    commands.NoteSignal: steering.note_signal,
    commands.WithdrawAmplification: steering.withdraw_amplification,
    commands.Release: releasing.release,
    commands.DraftLine: releasing.draft_line,
    commands.SignOff: releasing.sign_off,
    commands.Amplify: releasing.amplify,
    commands.ClaimDelivery: delivering.claim,
    commands.RecordOutcome: delivering.record,
    commands.ResolveDelivery: delivering.resolve,
    commands.Tick: lambda order, body: [*delivering.tick(order, body), *changing.lapsed(order)],
    commands.Propose: releasing.propose,
    PlaceHold: holding_back.place,
    LiftHold: holding_back.lift,
    SeekSignOff: searching.seek,
    Decline: searching.decline,
    RecordPage: searching.record,
    ReturnDraft: stopping.return_draft,
    WithdrawDraft: stopping.withdraw_draft,
    CancelRelease: stopping.cancel_release,
    Freeze: stopping.freeze,
    Resume: stopping.resume,
    ReleaseHeld: stopping.release_held,
    FoundRegister: changing.found,
    ProposeChange: changing.propose,
    ConfirmChange: changing.confirm,
    WithdrawChange: changing.withdraw,
}
OF_MACHINES = (commands.ClaimDelivery, commands.RecordOutcome, RecordPage, commands.Tick)
"""Orders that agents give about deliveries and pages: they hold in every status and repeat safely by their state."""
STATE_BYTES_MAX = 640 * 1024
"""An incident's state is one record, and a log takes a mebibyte; the rest is for yeses, receipts and stopping."""
GROWING = (
    commands.Report,
    commands.DraftLine,
    commands.Propose,
    commands.Amplify,
    commands.NoteSignal,
    SeekSignOff,
)
"""Orders that add to the state and that many may give, so that they alone could fill it."""


def answer(order: Order) -> Sequence[FactBody]:
    """Judge a command against the incident, the registers and the hour; an order answered before gives nothing."""
    given, incident = order.command, order.incident
    if incident.has_heard(given.id):
        return []
    if given.mode != incident.mode:
        return order.refused(
            f"this order is of mode {given.mode} and this worker of mode {incident.mode}: give it where it belongs"
        )
    if misplaced := changing.misplaced(given):
        return order.refused(misplaced)
    if unproven := proving.unproven(order):
        return order.refused(*unproven, who_could=_others(order))
    return _answered(order)


def _others(order: Order) -> Sequence[str] | None:
    """Who else could give this very order; None where more is wrong with it than that it is not proven."""
    wrong = next((one for one in _answered(order) if isinstance(one, CommandRefused)), None)
    return (wrong.who_could if wrong else who_else(order)) or None


def _answered(order: Order) -> Sequence[FactBody]:
    """The answer to an order that its person really gave."""
    given, incident = order.command, order.incident
    if not isinstance(given.body, (*OF_MACHINES, commands.ResolveDelivery)):
        moved = lifecycle.move_incident(incident, given.body.kind)
        if isinstance(moved, Refused):
            return [moved.fact(given.body.kind)]
        if stale := freshness.stale_order(given.at, order.now):
            return order.refused(*stale)
    if isinstance(given.body, GROWING) and len(incident.model_dump_json().encode()) > STATE_BYTES_MAX:
        return order.refused(
            f"the state of {incident.id} has more than {STATE_BYTES_MAX} bytes: declare another incident for what is "
            "new, and mend, stop and end here what went out"
        )
    return ANSWERS[type(given.body)](order, given.body)
