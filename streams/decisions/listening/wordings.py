"""Wordings: by what copies of one post are known, to whomever they are addressed and whatever they are tagged with."""

import hashlib
import re
from collections.abc import Sequence

from streams.decisions.listening.vocabulary import words_of

_ASIDE = re.compile(r"(?:https?://|www\.|[@#＠＃])\S*")
_BYTES = 6


def spoken_words(text: str) -> Sequence[str]:
    """The words of a post, folded, without its tags, addresses, handles, and the mark of a repost."""
    plain = _ASIDE.sub(" ", text) if any(sign in text for sign in ("@", "#", "http", "www.", "＠", "＃")) else text
    words = words_of(plain)
    return words[1:] if words and words[0] == "rt" else words


def wording_of(words: Sequence[str]) -> int:
    """A number for these words in their order, the same in every process; 0 if there are none."""
    if not words:
        return 0
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode(), digest_size=_BYTES).digest(), "big") or 1
