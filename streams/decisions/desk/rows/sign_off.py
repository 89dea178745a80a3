"""Orders about the search for a person who signs off, and about the pages that it sends."""

from streams.decisions.authority import turns
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.lifecycle import DECLARED, ONCE_DECLARED, stay_in
from streams.words.orders import Giver
from streams.words.sign_off import Decline, RecordPage, SeekSignOff

ROWS = (
    OrderKind(
        body=SeekSignOff,
        words="seek sign off",
        moves=stay_in(DECLARED),
        answer=turns.seek,
        grows=True,
        command="seek",
    ),
    OrderKind(
        body=Decline,
        words="decline",
        moves=ONCE_DECLARED,
        answer=turns.decline,
        command="decline",
    ),
    OrderKind(
        body=RecordPage,
        words="record page",
        given_by=(Giver.ESCALATION,),
        moves=None,
        answer=turns.record,
    ),
)
