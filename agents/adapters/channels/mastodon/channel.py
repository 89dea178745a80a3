"""A Mastodon account as a channel: it posts, edits, deletes and boosts, and reads back what the public sees.

A server may ignore the key of a post, so each post is looked for by its words before it is written.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from agents.adapters.admission import admit
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.mastodon import boosts, posts, scheduled
from agents.adapters.channels.mastodon.account import account_of, state_of
from agents.adapters.channels.mastodon.posts import Profile
from agents.adapters.channels.mastodon.server import Server
from agents.adapters.channels.mastodon.settings import MastodonSettings, settings_of
from agents.ports import NotSent
from streams.decisions.channels.kinds import MASTODON
from streams.words.delivery import Dispatch, Look, Receipt, Verb
from streams.words.plans import ScheduledPost

_TOKEN = re.compile(r"[!-~]{8,1000}")

ACTS: Mapping[Verb, Callable[[Profile, Dispatch], Awaitable[Receipt]]] = {
    Verb.PUBLISH: posts.post,
    Verb.CORRECT: posts.correct,
    Verb.WITHDRAW: posts.withdraw,
    Verb.REPOST: boosts.boost,
    Verb.UN_REPOST: boosts.take_back,
}
LOOKS: Mapping[Verb, Callable[[Profile, Dispatch], Awaitable[Look]]] = {
    Verb.PUBLISH: posts.look,
    Verb.CORRECT: posts.look_for_correction,
    Verb.WITHDRAW: posts.look_for_withdrawal,
    Verb.REPOST: boosts.look_for_boost,
    Verb.UN_REPOST: boosts.look_for_take_back,
}


class MastodonChannel(AccountChannel[MastodonSettings]):
    """Publishes on one account in one language; the options of the entry are those of `MastodonSettings`.

    The token is looked up for every act and kept nowhere, and must open the account that the options name.
    """

    read = staticmethod(settings_of)

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        return await ACTS[dispatch.verb](await self._profile(), dispatch)

    async def look(self, dispatch: Dispatch) -> Look:
        return await LOOKS[dispatch.verb](await self._profile(), dispatch)

    async def list_scheduled(self) -> Sequence[ScheduledPost]:
        server = self._server()
        await account_of(server, self._settings.name())
        return await scheduled.list_scheduled(server, language=self._settings.language)

    async def unschedule(self, post: ScheduledPost, *, put_off_to: datetime | None) -> bool:
        return await scheduled.unschedule(self._server(), post, put_off_to=put_off_to)

    async def check(self) -> str:
        limits = [one for one in (MASTODON.limit, self._entry.characters_max) if one]
        now = self._clock.now()
        return await state_of(self._server(), self._settings.name(), characters_max=min(limits), now=now)

    async def _profile(self) -> Profile:
        server = self._server()
        return Profile(server, await account_of(server, self._settings.name()), self._settings.language, self._pictures)

    def _server(self) -> Server:
        token = self._secret()
        if not _TOKEN.fullmatch(token.strip()):
            raise NotSent("the secret is no access token: set it to the whole token, and nothing else")
        return Server(self._settings.server, self._entry.deadline_seconds, token.strip())
