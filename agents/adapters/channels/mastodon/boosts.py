"""Boosts: a partner's post shown again by the network itself, and taken back."""

from contextlib import suppress

from agents.adapters.channels.mastodon.posts import (
    ABSENT,
    Profile,
    look,
    look_for_withdrawal,
    post,
    withdraw,
)
from agents.adapters.channels.mastodon.server import Gone
from agents.adapters.channels.mastodon.statuses import AccountPost, path_of, status_of
from agents.ports import NotSent
from streams.values import is_drill
from streams.words.delivery import Dispatch, Look, Receipt, Sight

BOOST = "boost:"
"""Begins the reference of a boost; the identifier of the partner's post on our server follows."""
ELSEWHERE = "did:"
"""Accounts that begin so live on another network, whose posts no server of this one has."""


async def boost(profile: Profile, dispatch: Dispatch) -> Receipt:
    """Boost the partner's post if our server has it, else post a copy with credit."""
    seen = await look_for_boost(profile, dispatch)
    # Some servers boost twice when they are asked twice, so what is there is left alone.
    if seen.receipt:
        return seen.receipt
    original = await _original(profile, dispatch)
    if original is None:
        return await post(profile, dispatch)
    await profile.server.ask("POST", path_of(original.id, "reblog"))
    return _receipt(profile, original)


async def take_back(profile: Profile, dispatch: Dispatch) -> Receipt:
    """Undo the boost, without words, or withdraw the copy that was made instead."""
    original = _boosted_by(dispatch)
    if original is None:
        return await withdraw(profile, dispatch)
    with suppress(Gone):
        await profile.server.ask("POST", path_of(original, "unreblog"))
    return _taken_back(profile)


async def look_for_boost(profile: Profile, dispatch: Dispatch) -> Look:
    """Whether the account shows the partner's post, or a copy of it: what is read back decides, not an answer."""
    original = await _original(profile, dispatch)
    if original and original.is_boosted:
        return Look(sight=Sight.SHOWN, receipt=_receipt(profile, original))
    return await look(profile, dispatch)


async def look_for_take_back(profile: Profile, dispatch: Dispatch) -> Look:
    """Whether the account does not show the partner's post any more."""
    original = _boosted_by(dispatch)
    if original is None:
        return await look_for_withdrawal(profile, dispatch)
    status = await status_of(profile.server, original)
    return ABSENT if status and status.is_boosted else Look(sight=Sight.SHOWN, receipt=_taken_back(profile))


async def _original(profile: Profile, dispatch: Dispatch) -> AccountPost | None:
    """The partner's post as our server has it; None if it has not, or in a drill: it carries no mark of one."""
    credit = dispatch.message.credit
    if is_drill(dispatch.mode) or credit is None or credit.url is None or credit.account_id.startswith(ELSEWHERE):
        return None
    known = await status_of(profile.server, credit.post_id) if credit.post_id.isalnum() else None
    if known and credit.url in known.addresses:
        return known
    try:
        found = await profile.server.get("/api/v2/search", q=credit.url, type="statuses", resolve="true", limit="1")
    except Gone:
        return None
    listed = found.get("statuses") if isinstance(found, dict) else None
    statuses = [AccountPost.read(one) for one in listed] if isinstance(listed, list) else []
    return next((one for one in statuses if credit.url in one.addresses), None)


def _boosted_by(dispatch: Dispatch) -> str | None:
    """The identifier of the partner's post that was boosted; None if it was copied."""
    if dispatch.target is None:
        raise NotSent("it is not known where the partner's post is shared: look at the account, and take it back there")
    reference = dispatch.target.reference or ""
    return reference.removeprefix(BOOST) if reference.startswith(BOOST) else None


def _receipt(profile: Profile, original: AccountPost) -> Receipt:
    return Receipt(reference=f"{BOOST}{original.id}", url=original.url, words=f"boosted on {profile.server.url}")


def _taken_back(profile: Profile) -> Receipt:
    return Receipt(words=f"not boosted any more on {profile.server.url}")
