"""Real posts of a past crisis, read from a CrisisLexT26 event folder to measure with, and never kept.

The labelled file has texts; the times are in the identifiers. Posts keep their real spacing, compressed, because the
burst of the first hour is the surge to be found. The file names no author, so each post gets a pseudonym by hash.
Handles are taken out of the texts. The posts go to a temporary log only; afterwards only counts are left. An error
never quotes a post.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from agents.exercise.script.crowd import CrowdPost
from agents.exercise.script.loader import UnusableScenario

LABELLED = "*-tweets_labeled.csv"
EPOCH_MS = 1_288_834_974_657
TIME_BITS = 22
POSTS_MAX = 200_000
TEXT_MAX = 10_000
_HANDLE = re.compile(r"(?<!\w)@\w+")


def read_posts(folder: Path, *, begins: timedelta, lasts: timedelta) -> list[CrowdPost]:
    """The folder's posts on the scenario's timeline; `UnusableScenario` if there are none."""
    files = sorted(folder.glob(LABELLED))
    if len(files) != 1:
        raise UnusableScenario([f"{folder.name}: there must be one file {LABELLED} here: name another folder"])
    found = sorted(_rows(files[0]))
    if not found:
        raise UnusableScenario([f"{files[0].name}:1: it holds no posts: name another folder"])
    first, whole = found[0][0], max(1, found[-1][0] - found[0][0])
    return [CrowdPost(begins + lasts * ((moment - first) / whole), author, text) for moment, author, text in found]


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    """Time in milliseconds, pseudonym and text of each post; the header has spaces after its commas."""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = csv.DictReader(opened, skipinitialspace=True)
        rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
        if not {"Tweet ID", "Tweet Text"} <= set(rows.fieldnames):
            raise UnusableScenario([f"{path.name}:1: the columns Tweet ID and Tweet Text are missing: name another"])
        for number, row in enumerate(rows):
            name = (row["Tweet ID"] or "").strip().strip("'\"")
            if number >= POSTS_MAX or not name.isdecimal():
                sentence = f"this row has no identifier in digits, or it is beyond {POSTS_MAX:,}: mend the file"
                raise UnusableScenario([f"{path.name}:{rows.line_num}: {sentence}"])
            text = _HANDLE.sub("@somebody", row["Tweet Text"] or "")[:TEXT_MAX]
            yield (int(name) >> TIME_BITS) + EPOCH_MS, _pseudonym(name), text


def _pseudonym(name: str) -> str:
    return f"author-{hashlib.sha256(name.encode()).hexdigest()[:20]}"
