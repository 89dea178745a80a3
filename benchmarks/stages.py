"""Stages: what a public post costs, from its count to what is concluded from all counts; without a log.

`HOLDINGLINE_CRISES=folder python -m benchmarks.stages`: the posts are those of past crises (see `seen_early`), and a
share of them carries the hashtag of a declared incident. Times are those of the processor, beside decoding the same.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import typer

from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.wording import read_wording
from agents.mentions import Needs, handle, handle_counts
from benchmarks.seen_early import crises
from streams.codec import decode
from streams.topics import MENTIONS
from streams.values import LIVE
from streams.words.posts import Mention
from tests.agents.hearing import TRUST, needs
from tests.builders import NOW

POSTS, PEOPLE, TURNS = 5_000, 3_000, 7
SHARES, BATCHES = (0.005, 0.2, 1.0), (5_000, 250)
TAG = "#AshbyCrash"
"""A hashtag of the incident that `needs` has."""
EACH = timedelta(milliseconds=10)
Cost = tuple[float, float, float]
"""Seconds for decoding, for counting, and for what is concluded."""


def posts_of(texts: Sequence[str], share: float) -> Sequence[bytes]:
    """Posts of these words as they are on the log, of which this share speaks of the incident."""
    every = int(1 / share)
    each = enumerate(text if number % every else f"{TAG} {text}" for number, text in enumerate(texts))
    people = [
        Mention(id=f"m-{one}", mode=LIVE, author_id=f"a-{one % PEOPLE}", at=NOW + one * EACH, text=text)
        for one, text in each
    ]
    return [one.model_dump_json().encode() for one in people]


async def cost(written: Sequence[bytes], told: Needs) -> Cost:
    """Of one batch."""
    begun = time.process_time()
    batch = [one for one in (decode(MENTIONS, record) for record in written) if isinstance(one, Mention)]
    decoded = time.process_time()
    counts = await handle(batch, told)
    counted = time.process_time()
    await handle_counts(counts, told)
    return decoded - begun, counted - decoded, time.process_time() - counted


async def cost_of_all(written: Sequence[bytes], *, batch: int) -> Cost:
    """Of posts that come in batches of this size, from empty tables on."""
    register = TRUST.model_copy(update={"words": read_wording(data_folder()).words})
    told = replace(needs(NOW + len(written) * EACH), registers=lambda: register)
    each = [await cost(some, told) for some in (written[at : at + batch] for at in range(0, len(written), batch))]
    decoding, counting, concluding = (sum(part) for part in zip(*each, strict=True))
    return decoding, counting, concluding


def main() -> None:
    """Print the table."""
    folder = Path(os.environ.get("HOLDINGLINE_CRISES", "crises"))
    texts = [text for crisis in crises(folder) for _, text in crisis.texts][:POSTS]
    typer.echo("| share | batch | decoding | counting | concluding | both |\n|---|---|---|---|---|---|")
    for share in SHARES if texts else ():
        written = posts_of(texts, share)
        for batch in BATCHES:
            turns = [asyncio.run(cost_of_all(written, batch=batch)) for _ in range(TURNS)]
            least = min(turns, key=lambda one: one[1] + one[2])
            decoding, counting, concluding = (1e6 * part / len(written) for part in least)
            both = counting + concluding
            typer.echo(f"| {share:.1%} | {batch} | {decoding:.1f} | {counting:.1f} | {concluding:.1f} | {both:.1f} |")
    if not texts:
        typer.echo("HOLDINGLINE_CRISES names no folder of crises: none was measured.")


if __name__ == "__main__":
    typer.run(main)
