"""Acts on an account whose vendor keeps no name of ours for a post: a post is known by its words.

Every act looks for what is there before it writes, among the posts since the message was authorised. The vendor's own
refusal of words that it has already is a reason to look, never a receipt.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from agents.adapters.admission import deletion_of, language_for
from agents.adapters.pictures import Pictures
from agents.ports import NotSent, Rejected
from streams.decisions.channels.card import ChannelKind
from streams.decisions.wording.shown.renderings import one_text
from streams.signs import composed, mended
from streams.values import Language
from streams.words.delivery import Dispatch, Look, Receipt, Sight, Verb
from streams.words.register.entries import StillPicture

CLOCKS_APART_MAX = timedelta(minutes=5)
ABSENT = Look(sight=Sight.ABSENT)
NO_PICTURE = "the words are there without their picture: delete the post there, and release the words once more"


class Duplicate(Exception):
    """The vendor says that the account has these words already: in the post `of`, if it says where."""

    def __init__(self, said: str, *, of: str | None = None) -> None:
        super().__init__(said)
        self.of = of


class NoEdit(Exception):
    """The vendor lets us put no other words into this post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPost:
    """A post of the account, in the words that the public reads.

    `takes_edit`: other words can still be put into it. `has_picture`: a picture is beside them.
    `amiss` is what keeps the public from reading it, and what to do.
    """

    id: str
    text: str
    takes_edit: bool = True
    has_picture: bool = False
    amiss: tuple[Sight, str] | None = None

    def says(self, text: str) -> bool:
        """Whether these are its words, but for how accents, spaces and line ends are written."""
        return plain(self.text) == plain(text)

    def is_rest_of(self, text: str) -> str | None:
        """Why this is what the vendor left of these words, in a sentence; None if it is another post."""
        del text
        return None


class OwnAccount(Protocol):
    """An account that we speak with, in one language. Each call may raise `NotSent`; what writes may also be unknown.

    `called` is the vendor's name.
    """

    @property
    def kind(self) -> ChannelKind: ...

    @property
    def called(self) -> str: ...

    @property
    def language(self) -> Language: ...

    @property
    def pictures(self) -> Pictures: ...

    async def since(self, moment: datetime) -> Sequence[OwnPost]:
        """The account's posts since the moment or some minutes before it, oldest first."""

    async def latest(self) -> Sequence[OwnPost]:
        """The last posts of the account, newest first."""

    async def post(self, post_id: str) -> OwnPost | None:
        """The post as it is now; None if it is not there."""

    async def found_at(self, url: str, *, since: datetime) -> str | None:
        """The identifier of the post that a browser shows at this address; None if it leads to none of ours."""

    async def bring(self, picture: StillPicture, content: bytes, *, shows: str) -> str:
        """The vendor's name for the picture, which no reader sees before a post names it; it says what it `shows`.

        `NotSent` if it is not there for sure.
        """

    async def write(self, text: str, *, picture: tuple[str, str] | None) -> str:
        """The identifier of a new post; `Duplicate` if the vendor says that it has the words.

        The `picture` beside it is one that was brought: the vendor's name for it, and what it shows.
        """

    async def edit(self, post_id: str, text: str) -> str:
        """Put these words into the post, and answer with its identifier; `NoEdit` if the vendor takes no edit."""

    async def delete(self, post_id: str) -> None:
        """Delete the post; one that is not there is no trouble."""

    def receipt(self, post_id: str) -> Receipt:
        """The receipt for a post that is public."""


async def post(account: OwnAccount, dispatch: Dispatch) -> Receipt:
    """Write the post, unless it is there already."""
    text = text_for(account, dispatch)
    if there := await _found(account, dispatch, text=text):
        return account.receipt(there.id)
    picture = await _brought(account, dispatch)
    try:
        return account.receipt(await account.write(text, picture=picture))
    except Duplicate as duplicate:
        return await _first(account, dispatch, text=text, duplicate=duplicate)


async def correct(account: OwnAccount, dispatch: Dispatch) -> Receipt:
    """Put these words in the place of those that were wrong while the vendor lets us, else post them."""
    text = text_for(account, dispatch)
    target = await _target(account, dispatch)
    if target and target.says(text):
        return account.receipt(target.id)
    if target is None or not target.takes_edit:
        return await post(account, dispatch)
    if there := await _found(account, dispatch, text=text):
        return account.receipt(there.id)
    try:
        return account.receipt(await account.edit(target.id, text))
    except NoEdit:
        return await post(account, dispatch)
    except Duplicate as duplicate:
        return await _first(account, dispatch, text=text, duplicate=duplicate)


async def withdraw(account: OwnAccount, dispatch: Dispatch) -> Receipt:
    """Delete the post, and what it corrected, then say so; what is deleted already is no trouble."""
    for ended in await _still_there(account, dispatch):
        await account.delete(ended.id)
    if gone := deletion_of(dispatch):
        return gone
    try:
        return await post(account, dispatch)
    except Rejected as refusal:
        raise Rejected(f"the post is deleted, but the words that say so are not public: {refusal}") from refusal


