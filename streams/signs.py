"""Signs: what people take for the same text folds to one text; signs that cannot be seen are mended, kept or named.

`folded` is for comparing only. What is shown is `mended`: other spaces and line ends become plain ones.
"""

import re
import unicodedata
from collections.abc import Mapping

_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_ENDS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_PICTURE = "[\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]"
_JOINED = re.compile(
    f"(?<={_PICTURE})\u200d(?={_PICTURE})"
    f"|(?<={_PICTURE}[\ufe0f\u20e3])\u200d(?={_PICTURE})"
    "|(?<=[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af])[\u200c\u200d]"
    "|(?<=\U0001f3f4)[\U000e0020-\U000e007e]{1,8}\U000e007f"
)
"""Signs that join and carry meaning: in pictures of several signs, in flags, in Arabic and Indic scripts."""
_APOSTROPHES = "'`´‘’‛ʼʹʻ′＇"
_PLAIN = str.maketrans(
    {
        **dict.fromkeys(_APOSTROPHES),
        **dict.fromkeys("‐‑‒–—−﹣－", "-"),
        **dict(zip("łøđħı", "lodhi", strict=True)),
    }
)
_TYPED = re.compile(f"[{re.escape(''.join(chr(code) for code in _PLAIN if code > ord('~')))}]+")
_HASHTAG = re.compile(r"#\w+")
_OTHERS = re.compile(r"[^\x00-\x7f]+")
COMPARED_MAX = 10_000
"""So many signs are remembered; a flood of rare ones takes no more memory than that."""


def folded(text: str) -> str:
    """The text as it compares: without case, accents, apostrophes and signs that cannot be seen; in plain letters."""
    if text.isascii():
        return text.casefold().replace("'", "").replace("`", "")
    # Spaces first: some accents that stand by themselves decompose into a space and a mark.
    typed = _TYPED.sub(lambda found: found[0].translate(_PLAIN), text)
    whole = unicodedata.normalize("NFKD", typed).casefold().replace("'", "").replace("`", "")
    bare = _ACCENTS.sub("", whole)
    return bare if bare.isascii() else _OTHERS.sub(lambda found: found[0].translate(_COMPARED), bare)


class _Compared(dict[int, str | int | None]):
    """What becomes of each sign beyond plain letters; each is looked up once, as far as the room goes."""

    def __missing__(self, code: int) -> str | int | None:
        after = None if _falls_away(chr(code)) else code
        if len(self) < COMPARED_MAX:
            self[code] = after
        return after


def _falls_away(sign: str) -> bool:
    return unicodedata.combining(sign) != 0 or unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f"


_COMPARED = _Compared(_PLAIN)
_ACCENTS = re.compile(f"[{''.join(sign for sign in map(chr, range(0x300, 0x370)) if _falls_away(sign))}]+")
"""Accents of letters that were taken apart: in most texts all that is left to fold."""


def hashtags_in(text: str) -> frozenset[str]:
    """Every hashtag of a text, folded."""
    return frozenset(_HASHTAG.findall(folded(text))) if "#" in text or "＃" in text else frozenset()


def composed(text: str) -> str:
    """The same text with each accented letter as one sign, where there is one (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def composed_each(texts: Mapping[str, str]) -> Mapping[str, str]:
    """The texts of every language, composed."""
    return {language: composed(text) for language, text in texts.items()}


def mended(text: str) -> str:
    """The text with plain spaces and line ends."""
    return _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))


def unseen(text: str) -> int | None:
    """Where the first sign is that cannot be seen and joins nothing, counted from 0; None if there is none."""
    if text.replace("\n", "").isprintable():
        return None
    left = _JOINED.sub(lambda found: "x" * len(found[0]), text)
    return next((place for place, sign in enumerate(left) if sign != "\n" and not sign.isprintable()), None)


def without_unseen(text: str) -> str:
    """Somebody else's words, mended, without signs that cannot be seen; those that join stay."""
    whole = mended(text)
    if whole.isprintable():
        return whole
    joins = {place for found in _JOINED.finditer(whole) for place in range(*found.span())}
    return "".join(sign for place, sign in enumerate(whole) if sign == "\n" or sign.isprintable() or place in joins)
