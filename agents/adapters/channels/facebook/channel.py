"""A page on Facebook as a channel: it posts, edits and deletes, and reads back what the public sees."""

from collections.abc import Sequence
from datetime import datetime

from agents.adapters.admission import admit
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.facebook import scheduled
from agents.adapters.channels.facebook.page import FacebookPage
from agents.adapters.channels.facebook.settings import FacebookSettings, settings_of
from agents.adapters.channels.own_posts import ACTS, LOOKS
from agents.adapters.channels.vendor import VendorLine, bearer
from agents.ports import NotSent
from streams.values import sentence
from streams.words.delivery import Dispatch, Look, Receipt
from streams.words.plans import ScheduledPost


class FacebookChannel(AccountChannel[FacebookSettings]):
    """Publishes on one page in one language; the options of the entry are those of `FacebookSettings`.

    The token is looked up for every act and kept nowhere.
    """

    read = staticmethod(settings_of)

    async def publish(self, dispatch: Dispatch) -> Receipt:
        admit(dispatch, mode=self._mode)
        return await ACTS[dispatch.verb](self._page(), dispatch)

    async def look(self, dispatch: Dispatch) -> Look:
        return await LOOKS[dispatch.verb](self._page(), dispatch)

    async def list_scheduled(self) -> Sequence[ScheduledPost]:
        return await scheduled.list_scheduled(self._page())

    async def unschedule(self, post: ScheduledPost, *, put_off_to: datetime | None) -> bool:
        return await scheduled.unschedule(self._page(), post, put_off_to=put_off_to)

    async def check(self) -> str:
        page = self._page()
        opened = await page.whose_token()
        found = sentence(str(opened.get("id")))
        if found != self._settings.page:
            raise NotSent(f"the token opens {found}, not the page {self._settings.page}: set the token of that page")
        if opened.get("is_published") is False:
            raise NotSent("the page is not published, so the public sees nothing on it: publish it")
        # Without the right to read, we could write and never know whether it is there.
        await page.latest()
        return f"the token opens the page {sentence(str(opened.get('name')))} on Facebook"

    def _page(self) -> FacebookPage:
        token = self._secret()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise NotSent("the secret is not one token: set it to the token of the page alone")
        line = VendorLine(
            self._settings.url,
            called="Facebook",
            seconds=self._entry.deadline_seconds,
            sign=bearer(token),
            secrets=(token,),
        )
        return FacebookPage(line, self._settings, self._pictures)
