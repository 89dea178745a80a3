"""Orders that let words out: from a template, as a line, or of a partner."""

from collections.abc import Iterable

from streams.decisions.authority.order import Order
from streams.decisions.authority.turns import could_decide, could_say_yes
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.who_else import with_powers
from streams.decisions.lifecycle import DECLARED, ONCE_DECLARED, stay_in
from streams.decisions.release import afterwards, amplification, lines, release_orders, take_backs
from streams.decisions.verdict import Refused
from streams.values import Power
from streams.why import because
from streams.words.orders import Giver
from streams.words.release import (
    Amplify,
    DeleteMessage,
    DraftLine,
    NotePostChange,
    Propose,
    RecordByHand,
    Release,
    SignOff,
)


def _could_release(order: Order, body: Release) -> Iterable[str]:
    message = release_orders.prepared(order, body)
    return () if isinstance(message, Refused) else could_say_yes(order, message, but=None)


def _could_draft(order: Order, body: DraftLine) -> Iterable[str]:
    return with_powers(order, [Power.DRAFT_LINE], channels=body.channels)


def _could_sign_off(order: Order, body: SignOff) -> Iterable[str]:
    if draft := order.incident.drafts.get(body.message_id):
        return could_say_yes(order, draft, but=order.incident.drafted_by[draft.id])
    search = order.search(body.message_id)
    return could_decide(order, search) if search else ()


def _could_amplify(order: Order, body: Amplify) -> Iterable[str]:
    return with_powers(order, [Power.AMPLIFY], channels=order.register.partners[body.credit.partner].channels)


def _could_record(order: Order, body: RecordByHand) -> Iterable[str]:
    return with_powers(order, [Power.RESOLVE_DELIVERY], channels=tuple(body.links))


def _could_delete(order: Order, body: DeleteMessage) -> Iterable[str]:
    message = take_backs.deletion(order, body)
    return () if isinstance(message, Refused) else with_powers(order, [Power.WITHDRAW], channels=message.channels)


ROWS = (
    OrderKind(
        body=Release,
        words="release",
        # After the end it may only mend or end: see `message_policy`.
        moves=ONCE_DECLARED,
        answer=release_orders.release,
        who_could=_could_release,
        command="release",
    ),
    OrderKind(
        body=DraftLine,
        words="draft line",
        # After the end it may only correct: see `lines`.
        moves=ONCE_DECLARED,
        answer=lines.draft_line,
        grows=True,
        who_could=_could_draft,
        command="draft",
    ),
    OrderKind(
        body=Propose,
        words="propose",
        moves=stay_in(DECLARED),
        answer=release_orders.propose,
        grows=True,
        command="propose",
    ),
    OrderKind(
        body=SignOff,
        words="sign off",
        moves=ONCE_DECLARED,
        answer=release_orders.sign_off,
        who_could=_could_sign_off,
        command="sign-off",
    ),
    OrderKind(
        body=Amplify,
        words="amplify",
        given_by=(Giver.AMPLIFICATION, Giver.PERSON),
        moves=stay_in(DECLARED),
        answer=amplification.amplify,
        grows=True,
        who_could=_could_amplify,
        # A post that waits for a yes is said yes to by `sign_off`: its words came from the partner.
        unsaid=because("unsaid-amplify", "the one who enters the code would type the partner's words"),
        command="amplify",
    ),
    OrderKind(
        body=NotePostChange,
        words="note post change",
        given_by=(Giver.AMPLIFICATION,),
        moves=ONCE_DECLARED,
        answer=take_backs.note_post_change,
    ),
    OrderKind(
        body=RecordByHand,
        words="record by hand",
        moves=ONCE_DECLARED,
        answer=afterwards.record,
        grows=True,
        who_could=_could_record,
        command="record-by-hand",
    ),
    OrderKind(
        body=DeleteMessage,
        words="delete message",
        moves=ONCE_DECLARED,
        answer=take_backs.delete,
        who_could=_could_delete,
        command="delete",
    ),
)
