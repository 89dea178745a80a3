"""The page on LinkedIn: what it has posted, and requests in its name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NoReturn, Self
from urllib.parse import quote, urlencode

from agents.adapters.channels.linkedin import little
from agents.adapters.channels.linkedin.settings import LinkedInSettings
from agents.adapters.channels.own_posts import CLOCKS_APART_MAX, Duplicate, NoEdit, OwnPost, plain
from agents.adapters.channels.uploads import again_soon, bringing, line_to
from agents.adapters.channels.vendor import Body, Json, NoWholeAnswer, Refusal, VendorLine
from agents.adapters.pictures import Pictures, no_pictures
from agents.ports import NotSent, Rejected
from streams.decisions.channels.card import ChannelKind
from streams.decisions.channels.kinds import LINKEDIN
from streams.values import Language
from streams.words.delivery import Receipt, Sight
from streams.words.register.entries import StillPicture

POSTS, IMAGES = "/rest/posts", "/rest/images"
NAMES_IN = "x-restli-id"
PAGE, PAGES_MAX = 100, 5
PUBLISHED, PUBLIC = "PUBLISHED", "PUBLIC"
READY, FAILED = "AVAILABLE", "PROCESSING_FAILED"
DOMAIN = "linkedin.com"
GONE, WRONG_WORDS, TOO_OLD = (404, 410), (400, 422), 426
DUPLICATE = "DUPLICATE_POST"
TO_EVERYBODY = {"feedDistribution": "MAIN_FEED", "targetEntities": (), "thirdPartyDistributionChannels": ()}
_POST_ID = re.compile(r"urn:li:(?:share|ugcPost):[0-9]{1,20}")
_IMAGE_ID = re.compile(r"urn:li:image:[A-Za-z0-9_-]{1,100}")
_IN_LINK = re.compile(r"https://(?:www\.)?linkedin\.com/.*?(?P<kind>share|ugcPost)[:-](?P<number>[0-9]{1,20})(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedInPost(OwnPost):
    """A post of the page."""

    at: datetime

    @classmethod
    def read(cls, one: Json) -> Self:
        """A post from LinkedIn's JSON; `NotSent` if it is not as LinkedIn describes one."""
        try:
            return cls(
                id=str(one["id"]),
                text=little.read(str(one.get("commentary", ""))),
                has_picture=bool(((one.get("content") or {}).get("media") or {}).get("id")),
                amiss=_amiss(str(one["lifecycleState"]), str(one["visibility"])),
                at=datetime.fromtimestamp(int(one["createdAt"]) / 1000, UTC),
            )
        except (AttributeError, TypeError, KeyError, ValueError, OverflowError, OSError) as error:
            raise NotSent(f"LinkedIn describes a post otherwise than it says ({type(error).__name__})") from None

    def is_rest_of(self, text: str) -> str | None:
        """Why this is what LinkedIn left of these words: it cuts a post off at a sign that it takes for markup."""
        own, whole = plain(self.text), plain(text)
        rest = whole[len(own) :].lstrip() if own and whole.startswith(own) else ""
        if not rest or rest[0] not in little.RESERVED:
            return None
        return (
            f"LinkedIn cut the words off before “{rest[0]}”: delete the post there, and write others without that sign"
        )


