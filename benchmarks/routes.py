"""Routes: how many posts of public sets the rules find, how many of those are right, and how many are false.

`python -m benchmarks.routes`: folders of public sets are in `HOLDINGLINE_ROUTED`, with a colon between; a set is a CSV
or TSV file, or a file of JSON lines, whose columns are in `LABELS`, or are called as in `TEXT`. Of a set without labels
each route is counted as false. A set of posts to an organisation is measured twice: as posts on anything, and with
these posts as posts to us. Of a set that makes many posts of one sentence each sentence counts as one. Posts are read,
measured and forgotten: only figures are printed.
"""

import csv
import json
import math
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import typer

from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.wording import read_wording
from streams.decisions.listening.keep import WATCH, DayKeys, keep
from streams.decisions.listening.routes.router import Router, router
from streams.decisions.listening.vocabulary import vocabulary, words_of
from streams.words.cases import CaseSort
from streams.words.posts import Mention
from tests import builders

Row = Mapping[str, str]
TEXT = ("tweet text", "tweet_text", "text", "tweet", "message", "test_case", "feedback", "comment", "content")
OURS = "elsewhere hospital"
MATCHED = 0.2
BATCH = 5_000
AT = datetime(2026, 3, 2, tzinfo=UTC)
A_POST = 1e6
SURE = 1.96
"""So many standard errors hold 95 of 100 proportions."""
ADDRESSED = "to_us"
"""A set says by this column, with `1`, which of its posts speak to an organisation."""
ALL_ADDRESSED = ("airline_sentiment", "criticality")
"""In a set with one of these columns all do."""
SENTENCE = "templ_id"
"""A set that makes several posts of one sentence, one for each group of people, says by this column of which."""
HARM = frozenset({CaseSort.HATE_CRIME, CaseSort.THREAT, CaseSort.ABUSE})
ANY_HARM = "any of hate-crime, threat, abuse"
"""Whoever answers a case of one of these sorts sees what another of them would have been better for."""


@dataclass(frozen=True, slots=True)
class Labels:
    """A set that has these columns says by them which posts are of this sort."""

    columns: frozenset[str]
    sort: CaseSort
    is_one: Callable[[Row], bool]


def _is(column: str, *values: str) -> Callable[[Row], bool]:
    return lambda row: row[column].strip().casefold() in values


LABELS = (
    Labels(frozenset({"test_case", "label_gold"}), CaseSort.HATE_CRIME, _is("label_gold", "hateful")),
    Labels(frozenset({"hate_speech", "tweet", "class"}), CaseSort.HATE_CRIME, _is("class", "0")),
    Labels(frozenset({"hate_speech", "tweet", "class"}), CaseSort.ABUSE, _is("class", "0", "1")),
    Labels(frozenset({"tweet", "subtask_a"}), CaseSort.ABUSE, _is("subtask_a", "off")),
    Labels(frozenset({"text", "airline_sentiment"}), CaseSort.COMPLAINT, _is("airline_sentiment", "negative")),
    Labels(frozenset({"message", "request"}), CaseSort.CALL_FOR_HELP, _is("request", "1")),
    Labels(
        frozenset({"tweet_text", "class_label"}),
        CaseSort.CALL_FOR_HELP,
        _is("class_label", "requests_or_urgent_needs"),
    ),
    Labels(frozenset({"feedback", "criticality"}), CaseSort.COMPLAINT, lambda row: row["criticality"].startswith("-")),
    *(Labels(frozenset({"text", "sort"}), sort, _is("sort", sort.value)) for sort in CaseSort),
)


def sets(folder: Path) -> Iterator[tuple[str, Sequence[Row]]]:
    """Each set below a folder, with its rows by the names of its columns in small letters."""
    for path in sorted(one for one in folder.rglob("*") if one.suffix in {".csv", ".tsv", ".jsonl"}):
        rows = [row for row in _rows(path) if text_of(row)]
        if rows:
            yield path.stem, rows


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        if path.suffix == ".jsonl":
            each: Iterator[Mapping[str, object]] = map(json.loads, opened)
        else:
            each = csv.DictReader(opened, delimiter="\t" if path.suffix == ".tsv" else ",", skipinitialspace=True)
        for row in each:
            yield {
                str(name).strip().casefold(): str(value) for name, value in row.items() if name and value is not None
            }


def text_of(row: Row) -> str:
    """The words of a post; empty if no column has them."""
    return next((row[name] for name in TEXT if row.get(name)), "")


