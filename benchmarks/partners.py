"""P7: from a partner's post on a real Bluesky server until our account shares it there, and from its end until not.

The server, the stand-in for Jetstream, the worker and the feed are on this machine; the public's view is asked for.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from tempfile import TemporaryDirectory

from benchmarks.figures import Aim, Figure
from benchmarks.ground import Kind
from benchmarks.relays import Samples
from tests.adapters.feeds.partners import OnBluesky
from tests.bluesky import BlueskyNetwork
from tests.bluesky.jetstream import Jetstream
from tests.scenarios.partner_relay import Relay, relay

EVERY_SECONDS, SELDOM_SECONDS = 15, 900
"""How often the account is asked: where it has no stream, and where it has one, so that nothing comes from asking."""
ASKED_MAX = 6
"""More posts that are only asked for would take long, and say no more."""
STREAMED_SECONDS_MAX, AFTER_ASKING_SECONDS_MAX = 5.0, 5.0


async def relayed(*, posts: int, speed: float = 1.0) -> Sequence[Figure]:
    """P7, streamed and asked: each post, and the end of each: by an edit, a deletion and a suspension in turn.

    With a `speed` above 1 the clock runs ahead, and the account is asked so much more often: only to see that it runs.
    """
    with BlueskyNetwork() as network, Jetstream(network) as stream:

        def streamed() -> OnBluesky:
            return OnBluesky.of(network, stream=stream.url, every_seconds=str(SELDOM_SECONDS))

        def asked() -> OnBluesky:
            return OnBluesky.of(network, every_seconds=str(EVERY_SECONDS))

        by_stream = await _times(streamed, posts)
        by_asking = await _times(asked, min(posts, ASKED_MAX), speed=speed)
    return [
        *_figures("streamed", by_stream, STREAMED_SECONDS_MAX, "aim: under 1 s"),
        *_figures("asked", by_asking, EVERY_SECONDS + AFTER_ASKING_SECONDS_MAX, f"asked every {EVERY_SECONDS} s"),
    ]


def _figures(how: str, times: Mapping[str, Samples], bound: float, caption: str) -> Sequence[Figure]:
    return [
        Figure(f"P7 {what}, {how}", Kind.EMBEDDED, "s", found, [bound], "a bound", Aim(1), caption)
        for what, found in times.items()
    ]


async def _times(partner: Callable[[], OnBluesky], posts: int, *, speed: float = 1.0) -> Mapping[str, Samples]:
    """Seconds from the server's answer to the partner until the public finds what follows from it.

    Each three posts have a partner, an account of ours and a log of their own, since a partner has a rate.
    """
    share, edit, deletion, suspension = Samples(), Samples(), Samples(), Samples()
    with TemporaryDirectory(prefix="relay-") as folder:
        for number in range(max(1, posts // 3)):
            police = partner()
            async with relay(f"sqlite:////{folder}/{number}.db", police, speed=speed) as running:
                first, second = await _shared(running, share, "coach"), await _shared(running, share, "A41")
                await _ended(running, edit, partial(police.edit, first, "It is not so"), second)
                await _ended(running, deletion, partial(police.delete, second))
                await _shared(running, share, "the diversion")
                await _ended(running, suspension, police.suspend)
    return {"share": share, "end by edit": edit, "end by deletion": deletion, "end by suspension": suspension}


async def _shared(running: Relay, times: Samples, words: str) -> str:
    kept = running.shared()
    post = running.police.post(f"Ashby Junction is closed, {words} #AshbyCrash")
    began = time.perf_counter()
    await running.until_shared(*kept, post)
    times.append(time.perf_counter() - began)
    return post


async def _ended(running: Relay, times: Samples, end: Callable[[], None], *left: str) -> None:
    end()
    began = time.perf_counter()
    await running.until_shared(*left)
    times.append(time.perf_counter() - began)
