"""Where a public post can be read, as far as its own name says so."""

import re

_LINK = re.compile(r"https?://[^/\s]+/\S+")
_BLUESKY = re.compile(r"at://(did:[a-z]+:[\w.:-]+)/app\.bsky\.feed\.post/(\w+)")


def link_of(post_id: str) -> str | None:
    """The address of a post whose name is one, or names a record of Bluesky; None for every other."""
    if record := _BLUESKY.fullmatch(post_id):
        return f"https://bsky.app/profile/{record[1]}/post/{record[2]}"
    return post_id if _LINK.fullmatch(post_id) else None