async def look(account: OwnAccount, dispatch: Dispatch) -> Look:
    """What the public sees of the dispatch's own words."""
    text, posts = text_for(account, dispatch), await account.since(dispatch.authorisation.at)
    if there := next((one for one in posts if one.says(text)), None):
        return _sight(account, there, dispatch)
    for one in posts:
        if why := one.is_rest_of(text):
            return Look(sight=Sight.DIFFERENT, receipt=account.receipt(one.id), why=why)
    return ABSENT


async def look_for_correction(account: OwnAccount, dispatch: Dispatch) -> Look:
    """The words are in the place of the wrong ones, or in a post of their own."""
    target = await _target(account, dispatch)
    if target and target.says(text_for(account, dispatch)):
        return _sight(account, target, dispatch)
    return await look(account, dispatch)


async def look_for_withdrawal(account: OwnAccount, dispatch: Dispatch) -> Look:
    """It is there if the post is gone and the words that say so, if it has any, are public."""
    if await _still_there(account, dispatch):
        return ABSENT
    gone = deletion_of(dispatch)
    return Look(sight=Sight.SHOWN, receipt=gone) if gone else await look(account, dispatch)


ACTS: Mapping[Verb, Callable[[OwnAccount, Dispatch], Awaitable[Receipt]]] = {
    Verb.PUBLISH: post,
    Verb.CORRECT: correct,
    Verb.WITHDRAW: withdraw,
    Verb.REPOST: post,
    Verb.UN_REPOST: withdraw,
}
LOOKS: Mapping[Verb, Callable[[OwnAccount, Dispatch], Awaitable[Look]]] = {
    Verb.PUBLISH: look,
    Verb.CORRECT: look_for_correction,
    Verb.WITHDRAW: look_for_withdrawal,
    Verb.REPOST: look,
    Verb.UN_REPOST: look_for_withdrawal,
}
"""What each verb does where a partner's post goes out as a copy with credit."""


def text_for(account: OwnAccount, dispatch: Dispatch) -> str:
    """The words for this channel, with their hashtags."""
    message, language, kind = dispatch.message, language_for(dispatch, account.language), account.kind
    text = one_text(message, (language,), form=kind.form)
    if kind.limit and (length := kind.counter.count(text)) > kind.limit:
        raise Rejected(f"the text has {length} {kind.counter.unit}, a post takes {kind.limit}: shorten it")
    return text


async def _brought(account: OwnAccount, dispatch: Dispatch) -> tuple[str, str] | None:
    """The vendor's name for the message's picture, and what it shows; None if it has none."""
    picture = dispatch.message.picture
    if picture is None:
        return None
    content = await asyncio.to_thread(account.pictures, picture)
    shows = picture.alternative_text.get(language_for(dispatch, account.language), "")
    return await account.bring(picture, content, shows=shows), shows


def plain(text: str) -> str:
    """A text as it compares: accents, spaces and line ends written in one way, none of them at its ends."""
    return composed(mended(text)).strip()


async def _found(account: OwnAccount, dispatch: Dispatch, *, text: str) -> OwnPost | None:
    """The first post with these words since they were authorised."""
    return next((one for one in await account.since(dispatch.authorisation.at) if one.says(text)), None)


async def _first(account: OwnAccount, dispatch: Dispatch, *, text: str, duplicate: Duplicate) -> Receipt:
    """Where the words are that the vendor has already. If they are older than the yes, these are not public by it."""
    if there := await _found(account, dispatch, text=text):
        return account.receipt(there.id)
    older = await account.post(duplicate.of) if duplicate.of else None
    older = older or next((one for one in await account.latest() if one.says(text)), None)
    if older is None:
        raise duplicate
    where = account.receipt(older.id).url
    raise Rejected(f"{account.called} takes no words twice, and has these from before at {where}: write other words")


async def _target(account: OwnAccount, dispatch: Dispatch) -> OwnPost | None:
    """The post that this one follows, as it is now; None if it is gone, or not known to be public here."""
    return await _public_at(account, dispatch, dispatch.target) if dispatch.target else None


async def _still_there(account: OwnAccount, dispatch: Dispatch) -> Sequence[OwnPost]:
    """What a withdrawal still has to delete, the correction before what it corrected."""
    receipts = [dispatch.target, *(one.receipt for one in dispatch.earlier)]
    found = [await _public_at(account, dispatch, receipt) for receipt in receipts if receipt]
    return [*{one.id: one for one in found if one}.values()]


async def _public_at(account: OwnAccount, dispatch: Dispatch, target: Receipt) -> OwnPost | None:
    if target.reference:
        return await account.post(target.reference)
    # A person settled it, who gave an address.
    since = min([dispatch.target_at or dispatch.authorisation.at, *(one.at for one in dispatch.earlier)])
    found = await account.found_at(target.url, since=since) if target.url else None
    if found is None:
        raise NotSent("the post that this one follows is not found by its address: mend it by hand")
    return await account.post(found)


def _sight(account: OwnAccount, there: OwnPost, dispatch: Dispatch) -> Look:
    receipt, lacks = account.receipt(there.id), dispatch.message.picture is not None and not there.has_picture
    amiss = there.amiss or ((Sight.DIFFERENT, NO_PICTURE) if lacks else None)
    if amiss is None:
        return Look(sight=Sight.SHOWN, receipt=receipt)
    sight, why = amiss
    return Look(sight=sight, receipt=receipt, why=why)
