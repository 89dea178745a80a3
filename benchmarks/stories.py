"""Stories of past rumours: how pure they are, how many are found, and what wordings and stories cost a post.

`python -m benchmarks.stories`: the folder of rumours is in `HOLDINGLINE_RUMOURS`, one JSON object a line with
`id_str`, `text` and `created_at`. What belongs together was said by hand, by key words: `TOPICS`. Posts are read,
measured and forgotten: only figures are printed.
"""

import json
import os
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from streams.decisions.listening.crowd import BIN_SECONDS
from streams.decisions.listening.keep import DayKeys, keep
from streams.decisions.listening.stories import StoriesKept, StoryFinder, StoryPosts
from streams.decisions.listening.vocabulary import vocabulary
from streams.decisions.listening.wordings import KnownWordings, WordingShelf, read, spoken_words, wording_of
from streams.words.posts import Mention, Voice

FOUND_MIN, FOUND_SHARE = 5, 0.6
BATCH = 5_000
TOPICS: Mapping[str, Mapping[str, str]] = {
    "germanwings": {
        "convert": r"convert|muslim|islam",
        "distress call": r"distress|mayday|\bsos\b|emergency call|emergency signal",
        "locked out": r"locked|out of (the )?cockpit|cockpit door|left (the )?cockpit|\block",
        "depression": r"depress|mental|psychi|suicid|treated",
        "survivors": r"survivor|survived|feared dead|no hope|no one survived",
        "nationalities": r"nationalit|spaniards|spanish|turks|turkish|germans on|16 (german )?(pupils|students)|school",
        "how many on board": r"\b14[0-9]\b|\b150\b|on board|aboard|passengers",
        "descent": r"descent|feet|altitude|dropped|radar|fr24|flightradar",
        "crew refuses": r"refus|crew(s)? (are|will)|not fly",
        "debris": r"debris|wreckage|found|located",
        "crash": r"crash",
    },
    "ferguson": {
        "release name": r"\bname\b|named|identif|darren|wilson",
        "robbery": r"robber|theft|steal|stole|shoplift|cigar|convenience|store|thug",
        "no contact": r"not (related|connected|aware)|didn.?t know|did not know|unaware|nothing to do|no idea|"
        r"initial contact|unrelated",
        "jaywalking": r"walking|jaywalk|street|blocking traffic|traffic",
        "blood on uniforms": r"uniform|bleed|blood|property|beat",
        "times shot": r"times|ten|shots|six|eight",
        "surveillance": r"video|surveillance|footage|camera|tape",
        "hands up": r"hands",
        "witness": r"witness",
    },
}


@dataclass(frozen=True, slots=True)
class Measured:
    """How the stories of one event are beside what belongs together."""

    posts: int
    stories: int
    purity: float
    recall: float
    large_purity: float
    topics: int
    found: int