@dataclass(slots=True)
class Measured:
    """What the rules found in one set: posts by sort, and those of them that are right where the set has labels.

    `sentences` is how many of them are not made of the same sentence; all but `posts` and `by_rule` count these.
    """

    posts: int
    sentences: int
    found: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    right: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    labelled: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    by_rule: Counter[str] = field(default_factory=Counter)

    def add(self, sort: CaseSort | None, labels: frozenset[CaseSort], weight: float) -> None:
        """Count a post that is of the sorts in `labels` and that the rules take for this sort, or for none."""
        for one in labels:
            self.labelled[one] += weight
        self.labelled[ANY_HARM] += weight * (not HARM.isdisjoint(labels))
        if sort is not None:
            self.found[sort] += weight
            self.right[sort] += weight * (sort in labels)
        if sort in HARM:
            self.found[ANY_HARM] += weight
            self.right[ANY_HARM] += weight * (not HARM.isdisjoint(labels))

    def line(self, sort: str) -> str:
        """Precision, recall, and false routes among 10,000 posts that are none of this sort."""
        false = self.found[sort] - self.right[sort]
        others = max(1, self.sentences - self.labelled[sort])
        known = f"{share(self.right[sort], self.found[sort])} | {share(self.right[sort], self.labelled[sort])}"
        return f"{known if self.labelled[sort] else '- | -'} | {10_000 * false / others:.1f}"


def share(part: float, whole: float) -> str:
    """A proportion with its 95 % interval (Wilson's); a dash of nothing."""
    if not whole:
        return "-"
    found, spread = part / whole, SURE**2 / whole
    middle, apart = found + spread / 2, SURE * math.sqrt(found * (1 - found) / whole + spread / whole / 4)
    low, high = (middle - apart) / (1 + spread), (middle + apart) / (1 + spread)
    return f"{100 * found:.0f} % ({100 * low:.0f} to {100 * high:.0f})"


def is_to_us(row: Row) -> bool:
    """Whether a post speaks to the organisation that its set is about."""
    return row.get(ADDRESSED) == "1" or any(one in row for one in ALL_ADDRESSED)


def measured(rows: Sequence[Row], routes: Router, *, addressed: bool = False) -> Measured:
    """What the rules find in these posts; a post counts for the one sort that it is routed as.

    If `addressed`, posts to an organisation count as posts to us.
    """
    known = [one for one in LABELS if rows and one.columns <= rows[0].keys()]
    account = tuple(sorted(routes.ours)[:1])
    alike = Counter(row.get(SENTENCE, str(number)) for number, row in enumerate(rows))
    result = Measured(len(rows), len(alike))
    for number, row in enumerate(rows):
        text = text_of(row)
        route = routes.route(post(text, to=account if addressed and is_to_us(row) else ()), words_of(text))
        labels = frozenset(one.sort for one in known if one.is_one(row))
        result.add(route.sort if route else None, labels, 1 / alike[row.get(SENTENCE, str(number))])
        if route:
            result.by_rule[route.rule] += 1
    return result


def post(text: str, *, to: Sequence[str] = ()) -> Mention:
    """A post of these words, to these accounts."""
    return Mention.model_construct(
        id="m", mode="live", author_id="a", at=AT, text=text, addressed=tuple(to), reply_to=None
    )


def cost(texts: Sequence[str], routes: Router, *, matched: float = MATCHED) -> float:
    """Microseconds that routes add to a post, where this share of all names us."""
    known = vocabulary([(WATCH, (OURS,))])
    named = int(1 / matched)
    batch = [post(f"{OURS} {text}" if not number % named else text) for number, text in enumerate(texts[:BATCH])]

    def once(one: Router | None) -> float:
        begun = time.process_time()
        keep(batch, known, keys=DayKeys(b"measured"), now=AT, routes=one)
        return time.process_time() - begun

    turns = [(once(None), once(routes)) for _ in range(7)]
    return A_POST * (min(whole for _, whole in turns) - min(without for without, _ in turns)) / len(batch)


def main() -> None:
    """Print the table."""
    words = read_wording(data_folder()).words
    routes = router(builders.register().model_copy(update={"words": words}))
    texts: list[str] = []
    typer.echo("| set | posts | sort | precision | recall | false of 10,000 |\n|---|---|---|---|---|---|")
    fired = Counter[str]()
    for folder in filter(None, os.environ.get("HOLDINGLINE_ROUTED", "").split(":")):
        for name, rows in sets(Path(folder)):
            texts += [text_of(row) for row in rows]
            for addressed in sorted({False, any(map(is_to_us, rows))}):
                result = measured(rows, routes, addressed=addressed)
                fired.update(result.by_rule)
                for sort in (*CaseSort, ANY_HARM):
                    told_to = ", to us" if addressed else ""
                    typer.echo(f"| {name}{told_to} | {result.posts} | {sort} | {result.line(sort)} |")
    if not texts:
        typer.echo("HOLDINGLINE_ROUTED names no folder of public sets: none was measured.")
        return
    typer.echo("\n| rule | posts that it found |\n|---|---|")
    for rule in words.routes:
        typer.echo(f"| {rule.id} | {fired[rule.id]} |")
    for share in (MATCHED, 1.0):
        typer.echo(f"\n{cost(texts, routes, matched=share):.2f} microseconds a post where {share:.0%} name us")


if __name__ == "__main__":
    typer.run(main)