@dataclass(frozen=True, slots=True)
class LinkedInPage:
    """The page, and a line to LinkedIn that shows its token."""

    line: VendorLine
    settings: LinkedInSettings
    pictures: Pictures = no_pictures
    called: str = "LinkedIn"
    kind: ChannelKind = LINKEDIN

    @property
    def language(self) -> Language:
        return self.settings.language

    async def since(self, moment: datetime) -> Sequence[LinkedInPost]:
        """The page's own posts since five minutes before the moment, oldest first."""
        start, found = moment - CLOCKS_APART_MAX, list[LinkedInPost]()
        for number in range(PAGES_MAX):
            part = await self._list(start=number * PAGE)
            new = [one for one in part if one.at >= start]
            found += new
            if len(part) < PAGE or not new:
                return sorted(found, key=lambda one: one.at)
        raise NotSent(f"the page has over {PAGE * PAGES_MAX} posts since then: look at it, and settle it by hand")

    async def latest(self) -> Sequence[LinkedInPost]:
        """The last hundred posts of the page, newest first."""
        return await self._list()

    async def post(self, post_id: str) -> LinkedInPost | None:
        """The post as it is now; None if it is not there."""
        try:
            return LinkedInPost.read(await self.line.get(path_of(post_id)))
        except Refusal as refusal:
            if refusal.status in GONE:
                return None
            raise _unread(refusal) from None

    async def found_at(self, url: str, *, since: datetime) -> str | None:
        """The post at this address if it names a share; None for an activity, which the interface does not know."""
        del since
        found = _IN_LINK.match(url)
        return f"urn:li:{found['kind']}:{found['number']}" if found else None

    async def bring(self, picture: StillPicture, content: bytes, *, shows: str) -> str:
        """The name of the picture on LinkedIn, once it is ready; the post itself says what it shows."""
        del shows
        headers = {"Content-Type": picture.media_type}
        async with bringing(self.line, picture):
            asked = {"initializeUploadRequest": {"owner": self.settings.author}}
            place = (await self.line.ask("POST", f"{IMAGES}?action=initializeUpload", body=asked)).get("value") or {}
            name = str(place.get("image"))
            if not _IMAGE_ID.fullmatch(name):
                raise NoWholeAnswer("LinkedIn answered without the name of the picture")
            upload = line_to(self.line, place.get("uploadUrl"), within=DOMAIN)
            await upload.ask("PUT", "", body=content, headers=headers)
            while (state := (await self.line.get(f"{IMAGES}/{quote(name, safe='')}")).get("status")) != READY:
                if state == FAILED:
                    raise NoWholeAnswer("LinkedIn could not read the picture")
                await again_soon()
        return name

    async def write(self, text: str, *, picture: tuple[str, str] | None) -> str:
        """The identifier of a new post; `Duplicate` if LinkedIn has these words already."""
        content = {"content": {"media": {"id": picture[0], "altText": picture[1]}}} if picture else {}
        body = {
            **content,
            "author": self.settings.author,
            "commentary": little.written(text),
            "visibility": PUBLIC,
            "distribution": TO_EVERYBODY,
            "lifecycleState": PUBLISHED,
            "isReshareDisabledByAuthor": False,
        }
        answer = await self._change(POSTS, body)
        found = str(answer.get(NAMES_IN))
        if not _POST_ID.fullmatch(found):
            raise NoWholeAnswer("LinkedIn answered without the name of the post")
        return found

    async def edit(self, post_id: str, text: str) -> str:
        """Put these words into the post, whose picture stays; `NoEdit` if it is not there."""
        body = {"patch": {"$set": {"commentary": little.written(text)}}}
        try:
            await self._change(path_of(post_id), body, method="PARTIAL_UPDATE")
        except Refusal as refusal:
            raise NoEdit(str(refusal)) from None
        return post_id

    async def delete(self, post_id: str) -> None:
        """Delete the post; one that is gone already is no trouble."""
        try:
            await self.line.ask("DELETE", path_of(post_id), headers=_calls("DELETE"))
        except Refusal as refusal:
            if refusal.status not in GONE:
                raise _unread(refusal) from None

    def receipt(self, post_id: str) -> Receipt:
        """The receipt for a post."""
        link = f"https://www.linkedin.com/feed/update/{post_id}"
        return Receipt(reference=post_id, url=link, words="public on LinkedIn")

    async def _change(self, path: str, body: Body, *, method: str = "CREATE") -> Json:
        """`Refusal` if the post is not there."""
        try:
            return await self.line.ask("POST", path, body=body, headers=_calls(method))
        except Refusal as refusal:
            if method != "CREATE" and refusal.status in GONE:
                raise
            _refuse(refusal)

    async def _list(self, start: int = 0) -> Sequence[LinkedInPost]:
        asked = {"author": self.settings.author, "q": "author", "count": PAGE, "start": start, "sortBy": "CREATED"}
        try:
            answer = await self.line.ask("GET", f"{POSTS}?{urlencode(asked)}", headers=_calls("FINDER"))
        except Refusal as refusal:
            raise _unread(refusal) from None
        return [LinkedInPost.read(one) for one in answer.get("elements", ())]


def headers_of(token: str, *, version: str) -> Mapping[str, str]:
    """The headers of every request: the token, and the month of the interface that we speak."""
    return {"Authorization": f"Bearer {token}", "LinkedIn-Version": version, "X-Restli-Protocol-Version": "2.0.0"}


def path_of(post_id: str) -> str:
    """Where a post is asked for; `NotSent` for what names none, as it would lead elsewhere."""
    if not _POST_ID.fullmatch(post_id):
        raise NotSent("the receipt names no post of this channel: look at the page, and settle it by hand")
    return f"{POSTS}/{quote(post_id, safe='')}"


def _calls(method: str) -> Mapping[str, str]:
    return {"X-RestLi-Method": method}


def _refuse(refusal: Refusal) -> NoReturn:
    """What a refused change means: a duplicate is to be looked for, other words of its own are final."""
    if DUPLICATE in str(refusal.content.get("errorDetails", "")):
        named = _POST_ID.search(str(refusal.content.get("message", "")))
        raise Duplicate(
            f"{refusal}: if you cannot see that post, LinkedIn remembers one that is deleted, so write other words",
            of=named[0] if named else None,
        ) from None
    if refusal.status in WRONG_WORDS:
        raise Rejected(str(refusal)) from None
    raise _unread(refusal) from None


def _unread(refusal: Refusal) -> NotSent:
    """A refusal that changed nothing, with what to do."""
    if refusal.status == TOO_OLD:
        return NotSent(f"{refusal}: write a newer month in the channel's option `version`")
    return NotSent(f"{refusal}: see the app, and the role on the page of the person who made the token")


def _amiss(state: str, visibility: str) -> tuple[Sight, str] | None:
    if state == PUBLISHED and visibility == PUBLIC:
        return None
    return Sight.HIDDEN, f"LinkedIn calls it {state} for {visibility}: see the page, and publish it there"
