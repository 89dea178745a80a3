"""The card of a kind of channel: what it takes, how it mends, and how it fails.

The rules, the check of the registers, drills and the suite of all channels read it. An adapter says none of it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from streams.decisions.channels.lengths import Counter
from streams.decisions.channels.picture_rules import PictureRule
from streams.values import Form, Purpose
from streams.words.delivery import Resolution


class Languages(StrEnum):
    """How a kind shows the languages of a message: all in one publication, in a publication each, or one of them.

    `ONE`: the option `language` of the channel names it, so that a language more is a channel more.
    """

    TOGETHER = "together"
    APART = "apart"
    ONE = "one"


APART_MAX = 4
"""So many publications a message may be where each language has its own."""


class Mend(StrEnum):
    """How words that are public are mended: changed, deleted, answered by later words, or by a person's hand."""

    EDIT = "edit"
    DELETE = "delete"
    REPLY = "reply"
    BY_HAND = "by-hand"


class Repost(StrEnum):
    """How a partner's post goes out again: by the network itself, as a quote, as a copy with credit, or not at all."""

    NATIVE = "native"
    QUOTE = "quote"
    CREDITED_COPY = "credited-copy"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many publications in so much time, of which `kept` are left for corrections and withdrawals.

    A publication is one message in all its languages, or one try of it. Partners' posts leave as many again to our own
    words, see `budgets`: so `kept` is less than half.
    """

    requests: int
    within: timedelta
    kept: int


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A row. A `limit` is in what the counter counts, `bytes_max` in bytes of UTF-8; None: the kind has none.

    `limit` and `bytes_max` are for each language by itself, `together_max` for the characters of all together.
    `resolution` is how an outcome that is unknown gets known. `SEND_AGAIN` holds for `key_lasts` after the first try,
    None for ever; later on, and for words that were cancelled or mended, the channel is read back if `reads_back`.
    `settles_after` is how long a request without an answer may still land: earlier a look cannot say that nothing is
    there. None: no time is known, and a person decides.
    `is_verified`: each receipt is looked at, since a channel of this kind may take words and not show them.
    `knows_by_words`: a look knows a message by nothing but its words, so that two with the same words within minutes
    are one publication.
    `in_order` keeps the deliveries of an incident in the order of their release, one at a time.
    `by_hand`: no machine can reach it, and a person puts each message there.
    `leaves_earlier`: a mend is a post of its own, and a person has to delete the wrong one in the program there.
    `taps_hashtags`: a hashtag leads a reader to the posts that have it.
    `keeps_schedule`: the server itself keeps posts that people scheduled there, and an incident has them held.
    `pictures` says which it takes; None: none, and the words are all that its public gets.
    """

    name: str
    counter: Counter
    limit: int | None
    form: Form
    languages: Languages
    corrects: Mend
    withdraws: Mend
    reposts: Repost
    resolution: Resolution
    reads_back: bool
    key_lasts: timedelta | None = None
    settles_after: timedelta | None = None
    rate: Rate | None = None
    pictures: PictureRule | None = None
    is_verified: bool = False
    bytes_max: int | None = None
    together_max: int | None = None
    knows_by_words: bool = False
    in_order: bool = False
    by_hand: bool = False
    leaves_earlier: bool = False
    taps_hashtags: bool = False
    keeps_schedule: bool = False

    def finds_by_receipt(self, purpose: Purpose) -> bool:
        """Whether a mend of this purpose changes or deletes a post that it finds only by the post's receipt."""
        mend = self.corrects if purpose is Purpose.CORRECTION else self.withdraws
        return self.resolution is not Resolution.SEND_AGAIN and mend in {Mend.EDIT, Mend.DELETE}
