"""The signs of a text as a terminal may have them: none that it would obey or hide, none that it cannot show."""

import json
import re
import unicodedata

STAND_INS = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "•": "*", "·": ".", "→": "->"}
)
"""What people read as the same; a letter with an accent becomes the letter without it."""
JOINERS = frozenset("\u200c\u200d")
"""Persian and joined emoji need them; a terminal does nothing else with them."""
FLAG = re.compile("(\U0001f3f4[\U000e0061-\U000e007a]+\U000e007f)")
"""The flag of a nation, as Wales: a black flag and letters that are not shown."""


def harmless(text: str) -> str:
    r"""The same text with each sign written out (`\u202e`) that would move the cursor, turn the line or hide words.

    Line breaks and tabs stay. JSON stays the same JSON.
    """
    if text.isprintable():
        return text
    parts = FLAG.split(text)  # Every second part is a flag.
    return "".join(part if at % 2 else "".join(map(_seen, part)) for at, part in enumerate(parts))


def fitting(text: str, encoding: str) -> str:
    """The same text for a terminal of this encoding, with a stand-in for each letter that the encoding lacks."""
    return text if _has(text, encoding) else "".join(_stand_in(one, encoding) for one in text)


def fitting_json(text: str, encoding: str) -> str:
    """The same JSON for a terminal of this encoding: what the encoding lacks is written as JSON writes it."""
    return text if _has(text, encoding) else "".join(one if _has(one, encoding) else _escaped(one) for one in text)


def _seen(sign: str) -> str:
    is_shown = sign.isprintable() or sign in "\n\t" or sign in JOINERS or unicodedata.category(sign) == "Zs"
    return sign if is_shown else _escaped(sign)


def _stand_in(sign: str, encoding: str) -> str:
    if _has(sign, encoding):
        return sign
    plain = sign.translate(STAND_INS)
    for one in (plain, unicodedata.normalize("NFKC", plain), _without_marks(plain)):
        if one and _has(one, encoding):
            return one
    return "" if unicodedata.combining(sign) else _escaped(sign)


def _without_marks(sign: str) -> str:
    parts = unicodedata.normalize("NFKD", sign)
    return "".join(one for one in parts if not unicodedata.combining(one))


def _has(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _escaped(sign: str) -> str:
    r"""As JSON writes it: `\u202e`, two of them for a sign beyond the first 65,536."""
    written = json.dumps(sign)[1:-1]
    return written if len(written) > 2 else f"\\u{ord(sign):04x}"  # noqa: PLR2004 - short forms like \r, and DEL
