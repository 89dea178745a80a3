"""Seen before we know: past crises laid over quiet backgrounds, and how soon the watch sees them.

`python -m benchmarks.seen_early`: the folder of crises (CrisisLexT26 event folders) is in `HOLDINGLINE_CRISES`, and
one of real backgrounds, where there is one, in `HOLDINGLINE_BACKGROUNDS`. Posts are read, measured and forgotten: only
figures are printed.
"""

import bisect
import csv
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from statistics import mean

import typer

from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.wording import read_wording
from streams.decisions.listening.keep import WATCH, DayKeys, keep
from streams.decisions.listening.surge import WATCH_RULE, Counts, Listening
from streams.decisions.listening.vocabulary import Vocabulary, vocabulary
from streams.decisions.listening.watch.kinds import kinds_of
from streams.words.posts import Mention

EPOCH_MS, TIME_BITS = 1_288_834_974_657, 22
SIZES = (1, 3, 10, 30)
WITHIN = timedelta(minutes=5)
LOOKED_AT = timedelta(hours=2)
THIRD = 3
BURST = 15 * 60.0
OURS = "elsewhere hospital"
A_DAY = (36, 156, 611, 2_010)
HAZARD_SHARE = 0.006
ONE_OF_TWO, PASSED_ON = 0.5, 0.375
VIRAL_DAYS = 5
UNRELATED = ("not related", "not applicable", "not labeled")
DAY, HOUR = 24 * 3600.0, 3600.0
Post = tuple[float, str, str]
"""When, in seconds from the epoch; by which account; and the words."""
START = datetime(2026, 3, 2, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Crisis:
    """When its posts came, in seconds, and some of their words, in their order."""

    name: str
    times: Sequence[float]
    texts: Sequence[tuple[float, str]]

    def at_burst(self) -> "Crisis | None":
        """From where three of its posts with words first came within `BURST`; what came before them is left away."""
        spoken = [at for at, _ in self.texts]
        begun = next((a for a, b in zip(spoken, spoken[THIRD - 1 :], strict=False) if b - a <= BURST), None)
        if begun is None:
            return None
        later = [at for at in self.times if at >= begun]
        return Crisis(self.name, later, [one for one in self.texts if one[0] >= begun])

    def drawn(self, size: int, seed: int) -> list[tuple[float, str]]:
        """So many times its posts, drawn from its cumulative course, each with words of about that moment."""
        dice = random.Random(f"{self.name} {size} {seed}")  # noqa: S311 - the same dice each time
        moments = list(self.times)
        for _ in range((size - 1) * len(self.times)):
            place = dice.random() * (len(self.times) - 1)
            low = int(place)
            moments.append(self.times[low] + (self.times[low + 1] - self.times[low]) * (place - low))
        moments.sort()
        first = moments[0]
        spoken = [at for at, _ in self.texts]
        found = []
        for at in moments:
            if at > first + LOOKED_AT.total_seconds() * 2:
                break
            near = bisect.bisect(spoken, at) + dice.randint(-5, 5)
            found.append((at - first, self.texts[min(max(near, 0), len(self.texts) - 1)][1]))
        return found


def crises(folder: Path) -> Iterator[Crisis]:
    """Each event of the folder; posts that were labelled as not related have no words here."""
    for labelled in sorted(folder.rglob("*-tweets_labeled.csv")):
        times: list[float] = []
        texts = [
            (_moment(row["Tweet ID"]), row["Tweet Text"])
            for row in _rows(labelled)
            if not row.get("Informativeness", "").lower().startswith(UNRELATED)
        ]
        for whole in labelled.parent.glob("*-tweetids_entire_period.csv"):
            times = sorted(_moment(row["Tweet-ID"]) for row in _rows(whole) if row["Tweet-ID"].strip().isdecimal())
        texts.sort()
        times = [at for at in times or [at for at, _ in texts] if at >= texts[0][0]]
        yield Crisis(labelled.parent.name, times, texts)


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened, skipinitialspace=True)
        rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
        yield from rows


