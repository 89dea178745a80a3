"""Letters as they look: signs that look the same as plain ones, and signs that cannot be seen."""

import re
import unicodedata
from functools import lru_cache

from streams.decisions.wording.patterns import TEXTS_KEPT

UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0e\ufe0f\ufeff]")
"""Soft hyphens, joiners, marks of direction: they part a word without being seen."""
_SIGNS = str.maketrans(
    "【〔〖〚】〕〗〛｟｠〈《‹⟨⟪〉》›⟩⟫ХΧхχ\u00a0\u2007\u202f\u3000\u2010\u2011", "[[[[]]]]()<<<<<>>>>>XXxx    --"
)
_LOOKS_LIKE: dict[int, str | int | None] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    **{fancy: unicodedata.normalize("NFKC", chr(fancy)) for fancy in range(0x1D400, 0x1D800)},
    **_SIGNS,
}


@lru_cache(TEXTS_KEPT)
def plain(text: str) -> str:
    """The text in plain signs, each where it stood: full width, other brackets, spaces and hyphens."""
    return text if text.isascii() else text.translate(_LOOKS_LIKE)


_LOOKS = str.maketrans(
    {
        **dict(zip("авеёзіїјкмнорстухцьѕԁԛԝһӏ", "abeeziijkmhopctyxuьsdqwhl", strict=True)),
        **dict(zip("αβγεικνορτυχωϲ", "abyeiknoptuxwc", strict=True)),
        **dict(zip("ɑɡɩıℓłøđħŋʀʏß", "agiillodhnrys", strict=True)),
        **dict(zip("0134578@$!|", "oleastbasll", strict=True)),
        "і": "i",
    }
)
"""Signs of other scripts and digits that readers take for a plain small letter."""
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("i", "l"))
"""Letters that look like another one together; `i`, `l` and `1` look the same."""


def skeleton(text: str) -> str:
    """How a name looks, in small plain letters: two names that readers may take for one have the same.

    For comparing only; see Unicode's UTS 39, of which this is the part that names in Latin letters need.
    """
    whole = unicodedata.normalize("NFKD", UNSEEN.sub("", plain(text))).casefold().translate(_LOOKS)
    looks = "".join(one for one in whole if not unicodedata.combining(one))
    for pair, single in _PAIRS:
        looks = looks.replace(pair, single)
    return looks
