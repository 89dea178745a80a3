"""Suspected: a person sees a post that stands for a story, and opens a case of suspected hate crime for it.

The case is called after the place of the post, so that no part of the post is in an order or a fact: the agent that
keeps the posts finds it again by the name of the case, and keeps it with the case.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from streams.decisions.listening.stories import StoryPost, StoryPosts
from streams.values import Identifier, Mode, derive_id
from streams.words.cases import CaseSort, OpenCase

ABOUT = "A person saw a public post that may be a hate crime."


def case_names(mode: Mode, about: str, *, number: int, posts: Sequence[StoryPost]) -> Iterator[tuple[Identifier, str]]:
    """What the case of each post of a story is called, with what its source calls the post.

    `number` is the story's own. A post keeps its name as long as it is kept: those of one moment go together.
    """
    passed = Counter[int]()
    for one in posts:
        yield derive_id("case", mode, about, "story", number, one.heard, passed[one.heard]), one.post
        passed[one.heard] += 1


def every_case_name(mode: Mode, about: str, *, posts: StoryPosts) -> Mapping[Identifier, str]:
    """The same of all stories of an incident."""
    return dict(
        one for number, found in posts.posts.items() for one in case_names(mode, about, number=number, posts=found)
    )


def suspecting(incident: Identifier) -> OpenCase:
    """The order that opens such a case: it is with the person who is named for hate crime at once."""
    return OpenCase(sort=CaseSort.HATE_CRIME, about=ABOUT, incident=incident, to_desk=True)
