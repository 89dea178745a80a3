"""Lengths: how long a text is in the eyes of a channel. Five ways to count, each pure."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

LINK_COUNTS = 23
"""X and Mastodon count every link as this many characters, however long it is."""
LIGHT = (range(4352), range(0x2000, 0x200E), range(0x2010, 0x2020), range(0x2032, 0x2038))
"""X counts these characters once and all others twice (twitter-text, configuration 3)."""
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_LINK = re.compile(
    rf"(?<![\w@#$.-])(?P<scheme>https?://)?(?:{_LABEL}\.)+[^\W\d_]{{2,63}}(?![\w-])(?::\d+)?"
    r"(?:[/?][^\s\u202A-\u202E\u2066-\u2069]*)?",
    re.IGNORECASE,
)
_AFTER_A_LINK = ".,;:!?)]'\"”’"

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The characters of a text message that take seven bits (3GPP TS 23.038, 6.2.1)."""
EXTENDED = frozenset("^{}\\[~]|€\f")
"""Those that take two septets, an escape and the character (6.2.1.1); a segment never ends between the two."""
SEPTETS_ALONE, SEPTETS_EACH = 160, 153
UNITS_ALONE, UNITS_EACH = 70, 67
"""So much does one text message hold, and each of several, whose header takes room; in UTF-16 for other characters."""


@dataclass(frozen=True, slots=True)
class Counter:
    """A way to count, and what it counts, as a sentence says it: “300 characters”."""

    unit: str
    count: Callable[[str], int]


def code_points(text: str) -> int:
    """Characters as Unicode numbers them: an accent that is written by itself counts."""
    return len(text)


def graphemes(text: str) -> int:
    """Characters as a reader sees them (UAX 29): a family of emoji is one."""
    return len(_clusters(text))


def weighted(text: str) -> int:
    """X's length, rounded up: one for Latin letters, two for other characters and each emoji, 23 for each link.

    A name such as `trust.example` is a link on X if its ending is one that X knows, and other letters than ASCII may
    end a link. We have neither list, so we take the longer of the two lengths there.
    """
    normal = unicodedata.normalize("NFC", text)
    length, end = 0, 0
    for link in _LINK.finditer(normal):
        written = link[0].rstrip(_AFTER_A_LINK)
        is_surely_one = link["scheme"] and written.isascii()
        own = LINK_COUNTS if is_surely_one else max(LINK_COUNTS, _weight(written))
        length += _weight(normal[end : link.start()]) + own
        end = link.start() + len(written)
    return length + _weight(normal[end:])


def links_shortened(text: str) -> int:
    """Mastodon's length: characters as a reader sees them, and 23 for each link that says http:// or https://.

    Where other letters than ASCII may end a link, we take the longer of the two lengths.
    """
    normal = unicodedata.normalize("NFC", text)
    length, end = 0, 0
    for link in _LINK.finditer(normal):
        written = link[0].rstrip(_AFTER_A_LINK)
        if link["scheme"]:
            own = LINK_COUNTS if written.isascii() else max(LINK_COUNTS, graphemes(written))
            length += graphemes(normal[end : link.start()]) + own
            end = link.start() + len(written)
    return length + graphemes(normal[end:])


def segments(text: str) -> int:
    """Text messages that a phone network cuts this text into, and charges for."""
    if all(one in BASIC or one in EXTENDED for one in text):
        sizes, alone, each = [1 + (one in EXTENDED) for one in text], SEPTETS_ALONE, SEPTETS_EACH
    else:
        sizes, alone, each = [len(one.encode("utf-16-le")) // 2 for one in text], UNITS_ALONE, UNITS_EACH
    if sum(sizes) <= alone:
        return 1 if text else 0
    full, room = 1, each
    for size in sizes:
        if size > room:
            full, room = full + 1, each
        room -= size
    return full


def utf8_bytes(text: str) -> int:
    """Bytes of the text in UTF-8."""
    return len(text.encode())


CODE_POINTS = Counter("characters", code_points)
BYTES = Counter("bytes", utf8_bytes)
GRAPHEMES = Counter("characters", graphemes)
WEIGHTED = Counter("characters as X counts them", weighted)
LINKS_SHORTENED = Counter("characters as Mastodon counts them", links_shortened)
SEGMENTS = Counter("text messages", segments)


def _weight(text: str) -> int:
    return sum(2 if _is_emoji(one) else sum(map(_heft, one)) for one in _clusters(text))


def _heft(character: str) -> int:
    return 1 if any(ord(character) in part for part in LIGHT) else 2


def _is_emoji(cluster: str) -> bool:
    return bool(
        _pattern(r"\p{Emoji_Presentation}|\p{Emoji}\uFE0F|\p{Emoji_Modifier}|[#*0-9]\uFE0F?\u20E3").search(cluster)
    )


def _clusters(text: str) -> Sequence[str]:
    found: Sequence[str] = _pattern(r"\X").findall(text)
    return found


@cache
def _pattern(written: str) -> Any:  # noqa: ANN401 - the library ships no types
    """Compiled at the first need: most commands count nothing, and the library takes longer to load than they take."""
    import regex  # noqa: PLC0415 - see above

    return regex.compile(written)
