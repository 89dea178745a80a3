"""Mentions in bulk, invented from a scenario's phrases and spread by its seed, and a second, plain count of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from agents.exercise.script.scenario import Crowd
from streams.words.incident import Declare

SLICE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class CrowdPost:
    """A public post of the exercise: when it comes, counted from the start, a made-up author, the words."""

    at: timedelta
    author: str
    text: str


def crowd(given: Crowd, *, begins: timedelta, seed: str) -> list[CrowdPost]:
    """The crowd's posts in order of time: the phrases in turn, evenly but not regularly spread."""
    drawn = Random(seed)  # noqa: S311 - an invented crowd keeps no secret
    number = max(1, round(given.rate * given.lasts / timedelta(minutes=1)))
    return [
        CrowdPost(
            at=begins + given.lasts * ((position + drawn.random()) / number),
            author=f"author-{drawn.randrange(given.authors)}",
            text=given.phrases[position % len(given.phrases)],
        )
        for position in range(number)
    ]


def slices(posts: Sequence[CrowdPost]) -> Iterator[tuple[timedelta, list[CrowdPost]]]:
    """Posts in batches of five played seconds, each with the time at which it ends."""
    batches: dict[int, list[CrowdPost]] = {}
    for post in posts:
        batches.setdefault(int(post.at / SLICE), []).append(post)
    for number in sorted(batches):
        yield SLICE * (number + 1), batches[number]


class Recount:
    """Counts the posts that name an incident by plain search, to compare with what the agents counted."""

    def __init__(self, declarations: Iterable[Declare]) -> None:
        terms = [term for one in declarations for term in _terms(one)]
        found = "|".join(sorted(r"\W+".join(map(re.escape, re.findall(r"\w+", term))) for term in terms))
        self._pattern = re.compile(rf"(?<!\w)(?:{found or '(?!)'})(?!\w)", re.IGNORECASE)
        self.count = 0

    def add(self, posts: Iterable[CrowdPost]) -> None:
        """Count those that name it."""
        self.count += sum(1 for post in posts if self._pattern.search(post.text))


def _terms(declaration: Declare) -> tuple[str, ...]:
    return (*declaration.hashtags, *declaration.words, declaration.name, declaration.methane.exact_location)
