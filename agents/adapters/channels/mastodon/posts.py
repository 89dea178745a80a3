"""Posts with words: written once, edited, deleted, and looked for."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from agents.adapters.admission import deletion_of, language_for
from agents.adapters.channels.mastodon.server import MEDIA, Gone, Json, Server
from agents.adapters.channels.mastodon.statuses import (
    STATUSES,
    AccountPost,
    alike,
    begins_as,
    path_of,
    same,
    since,
    status_of,
    words_of,
)
from agents.adapters.channels.vendor import NoWholeAnswer
from agents.adapters.languages import tag_of
from agents.adapters.pictures import Pictures, no_pictures
from agents.ports import NotSent, Rejected
from streams.decisions.channels.kinds import MASTODON
from streams.decisions.wording.shown.renderings import one_text
from streams.values import Language
from streams.words.delivery import Dispatch, Look, Receipt, Sight

PUBLIC = "public"
ABSENT = Look(sight=Sight.ABSENT)


@dataclass(frozen=True, slots=True)
class Profile:
    """Where a dispatch goes: the server, the account's identifier there, and the language that it speaks."""

    server: Server
    account: str
    language: Language
    pictures: Pictures = no_pictures


async def post(profile: Profile, dispatch: Dispatch) -> Receipt:
    """Write the post, unless it is there already."""
    if there := await _found(profile, dispatch):
        return _receipt(profile, there)
    body = {**_body(profile, dispatch), **await _shown_beside(profile, dispatch)}
    # A server that keeps keys, for an hour at most, knows a repeat by this one.
    said = await profile.server.ask("POST", STATUSES, body=body, key=dispatch.key)
    return _taken(profile, said.content)


async def correct(profile: Profile, dispatch: Dispatch) -> Receipt:
    """Put these words in the place of those that were wrong; if that post is gone, they are a post of their own.

    If they are one already, since the wrong words came late, these are deleted.
    """
    if target := await target_of(profile, dispatch):
        with suppress(Gone):
            if (own := await _found(profile, dispatch)) and own.id != target:
                await profile.server.ask("DELETE", path_of(target))
                return _receipt(profile, own)
            said = await profile.server.ask("PUT", path_of(target), body=_body(profile, dispatch))
            return _taken(profile, said.content)
    return await post(profile, dispatch)


async def withdraw(profile: Profile, dispatch: Dispatch) -> Receipt:
    """Delete the post, then say so; what is deleted already is no trouble."""
    if target := await target_of(profile, dispatch):
        with suppress(Gone):
            await profile.server.ask("DELETE", path_of(target))
    if gone := deletion_of(dispatch):
        return gone
    try:
        return await post(profile, dispatch)
    except Rejected as refusal:
        raise Rejected(f"the post is deleted, but the words that say so are not public: {refusal}") from refusal


async def look(profile: Profile, dispatch: Dispatch) -> Look:
    """What the public sees of the dispatch's own words."""
    if there := await _found(profile, dispatch):
        return await _sight(profile, there)
    text = text_for(profile, dispatch)
    for one in await since(profile.server, profile.account, moment=dispatch.authorisation.at):
        if begins_as(text, one) and alike(text, await words_of(profile.server, one)):
            why = "the server changed signs of the words: compare them, and correct or delete the post there"
            return Look(sight=Sight.DIFFERENT, receipt=_receipt(profile, one), why=why)
    return ABSENT


async def look_for_correction(profile: Profile, dispatch: Dispatch) -> Look:
    """The same where the words take the place of others; while the old ones are there, nothing is done yet."""
    if (target := await target_of(profile, dispatch)) and (status := await status_of(profile.server, target)):
        is_done = same(await words_of(profile.server, status), text_for(profile, dispatch))
        return await _sight(profile, status) if is_done else ABSENT
    return await look(profile, dispatch)


