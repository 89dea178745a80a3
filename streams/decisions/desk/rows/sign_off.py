"""Orders about the search for a person who signs off, and about the pages that it sends."""

from collections.abc import Iterable

from streams.decisions.authority import turns
from streams.decisions.authority.order import Order
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.lifecycle import CASE_HANDED_ON, CASE_OPEN, DECLARED, ONCE_DECLARED, stay_in
from streams.decisions.sign_off import concerns
from streams.why import because
from streams.words.orders import Giver
from streams.words.sign_off import Acknowledge, Decline, RecordPage, SeekSignOff


def _could_acknowledge(order: Order, body: Acknowledge) -> Iterable[str]:
    search = order.search(body.search_id)
    return concerns.could_take_on(order, search) if search else ()


ROWS = (
    OrderKind(
        body=SeekSignOff,
        words="seek sign off",
        moves=stay_in(DECLARED),
        answer=turns.seek,
        grows=True,
        unsaid=because(
            "unsaid-seek", "anybody on the register may have people asked, also the one who would enter the code"
        ),
        command="seek",
    ),
    OrderKind(
        body=Decline,
        words="decline",
        about=None,
        moves={**ONCE_DECLARED, **stay_in(CASE_OPEN, CASE_HANDED_ON)},
        answer=turns.decline,
        command="decline",
    ),
    OrderKind(
        body=Acknowledge,
        words="acknowledge",
        about=None,
        moves=None,
        answer=concerns.acknowledge,
        who_could=_could_acknowledge,
        command="acknowledge",
    ),
    OrderKind(
        body=RecordPage,
        words="record page",
        about=None,
        given_by=(Giver.ESCALATION,),
        moves=None,
        answer=turns.record,
    ),
)
