"""Acts on Slack: post, delete, and look for what the trust's people see.

People hear of a new post and of no edit, so a correction is a new post, and the wrong one goes.
"""

import asyncio
import re
from collections.abc import Sequence

from agents.adapters.admission import deletion_of
from agents.adapters.channels.own_posts import NO_PICTURE
from agents.adapters.channels.slack.place import IMAGE, SlackPlace, SlackPost, time_of
from agents.adapters.channels.vendor import Json
from agents.ports import NotSent, Rejected
from streams.decisions.channels.kinds import SLACK
from streams.decisions.wording.shown.marks import parts
from streams.decisions.wording.shown.renderings import languages_of
from streams.values import Form
from streams.words.delivery import Dispatch, Earlier, Look, Receipt, Sight

ABSENT = Look(sight=Sight.ABSENT)
CHARACTERS_MAX = 4_000
"""In all languages together."""
ALT_MAX = 2_000
"""Characters that tell of a picture, in all languages together."""
_ON_SLACK = re.compile(r"https://[a-z0-9.-]+\.slack\.com/archives/(?P<channel>[A-Z0-9]+)/p(?P<time>[0-9]{16})(\?.*)?")


async def post(place: SlackPlace, dispatch: Dispatch) -> Receipt:
    """Write the post, unless it is there already."""
    texts = texts_for(place, dispatch)
    if there := await _found(place, dispatch):
        return _receipt(place, there.time)
    blocks = [*(block_of(text) for text in texts), *await _pictured(place, dispatch)]
    return _receipt(place, await place.write(escape("\n\n".join(texts)), blocks, key=dispatch.key))


async def mend(place: SlackPlace, dispatch: Dispatch) -> Receipt:
    """Delete what this corrects or withdraws, with every copy and all that it corrected, then post the words."""
    gone = deletion_of(dispatch)
    if gone is None:
        texts_for(place, dispatch)
    for time in await _wrong_posts(place, dispatch):
        await place.delete(time)
    if gone:
        return gone
    try:
        return await post(place, dispatch)
    except Rejected as refusal:
        raise Rejected(f"what it mends is deleted, but its own words are not public: {refusal}") from refusal


async def look(place: SlackPlace, dispatch: Dispatch) -> Look:
    """Whether the dispatch's own post is there, with the picture that it was sent with."""
    there = await _found(place, dispatch)
    if there is None:
        return ABSENT
    receipt = _receipt(place, there.time)
    if dispatch.message.picture and not there.has_picture:
        return Look(sight=Sight.DIFFERENT, receipt=receipt, why=NO_PICTURE)
    return Look(sight=Sight.SHOWN, receipt=receipt)


async def look_for_mending(place: SlackPlace, dispatch: Dispatch) -> Look:
    """It is there if its words are, if it has any, and nothing is left of what they mend."""
    if await _wrong_posts(place, dispatch):
        return ABSENT
    gone = deletion_of(dispatch)
    return Look(sight=Sight.SHOWN, receipt=gone) if gone else await look(place, dispatch)


def texts_for(place: SlackPlace, dispatch: Dispatch) -> Sequence[str]:
    """The words with their hashtags, in the order of the channel's languages; `Rejected` if they are too long."""
    languages = languages_of(dispatch.message, place.settings.languages.split(","))
    texts = [dispatch.message.text_for(language, Form.LONG) for language in languages]
    lengths = [SLACK.counter.count(text) for text in texts]
    if SLACK.limit and (length := max(lengths)) > SLACK.limit:
        raise Rejected(f"the text has {length} {SLACK.counter.unit}, Slack takes {SLACK.limit} in a language")
    if (length := sum(lengths)) > CHARACTERS_MAX:
        raise Rejected(f"all languages together have {length} characters, Slack takes {CHARACTERS_MAX}: shorten them")
    return texts


def block_of(text: str) -> Json:
    """The text as a block in which Slack reads no marks: each link is named as one, all else is shown as it is."""
    elements = [
        {"type": "link", "url": part} if is_link else {"type": "text", "text": part} for part, is_link in parts(text)
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


async def _pictured(place: SlackPlace, dispatch: Dispatch) -> Sequence[Json]:
    """The block of the message's picture, brought to Slack before, with what it shows in each language."""
    picture = dispatch.message.picture
    if picture is None:
        return ()
    languages = languages_of(dispatch.message, place.settings.languages.split(","))
    shows = "\n".join(picture.alternative_text[one] for one in languages if one in picture.alternative_text)
    if (length := len(shows)) > ALT_MAX:
        raise Rejected(f"the alternative text has {length} characters in all languages, Slack takes {ALT_MAX}")
    content = await asyncio.to_thread(place.pictures, picture)
    return [{"type": IMAGE, "slack_file": {"id": await place.bring(picture, content, shows=shows)}, "alt_text": shows}]


def escape(text: str) -> str:
    """The text as it is read beside blocks, where three signs would begin a command: `<!channel>`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


async def _found(place: SlackPlace, dispatch: Dispatch) -> SlackPost | None:
    posts = await place.since(dispatch.authorisation.at)
    return next((one for one in posts if one.key == dispatch.key), None)


async def _wrong_posts(place: SlackPlace, dispatch: Dispatch) -> Sequence[str]:
    """The times of all posts that the dispatch has to end: by their keys, and by the receipts, if they are there."""
    ended = _targets(dispatch)
    if ended and dispatch.target_key:
        keys = {one.key for one in ended}
        found = [one.time for one in await place.since(min(one.at for one in ended)) if one.key in keys]
    else:
        found = []
    receipts = [one.receipt for one in ended if one.receipt]
    named = [_time_of(place, one) for one in receipts]
    seen = [time for time in named if time not in found and await place.has(time)]
    return [*found, *seen]


def _targets(dispatch: Dispatch) -> Sequence[Earlier]:
    """What the dispatch ends: its target, also where only its key is known, and what the target corrected."""
    if dispatch.target is None and dispatch.target_key is None:
        return dispatch.earlier
    at = dispatch.target_at or dispatch.authorisation.at
    return [Earlier(key=dispatch.target_key or dispatch.key, at=at, receipt=dispatch.target), *dispatch.earlier]


def _time_of(place: SlackPlace, receipt: Receipt) -> str:
    if receipt.reference:
        return time_of(receipt.reference)
    found = _ON_SLACK.fullmatch(receipt.url or "")
    if found is None or found["channel"] != place.settings.channel:
        raise NotSent("the post that this one follows is not found by its address: mend it by hand")
    return f"{found['time'][:10]}.{found['time'][10:]}"


def _receipt(place: SlackPlace, time: str) -> Receipt:
    return Receipt(reference=time, url=place.settings.link(time), words="in the Slack channel")
