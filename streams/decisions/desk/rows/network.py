"""Orders about the responders' network: who is in, who leads, and which steps of the crisis process are done."""

from streams.decisions.desk import network_orders
from streams.decisions.desk.network_orders import MAY_KEEP
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.who_else import with_any
from streams.decisions.lifecycle import DECLARED, ONCE_DECLARED, STANDBY, stay_in
from streams.decisions.plans import server_posts
from streams.words.network.orders import BringIn, RecordPause, SetLead, TakeOut, TickStep, UntickStep
from streams.words.orders import Giver

ROWS = (
    OrderKind(
        body=BringIn,
        words="bring in",
        moves=stay_in(STANDBY, DECLARED),
        answer=network_orders.bring_in,
        who_could=with_any(*MAY_KEEP),
        command="responder-in",
    ),
    OrderKind(
        body=TakeOut,
        words="take out",
        moves=stay_in(STANDBY, DECLARED),
        answer=network_orders.take_out,
        who_could=with_any(*MAY_KEEP),
        command="responder-out",
    ),
    OrderKind(
        body=SetLead,
        words="set lead",
        moves=stay_in(STANDBY, DECLARED),
        answer=network_orders.set_lead,
        who_could=with_any(*MAY_KEEP),
        command="set-lead",
    ),
    OrderKind(
        body=TickStep,
        words="tick step",
        moves=ONCE_DECLARED,
        answer=network_orders.tick_step,
        who_could=with_any(*MAY_KEEP),
        command="tick",
    ),
    OrderKind(
        body=UntickStep,
        words="untick step",
        moves=ONCE_DECLARED,
        answer=network_orders.untick_step,
        who_could=with_any(*MAY_KEEP),
        command="untick",
    ),
    OrderKind(
        body=RecordPause,
        words="record pause",
        given_by=(Giver.PAUSING,),
        moves=None,
        answer=server_posts.record_pause,
    ),
)
