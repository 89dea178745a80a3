"""Records of our account, as pure data: where a delivery's records lie, and what they say.

Each place follows from the delivery's key and the time of its yes alone: whatever is tried again comes to the same one.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agents.adapters.channels.bluesky.facets import facets
from agents.adapters.channels.bluesky.settings import DID
from streams.decisions.channels.card import APART_MAX
from streams.decisions.channels.kinds import BLUESKY
from streams.decisions.wording.shown.renderings import one_text
from streams.signs import composed
from streams.values import LIVE, UNDETERMINED, prose
from streams.words.delivery import Dispatch
from streams.words.register.entries import StillPicture
from streams.words.release import Credit, Message, is_newer

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
FENCE = "org.example.holdingline.fence"
"""A collection of ours that no program shows."""
_SIGNS = "234567abcdefghijklmnopqrstuvwxyz"
_KEY = r"[A-Za-z0-9._:~-]{1,512}"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HASH_BITS = 20
_RAW_SHA256 = bytes([1, 0x55, 0x12, 32])
"""What a content identifier begins with: version 1, any bytes, SHA-256 in 32 bytes."""

Value = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies in an account."""

    collection: str
    key: str

    def uri(self, did: str) -> str:
        """Its address on the network."""
        return f"at://{did}/{self.collection}/{self.key}"


def place_of(key: str, at: datetime, *, number: int = 0, collection: str = POST) -> Place:
    """The place of one record of the delivery `key`, which was authorised `at`; `number` counts its posts."""
    micros = (at - _EPOCH) // timedelta(microseconds=1)
    seed = hashlib.sha256(f"{key}/{number}".encode()).digest()
    # A key is 53 bits of time and ten of anything: ours gives up the last millisecond for ten bits more.
    value = (micros >> 10) << _HASH_BITS | int.from_bytes(seed[:4]) >> (32 - _HASH_BITS)
    return Place(collection, "".join(_SIGNS[value >> shift & 31] for shift in range(60, -1, -5)))


def place_at(uri: str, did: str) -> Place | None:
    """The place that an address names, if it is one in this account where we publish."""
    found = re.fullmatch(rf"at://{re.escape(did)}/({re.escape(POST)}|{re.escape(REPOST)})/({_KEY})", uri)
    return Place(found[1], found[2]) if found else None


def places_of(key: str, at: datetime) -> Sequence[Place]:
    """Every place where a record of this delivery may lie, whatever it said."""
    posts = [place_of(key, at, number=number) for number in range(APART_MAX)]
    return [*posts, place_of(key, at, collection=REPOST)]


def posts_of(dispatch: Dispatch) -> Mapping[Place, Value]:
    """The posts of a message, one for each language: the first is the one that the receipt names."""
    numbers = {language: number for number, language in enumerate(sorted(dispatch.message.texts))}
    return {
        place_of(dispatch.key, dispatch.authorisation.at, number=numbers[language]): _post(dispatch, language)
        for language in dispatch.message.texts
    }


def _post(dispatch: Dispatch, language: str) -> Value:
    text = one_text(dispatch.message, [language], form=BLUESKY.form)
    value: dict[str, Any] = {"$type": POST, "text": text, "createdAt": made_at(dispatch)}
    if language != UNDETERMINED:
        value["langs"] = [language]
    if found := facets(text):
        value["facets"] = list(found)
    if picture := dispatch.message.picture:
        shown = {"alt": picture.alternative_text.get(language, ""), "image": blob_of(picture)}
        value["embed"] = {"$type": "app.bsky.embed.images", "images": [shown]}
    return value


def blob_of(picture: StillPicture) -> Value:
    """What the server calls the picture's content: it follows from the content, so it is known before the upload."""
    name = base64.b32encode(_RAW_SHA256 + bytes.fromhex(picture.digest)).decode().lower().rstrip("=")
    return {
        "$type": "blob",
        "ref": {"$link": f"b{name}"},
        "mimeType": picture.media_type,
        "size": picture.size_bytes,
    }


def repost_of(dispatch: Dispatch, subject: Mapping[str, str]) -> Mapping[Place, Value]:
    """The record that shares the post `subject`, which is its `uri` and `cid`."""
    place = place_of(dispatch.key, dispatch.authorisation.at, collection=REPOST)
    return {place: {"$type": REPOST, "subject": dict(subject), "createdAt": made_at(dispatch)}}


def made_at(dispatch: Dispatch) -> str:
    """The time that a record says: that of the yes, so that a repeat is the same record."""
    return dispatch.authorisation.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shared_post(dispatch: Dispatch) -> str | None:
    """The address of the partner's post if the network itself can share it; None if its words go out as a copy.

    A drill shares nothing: what a partner really said carries no exercise mark.
    """
    if dispatch.mode != LIVE or dispatch.message.credit is None:
        return None
    return address_of(dispatch.message.credit)


def address_of(credit: Credit) -> str | None:
    """The address of a partner's post on this network; None if it lives elsewhere, or if it said something else first.

    The network shows what a post said first, whatever its author made of it.
    """
    if credit.edited or is_newer(credit.post_id) or not re.fullmatch(DID, credit.account_id):
        return None
    whole = re.fullmatch(rf"at://{re.escape(credit.account_id)}/{re.escape(POST)}/({_KEY})", credit.post_id)
    key = whole[1] if whole else credit.post_id
    return f"at://{credit.account_id}/{POST}/{key}" if re.fullmatch(_KEY, key) else None


def are_the_words_of(text: str, message: Message) -> bool:
    """Whether a partner's post still says what was signed off, which is the same words with a credit."""
    words = " ".join(composed(prose(text)).split())
    return any(words in " ".join(ours.split()) for ours in message.texts.values())


def says_the_same(found: Value, meant: Value) -> bool:
    """Whether a record says what it is meant to, wherever it was a reply to."""
    parts = ("$type", "text", "langs", "facets", "embed", "createdAt")
    return all(found.get(part) == meant.get(part) for part in parts) and (
        found.get("subject", {}).get("uri") == meant.get("subject", {}).get("uri")
    )


def public_link(uri: str) -> str:
    """Where people see a post."""
    _, _, did, _, key = uri.split("/")
    return f"https://bsky.app/profile/{did}/post/{key}"
