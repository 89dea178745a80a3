"""Acts on X: post, edit, delete, pass on, and look for what the public sees."""

import re
from collections.abc import Sequence
from datetime import timedelta

from agents.adapters.channels.x.account import Duplicate, XAccount, XPost, numbered
from agents.ports import NotSent, Rejected
from streams.decisions.channels.kinds import X
from streams.values import Form, is_drill
from streams.words.delivery import Dispatch, Look, Receipt, Sight, Verb

ABSENT = Look(sight=Sight.ABSENT)
MUST_SPEAK = (Verb.PUBLISH, Verb.CORRECT)
LAST_MOMENT = timedelta(seconds=30)
"""So long before X stops taking edits, a correction is a post of its own: an edit might come too late."""
SHARE = "share:"
"""Begins the reference of a partner's post that was passed on; its number follows."""
_ON_X = re.compile(r"https://(?:www\.|mobile\.)?(?:x|twitter)\.com/[A-Za-z0-9_]{1,15}/status/(?P<id>[0-9]{1,19})")


async def post(account: XAccount, dispatch: Dispatch) -> Receipt:
    """Write the post, unless it is there already."""
    text = text_for(account, dispatch)
    if there := await _found(account, dispatch, text=text):
        return _receipt(account, there.id)
    try:
        return _receipt(account, await account.write(text))
    except Duplicate as duplicate:
        return await _first(account, dispatch, text=text, duplicate=duplicate)


async def correct(account: XAccount, dispatch: Dispatch) -> Receipt:
    """Put these words in the place of those that were wrong while X lets us, else post them."""
    text = text_for(account, dispatch)
    target = await _target(account, dispatch)
    if target and target.says(text):
        return _receipt(account, target.id)
    if target is None or target.edits_until is None or account.clock.now() + LAST_MOMENT >= target.edits_until:
        return await post(account, dispatch)
    if there := await _found(account, dispatch, text=text):
        return _receipt(account, there.id)
    try:
        return _receipt(account, await account.write(text, instead_of=target.id))
    except Duplicate as duplicate:
        return await _first(account, dispatch, text=text, duplicate=duplicate)


async def withdraw(account: XAccount, dispatch: Dispatch) -> Receipt:
    """Delete the post, and what it corrected, then say so; what is deleted already is no trouble."""
    for ended in await _ended(account, dispatch):
        await account.delete(ended.id)
    try:
        return await post(account, dispatch)
    except Rejected as refusal:
        raise Rejected(f"the post is deleted, but the words that say so are not public: {refusal}") from refusal


async def share(account: XAccount, dispatch: Dispatch) -> Receipt:
    """Pass the partner's post on if it is on X, else post a copy with credit."""
    original = _original(dispatch)
    if original is None:
        return await post(account, dispatch)
    # What is there already is left alone.
    if (await look_for_share(account, dispatch)).receipt is None:
        await account.share(original)
    return _shared(account, original)


async def take_back(account: XAccount, dispatch: Dispatch) -> Receipt:
    """Pass the partner's post on no longer, without words, or withdraw the copy that was made instead."""
    shared = _shared_by(dispatch)
    if shared is None:
        return await withdraw(account, dispatch)
    await account.unshare(shared)
    return _taken_back()


async def look(account: XAccount, dispatch: Dispatch) -> Look:
    """Whether the public sees the dispatch's own words."""
    there = await _found(account, dispatch, text=text_for(account, dispatch))
    return Look(sight=Sight.SHOWN, receipt=_receipt(account, there.id)) if there else ABSENT


async def look_for_correction(account: XAccount, dispatch: Dispatch) -> Look:
    """The words are in the place of the wrong ones, or in a post of their own."""
    target = await _target(account, dispatch)
    if target and target.says(text_for(account, dispatch)):
        return Look(sight=Sight.SHOWN, receipt=_receipt(account, target.id))
    return await look(account, dispatch)


async def look_for_withdrawal(account: XAccount, dispatch: Dispatch) -> Look:
    """It is there if the post is gone and the words that say so are public."""
    return ABSENT if await _ended(account, dispatch) else await look(account, dispatch)