async def look_for_withdrawal(profile: Profile, dispatch: Dispatch) -> Look:
    """A withdrawal is there if the post is gone and the words that say so, if it has any, are public."""
    if (target := await target_of(profile, dispatch)) and await status_of(profile.server, target):
        return ABSENT
    if gone := deletion_of(dispatch):
        return Look(sight=Sight.SHOWN, receipt=gone)
    return await look(profile, dispatch)


def text_for(profile: Profile, dispatch: Dispatch) -> str:
    """The words for this place, with their hashtags."""
    return one_text(dispatch.message, [language_for(dispatch, profile.language)], form=MASTODON.form)


async def target_of(profile: Profile, dispatch: Dispatch) -> str | None:
    """The identifier of the post that this one follows; None if it is not known to be public here."""
    target = dispatch.target
    if target is None or target.reference:
        return target.reference if target else None
    # A person settled it, who gave an address.
    posts = await since(profile.server, profile.account, moment=dispatch.target_at or dispatch.authorisation.at)
    found = next((one.id for one in posts if target.url in one.addresses), None)
    if found is None:
        raise NotSent("the post that this one follows is not found by its address: mend it by hand")
    return found


async def _found(profile: Profile, dispatch: Dispatch) -> AccountPost | None:
    """The first post with the dispatch's words since they were authorised."""
    text = text_for(profile, dispatch)
    for one in await since(profile.server, profile.account, moment=dispatch.authorisation.at):
        if begins_as(text, one) and same(await words_of(profile.server, one), text):
            return one
    return None


async def _sight(profile: Profile, status: AccountPost) -> Look:
    receipt = _receipt(profile, status)
    if status.visibility != PUBLIC:
        why = f"its visibility is {status.visibility}: see the account's settings, and ask the people of the server"
        return Look(sight=Sight.HIDDEN, receipt=receipt, why=why)
    if await profile.server.is_hidden(path_of(status.id)):
        why = "the server shows it to the account only: ask the people who run the server"
        return Look(sight=Sight.HIDDEN, receipt=receipt, why=why)
    return Look(sight=Sight.SHOWN, receipt=receipt)


def _body(profile: Profile, dispatch: Dispatch) -> dict[str, str]:
    text = text_for(profile, dispatch)
    # Some servers take any length: the row's is what was shown to the person who said yes.
    if MASTODON.limit and (length := MASTODON.counter.count(text)) > MASTODON.limit:
        raise Rejected(f"the text has {length} {MASTODON.counter.unit}, a post takes {MASTODON.limit}: shorten it")
    # Some servers read signs as markup if they are not told that there is none.
    body = {"status": text, "visibility": PUBLIC, "content_type": "text/plain"}
    language = tag_of(language_for(dispatch, profile.language))
    return body | ({"language": language} if language else {})


async def _shown_beside(profile: Profile, dispatch: Dispatch) -> Mapping[str, Sequence[str]]:
    """The picture of the message, brought to the server with its alternative text."""
    picture = dispatch.message.picture
    if picture is None:
        return {}
    content = await asyncio.to_thread(profile.pictures, picture)
    form = aiohttp.FormData()
    form.add_field("file", content, filename=picture.file, content_type=picture.media_type)
    form.add_field("description", picture.alternative_text.get(language_for(dispatch, profile.language), ""))
    said = (await profile.server.ask("POST", MEDIA, body=form)).content
    name = said.get("id") if isinstance(said, dict) else None
    if not name or not isinstance(said, dict) or not said.get("url"):
        raise NotSent("the server has not taken the picture yet: it is brought again")
    return {"media_ids": [str(name)]}


def _taken(profile: Profile, content: Json) -> Receipt:
    """The receipt for what the server took; if its answer is not understood the post may well be there."""
    try:
        return _receipt(profile, AccountPost.read(content))
    except NotSent as odd:
        raise NoWholeAnswer(str(odd)) from None


def _receipt(profile: Profile, status: AccountPost) -> Receipt:
    version = status.edited or status.at.isoformat()
    return Receipt(reference=status.id, version=version, url=status.url, words=f"public on {profile.server.url}")
