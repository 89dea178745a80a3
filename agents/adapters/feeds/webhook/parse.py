"""What a control room sends: one post, a list of posts, or an object with `posts`.

Each is a `PartnerPost` without its account, which the address and the secret say.
"""

from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from agents.adapters.feeds.parsed import Parsed, Source
from streams.codec import says
from streams.values import derive_id, digest
from streams.words.posts import PartnerPost

POSTS_MAX = 100
OURS = ("account_id", "domain", "id", "mode", "version")
"""What a sender does not say: the account is the one whose secret signed."""


def parse(body: bytes, source: Source) -> Parsed:
    """The posts of a request; if one of them is wrong, none is taken, and each fault says where."""
    try:
        sent = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        return Parsed(faults=(f"the body is no JSON ({error}): send UTF-8 JSON",))
    if isinstance(sent, dict) and (beside := sorted(FIELDS.intersection(sent))) and "posts" in sent:
        return Parsed(faults=(f"`{beside[0]}` beside `posts` is of no post: write it into each post that it is for",))
    posts = sent.get("posts", [sent]) if isinstance(sent, dict) else sent
    if not isinstance(posts, list) or not posts or not all(isinstance(one, dict) for one in posts):
        return Parsed(
            faults=("the body holds no post: send an object with `post_id`, `at` and `text`, or a list of them",)
        )
    if len(posts) > POSTS_MAX:
        return Parsed(faults=(f"the body holds {len(posts)} posts: send {POSTS_MAX} at most in one request",))
    items, faults = list[PartnerPost](), list[str]()
    for number, post in enumerate(posts, 1):
        if odd := _misspelt(post):
            faults.append(f"post {number}: `{odd[:40]}` is not read: write `{MEANT[_plain(odd)]}`")
            continue
        try:
            items.append(_post(post, source))
        except ValidationError as error:
            faults.append(f"post {number}: {says(error)}")
    return Parsed(faults=tuple(faults)) if faults else Parsed(tuple(items))


def _misspelt(sent: dict[str, Any]) -> str | None:
    """A key that means a field and is written otherwise: passed over, it would make a drill of theirs a live post."""
    return next((one for one in sent if one not in FIELDS and _plain(one) in MEANT), None)


def _plain(key: str) -> str:
    return "".join(sign for sign in key.casefold() if sign.isalnum())


FIELDS = frozenset(PartnerPost.model_fields)
MEANT = {_plain(name): name for name in FIELDS.difference(OURS)}
"""The fields of a post by their letters alone."""


def _post(sent: dict[str, Any], source: Source) -> PartnerPost:
    said = {name: value for name, value in sent.items() if name not in OURS}
    if said.get("change") == "deleted":
        said.setdefault("text", "")
    account = source.account
    pins = {"mode": source.mode, "account_id": account.account_id, "domain": account.domain}
    read = PartnerPost.model_validate({"id": "unnamed", **said, **pins})
    version = read.revision or digest([read.text, read.status, str(read.expires_at)])[:12]
    name = derive_id("feed", read.account_id, read.post_id, read.change, version)
    return read.model_copy(update={"id": name})
