"""Posts of an account as its server lists them, or as a stream brings one. Pure.

What the partner itself says is taken: posts, and answers to its own posts, as a thread is made of. An answer to
somebody else is not, since it is half of a conversation, nor is a quote of somebody else, since a share of it would
show those words too. The network shows no time later than it saw, so neither do we: a program may write any.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from agents.adapters.feeds.account_mark import NetworkPost
from agents.adapters.feeds.parsed import Source
from streams import foreign
from streams.values import PROSE_CHARACTERS_MAX, UNDETERMINED, derive_id
from streams.words.posts import PartnerPost

POST = "app.bsky.feed.post"
_TAG, _QUOTES = "app.bsky.richtext.facet#tag", ("app.bsky.embed.record", "app.bsky.embed.recordWithMedia")


def entries_of(listed: Any, source: Source) -> tuple[Sequence[NetworkPost], Sequence[str]]:  # noqa: ANN401 - any JSON
    """The posts of an answer of `com.atproto.repo.listRecords`, as they are listed, and what of it cannot be read."""
    records = listed.get("records") if isinstance(listed, dict) else None
    if not isinstance(records, list):
        return (), ("the server lists posts otherwise than a Bluesky server does",)
    entries: list[NetworkPost] = []
    faults: list[str] = []
    for one in records:
        uri = one.get("uri") if isinstance(one, dict) else None
        prefix = f"at://{source.account.account_id}/{POST}/"
        if not isinstance(uri, str) or not uri.startswith(prefix):
            faults.append("a record in the list is not one of this account's posts")
            continue
        read = entry_of(uri.removeprefix(prefix), one, source=source)
        if isinstance(read, NetworkPost):
            entries.append(read)
        else:
            faults.append(read)
    return entries, faults


def entry_of(
    key: str,
    said: Mapping[str, Any],
    *,
    source: Source,
    is_edit: bool = False,
) -> NetworkPost | str:
    """One post under its key, with its content identifier as revision; a sentence where it is none."""
    cid, record = said.get("cid"), said.get("value")
    value: Mapping[str, Any] = record if isinstance(record, dict) else {}
    text = value.get("text")
    did = source.account.account_id
    try:
        post = PartnerPost(
            id=derive_id("post", did, source.account.domain, key, cid),
            mode=source.mode,
            change="edited" if is_edit else "new",
            account_id=did,
            domain=source.account.domain,
            post_id=key,
            at=_at(value.get("createdAt"), source.now),
            text=text[:PROSE_CHARACTERS_MAX] if isinstance(text, str) else "",
            language=_language(value.get("langs")),
            hashtags=foreign.hashtags(_tags(value)),
            url=f"https://bsky.app/profile/{did}/post/{key}",
            revision=cid,
        )
    except ValidationError:
        return "a record in the list has no key or no revision that can be read"
    return NetworkPost(post, _why_not(value, did))


def _why_not(value: Mapping[str, Any], did: str) -> str | None:
    if not isinstance(value.get("text"), str) or value.get("$type") != POST:
        return "it is no post as Bluesky describes one"
    reply = value.get("reply")
    if reply is not None and not (isinstance(reply, dict) and all(_is_own(reply.get(end), did) for end in _ENDS)):
        return "it answers somebody else"
    embed = value.get("embed")
    quotes = isinstance(embed, dict) and str(embed.get("$type")) in _QUOTES
    if quotes and not _is_own(_quoted(embed), did):
        return "it quotes somebody else"
    return None


_ENDS = ("root", "parent")


def _quoted(embed: Any) -> Any:  # noqa: ANN401 - any JSON
    """What a quote points at; with pictures beside it, it lies one level deeper."""
    record = embed.get("record")
    inner = record.get("record") if isinstance(record, dict) else None
    return inner if isinstance(inner, dict) else record


def _is_own(reference: Any, did: str) -> bool:  # noqa: ANN401 - any JSON
    uri = reference.get("uri") if isinstance(reference, dict) else None
    return isinstance(uri, str) and uri.startswith(f"at://{did}/")


def _at(created: Any, now: datetime) -> datetime:  # noqa: ANN401 - any JSON
    """When it was posted, as it says itself; never later than now, and now where it does not say."""
    try:
        moment = datetime.fromisoformat(created)
    except (TypeError, ValueError):
        return now
    return min(moment, now) if moment.tzinfo else now


def _language(langs: Any) -> str:  # noqa: ANN401 - any JSON
    """The language, where it names one only."""
    return foreign.language(langs[0]) if isinstance(langs, list) and len(langs) == 1 else UNDETERMINED


def _tags(value: Mapping[str, Any]) -> Sequence[Any]:
    facets, tags = value.get("facets"), value.get("tags")
    features = [
        feature
        for facet in (facets if isinstance(facets, list) else ())
        if isinstance(facet, dict) and isinstance(facet.get("features"), list)
        for feature in facet["features"]
        if isinstance(feature, dict) and feature.get("$type") == _TAG
    ]
    return [*(feature.get("tag") for feature in features), *(tags if isinstance(tags, list) else ())]
