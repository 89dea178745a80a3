"""Orders about accounts on which we speak."""

from streams.decisions.accounts import account_orders
from streams.decisions.desk.order_kind import OrderKind
from streams.values import SubjectKind
from streams.words.orders import Giver
from streams.words.register.accounts import Breach, ChangeSecret, NoteAccount, OpenAccount

ROWS = (
    OrderKind(
        body=Breach,
        words="breach",
        about=SubjectKind.ACCOUNT,
        moves={},
        answer=account_orders.breach,
        who_could=account_orders.could_shut,
        command="breach",
    ),
    OrderKind(
        body=ChangeSecret,
        words="change secret",
        about=SubjectKind.ACCOUNT,
        moves={},
        answer=account_orders.change_secret,
        who_could=account_orders.could_change,
        command="change-secret",
    ),
    OrderKind(
        body=OpenAccount,
        words="open account",
        about=SubjectKind.ACCOUNT,
        moves={},
        answer=account_orders.open_account,
        who_could=account_orders.could_open,
        command="open-account",
    ),
    OrderKind(
        body=NoteAccount,
        words="note account",
        about=SubjectKind.ACCOUNT,
        given_by=(Giver.CLOCK,),
        moves={},
        answer=account_orders.note,
    ),
)
