"""Orders of the register's own log: changes of power, each by two people, and approvals of what may go out."""

from collections.abc import Iterable

from streams.decisions.authority.order import Order
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.who_else import with_any
from streams.decisions.register import change_orders, look_alike_orders
from streams.decisions.sign_off import approval_orders
from streams.decisions.stops.partner_orders import MAY_STOP_PARTNER
from streams.values import SubjectKind
from streams.why import because
from streams.words.feeds import NoteFeed
from streams.words.orders import Giver
from streams.words.register.accounts import NoteRoute
from streams.words.register.approvals import ApproveContent
from streams.words.register.changes import ChangeOrder, ConfirmChange, FoundRegister, ProposeChange, WithdrawChange
from streams.words.register.kept import NoteFiles, NoteUnconfirmed
from streams.words.register.partners import NoteLookAlike, SettleLookAlikes
from streams.words.register.passkeys import NoteSignIns
from streams.words.risks.noted import NoteRisks

ON_A_DEVICE = because("unsaid-register", "what changes the register is read on a device of one's own")


def _could_change(order: Order, body: ChangeOrder) -> Iterable[str]:
    del body
    return change_orders.could_give(order)


ROWS = (
    OrderKind(
        body=FoundRegister,
        words="found register",
        about=SubjectKind.REGISTER,
        moves={},
        answer=change_orders.found,
        who_could=_could_change,
        unsaid=ON_A_DEVICE,
        command="register found",
    ),
    OrderKind(
        body=ProposeChange,
        words="propose change",
        about=SubjectKind.REGISTER,
        moves={},
        answer=change_orders.propose,
        who_could=_could_change,
        unsaid=ON_A_DEVICE,
        command="register propose",
    ),
    OrderKind(
        body=ConfirmChange,
        words="confirm change",
        about=SubjectKind.REGISTER,
        moves={},
        answer=change_orders.confirm,
        who_could=_could_change,
        unsaid=ON_A_DEVICE,
        command="register confirm",
    ),
    OrderKind(
        body=WithdrawChange,
        words="withdraw change",
        about=SubjectKind.REGISTER,
        moves={},
        answer=change_orders.withdraw,
        who_could=_could_change,
        unsaid=ON_A_DEVICE,
        command="register withdraw",
    ),
    OrderKind(
        body=NoteFiles,
        words="note files",
        about=SubjectKind.REGISTER,
        given_by=(Giver.CLOCK,),
        moves={},
        answer=change_orders.note_files,
    ),
    OrderKind(
        body=NoteUnconfirmed,
        words="note unconfirmed",
        about=SubjectKind.REGISTER,
        given_by=(Giver.CLOCK,),
        moves={},
        answer=change_orders.note_unconfirmed,
    ),
    OrderKind(
        body=NoteRisks,
        words="note risks",
        about=SubjectKind.REGISTER,
        given_by=(Giver.CLOCK,),
        moves={},
        answer=change_orders.note_risks,
    ),
    OrderKind(
        body=NoteRoute,
        words="note route",
        about=SubjectKind.REGISTER,
        given_by=(Giver.CLOCK,),
        moves={},
        answer=change_orders.note_route,
    ),
    OrderKind(
        body=NoteFeed,
        words="note feed",
        about=SubjectKind.REGISTER,
        given_by=(Giver.CLOCK,),
        moves={},
        answer=change_orders.note_feed,
    ),
    OrderKind(
        body=NoteSignIns,
        words="note sign ins",
        about=SubjectKind.REGISTER,
        given_by=(Giver.CONSOLE,),
        moves={},
        answer=change_orders.note_sign_ins,
    ),
    OrderKind(
        body=NoteLookAlike,
        words="note look alike",
        about=SubjectKind.REGISTER,
        given_by=(Giver.AMPLIFICATION,),
        moves={},
        answer=look_alike_orders.note,
    ),
    OrderKind(
        body=SettleLookAlikes,
        words="settle look alikes",
        about=SubjectKind.REGISTER,
        moves={},
        answer=look_alike_orders.settle,
        who_could=with_any(*MAY_STOP_PARTNER),
        command="settle-look-alikes",
    ),
    OrderKind(
        body=ApproveContent,
        words="approve content",
        about=SubjectKind.REGISTER,
        moves={},
        answer=approval_orders.approve,
        who_could=approval_orders.could_approve,
        unsaid=ON_A_DEVICE,
        command="approve",
    ),
)
