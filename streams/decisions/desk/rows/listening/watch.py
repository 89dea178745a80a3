"""Orders about the watch over what is said of the trust."""

from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.who_else import with_any
from streams.decisions.lifecycle import WATCH_CLOSER, WATCH_NOT_OURS, WATCH_OPEN, lead_to
from streams.decisions.listening.influence import note_listed
from streams.decisions.listening.watch import orders as watch_orders
from streams.values import Power, SubjectKind
from streams.words.listening.influence import NoteListedOfUs
from streams.words.listening.watch import NoteWatch, NotOurs, WatchCloser
from streams.words.orders import Giver

ROWS = (
    OrderKind(
        body=NoteWatch,
        words="note watch",
        about=SubjectKind.WATCH,
        given_by=(Giver.MENTIONS,),
        moves=None,
        answer=watch_orders.note,
    ),
    OrderKind(
        body=NoteListedOfUs,
        words="note listed of us",
        about=SubjectKind.WATCH,
        given_by=(Giver.MENTIONS,),
        moves=None,
        answer=note_listed,
    ),
    OrderKind(
        body=WatchCloser,
        words="watch closer",
        about=SubjectKind.WATCH,
        moves=lead_to(WATCH_CLOSER, WATCH_OPEN, WATCH_CLOSER),
        answer=watch_orders.closer,
        who_could=with_any(Power.DECLARE),
        command="watch closer",
    ),
    OrderKind(
        body=NotOurs,
        words="not ours",
        about=SubjectKind.WATCH,
        moves=lead_to(WATCH_NOT_OURS, WATCH_OPEN, WATCH_CLOSER),
        answer=watch_orders.not_ours,
        who_could=with_any(Power.DECLARE),
        command="watch not-ours",
    ),
)