def _moment(name: str) -> float:
    return ((int(name.strip().strip("'\"")) >> TIME_BITS) + EPOCH_MS) / 1000


AT = ("at", "created_at", "tweet_created", "timestamp", "date")
TEXT = ("text", "tweet text", "tweet_text", "content")
AUTHOR = ("author", "author_id", "user", "name", "username")
NAME = ("tweet_id", "tweet id", "id")
ORGANISATION = ("organisation", "airline", "organization")


def real_backgrounds(folder: Path | None) -> Mapping[str, list[Post]]:
    """Posts that name an organisation, by organisation: CSV files with a column for each of the names above."""
    found: dict[str, list[Post]] = {}
    for path in sorted(folder.rglob("*.csv")) if folder else ():
        for row in _rows(path):
            given = {name.lower(): value for name, value in row.items() if name}
            text, name = _first(given, TEXT), _first(given, NAME)
            at = _moment(name) if name.isdecimal() and len(name) > TIME_BITS - 5 else _written(_first(given, AT))
            posts = found.setdefault(f"{path.stem} {_first(given, ORGANISATION)}".strip(), [])
            posts.append((at, _first(given, AUTHOR) or name or str(len(posts)), text))
    return {name: sorted(posts) for name, posts in found.items()}


def _first(given: Mapping[str, str], names: Sequence[str]) -> str:
    return next((given[name] for name in names if given.get(name)), "")