def posts_of(path: Path) -> Sequence[tuple[datetime, str, str]]:
    """When each post came, what it is called, and its words, in the order of the names."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    moments = [datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y").astimezone(UTC) for row in rows]
    return sorted((at, row["id_str"], row["text"]) for at, row in zip(moments, rows, strict=True))


def told_apart(posts: Sequence[tuple[datetime, str, str]]) -> Sequence[int]:
    """The number of the story of each post, one post a batch."""
    shelves: dict[int, WordingShelf] = {}
    stories, of_posts, numbers = StoriesKept(), StoryPosts(), []

    def kept(number: int) -> WordingShelf:
        return shelves.get(number, WordingShelf())

    for person, (at, name, text) in enumerate(posts, 1):
        mention = Mention.model_construct(id=name, mode="live", author_id=name, at=at, text=text)
        wording = wording_of(spoken_words(text))
        known = KnownWordings(kept)
        finder = StoryFinder(stories, known, posts=of_posts)
        told, _ = read({wording: mention}, ())
        finder.hear(Voice(int(at.timestamp()) // BIN_SECONDS, person, wording=wording), {wording: told[0]})
        stories, of_posts = finder.kept(), finder.posts()
        shelves |= known.shelves()
        numbers.append((known.story(wording) or 0) // 2)
    return numbers


def measured(numbers: Sequence[int], topics: Sequence[str | None]) -> Measured:
    """B-cubed purity and recall of the posts that have a topic."""
    both = [(number, topic) for number, topic in zip(numbers, topics, strict=True) if topic]
    stories, subjects, pairs = Counter(one for one, _ in both), Counter(one for _, one in both), Counter(both)
    large = [one for one in both if stories[one[0]] >= FOUND_MIN]
    best: defaultdict[str, int] = defaultdict(int)
    for (number, topic), count in pairs.items():
        if count >= FOUND_MIN and count >= FOUND_SHARE * stories[number]:
            best[topic] += 1

    def purity(among: Sequence[tuple[int, str]]) -> float:
        return statistics.mean(pairs[one] / stories[one[0]] for one in among) if among else 0.0

    return Measured(
        posts=len(both),
        stories=len(stories),
        purity=purity(both),
        recall=statistics.mean(pairs[one] / subjects[one[1]] for one in both),
        large_purity=purity(large),
        topics=sum(count >= FOUND_MIN for count in subjects.values()),
        found=len(best),
    )


def topic_of(text: str, topics: Mapping[str, str]) -> str | None:
    """What a post is about: the first topic of the list whose words it has; None if it has none."""
    return next((name for name, words in topics.items() if re.search(words, text.lower())), None)


def costs(texts: Sequence[str], *, matched: float) -> Mapping[str, float]:
    """Microseconds a post for keeping, with wordings, and for stories, where so many posts speak of the incident.

    The texts come round and round, each time said by others; a batch has `BATCH` posts.
    """
    known = vocabulary([("incident", ("elsewhere",))])
    now, each = datetime(2026, 3, 2, tzinfo=UTC), round(1 / matched)
    posts = []
    for number in range(4 * BATCH):
        words = texts[number // each % len(texts)]
        text = words if number % each else f"elsewhere {words}"
        name = f"m-{number}"
        posts.append(Mention.model_construct(id=name, mode="live", author_id=f"a-{number}", at=now, text=text))
    spent: defaultdict[str, list[float]] = defaultdict(list)
    shelves: dict[int, WordingShelf] = {}
    stories, of_posts = StoriesKept(), StoryPosts()

    def kept(number: int) -> WordingShelf:
        return shelves.get(number, WordingShelf())

    for first in range(0, len(posts), BATCH):
        batch = posts[first : first + BATCH]
        began = time.process_time()
        for one in batch[::each]:
            wording_of(spoken_words(one.text))
        worded = time.process_time()
        found = keep(batch, known, keys=DayKeys(b"measured"), now=now)["incident"]
        heard = time.process_time()
        told, one_in = read(found.wordings, ())
        finder = StoryFinder(stories, KnownWordings(kept), posts=of_posts)
        by_wording = {one.wording: one for one in told}
        for voice in found.voices:
            finder.hear(voice, by_wording)
        stories, of_posts = finder.kept(read_one_in=one_in), finder.posts()
        shelves |= finder.wordings.shelves()
        stories.model_dump_json()
        ended = time.process_time()
        spent["wordings"].append(worded - began)
        spent["gate and keep, wordings in it"].append(heard - worded)
        spent["stories"].append(ended - heard)
    return {name: 1e6 * statistics.median(each) / BATCH for name, each in spent.items()}


def main() -> None:
    """Print the tables."""
    told = os.environ.get("HOLDINGLINE_RUMOURS")
    if not told:
        typer.echo("HOLDINGLINE_RUMOURS names no folder of past rumours: nothing was measured.")
        return
    events = {path.stem: posts_of(path) for path in sorted(Path(told).glob("*.jsonl"))}
    typer.echo("| event | posts with a topic | stories | purity | recall | purity from 5 posts on | topics found |")
    typer.echo("|---|---|---|---|---|---|---|")
    for name, posts in events.items():
        topics = next((of for begins, of in TOPICS.items() if name.startswith(begins)), {})
        one = measured(told_apart(posts), [topic_of(text, topics) for *_, text in posts])
        figures = f"{one.purity:.2f} | {one.recall:.2f} | {one.large_purity:.2f} | {one.found} of {one.topics}"
        typer.echo(f"| {name} | {one.posts} | {one.stories} | {figures} |")
    texts = [text for posts in events.values() for *_, text in posts]
    parts = ("wordings", "gate and keep, wordings in it", "stories")
    typer.echo("\n| share matched | " + " | ".join(parts) + " |\n|---|---|---|---|")
    for matched in (0.005, 0.2, 1.0):
        spent = costs(texts, matched=matched)
        typer.echo(f"| {100 * matched:g} % | " + " | ".join(f"{spent[one]:.2f} us a post" for one in parts) + " |")


if __name__ == "__main__":
    typer.run(main)
