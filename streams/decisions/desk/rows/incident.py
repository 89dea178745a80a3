"""Orders that open, steer and end an incident."""

from collections.abc import Iterable
from dataclasses import replace

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import who_could
from streams.decisions.desk import incident_orders
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.who_else import with_any
from streams.decisions.lifecycle import CANCELLED, DECLARED, NONE, STANDBY, STOOD_DOWN, lead_to, stay_in
from streams.decisions.listening.influence import note_listed
from streams.decisions.listening.tags.offered import note_tags
from streams.values import Power
from streams.words.incident import BeginExercise, Cancel, Declare, NoteSignal, Reclassify, Rename, Report, StandDown
from streams.words.listening.influence import NoteListed
from streams.words.listening.tags import NoteTags
from streams.words.orders import Giver


def _could_declare(order: Order, body: Declare) -> Iterable[str]:
    act = replace(order.act(Power.DECLARE), type=body.type, level=body.level)
    return who_could(act, order.register)


ROWS = (
    OrderKind(
        body=BeginExercise,
        words="begin exercise",
        given_by=(Giver.DIRECTOR,),
        moves=stay_in(NONE),
        answer=incident_orders.begin_exercise,
    ),
    OrderKind(
        body=Declare,
        words="declare",
        moves=lead_to(DECLARED, NONE, STANDBY),
        answer=incident_orders.declare,
        who_could=_could_declare,
        command="declare",
    ),
    OrderKind(
        body=Report,
        words="report",
        moves={**lead_to(STANDBY, NONE), **stay_in(STANDBY, DECLARED)},
        answer=incident_orders.report,
        grows=True,
        command="report",
    ),
    OrderKind(
        body=Rename,
        words="rename",
        moves=stay_in(DECLARED),
        answer=incident_orders.rename,
        who_could=with_any(Power.DECLARE),
        command="rename",
    ),
    OrderKind(
        body=Reclassify,
        words="reclassify",
        moves=stay_in(DECLARED),
        answer=incident_orders.reclassify,
        who_could=incident_orders.could_reclassify,
        command="reclassify",
    ),
    OrderKind(
        body=StandDown,
        words="stand down",
        moves=lead_to(STOOD_DOWN, STANDBY, DECLARED),
        answer=incident_orders.end,
        who_could=with_any(Power.STAND_DOWN),
        command="stand-down",
    ),
    OrderKind(
        body=Cancel,
        words="cancel",
        moves=lead_to(CANCELLED, STANDBY, DECLARED),
        answer=incident_orders.end,
        who_could=with_any(Power.STAND_DOWN),
        command="cancel",
    ),
    OrderKind(
        body=NoteSignal,
        words="note signal",
        given_by=(Giver.MENTIONS,),
        moves=stay_in(DECLARED),
        answer=incident_orders.note_signal,
        grows=True,
    ),
    OrderKind(
        body=NoteTags,
        words="note tags",
        given_by=(Giver.MENTIONS,),
        moves=stay_in(DECLARED),
        answer=note_tags,
        grows=True,
    ),
    OrderKind(
        body=NoteListed,
        words="note listed",
        given_by=(Giver.MENTIONS,),
        moves=stay_in(DECLARED),
        answer=note_listed,
        grows=True,
    ),
)
