"""A channel on Slack, where the trust's people read: it posts and deletes, and looks for its own posts."""

import re
from collections.abc import Awaitable, Callable, Mapping

from agents.adapters.admission import admit
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.slack import posts
from agents.adapters.channels.slack.place import BRINGING, SCOPES, WRITING, SlackPlace
from agents.adapters.channels.slack.settings import SlackSettings, settings_of
from agents.adapters.channels.vendor import VendorLine, bearer
from agents.ports import NotSent
from streams.values import sentence
from streams.words.delivery import Dispatch, Look, Receipt, Verb

TOKEN = re.compile(r"xoxb-[A-Za-z0-9-]{1,200}")
ACTS: Mapping[Verb, Callable[[SlackPlace, Dispatch], Awaitable[Receipt]]] = {
    Verb.PUBLISH: posts.post,
    Verb.CORRECT: posts.mend,
    Verb.WITHDRAW: posts.mend,
    Verb.REPOST: posts.post,
    Verb.UN_REPOST: posts.mend,
}
LOOKS: Mapping[Verb, Callable[[SlackPlace, Dispatch], Awaitable[Look]]] = {
    Verb.PUBLISH: posts.look,
    Verb.CORRECT: posts.look_for_mending,
    Verb.WITHDRAW: posts.look_for_mending,
    Verb.REPOST: posts.look,
    Verb.UN_REPOST: posts.look_for_mending,
}


class SlackChannel(AccountChannel[SlackSettings]):
    """Publishes in one channel, in all its languages; the options of the entry are those of `SlackSettings`.

    The app's token is looked up for every act and kept nowhere.
    """

    read = staticmethod(settings_of)

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        return await ACTS[dispatch.verb](self._place(), dispatch)

    async def look(self, dispatch: Dispatch) -> Look:
        return await LOOKS[dispatch.verb](self._place(), dispatch)

    async def check(self) -> str:
        place = self._place()
        home, scopes = await place.home_and_scopes()
        if home != self._settings.home:
            raise NotSent(
                f"the token opens {sentence(home or 'no')} workspace, not {self._settings.home}: set the other"
            )
        if scopes and WRITING not in scopes:
            raise NotSent(f"the token lacks the scope {WRITING}: add it to the app, and install the app again")
        await place.can_be_read()
        lacking = [one for one in BRINGING if scopes and one not in scopes]
        bare = f"; a message with a picture cannot go out before the app has {' and '.join(lacking)}" if lacking else ""
        return f"the token opens {self._settings.home}, and the channel can be read{bare}"

    def _place(self) -> SlackPlace:
        token = self._secret()
        if not TOKEN.fullmatch(token):
            raise NotSent("the secret is no token of an app: set it to the one that begins with xoxb-")
        line = VendorLine(
            self._settings.url,
            called="Slack",
            seconds=self._entry.deadline_seconds,
            sign=bearer(token),
            secrets=(token,),
            kept=(SCOPES,),
        )
        return SlackPlace(line, self._settings, self._pictures)
