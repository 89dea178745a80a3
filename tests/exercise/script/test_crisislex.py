"""Posts of a folder: what is read, what is kept, and whether the count is right by an independent one.

The folder here is invented, with the traps of the real ones; the real one is played where it lies beside the checkout.
"""

import csv
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from agents.adapters.registers import data_folder
from agents.exercise import Options, UnusableScenario, report, run
from agents.exercise.script.crisislex import EPOCH_MS, TIME_BITS, read_posts
from tests.architecture.tree import ROOT

REAL = Path(__file__).parents[4] / "shared" / "data" / "crisislex-t26" / "2013_NY_train_crash"
"""Real people's posts, never copied: read from beside the checkout where they are, and only counted."""
SCENARIO = data_folder() / "exercises" / "train-crash.yaml"
RULE = re.compile(r"\b(trains?|derailment|derailed|derails|railway|afonwen|afon wen curve)\b", re.IGNORECASE)
TEXTS = [
    "A Train has left the rails @nobody",
    "Is the railway open, “anyone”?\nWe wait.",
    "training day went well",
    "Derailed again #AfonWen",
    "@train is only a name",
    "nothing, to see",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty invented posts in six minutes: spaces after the header's commas, quoted identifiers, line breaks."""
    place = tmp_path / "2001_Nowhere_train"
    place.mkdir()
    with (place / "2001_Nowhere_train-tweets_labeled.csv").open("w", encoding="utf-8", newline="") as opened:
        opened.write("Tweet ID, Tweet Text, Information Source, Information Type, Informativeness\n")
        for number in range(40):
            name = (1_385_900_000_000 + number * 9_000 - EPOCH_MS) << TIME_BITS
            csv.writer(opened).writerow([name, TEXTS[number % len(TEXTS)], "Eyewitness", "Other", "Related"])
    return place


def plain_count(folder: Path) -> int:
    """Read the file and apply the rule by hand."""
    (path,) = folder.glob("*-tweets_labeled.csv")
    with path.open(encoding="utf-8-sig", newline="") as opened:
        texts = [row[1] for row in csv.reader(opened)][1:]
    return sum(1 for text in texts if RULE.search(re.sub(r"(?<!\w)@\w+", "", text)))


def remains(texts: Iterator[str], page: Path) -> list[str]:
    """Texts of posts that the report holds."""
    written = page.read_text(encoding="utf-8") + (page.parent / "report.json").read_text(encoding="utf-8")
    return [text for text in texts if text[:30] in written]


def test_posts_keep_their_order_and_spacing_and_lose_their_handles(folder: Path) -> None:
    posts = read_posts(folder, begins=timedelta(minutes=1), lasts=timedelta(minutes=8))
    assert len(posts) == 40
    assert posts[0].at == timedelta(minutes=1)
    assert posts[-1].at == timedelta(minutes=9)
    steps = {round((after.at - before.at).total_seconds(), 2) for before, after in pairwise(posts)}
    assert steps == {12.31}
    assert not any("@nobody" in post.text for post in posts)
    assert all(re.fullmatch(r"author-[0-9a-f]{20}", post.author) for post in posts)


@pytest.mark.parametrize(
    "kind",
    [
        "invented",
        pytest.param(
            "real",
            marks=pytest.mark.skipif(
                not REAL.is_dir(), reason="NOT CHECKED: no shared/data/crisislex-t26 beside this checkout"
            ),
        ),
    ],
)
async def test_the_first_word_is_out_the_partner_is_echoed_and_the_count_is_right(
    folder: Path, tmp_path: Path, kind: str
) -> None:
    """The agents' count equals one that knows nothing of them; of the posts themselves nothing stays."""
    place = REAL if kind == "real" else folder
    played = await run(SCENARIO, Options(speed=1_000, mentions=place))
    failed = {one.says for one in played.outcomes if not one.held}
    assert failed <= ({"A surge of mentions is put before the commander"} if kind == "invented" else set())
    assert played.counted == plain_count(place)
    posts = read_posts(place, begins=timedelta(), lasts=timedelta(1))
    assert played.counted + played.unmatched == len(posts)
    assert remains((post.text for post in posts if len(post.text) > 12), report(played, tmp_path / "out")) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there must be one file"),
        ("Tweet ID, Tweet Text\n", "it holds no posts"),
        ("Something, Else\n1,2\n", "columns Tweet ID and Tweet Text are missing"),
        ("Tweet ID, Tweet Text\nsecret words,2\n", "this row has no identifier in digits"),
    ],
)
def test_a_folder_that_cannot_be_played_is_told_without_its_words(
    tmp_path: Path, content: str | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / "x-tweets_labeled.csv").write_text(content, encoding="utf-8")
    with pytest.raises(UnusableScenario, match=sentence) as refused:
        read_posts(tmp_path, begins=timedelta(), lasts=timedelta(minutes=1))
    assert "secret" not in str(refused.value)


def test_nothing_stays_of_the_posts_where_the_drill_is_ended_from_outside(folder: Path, tmp_path: Path) -> None:
    """A signal to end, as a service manager sends it, still deletes the log that has them."""
    place = tmp_path / "temporary"
    place.mkdir()
    play = "import asyncio, sys; from pathlib import Path; from agents.exercise import Options, run; asyncio.run(run("
    play += "Path(sys.argv[1]), Options(speed=1, mentions=Path(sys.argv[2]))))"
    command = [sys.executable, "-c", play, str(SCENARIO), str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "TMPDIR": str(place)}, stderr=subprocess.PIPE
    ) as playing:
        for _ in range(300):
            if list(place.rglob("log.db")):
                break
            time.sleep(0.1)
        assert list(place.rglob("log.db"))
        playing.terminate()
        playing.communicate(timeout=180)
    assert list(place.iterdir()) == []


async def test_a_scenario_with_the_posts_of_a_folder_needs_one() -> None:
    with pytest.raises(UnusableScenario, match="name one with --mentions"):
        await run(SCENARIO, Options(speed=1_000))
