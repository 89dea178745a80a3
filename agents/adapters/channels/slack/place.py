"""The channel on Slack: its posts, and requests in the name of the trust's app.

A post carries the key of its dispatch as metadata, which no reader sees, and is known again by it.
Slack answers 200 also to what it did not do: `ok` says which.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from agents.adapters.channels.slack.settings import SlackSettings
from agents.adapters.channels.uploads import again_soon, bringing, line_to
from agents.adapters.channels.vendor import Json, NoWholeAnswer, Refusal, VendorLine, always
from agents.adapters.pictures import Pictures, no_pictures
from agents.ports import NotSent, Rejected
from streams.words.register.entries import StillPicture

CLOCKS_APART_MAX = timedelta(minutes=5)
PAGE, PAGES_MAX = 200, 10
EVENT, IMAGE = "holdingline_message", "image"
SCOPES = "X-OAuth-Scopes"
WRITING, BRINGING = "chat:write", ("files:read", "files:write")
DOMAIN = "slack.com"
ABOUT_THE_WORDS = ("msg_too_long", "msg_blocks_too_long", "no_text", "invalid_blocks", "invalid_blocks_format")
UNREADY = ("invalid_blocks", "invalid_blocks_format")
MAY_BE_DONE = ("fatal_error", "internal_error", "service_unavailable")
"""Slack says of these that some of what was asked for may have happened."""
ALT_CHARACTERS_MAX = 1_000
"""Of the description of a file; a post has room for as many in each of two languages."""
GONE = "message_not_found"
MAY_NOT_DELETE = ("cant_delete_message", "compliance_exports_prevent_deletion")
_TIME, _FILE = re.compile(r"[0-9]{10}\.[0-9]{6}"), re.compile(r"F[A-Z0-9]{7,30}")


@dataclass(frozen=True, slots=True)
class SlackPost:
    """A post in the channel. Its `time` is its name there; `key` is that of our dispatch, None if it is not ours.

    `has_picture`: a picture is beside its words.
    """

    time: str
    key: str | None
    has_picture: bool

    @classmethod
    def read(cls, one: Json) -> Self:
        """A post from Slack's JSON; `NotSent` if it is not as Slack describes one."""
        try:
            metadata = one.get("metadata") or {}
            key = metadata.get("event_payload", {}).get("key") if metadata.get("event_type") == EVENT else None
            pictured = any(block.get("type") == IMAGE for block in one.get("blocks") or ())
            return cls(time=time_of(str(one["ts"])), key=None if key is None else str(key), has_picture=pictured)
        except (AttributeError, TypeError, KeyError) as error:
            raise NotSent(f"Slack describes a post otherwise than it says ({type(error).__name__})") from None


