"""Corrections: which message a correction or withdrawal is about, if the order does not name it."""

from collections.abc import Iterator, Sequence
from itertools import islice

from streams.decisions.authority.order import Order
from streams.decisions.verdict import Refused
from streams.decisions.wording.renderer import unmarked
from streams.words.release import MENDED_BY_NAME_ONLY, MENDS, Message, Release

TOLD_MAX, WORDS_SHOWN = 5, 8


def meant(order: Order, body: Release) -> str | None:
    """The message that the order is about: the one it names, else the trust's only message that is still in effect."""
    standing = _newest(order) if body.purpose in MENDS and not body.follows else ()
    return body.follows or (standing[0].id if len(standing) == 1 else None)


def unclear(order: Order, body: Release) -> Refused | None:
    """Why it is unclear what the order is about, with the candidates; None if it is clear, or need not be."""
    standing = _newest(order) if body.purpose in MENDS and not body.follows else ()
    if len(standing) < 2:  # noqa: PLR2004 - one is meant, two are not told apart
        return None
    count = len(standing) if len(standing) <= TOLD_MAX else f"more than {TOLD_MAX}"
    shown = ", ".join(f"{one.id} “{_first_words(one)}”" for one in standing[:TOLD_MAX])
    return Refused([f"{count} messages of ours stand, the newest first ({shown}): name the one that it follows"])


def _newest(order: Order) -> Sequence[Message]:
    """The trust's own messages that are or may become public, neither corrected nor withdrawn; the newest first."""
    return [*islice(_standing(order), TOLD_MAX + 1)]


def _standing(order: Order) -> Iterator[Message]:
    """Our own words that are public, or may become so, neither corrected nor withdrawn; the newest first."""
    mended = set[str]()
    for one in order.released():
        message = one.message
        if not one.is_shown:
            continue
        if message.purpose in MENDS and message.follows:
            mended.add(message.follows)
        if message.id not in mended and message.purpose not in MENDED_BY_NAME_ONLY:
            yield message


def _first_words(message: Message) -> str:
    words = unmarked(next(iter(message.texts.values()))).split()
    return " ".join(words[:WORDS_SHOWN]) + (" …" if len(words) > WORDS_SHOWN else "")
