"""P7: from a partner's post on a real server until our account shares it there, and from its end until not.

The server, the stand-in for Jetstream, the worker and the feed are on this machine; the public's view is asked for.
"""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Aim, Figure
from benchmarks.ground import Kind
from benchmarks.relays import Samples
from tests.adapters.feeds.partners import CanChange, OnBluesky, OnSnac, Person
from tests.bluesky import BlueskyNetwork
from tests.bluesky.jetstream import Jetstream
from tests.scenarios.partner_relay import Relay, relay
from tests.snac import Snac

EVERY_SECONDS, SELDOM_SECONDS = 15, 900
"""How often the account is asked: where it has no stream, and where it has one, so that nothing comes from asking."""
ASKED_MAX = 6
"""More posts that are only asked for would take long, and say no more."""
STREAMED_SECONDS_MAX, AFTER_ASKING_SECONDS_MAX = 5.0, 5.0


async def relayed(*, posts: int, speed: float = 1.0) -> Sequence[Figure]:
    """P7, streamed and asked: each post, and its end by an edit, a deletion, a suspension; and a rename until it stops.

    snac2 has no stream, and neither renames nor shuts an account.
    With a `speed` above 1 the clock runs ahead, and the account is asked so much more often: only to see that it runs.
    """
    every = str(EVERY_SECONDS)
    few = min(posts, ASKED_MAX)
    with BlueskyNetwork() as network:
        with Jetstream(network) as stream:
            often = partial(OnBluesky.of, network, stream=stream.url, every_seconds=str(SELDOM_SECONDS))
            by_stream = await _times(often, posts)
        by_asking = await _times(partial(OnBluesky.of, network, every_seconds=every), few, speed=speed)
    with TemporaryDirectory(prefix="snac-") as folder, Snac(Path(folder), host="localhost") as server:
        on_snac = await _times(partial(OnSnac.of, server, every_seconds=every), few, speed=speed)
    asked_max, asked = EVERY_SECONDS + AFTER_ASKING_SECONDS_MAX, f"asked every {EVERY_SECONDS} s"
    return [
        *_figures("streamed", by_stream, STREAMED_SECONDS_MAX, "aim: under 1 s"),
        *_figures("asked", by_asking, asked_max, asked),
        *_figures("asked on snac2", on_snac, asked_max, asked),
    ]


def _figures(how: str, times: Mapping[str, Samples], bound: float, caption: str) -> Sequence[Figure]:
    return [
        Figure(f"P7 {what}, {how}", Kind.EMBEDDED, "s", found, [bound], "a bound", Aim(1), caption)
        for what, found in times.items()
    ]


async def _times(partner: Callable[[], Person], posts: int, *, speed: float = 1.0) -> Mapping[str, Samples]:
    """Seconds from the server's answer to the partner until the public finds what follows from it.

    Each three posts have a partner, an account of ours and a log of their own, since a partner has a rate.
    """
    times: Mapping[str, Samples] = defaultdict(list)
    with TemporaryDirectory(prefix="relay-") as folder:
        for number in range(max(1, posts // 3)):
            police = partner()
            async with relay(f"sqlite:////{folder}/{number}.db", police, speed=speed) as running:
                first = await _shared(running, times["share"], "coach")
                second = await _shared(running, times["share"], "A41")
                edit = partial(police.edit, first, "It is not so")
                await _after(edit, running.until_shared(second), times["end by edit"])
                await _after(partial(police.delete, second), running.until_shared(), times["end by deletion"])
                if isinstance(police, CanChange):
                    await _shared(running, times["share"], "the diversion")
                    await _after(police.rename, running.until_stopped(), times["stop by rename"])
                    await _after(police.suspend, running.until_shared(), times["end by suspension"])
    return times


async def _shared(running: Relay[Person], times: Samples, words: str) -> str:
    kept = running.shared()
    post = running.police.post(f"Ashby Junction is closed, {words} #AshbyCrash")
    began = time.perf_counter()
    await running.until_shared(*kept, post)
    times.append(time.perf_counter() - began)
    return post


async def _after(act: Callable[[], None], seen: Awaitable[None], times: Samples) -> None:
    act()
    began = time.perf_counter()
    await seen
    times.append(time.perf_counter() - began)