@dataclass(frozen=True, slots=True)
class SlackPlace:
    """The channel, and a line to Slack that carries the app's token."""

    line: VendorLine
    settings: SlackSettings
    pictures: Pictures = no_pictures

    async def since(self, moment: datetime) -> Sequence[SlackPost]:
        """The posts since the moment, oldest first; answers to a post are not among them."""
        found, more = list[SlackPost](), dict[str, str]()
        for _ in range(PAGES_MAX):
            page = await self._page(oldest=f"{(moment - CLOCKS_APART_MAX).timestamp():.6f}", limit=str(PAGE), **more)
            found += [SlackPost.read(one) for one in page.get("messages", ())]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not page.get("has_more") or not cursor:
                return found[::-1]
            more = {"cursor": str(cursor)}
        raise NotSent(f"the channel has over {PAGE * PAGES_MAX} posts since then: look at it, and settle it by hand")

    async def has(self, time: str) -> bool:
        """Whether the post with this time is there."""
        page = await self._page(oldest=time, latest=time, inclusive="true", limit="1")
        return time in [SlackPost.read(one).time for one in page.get("messages", ())]

    async def write(self, text: str, blocks: Sequence[Json], *, key: str) -> str:
        """The time of a new post; `text` is what a notification and a screen reader say."""
        body = {
            "channel": self.settings.channel,
            "text": text,
            "blocks": blocks,
            "metadata": {"event_type": EVENT, "event_payload": {"key": key}},
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            answer = await self._do("chat.postMessage", body)
        except Refusal as refusal:
            if _error(refusal) in UNREADY and any(one["type"] == IMAGE for one in blocks):
                raise NotSent(f"{refusal}: Slack does not show the picture yet, so nothing was posted") from None
            raise _meaning(refusal) from None
        if not _TIME.fullmatch(str(answer.get("ts"))):
            raise NoWholeAnswer("Slack answered without the time of the post")
        return str(answer["ts"])

    async def bring(self, picture: StillPicture, content: bytes, *, shows: str) -> str:
        """Slack's name for the picture, once it is ready; only the app sees it until a post shows it."""
        asked = {"filename": picture.file, "length": len(content), "alt_txt": shows[:ALT_CHARACTERS_MAX]}
        async with bringing(self.line, picture):
            place = await self._do("files.getUploadURLExternal", asked)
            name = str(place.get("file_id"))
            if not _FILE.fullmatch(name):
                raise NoWholeAnswer("Slack answered without the name of the picture")
            # The address is good for this one content, and needs no token.
            upload = replace(line_to(self.line, place.get("upload_url"), within=DOMAIN), sign=always({}))
            await upload.ask("POST", "", body=content, headers={"Content-Type": picture.media_type})
            await self._do("files.completeUploadExternal", {"files": [{"id": name, "title": picture.file}]})
            # Until Slack has read the file, it refuses a post that shows it.
            while not (self._judge(await self.line.get("/files.info", file=name)).get("file") or {}).get("mimetype"):
                await again_soon()
        return name

    async def delete(self, time: str) -> None:
        """Delete the post; one that is not there any more is no trouble."""
        try:
            await self._do_again("chat.delete", {"channel": self.settings.channel, "ts": time_of(time)})
        except Refusal as refusal:
            if _error(refusal) in MAY_NOT_DELETE:
                raise Rejected(f"{refusal}: the post at {self.settings.link(time)} has to be deleted by hand") from None
            if _error(refusal) != GONE:
                raise _meaning(refusal) from None

    async def home_and_scopes(self) -> tuple[str, Sequence[str]]:
        """The address of the workspace that the token opens, and what the token may do there, as far as Slack says."""
        try:
            answer = await self._do_again("auth.test")
        except Refusal as refusal:
            raise _meaning(refusal) from None
        scopes = str(answer.get(SCOPES, ""))
        return str(answer.get("url", "")), [one.strip() for one in scopes.split(",") if one.strip()]

    async def can_be_read(self) -> None:
        """`NotSent` if the channel cannot be read with this token."""
        await self._page(limit="1")

    async def _page(self, **parameters: str) -> Json:
        given = {"channel": self.settings.channel, "include_all_metadata": "true"}
        try:
            return self._judge(await self.line.get("/conversations.history", **given, **parameters))
        except Refusal as refusal:
            raise NotSent(str(_meaning(refusal))) from None
        except NoWholeAnswer as error:
            raise NotSent(str(error)) from None

    async def _do(self, method: str, body: Mapping[str, Any] | None) -> Json:
        return self._judge(await self.line.ask("POST", f"/{method}", body=body))

    async def _do_again(self, method: str, body: Mapping[str, Any] | None = None) -> Json:
        """What does no harm if it is done twice: without a clear answer it counts as not done."""
        try:
            return await self._do(method, body)
        except NoWholeAnswer as error:
            raise NotSent(str(error)) from None

    def _judge(self, answer: Json) -> Json:
        if answer.get("ok") is True:
            return answer
        error = self.line.without_secrets(str(answer.get("error", "no reason given")))
        if "error" not in answer or error in MAY_BE_DONE:
            raise NoWholeAnswer(f"Slack gave no clear answer ({error})")
        raise Refusal(f"Slack does not take it ({error})", status=200, content=answer)


def time_of(time: str) -> str:
    """The time of a post; `NotSent` for what is none."""
    if not _TIME.fullmatch(time):
        raise NotSent("the receipt names no post of this channel: look at the channel, and settle it by hand")
    return time


def _error(refusal: Refusal) -> str:
    return str(refusal.content.get("error", ""))


def _meaning(refusal: Refusal) -> Exception:
    """What is about the words no retry helps; the rest is about the app and the channel, which a person can mend."""
    if _error(refusal) in ABOUT_THE_WORDS:
        return Rejected(str(refusal))
    return NotSent(f"{refusal}: see the app's token and scopes, and whether the app is in the channel")