def _written(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()


def invented(a_day: int, *, days: int, seed: int, hazards: Sequence[str]) -> list[Post]:
    """An invented background: by the hour of the day, with cascades, and a viral post on each fifth day.

    Some people speak of what happened to them in words that warn of something, as `HAZARD_SHARE` says.
    """
    dice = random.Random(f"{a_day} {days} {seed}")  # noqa: S311 - the same dice each time
    of_hours = list(accumulate([1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 9, 8, 8, 8, 8, 8, 8, 9, 9, 8, 5, 2]))
    found: list[Post] = []
    people = 0

    def posted(at: float, words: str) -> None:
        nonlocal people
        people += 1
        author = f"usual-{dice.randrange(a_day * 3)}" if dice.random() < ONE_OF_TWO else f"once-{people}"
        found.append((at, author, f"{words} {people}"))

    for day in range(days):
        for _ in range(round(dice.gauss(a_day / 1.6, (a_day / 1.6) ** 0.5 * 1.5))):
            hour = bisect.bisect(of_hours, dice.random() * of_hours[-1])
            at = START + day * DAY + hour * HOUR + dice.random() * HOUR
            words = _ordinary(dice, hazards)
            posted(at, words)
            while dice.random() < PASSED_ON:
                at += dice.expovariate(1 / 900)
                posted(at, words if dice.random() < ONE_OF_TWO else _ordinary(dice, hazards))
        if day % VIRAL_DAYS == VIRAL_DAYS - 1:
            begun, size = START + day * DAY + dice.uniform(8, 22) * HOUR, dice.randint(10, 20 + a_day // 4)
            for _ in range(size):
                posted(begun + dice.expovariate(1 / (2 * HOUR)), "what a lovely ward")
    return sorted(found)


def _ordinary(dice: random.Random, hazards: Sequence[str]) -> str:
    return f"waiting {dice.choice(hazards)}" if dice.random() < HAZARD_SHARE else "waiting again at the desk"


def alarms(posts: Sequence[Post], known: Vocabulary) -> list[float]:
    """When the watch would have told somebody, in seconds; each post is judged as it comes."""
    listening = Listening(Counts(), WATCH_RULE, kinds=_kinds())
    found = []
    for at, author, text in posts:
        words = f"{OURS} {text}"
        moment = datetime.fromtimestamp(at, UTC)
        mention = Mention.model_construct(id="m", mode="live", author_id=author, at=moment, text=words)
        voices = keep([mention], known, keys=DayKeys(b"measured"), now=moment)[WATCH].voices
        found += [at for voice in voices if listening.hear(voice)]
    return found


@cache
def _kinds() -> Mapping[str, str]:
    return kinds_of(read_wording(data_folder()).words)


@dataclass(slots=True)
class Replays:
    """What became of crises laid over backgrounds: seconds from the third post, None if it was not seen at all."""

    delays: list[float | None]

    def share(self) -> float:
        """The share that was seen in time, in percent."""
        return 100 * mean(delay is not None and delay <= WITHIN.total_seconds() for delay in self.delays)


def replayed(crisis: Crisis, background: Sequence[Post], known: Vocabulary, *, size: int) -> Iterator[float | None]:
    """The delay on each of four days of a background, the crisis at its own hour."""
    first = datetime.fromtimestamp(crisis.times[0], UTC)
    begins = background[0][0] // DAY * DAY
    days = int((background[-1][0] - begins) // DAY)
    for turn in range(4):
        day = min(2 + turn, days - 1)
        at = begins + day * DAY + first.hour * HOUR + first.minute * 60
        posts = [
            (at + after, f"crisis-{number}", text) for number, (after, text) in enumerate(crisis.drawn(size, turn))
        ]
        if len(posts) < THIRD:
            continue
        third = posts[THIRD - 1][0]
        ends = third + LOOKED_AT.total_seconds()
        around = [one for one in background if at - 8 * DAY < one[0] < ends]
        whole = sorted([*around, *(one for one in posts if one[0] <= ends)])
        seen = [one for one in alarms(whole, known) if one >= at]
        yield max(0.0, seen[0] - third) if seen else None


def main() -> None:
    """Print the tables."""
    hazards = [word for one in read_wording(data_folder()).words.hazards for word in one.each()]
    known = vocabulary([(WATCH, (OURS,))], hazards=hazards)
    told = os.environ.get("HOLDINGLINE_BACKGROUNDS")
    real = real_backgrounds(Path(told) if told else None)
    quiet = {f"invented, {a_day} a day": invented(a_day, days=120, seed=1, hazards=hazards) for a_day in A_DAY}
    typer.echo("| background | days | posts a day | false alarms a day |\n|---|---|---|---|")
    for name, posts in {**real, **quiet}.items():
        days = max(1.0, (posts[-1][0] - posts[0][0]) / DAY)
        count = len(alarms(posts, known))
        typer.echo(f"| {name} | {days:.0f} | {len(posts) / days:.0f} | {count / days:.2f} |")
    folder = os.environ.get("HOLDINGLINE_CRISES")
    if not folder:
        typer.echo("HOLDINGLINE_CRISES names no folder of past crises: none was replayed.")
        return
    found = list(crises(Path(folder)))
    if not found:
        raise SystemExit(
            f"{folder} holds no *-tweets_labeled.csv: set HOLDINGLINE_CRISES to a folder of CrisisLexT26 events"
        )
    grounds = real or {name: posts[: A_DAY[-1] * 10] for name, posts in quiet.items()}
    typer.echo("\nFrom the third post of all:\n")
    _tell(found, grounds, known)
    typer.echo("\nFrom the third post of the first three within 15 minutes:\n")
    _tell([later for one in found if (later := one.at_burst())], grounds, known)


def _tell(crises: Sequence[Crisis], grounds: Mapping[str, Sequence[Post]], known: Vocabulary) -> None:
    typer.echo("| crisis | " + " | ".join(f"{size}x" for size in SIZES) + " |\n|---|" + "---|" * len(SIZES))
    everything: dict[int, list[float | None]] = {size: [] for size in SIZES}
    for crisis in crises:
        cells = []
        for size in SIZES:
            delays = [one for ground in grounds.values() for one in replayed(crisis, ground, known, size=size)]
            everything[size] += delays
            cells.append(f"{Replays(delays).share():.0f} % of {len(delays)}" if delays else "too few posts")
        typer.echo(f"| {crisis.name} | " + " | ".join(cells) + " |")
    typer.echo("| all | " + " | ".join(f"{Replays(one).share():.0f} %" for one in everything.values()) + " |")


if __name__ == "__main__":
    typer.run(main)
