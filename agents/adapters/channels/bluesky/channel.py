"""A Bluesky account as a channel: each message is one change of the account, with a post for each language.

A change names the account's state that it was made for, so the server refuses a late copy of it once anything else was
written: neither a repeat nor a withdrawal is undone. What the account holds is looked at before each change.
An edit is not shown to the public there, so words are mended by a reply, and a withdrawal deletes and says so.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any

from agents.adapters.admission import admit
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.bluesky.account import Account, Tokens
from agents.adapters.channels.bluesky.records import REPOST, Value, are_the_words_of
from agents.adapters.channels.bluesky.scene import Kept, Scene, own_records, target_places
from agents.adapters.channels.bluesky.settings import BlueskySettings, settings_of
from agents.adapters.channels.bluesky.xrpc import Moved, line_to
from agents.ports import NotSent, Rejected
from streams.decisions.channels.card import APART_MAX
from streams.words.delivery import Dispatch, Look, Receipt, Verb

SHARE_BEFORE_A_CHANGE = 0.5
"""The share of the time after which no change is begun: so there is time left to hear the answer."""


class BlueskyChannel(AccountChannel[BlueskySettings]):
    """The options of the entry are those of `BlueskySettings`, its credential names the account's app password.

    The password is looked up for every attempt; the tokens of the session are kept for as long as the worker lives.
    """

    read = staticmethod(settings_of)

    @cached_property
    def _session(self) -> Tokens:
        return Tokens(self._settings.did, self._clock)

    @cached_property
    def _turn(self) -> asyncio.Lock:
        return asyncio.Lock()

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        if (count := len(dispatch.message.texts)) > APART_MAX:
            raise Rejected(f"the message has {count} languages: this channel takes {APART_MAX}")
        begun = asyncio.get_running_loop().time()
        latest = begun + self._entry.deadline_seconds * SHARE_BEFORE_A_CHANGE
        # One change after another: each names the state of the account that the one before left.
        async with _in_time(latest):
            await self._turn.acquire()
        try:
            async with self._account() as account:
                while (receipt := await self._attempt(account, dispatch, latest=latest)) is None:
                    pass
                return receipt
        finally:
            self._turn.release()

    async def look(self, dispatch: Dispatch) -> Look:
        async with self._account() as account:
            return (await _scene(account, dispatch)).seen()

    async def check(self) -> str:
        latest = asyncio.get_running_loop().time() + self._entry.deadline_seconds
        async with _in_time(latest), self._turn, self._account() as account:
            return await account.check()

    async def _attempt(self, account: Account, dispatch: Dispatch, *, latest: float) -> Receipt | None:
        """Make what is lacking and delete what is left, in one change; None if the account changed meanwhile."""
        async with _in_time(latest):
            await account.ready()
            head = await account.head()
            scene = await _scene(account, dispatch)
            new = {place: await _filled(value, account, scene) for place, value in scene.lacking.items()}
            if (picture := dispatch.message.picture) and any("embed" in value for value in new.values()):
                content = await asyncio.to_thread(self._pictures, picture)
                await account.upload(content, picture.media_type)
        try:
            if new or scene.left:
                versions = await account.change(new, gone=scene.left, head=head)
                made = {place: Kept(place, version, new[place]) for place, version in zip(new, versions, strict=True)}
                return replace(scene, held={**scene.held, **made}).receipt()
            if not scene.meant:
                await account.fence(dispatch.key, head=head)
        except Moved:
            return None
        return scene.receipt()

    @asynccontextmanager
    async def _account(self) -> AsyncIterator[Account]:
        password = self._secret()
        line = line_to(
            self._settings.url,
            seconds=self._entry.deadline_seconds,
            secrets=lambda: [password, *self._session.secrets()],
        )
        async with line as opened:
            yield Account(opened, self._session, password)


@asynccontextmanager
async def _in_time(latest: float) -> AsyncIterator[None]:
    """Nothing is asked of the account in here, so who waits too long has sent nothing."""
    try:
        async with asyncio.timeout_at(latest):
            yield
    except TimeoutError:
        raise NotSent("the account could not be looked at in time, so nothing was asked of it") from None


async def _scene(account: Account, dispatch: Dispatch) -> Scene:
    own, target = list(own_records(dispatch)), target_places(dispatch, account.did)
    found = await account.held([*own, *target])
    held, left = ({place: found[place] for place in part if place in found} for part in (own, target))
    return Scene(account.did, dispatch, held=held, target=left)


async def _filled(value: Value, account: Account, scene: Scene) -> Value:
    """The record with what it points at: the partner's post that it shares, or our post that it mends."""
    if value["$type"] == REPOST:
        return {**value, "subject": await _partners_post(value["subject"]["uri"], account, scene.dispatch)}
    mended = scene.mended(next(iter(value.get("langs", ())), None)) if scene.dispatch.verb is Verb.CORRECT else None
    return {**value, "reply": _reply(mended, account.did)} if mended else value


async def _partners_post(uri: str, account: Account, dispatch: Dispatch) -> Mapping[str, str]:
    """The post in the state that was signed off; `Rejected` if it says something else now, or is not there."""
    post = await account.other(uri)
    if post is None:
        raise Rejected("the partner's post is not there any more: say it in words of our own")
    if not are_the_words_of(str(post["value"].get("text", "")), dispatch.message):
        raise Rejected("the partner's post says something else now: read it, and amplify what it says")
    return {"uri": uri, "cid": str(post["cid"])}


def _reply(mended: Kept, did: str) -> Mapping[str, Any]:
    parent = {"uri": mended.place.uri(did), "cid": mended.version}
    earlier = (mended.value or {}).get("reply") or {}
    return {"root": earlier.get("root", parent), "parent": parent}