async def look_for_share(account: XAccount, dispatch: Dispatch) -> Look:
    """Whether the account passes the partner's post on, or shows a copy of it."""
    original = _original(dispatch)
    if original is None:
        return await look(account, dispatch)
    shares = [one.shares for one in await account.since(dispatch.authorisation.at)]
    return Look(sight=Sight.SHOWN, receipt=_shared(account, original)) if original in shares else ABSENT


async def look_for_take_back(account: XAccount, dispatch: Dispatch) -> Look:
    """Whether the account does not pass the partner's post on any more."""
    shared = _shared_by(dispatch)
    if shared is None:
        return await look_for_withdrawal(account, dispatch)
    since = dispatch.target_at or dispatch.authorisation.at
    shares = [one.shares for one in await account.since(since)]
    return ABSENT if shared in shares else Look(sight=Sight.SHOWN, receipt=_taken_back())


def text_for(account: XAccount, dispatch: Dispatch) -> str:
    """The words for this channel, with their hashtags; what must go out in any language is taken in one that it has."""
    message, language = dispatch.message, account.settings.language
    if language not in message.texts:
        if message.credit is None and dispatch.verb in MUST_SPEAK:
            raise Rejected(f"the message has no text in {language}, which this channel speaks: write one")
        language = min(message.texts)
    text = message.text_for(language, Form.SHORT)
    if X.limit and (length := X.counter.count(text)) > X.limit:
        raise Rejected(f"the text has {length} {X.counter.unit}, a post takes {X.limit}: shorten it")
    return text


async def _found(account: XAccount, dispatch: Dispatch, *, text: str) -> XPost | None:
    """The first post with these words since they were authorised."""
    return next((one for one in await account.since(dispatch.authorisation.at) if one.says(text)), None)


async def _first(account: XAccount, dispatch: Dispatch, *, text: str, duplicate: Duplicate) -> Receipt:
    """Where the words are that X has already. If they are older than the yes, these are not public by it."""
    if there := await _found(account, dispatch, text=text):
        return _receipt(account, there.id)
    older = next((one for one in await account.latest() if one.says(text)), None)
    if older is None:
        raise duplicate
    where = account.settings.link(older.id)
    raise Rejected(f"X takes no words twice, and has these from before at {where}: write other words")


async def _target(account: XAccount, dispatch: Dispatch) -> XPost | None:
    """The post that this one follows, in its last version; None if it is gone, or not known to be public here."""
    return await _public_at(account, dispatch.target) if dispatch.target else None


async def _ended(account: XAccount, dispatch: Dispatch) -> Sequence[XPost]:
    """What a withdrawal still has to delete, the correction before what it corrected."""
    receipts = [dispatch.target, *(one.receipt for one in dispatch.earlier)]
    found = [await _public_at(account, receipt) for receipt in receipts if receipt]
    return [*{one.id: one for one in found if one}.values()]


async def _public_at(account: XAccount, target: Receipt) -> XPost | None:
    if target.reference:
        return await account.post(numbered(target.reference))
    found = _ON_X.match(target.url or "")
    if found is None:
        raise NotSent("the post that this one follows is not found by its address: mend it by hand")
    return await account.post(found["id"])


def _original(dispatch: Dispatch) -> str | None:
    """The number of the partner's post; None if it is not on X, or in a drill: it carries no mark of one."""
    credit = dispatch.message.credit
    found = _ON_X.match(credit.url or "") if credit and not is_drill(dispatch.mode) else None
    return found["id"] if found else None


def _shared_by(dispatch: Dispatch) -> str | None:
    if dispatch.target is None:
        raise NotSent("it is not known where the partner's post is shared: look at the account, and take it back there")
    reference = dispatch.target.reference or ""
    return reference.removeprefix(SHARE) if reference.startswith(SHARE) else None


def _receipt(account: XAccount, post_id: str) -> Receipt:
    return Receipt(reference=post_id, version=post_id, url=account.settings.link(post_id), words="public on X")


def _shared(account: XAccount, post_id: str) -> Receipt:
    return Receipt(reference=f"{SHARE}{post_id}", url=account.settings.link(post_id), words="passed on by us on X")


def _taken_back() -> Receipt:
    return Receipt(words="not passed on by us on X any more")
