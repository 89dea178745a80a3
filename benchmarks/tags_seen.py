"""Hashtags seen early: how soon the tag that people settle on is among those that are offered, in past crises.

`python -m benchmarks.tags_seen`: the folder of crises (CrisisLexT26 event folders, and files of posts as JSON lines) is
in `HOLDINGLINE_CRISES`. The posts of the other crises are the week before. Posts are read, measured and forgotten: only
figures are printed.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from benchmarks.seen_early import crises
from streams.decisions.listening.crowd import BIN_SECONDS
from streams.decisions.listening.keep import person_of
from streams.decisions.listening.tags.heard import FLOOR, TagHearing, TagsHeard, TagsKnown, TagsUsual, tags_of
from streams.decisions.listening.wordings import spoken_words, wording_of
from streams.words.posts import Voice

MINUTES, POSTS = (10, 30, 60), (20, 50, 100)
OFFERED = 3
TWITTER_TIME = "%a %b %d %H:%M:%S %z %Y"


@dataclass(frozen=True, slots=True)
class TaggedEvent:
    """The posts of one event, in their order: when, in seconds from the epoch, and the words."""

    name: str
    posts: Sequence[tuple[float, str]]

    @property
    def settled(self) -> Sequence[str]:
        """The three tags that most of its posts have, over its whole course."""
        used = Counter(tag for _, text in self.posts for tag in tags_of(text))
        return [tag for tag, _ in used.most_common(OFFERED)]


@dataclass(slots=True)
class TagCount:
    """In how many events what was asked held."""

    events: int = 0
    seen: int = 0
    first: int = 0
    among: int = 0
    choice: int = 0
    offered: int = 0

    def add(self, event: TaggedEvent, posts: Sequence[tuple[float, str]], *, best: Sequence[str]) -> None:
        """Compare what would be offered after these first posts of an event with what its people settled on."""
        settled = event.settled
        self.events += 1
        self.seen += any(settled[0] in tags_of(text) for _, text in posts)
        self.first += best[:1] == settled[:1]
        self.among += settled[0] in best
        self.choice += bool(best) and best[0] in settled
        self.offered += bool(best)

    def row(self) -> str:
        """As a row of the table."""
        return f"{self.seen} of {self.events} | {self.first} | {self.among} | {self.choice} | {self.offered}"


def events(folder: Path) -> Iterator[TaggedEvent]:
    """Each event of the folder."""
    for crisis in crises(folder):
        yield TaggedEvent(crisis.name, crisis.texts)
    for path in sorted(folder.rglob("*.jsonl")):
        with path.open(encoding="utf-8") as opened:
            given = [json.loads(line) for line in opened]
        posts = [(_moment(one["created_at"]), one["text"]) for one in given]
        yield TaggedEvent(path.stem, sorted(posts))


def _moment(written: str) -> float:
    return datetime.strptime(written, TWITTER_TIME).astimezone(UTC).timestamp()


def offered_after(posts: Sequence[tuple[float, str]], usual: TagsUsual, *, floor: int) -> Sequence[str]:
    """The tags that would be offered; a post without an author is a person of its own."""
    tags = [tag for _, text in posts for tag in tags_of(text)]
    hearing = TagHearing(TagsHeard(), TagsKnown(usual=usual.before(1, tags)))
    for number, (at, text) in enumerate(posts):
        person = person_of(str(number), b"measured")
        words = wording_of(spoken_words(text))
        hearing.hear(Voice(int(at) // BIN_SECONDS, person, tags=tags_of(text), wording=words))
    return [one.tag for one in hearing.best(floor=floor)][:OFFERED]


def main() -> None:
    """Print the table."""
    folder = os.environ.get("HOLDINGLINE_CRISES")
    if not folder:
        typer.echo("HOLDINGLINE_CRISES names no folder of past crises: none was looked at.")
        return
    found = list(events(Path(folder)))
    typer.echo("| posts seen | settled tag seen | it is first | among the three | our first is settled | any offered |")
    typer.echo("|---|---|---|---|---|---|")
    for floor in (1, FLOOR):
        for name, row in _table(found, floor).items():
            typer.echo(f"| {name}, from {floor} {'person' if floor == 1 else 'people'} on | {row.row()} |")


def _table(found: Sequence[TaggedEvent], floor: int) -> Mapping[str, TagCount]:
    """The rows for tags that so many people use at least."""
    rows = {f"first {minutes} min": TagCount() for minutes in MINUTES}
    rows |= {f"{count} posts": TagCount() for count in POSTS}
    for event in found:
        usual = TagsUsual().with_posts(0, [tags_of(text) for one in found if one is not event for _, text in one.posts])
        begins = event.posts[0][0]
        first = {f"first {one} min": [post for post in event.posts if post[0] <= begins + one * 60] for one in MINUTES}
        for name, posts in {**first, **{f"{count} posts": event.posts[:count] for count in POSTS}}.items():
            rows[name].add(event, posts, best=offered_after(posts, usual, floor=floor))
    return rows


if __name__ == "__main__":
    typer.run(main)
