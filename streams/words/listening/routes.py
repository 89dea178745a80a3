"""Which posts a case is about: personal data, in a table of its own that can be emptied; no fact has a part of it."""

import operator
from typing import Annotated

from pydantic import Field

from streams.values import Frozen, Identifier, Utc
from streams.words.posts import Foreign

POSTS_MAX = 3
"""So many posts of one case are kept; of more, only their number."""


class CasePosts(Frozen):
    """The first posts of a case, as their source calls them.

    `authors` are hashes of their accounts with the key of that day, in the same order; there is none for a post for
    which a person opened the case. All of it goes at `kept_until`, unless it is `held` as evidence. `about` is what
    the posts are counted by, an incident or the trust.
    """

    case_id: Identifier
    posts: Annotated[tuple[Foreign, ...], Field(max_length=POSTS_MAX)] = ()
    authors: Annotated[tuple[int, ...], Field(max_length=POSTS_MAX)] = ()
    kept_until: Utc
    about: Identifier | None = None
    held: bool = Field(default=False, exclude_if=operator.not_)
