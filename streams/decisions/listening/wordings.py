"""Wordings: by what copies of one post are known, whatever accounts they address and whatever tags they carry."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from zlib import crc32

from pydantic import Field

from streams.decisions.listening.crowd import LastHeard
from streams.decisions.listening.vocabulary import words_of
from streams.values import Frozen
from streams.words.posts import Mention, WordingHeard

READ_MAX = 150
"""So many wordings of one batch are read; of more, each second, fourth or eighth, always the same ones."""
WORDS_MAX = 32
"""So many different words of a wording count."""
SHELVES = 64
SHELF_MAX = 780
"""Wordings known of one incident: 50,000 on all shelves. The one that was not heard for longest makes room."""
_ASIDE = re.compile(r"(?:https?://|www\.|[@#＠＃])\S*")
_BYTES = 6


def spoken_words(text: str) -> Sequence[str]:
    """The words of a post, folded, without its tags, addresses, handles, and the mark of a repost."""
    # One by one, since nearly every post has one of the first three.
    has = "#" in text or "@" in text or "http" in text or "www." in text or "＠" in text or "＃" in text
    plain = _ASIDE.sub(" ", text) if has else text
    words = words_of(plain)
    return words[1:] if words and words[0] == "rt" else words


def wording_of(words: Sequence[str]) -> int:
    """A number for these words in their order, the same in every process; 0 if there are none."""
    if not words:
        return 0
    return int.from_bytes(hashlib.blake2b(" ".join(words).encode(), digest_size=_BYTES).digest(), "big") or 1


def hashed(words: Iterable[str]) -> tuple[int, ...]:
    """Each different word as a number, in their order: so it travels and is kept, and no word is."""
    return tuple(crc32(one.encode()) for one in list(dict.fromkeys(words))[:WORDS_MAX])


def asks(words: Sequence[str], doubts: Iterable[str]) -> bool:
    """Whether one of these words or phrases stands among the words of a post: whether it asks if something is true."""
    flat = f" {' '.join(words)} "
    return any(f" {one} " in flat for one in doubts)


@lru_cache(maxsize=8)
def doubts_of(listed: tuple[str, ...]) -> tuple[str, ...]:
    """The words and phrases of the lists, as posts are compared with them."""
    return tuple(sorted({" ".join(words_of(one)) for one in listed} - {""}))


def read(posts: Mapping[int, Mention], doubts: Sequence[str]) -> tuple[Sequence[WordingHeard], int]:
    """What a count says of the wordings of a batch, each with its first post; and of how many one was read."""
    chosen, one_in = list(posts), 1
    while len(chosen) > READ_MAX:
        one_in *= 2
        chosen = [wording for wording in chosen if not wording % one_in]
    told = []
    for wording in chosen:
        words = spoken_words(posts[wording].text)
        told.append(WordingHeard(wording, hashed(words), asks(words, doubts), posts[wording].id))
    return told, one_in


class WordingShelf(Frozen):
    """Some of the wordings that are known of an incident, each with its story; the one heard last comes last."""

    known: LastHeard = Field(default_factory=dict)


class KnownWordings:
    """The wordings of one incident while posts are heard; a shelf is read when it is first asked for."""

    def __init__(self, shelf: Callable[[int], WordingShelf]) -> None:
        """`shelf` gives what is kept under a number below `SHELVES`."""
        self._shelf = shelf
        self._open: dict[int, dict[int, int]] = {}

    def story(self, wording: int) -> int | None:
        """The number of the story that has this wording; None if it is not known."""
        return self._of(wording).get(wording)

    def keep(self, wording: int, story: int) -> None:
        """This wording was heard now, and is of this story."""
        known = self._of(wording)
        known.pop(wording, None)
        known[wording] = story
        if len(known) > SHELF_MAX:
            del known[next(iter(known))]

    def shelves(self) -> Mapping[int, WordingShelf]:
        """The shelves that were opened, as they are now."""
        return {number: WordingShelf(known=known) for number, known in self._open.items()}

    def _of(self, wording: int) -> dict[int, int]:
        number = wording % SHELVES
        if number not in self._open:
            self._open[number] = dict(self._shelf(number).known)
        return self._open[number]
