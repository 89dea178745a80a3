"""The page on Facebook: what it has posted, and requests in its name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn, Self

import aiohttp

from agents.adapters.channels.facebook.settings import FacebookSettings
from agents.adapters.channels.own_posts import CLOCKS_APART_MAX, Duplicate, NoEdit, OwnPost
from agents.adapters.channels.uploads import bringing
from agents.adapters.channels.vendor import Json, NoWholeAnswer, Refusal, VendorLine
from agents.adapters.pictures import Pictures, no_pictures
from agents.ports import NotSent, Rejected
from streams.decisions.channels.card import ChannelKind
from streams.decisions.channels.kinds import FACEBOOK
from streams.values import Language
from streams.words.delivery import Receipt, Sight
from streams.words.register.entries import StillPicture

VERSION = "/v26.0"
"""Facebook answers a version for two years at least, and later as the oldest that it still has."""
PAGE, PAGES_MAX = 100, 5
FIELDS = "id,message,created_time,permalink_url,is_hidden,attachments{media_type,target{id}}"
PHOTO = "photo"
UNCLEAR, WRONG_WORDS, SAME_AGAIN = (1, 2), 100, 506
"""Facebook's own codes: an error of which it knows nothing, a parameter that is wrong, words that came before."""
NO_SUCH_OBJECT = 33
"""The subcode of what is not there, or is not for us to see: then the page's list is refused as well."""
NO_TOKEN = (102, 190)
TOO_MUCH = (4, 9, 17, 32, 341, 368, 613, 80001)
NO_RIGHT = (3, 10, *range(200, 300))
_POST_ID, _PHOTO_ID = re.compile(r"[0-9]{1,20}_[0-9]{1,20}"), re.compile(r"[0-9]{1,20}")
_NUMBER = re.compile(
    r"https://(?:www|m|web)\.facebook\.com/(?:[^?#]*/)?(?:posts/(?:[^/?#]+/)?|permalink\.php\?story_fbid=)"
    r"(?P<number>[0-9]{1,20})(?![0-9A-Za-z])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacebookPost(OwnPost):
    """A post of the page. `link` is where Facebook says that it is shown, `photos` are the numbers of its pictures."""

    at: datetime
    link: str | None
    photos: tuple[str, ...] = ()

    @classmethod
    def read(cls, one: Json) -> Self:
        """A post from Facebook's JSON; `NotSent` if it is not as Facebook describes one."""
        hidden = Sight.HIDDEN, "it is hidden on the page: show it there, and find out who hid it"
        try:
            pictures = [part for part in one.get("attachments", {}).get("data", ()) if part.get("media_type") == PHOTO]
            return cls(
                id=str(one["id"]),
                # A post of a picture has no words.
                text=str(one.get("message", "")),
                amiss=hidden if one.get("is_hidden") else None,
                has_picture=bool(pictures),
                photos=tuple(str(part["target"]["id"]) for part in pictures if part.get("target", {}).get("id")),
                at=datetime.fromisoformat(str(one["created_time"])),
                link=one.get("permalink_url"),
            )
        except (AttributeError, TypeError, KeyError, ValueError) as error:
            raise NotSent(f"Facebook describes a post otherwise than it says ({type(error).__name__})") from None


@dataclass(frozen=True, slots=True)
class FacebookPage:
    """The page, and a line to Facebook that shows its token."""

    line: VendorLine
    settings: FacebookSettings
    pictures: Pictures = no_pictures
    called: str = "Facebook"
    kind: ChannelKind = FACEBOOK

    @property
    def language(self) -> Language:
        return self.settings.language

    async def since(self, moment: datetime) -> Sequence[FacebookPost]:
        """The page's own posts since five minutes before the moment, oldest first."""
        start = moment - CLOCKS_APART_MAX
        found, more = list[FacebookPost](), {"since": str(int(start.timestamp()))}
        for _ in range(PAGES_MAX):
            part, after = await self._list(**more)
            found += [one for one in part if one.at >= start]
            if after is None or len(found) < len(part):
                return found[::-1]
            more["after"] = after
        raise NotSent(f"the page has over {PAGE * PAGES_MAX} posts since then: look at it, and settle it by hand")

    async def latest(self) -> Sequence[FacebookPost]:
        """The last hundred posts of the page, newest first."""
        return (await self._list())[0]

    async def post(self, post_id: str) -> FacebookPost | None:
        """The post as it is now; None if it is not there."""
        try:
            return FacebookPost.read(await self.line.get(f"{VERSION}/{identifier(post_id)}", fields=FIELDS))
        except Refusal as refusal:
            if _is_gone(refusal):
                return None
            raise meaning_of(refusal) from None

    async def found_at(self, url: str, *, since: datetime) -> str | None:
        """The post at this address: it names the number, or is the one that Facebook gives for a post since then."""
        if named := _NUMBER.match(url):
            return f"{self.settings.page}_{named['number']}"
        return next((one.id for one in await self.since(since) if one.link == url), None)

    async def bring(self, picture: StillPicture, content: bytes, *, shows: str) -> str:
        """The number of the picture on Facebook, as one that is not published."""
        form = aiohttp.FormData({"published": "false", "alt_text_custom": shows})
        form.add_field("source", content, filename=picture.file, content_type=picture.media_type)
        async with bringing(self.line, picture):
            answer = await self.line.ask("POST", f"{VERSION}/{self.settings.page}/photos", body=form)
        if not _PHOTO_ID.fullmatch(found := str(answer.get("id"))):
            raise NotSent("Facebook answered without the number of the picture, so the words did not go out either")
        return found

    async def write(self, text: str, *, picture: tuple[str, str] | None) -> str:
        """The identifier of a new post; `Duplicate` if Facebook says that these words came before."""
        body = {"message": text} | ({"attached_media": [{"media_fbid": picture[0]}]} if picture else {})
        try:
            answer = await self.line.ask("POST", f"{VERSION}/{self.settings.page}/feed", body=body)
        except Refusal as refusal:
            _refuse(refusal)
        found = str(answer.get("id"))
        if not _POST_ID.fullmatch(found):
            raise NoWholeAnswer("Facebook answered without the number of the post")
        return found

    async def edit(self, post_id: str, text: str) -> str:
        """Put these words into the post, whose picture stays; `NoEdit` if another app or a person wrote it.

        Only they may edit it.
        """
        try:
            answer = await self.line.ask("POST", f"{VERSION}/{identifier(post_id)}", body={"message": text})
        except Refusal as refusal:
            if _code(refusal) in NO_RIGHT:
                raise NoEdit(str(refusal)) from None
            _refuse(refusal)
        if answer.get("success") is not True:
            raise NoWholeAnswer("Facebook answered without saying that the post is changed")
        return post_id

    async def delete(self, post_id: str) -> None:
        """Delete the post and its pictures; what is gone is no trouble."""
        await self.remove(post_id)

    async def remove(self, post_id: str) -> bool:
        """Delete the post, then its pictures, which would stay among the page's photos; whether it was there until now.

        If a picture cannot be deleted, `NotSent` says so once, in the record of the delivery.
        """
        there = await self.post(post_id)
        try:
            await self.line.ask("DELETE", f"{VERSION}/{identifier(post_id)}")
        except Refusal as refusal:
            if not _is_gone(refusal):
                raise meaning_of(refusal) from None
        if [photo for photo in (there.photos if there else ()) if not await self._has_deleted(photo)]:
            raise NotSent("the post is deleted, and its picture is still among the page's photos: delete it there")
        return there is not None

    async def _has_deleted(self, photo: str) -> bool:
        """Whether the picture is gone."""
        try:
            await self.line.ask("DELETE", f"{VERSION}/{_photo(photo)}")
        except Refusal as refusal:
            return _is_gone(refusal)
        except (NotSent, NoWholeAnswer):
            return False
        return True

    async def whose_token(self) -> Json:
        """The number and the name of the page that the token opens, and whether the public sees it."""
        try:
            return await self.line.get(f"{VERSION}/me", fields="id,name,is_published")
        except Refusal as refusal:
            raise meaning_of(refusal) from None

    def receipt(self, post_id: str) -> Receipt:
        """The receipt for a post."""
        return Receipt(reference=post_id, url=self.settings.link(post_id), words="public on Facebook")

    async def _list(self, **more: str) -> tuple[Sequence[FacebookPost], str | None]:
        path = f"{VERSION}/{self.settings.page}/published_posts"
        try:
            answer = await self.line.get(path, fields=FIELDS, limit=str(PAGE), **more)
        except Refusal as refusal:
            raise meaning_of(refusal) from None
        paging = answer.get("paging", {})
        after = paging.get("cursors", {}).get("after") if paging.get("next") else None
        return [FacebookPost.read(one) for one in answer.get("data", ())], after


def identifier(post_id: str) -> str:
    """The identifier of a post; `NotSent` for what is none, as it would lead elsewhere."""
    if not _POST_ID.fullmatch(post_id):
        raise NotSent("the receipt names no post of this channel: look at the page, and settle it by hand")
    return post_id


def _photo(number: str) -> str:
    """The number of a picture; `NotSent` for what is none, as it would lead elsewhere."""
    if not _PHOTO_ID.fullmatch(number):
        raise NotSent("Facebook names a picture otherwise than it says: look at the page's photos")
    return number


def _refuse(refusal: Refusal) -> NoReturn:
    """What a refused change means, by Facebook's own code: almost all come as 400, also where a retry helps."""
    code = _code(refusal)
    if code in UNCLEAR:
        raise NoWholeAnswer(str(refusal)) from None
    if code == SAME_AGAIN:
        raise Duplicate(str(refusal)) from None
    if code == WRONG_WORDS:
        raise Rejected(str(refusal)) from None
    raise meaning_of(refusal) from None


def meaning_of(refusal: Refusal) -> NotSent:
    """A refusal that changed nothing, with what to do."""
    code = _code(refusal)
    if code in NO_TOKEN:
        return NotSent(f"{refusal}: the token of the page is not valid any more, so make a new one and set it")
    if code in TOO_MUCH:
        return NotSent(f"{refusal}: it takes no more from us for now")
    if code in NO_RIGHT:
        return NotSent(f"{refusal}: see which rights the token and its app have on the page")
    return NotSent(f"{refusal}: see the page and its app on Facebook")


def _is_gone(refusal: Refusal) -> bool:
    return _code(refusal) == WRONG_WORDS and _part(refusal, "error_subcode") == NO_SUCH_OBJECT


def _code(refusal: Refusal) -> int | None:
    return _part(refusal, "code")


def _part(refusal: Refusal, name: str) -> int | None:
    error = refusal.content.get("error")
    found = error.get(name) if isinstance(error, dict) else None
    return found if isinstance(found, int) else None
