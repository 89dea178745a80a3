"""A channel on Teams, where the trust's people read: a workflow takes a card, and puts it there later.

It names no post, and nothing can be read back, edited or deleted through it: a person has to look, and to delete.
"""

import re
from json import dumps

import aiohttp
from yarl import URL

from agents.adapters.admission import admit
from agents.adapters.channels.account_channel import AccountChannel
from agents.adapters.channels.teams.card import card_of
from agents.adapters.channels.teams.settings import TeamsSettings, settings_of
from agents.adapters.channels.vendor import (
    CONNECT_SHARE,
    Json,
    NoWholeAnswer,
    Refusal,
    VendorLine,
    always,
    session_for_one,
)
from agents.ports import NotSent, Rejected
from streams.decisions.channels.kinds import TEAMS
from streams.decisions.wording.shown.renderings import languages_of
from streams.values import Form
from streams.words.delivery import Dispatch, Look, Receipt, Verb

TAKEN, TOO_LARGE = 202, 413
RUN = "x-ms-workflow-run-id"
CARD_BYTES_MAX = 21_000
"""Microsoft says 28 KB; larger cards than this were seen to be refused."""
RETIRED = "webhook.office.com"
MENDS = (Verb.CORRECT, Verb.WITHDRAW, Verb.UN_REPOST)
_ADDRESS = re.compile(
    r"(https://[A-Za-z0-9.-]+(:443)?|http://127\.0\.0\.1:\d{1,5})/[!-~]*/workflows/[!-~]+[?&]sig=[!-~]+"
)
_RUN = re.compile(r"[A-Za-z0-9-]{1,100}")


class TeamsChannel(AccountChannel[TeamsSettings]):
    """Publishes in the channel that a workflow writes to, in all languages of the entry, in one card.

    The address of the workflow is a secret, since each who has it can post: it is looked up for every act.
    """

    read = staticmethod(settings_of)

    async def publish(self, dispatch: Dispatch) -> Receipt:
        """The workflow has the card then; that it is in the channel only a person can see."""
        admit(dispatch, mode=self._mode)
        card, address = self._card(dispatch), self._address()
        try:
            answer = await self._line(address).ask("POST", address.raw_path_qs, body=card)
        except Refusal as refusal:
            if refusal.status == TOO_LARGE:
                raise Rejected(str(refusal)) from None
            raise NotSent(f"{refusal}: see whether the workflow is on, or make a new one") from None
        run = str(answer.get(RUN, ""))
        words = f"taken by the workflow; only a look at the channel shows whether it is there{_left_over(dispatch)}"
        return Receipt(reference=run if _RUN.fullmatch(run) else dispatch.key, words=words)

    async def look(self, dispatch: Dispatch) -> Look:
        del dispatch
        raise NotSent("a workflow cannot read what is in the channel: look there, and say what you see")

    async def check(self) -> str:
        address = self._address()
        seconds = self._entry.deadline_seconds
        limit = aiohttp.ClientTimeout(total=seconds, sock_connect=seconds * CONNECT_SHARE)
        try:
            # Not where the workflow listens: that would post.
            async with session_for_one(limit) as session, session.head(address.origin()):
                return "the server of the workflow answers; only a message shows whether the workflow is on"
        except (aiohttp.ClientError, TimeoutError, NoWholeAnswer) as error:
            raise NotSent(f"the server of the workflow cannot be reached ({type(error).__name__})") from None

    def _card(self, dispatch: Dispatch) -> Json:
        languages = languages_of(dispatch.message, self._settings.languages.split(","))
        texts = [dispatch.message.text_for(language, Form.LONG) for language in languages]
        length = max(map(TEAMS.counter.count, texts))
        if TEAMS.limit and length > TEAMS.limit:
            raise Rejected(f"the text has {length} {TEAMS.counter.unit}, Teams takes {TEAMS.limit} in a language")
        card = card_of(texts)
        if (size := len(dumps(card, ensure_ascii=False).encode())) > CARD_BYTES_MAX:
            raise Rejected(f"all languages together make a card of {size} bytes, Teams takes {CARD_BYTES_MAX}: shorten")
        return card

    def _address(self) -> URL:
        written = self._secret()
        if RETIRED in written:
            raise NotSent("the secret is the address of a connector, which Microsoft ended: make a workflow")
        if not _ADDRESS.fullmatch(written):
            raise NotSent("the secret is no address of a workflow: set it to the one that Teams shows, with its `sig`")
        return URL(written, encoded=True)

    def _line(self, address: URL) -> VendorLine:
        return VendorLine(
            str(address.origin()),
            called="Teams",
            seconds=self._entry.deadline_seconds,
            sign=always({}),
            secrets=(address.raw_query_string, address.query["sig"], address.raw_path),
            empty=(TAKEN,),
            kept=(RUN,),
        )


def _left_over(dispatch: Dispatch) -> str:
    """What a person has to delete, since no workflow can."""
    if dispatch.verb not in MENDS:
        return ""
    if dispatch.earlier:
        return "; the earlier posts are still there: delete them in Teams by hand"
    return "; the earlier post is still there: delete it in Teams by hand"
