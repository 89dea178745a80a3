"""Stories of past rumours: how pure they are, how many are found, and what wordings and stories cost a post.

`python -m benchmarks.stories`: the folder of rumours is in `HOLDINGLINE_RUMOURS`, one JSON object a line with
`id_str`, `text` and `created_at`. What belongs together was said by hand, by key words: `TOPICS`. Posts are read,
measured and forgotten: only figures are printed.
"""

import json
import os
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from streams.decisions.listening.crowd import BIN_SECONDS
from streams.decisions.listening.stories import StoriesKept, StoryFinder, StoryPosts
from streams.decisions.listening.wordings import KnownWordings, Shelf, read, spoken_words, wording_of
from streams.words.posts import Mention, Voice

FOUND_MIN, FOUND_SHARE = 5, 0.6
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
        "no contact": r"not (related|connected|aware)|didn.?t know|did not know|unaware|nothing to do|no idea|initial contact|unrelated",
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
    shelves: dict[int, Shelf] = {}
    stories, of_posts, numbers = StoriesKept(), StoryPosts(), []
    for person, (at, name, text) in enumerate(posts, 1):
        mention = Mention.model_construct(id=name, mode="live", author_id=name, at=at, text=text)
        wording = wording_of(spoken_words(text))
        known = KnownWordings(lambda number: shelves.get(number, Shelf()))
        finder = StoryFinder(stories, known, of_posts)
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


if __name__ == "__main__":
    folder = Path(os.environ["HOLDINGLINE_RUMOURS"])
    for path in sorted(folder.glob("*.jsonl")):
        topics = next(of for name, of in TOPICS.items() if path.stem.startswith(name))
        posts = posts_of(path)
        print(path.stem, measured(told_apart(posts), [topic_of(t, topics) for *_, t in posts]))
