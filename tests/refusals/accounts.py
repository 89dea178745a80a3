"""Refusals about accounts on which we speak, and what is said of words that wait for one."""

from collections.abc import Iterator
from datetime import timedelta

from streams.decisions.channels.budgets import AccountBudgets
from streams.decisions.channels.kinds import BLUESKY, PLAYS
from streams.decisions.desk.judge import judge
from streams.subjects.account import AccountLog, Spent
from streams.values import LIVE, Power
from streams.words.facts import FactBody
from streams.words.register.accounts import Breach, ChangeSecret, OpenAccount, Shut
from streams.words.stops import ReleaseHeld
from tests import builders
from tests.builders import COMMANDER, NOW, NURSE, WRITER
from tests.refusals.case import Case, Could, case, told
from tests.refusals.people import RESUMED

NAME = "social"
STRANGE = Breach(reason="posts are there that are not ours")
CHANGED = ChangeSecret(reason="a new password")
OPEN = OpenAccount(reason="the secret is another one")
ACCOUNT = AccountLog(id=NAME, mode=LIVE)
SHUT = builders.carried_out(ACCOUNT, STRANGE, id="shut")
MENDED = builders.carried_out(SHUT, CHANGED, by=WRITER, id="changed", now=NOW + timedelta(minutes=1))
STOP = Shut(by=WRITER, at=NOW, reason="posts are there that are not ours")
CLOSED = builders.register(shut={NAME: STOP})
SPENT = Spent(claims={int(NOW.timestamp()) // 60 * 60: 300})
NETWORK = builders.register(
    channels={
        **builders.register().channels,
        NAME: builders.channel(NAME, options={PLAYS: BLUESKY.name}, characters_max=300),
    }
)
HELD = next(one.id for one in RESUMED.deliveries.values() if one.channel == NAME)


def waiting() -> Iterator[FactBody]:
    """What is written where an account is shut, or has sent all that it may."""
    for register in (CLOSED, NETWORK):
        order = builders.order(builders.holding(), builders.declared(), register=register)
        order = type(order)(order.command, order.state, register, NOW, budgets=AccountBudgets(lambda _: SPENT))
        yield from (fact.body for fact in judge(order, run="run-1", register_version="v")[0])


ACCOUNTS: tuple[Case, ...] = (
    case("there is no account nowhere: give the identifier", STRANGE, AccountLog(id="nowhere", mode=LIVE)),
    case("there is no account nowhere: give the identifier", CHANGED, AccountLog(id="nowhere", mode=LIVE)),
    case("there is no account nowhere: give the identifier", OPEN, AccountLog(id="nowhere", mode=LIVE)),
    case("change its secret, then open it", STRANGE, SHUT, id="again"),
    case(
        "has no power to withdraw",
        STRANGE,
        ACCOUNT,
        by=NURSE,
        could=Could(
            (Power.WITHDRAW, Power.RELEASE_HOLDING, Power.SIGN_OFF_LINE, Power.CHANGE_REGISTER), (NAME,), also=(WRITER,)
        ),
    ),
    case(
        "has no power to change-register",
        CHANGED,
        ACCOUNT,
        by=NURSE,
        could=Could((Power.CHANGE_REGISTER,), (NAME,), also=(WRITER,)),
    ),
    case("account social is open: nothing more", OPEN, ACCOUNT),
    case(
        "was not changed since the breach: change it",
        OPEN,
        SHUT,
        by=COMMANDER,
        could=Could((Power.CHANGE_REGISTER,), (NAME,), also=(WRITER,), same=False),
    ),
    case("has no power to release-holding", OPEN, MENDED, by=NURSE, could=Could((Power.RELEASE_HOLDING,), (NAME,))),
    case(
        "account social was shut by Test Comms Lead",
        ReleaseHeld(delivery_id=HELD),
        RESUMED,
        register=CLOSED,
        could=Could((Power.RELEASE_HOLDING,), (NAME,), same=False),
    ),
    told("account social was shut by Test Comms Lead", waiting),
    told("with a part kept for corrections and withdrawals", waiting),
)
