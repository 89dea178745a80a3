"""What X does besides posting: a partner's post on X is passed on, and passed on no longer."""

from agents.adapters.channels import own_posts
from agents.adapters.channels.own_posts import ABSENT
from agents.adapters.channels.x.account import XAccount, number_in
from agents.ports import NotSent
from streams.values import is_drill
from streams.words.delivery import Dispatch, Look, Receipt, Sight

SHARE = "share:"
"""Begins the reference of a partner's post that was passed on; its number follows."""


async def share(account: XAccount, dispatch: Dispatch) -> Receipt:
    """Pass the partner's post on if it is on X, else post a copy with credit."""
    original = _original(dispatch)
    if original is None:
        return await own_posts.post(account, dispatch)
    # What is there already is left alone.
    if (await look_for_share(account, dispatch)).receipt is None:
        await account.share(original)
    return _shared(account, original)


async def take_back(account: XAccount, dispatch: Dispatch) -> Receipt:
    """Pass the partner's post on no longer, without words, or withdraw the copy that was made instead."""
    shared = _shared_by(dispatch)
    if shared is None:
        return await own_posts.withdraw(account, dispatch)
    await account.unshare(shared)
    return _taken_back()


async def look_for_share(account: XAccount, dispatch: Dispatch) -> Look:
    """Whether the account passes the partner's post on, or shows a copy of it."""
    original = _original(dispatch)
    if original is None:
        return await own_posts.look(account, dispatch)
    shares = [one.shares for one in await account.since(dispatch.authorisation.at)]
    return Look(sight=Sight.SHOWN, receipt=_shared(account, original)) if original in shares else ABSENT


async def look_for_take_back(account: XAccount, dispatch: Dispatch) -> Look:
    """Whether the account does not pass the partner's post on any more."""
    shared = _shared_by(dispatch)
    if shared is None:
        return await own_posts.look_for_withdrawal(account, dispatch)
    since = dispatch.target_at or dispatch.authorisation.at
    shares = [one.shares for one in await account.since(since)]
    return ABSENT if shared in shares else Look(sight=Sight.SHOWN, receipt=_taken_back())


def _original(dispatch: Dispatch) -> str | None:
    """The number of the partner's post; None if it is not on X, or in a drill: it carries no mark of one."""
    credit = dispatch.message.credit
    return number_in(credit.url) if credit and not is_drill(dispatch.mode) else None


def _shared_by(dispatch: Dispatch) -> str | None:
    if dispatch.target is None:
        raise NotSent("it is not known where the partner's post is shared: look at the account, and take it back there")
    reference = dispatch.target.reference or ""
    return reference.removeprefix(SHARE) if reference.startswith(SHARE) else None


def _shared(account: XAccount, post_id: str) -> Receipt:
    return Receipt(reference=f"{SHARE}{post_id}", url=account.settings.link(post_id), words="passed on by us on X")


def _taken_back() -> Receipt:
    return Receipt(words="not passed on by us on X any more")
