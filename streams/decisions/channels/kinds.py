"""Kinds of channels: one row for each kind that has an adapter. A row says what the kind takes and how it fails.

The rules, the check of the registers, drills and the suite of all channels read the rows. An adapter says none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from streams.decisions.channels.lengths import CODE_POINTS, LINKS_SHORTENED, WEIGHTED, Counter
from streams.values import Form, Language
from streams.words.delivery import Resolution
from streams.words.register.entries import ChannelEntry, Register

MEMORY = "memory"
PLAYS = "plays"
"""The option of a memory channel that names the kind it plays in a drill."""


class Languages(StrEnum):
    """How a kind shows the languages of a message: all in one publication, in a publication each, or one of them.

    `ONE`: the option `language` of the channel names it, so that a language more is a channel more.
    """

    TOGETHER = "together"
    APART = "apart"
    ONE = "one"


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


class Links(StrEnum):
    """What becomes of a link in a text."""

    AS_WRITTEN = "as-written"
    SHORTENED = "shortened"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so much time, of which `kept` are left for corrections and withdrawals."""

    requests: int
    within: timedelta
    kept: int


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """A row. A `limit` is in what the counter counts; None: the kind has none.

    `resolution` is how an outcome that is unknown gets known. `SEND_AGAIN` holds for `key_lasts` after the first try,
    None for ever; later on, and for words that were cancelled or mended, the channel is read back if `reads_back`.
    `settles_after` is how long a request without an answer may still land: earlier a look cannot say that nothing is
    there. None: no time is known, and a person decides.
    `is_verified`: each receipt is looked at, since a channel of this kind may take words and not show them.
    `knows_by_words`: a look knows a message by nothing but its words, so that two with the same words within minutes
    are one publication.
    `in_order` keeps the deliveries of an incident in the order of their release, one at a time.
    `alternative_text_max` is for pictures; None: the kind takes none.
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
    links: Links = Links.AS_WRITTEN
    alternative_text_max: int | None = None
    is_verified: bool = False
    knows_by_words: bool = False
    in_order: bool = False


SITE = ChannelKind(
    name="site",
    counter=CODE_POINTS,
    limit=None,
    form=Form.LONG,
    languages=Languages.TOGETHER,
    # The page marks what was corrected and strikes out what was withdrawn.
    corrects=Mend.EDIT,
    withdraws=Mend.EDIT,
    reposts=Repost.CREDITED_COPY,
    # It keeps a record by key and shows what follows from the record, in the order of the yeses.
    resolution=Resolution.SEND_AGAIN,
    reads_back=True,
)
EMAIL = ChannelKind(
    name="email",
    counter=CODE_POINTS,
    limit=None,
    form=Form.LONG,
    languages=Languages.TOGETHER,
    # A letter cannot be called back: another one in the same thread says what was wrong.
    corrects=Mend.REPLY,
    withdraws=Mend.REPLY,
    reposts=Repost.CREDITED_COPY,
    resolution=Resolution.ASK_A_PERSON,
    reads_back=False,
)
MASTODON = ChannelKind(
    name="mastodon",
    counter=LINKS_SHORTENED,
    # What a server takes if its owner changed nothing; `check` of the channel says if one takes less.
    limit=500,
    form=Form.SHORT,
    # A post has one language, by which a screen reader chooses its voice, and a server takes one post at a time.
    languages=Languages.ONE,
    # An edit, marked as one, replaces the wrong words wherever they were shared; a reply would leave them there.
    corrects=Mend.EDIT,
    withdraws=Mend.DELETE,
    reposts=Repost.NATIVE,
    # Some servers keep the key of a post for an hour, others ignore it: which one this is cannot be asked.
    resolution=Resolution.READ_BACK,
    reads_back=True,
    # A server in front holds a request for a minute at most, and the one behind has its own queue.
    settles_after=timedelta(minutes=2),
    rate=Rate(requests=300, within=timedelta(minutes=5), kept=60),
    is_verified=True,
    knows_by_words=True,
    in_order=True,
)
X = ChannelKind(
    name="x",
    counter=WEIGHTED,
    limit=280,
    form=Form.SHORT,
    # A message in two languages would have half of the few characters for each.
    languages=Languages.ONE,
    # An edit within half an hour; later on a post of its own, since X lets no program answer a post.
    corrects=Mend.EDIT,
    withdraws=Mend.DELETE,
    reposts=Repost.NATIVE,
    # X refuses words that it has already, and does not say where they are.
    resolution=Resolution.READ_BACK,
    reads_back=True,
    # Requests were seen to land almost four minutes after they were given up.
    settles_after=timedelta(minutes=5),
    rate=Rate(requests=100, within=timedelta(minutes=15), kept=30),
    links=Links.SHORTENED,
    is_verified=True,
    knows_by_words=True,
    in_order=True,
)
PLAYED = ChannelKind(
    name=MEMORY,
    counter=CODE_POINTS,
    limit=None,
    form=Form.LONG,
    languages=Languages.TOGETHER,
    corrects=Mend.REPLY,
    withdraws=Mend.REPLY,
    reposts=Repost.CREDITED_COPY,
    resolution=Resolution.SEND_AGAIN,
    reads_back=True,
)

KINDS: Mapping[str, ChannelKind] = {one.name: one for one in (SITE, EMAIL, MASTODON, X, PLAYED)}


def speaking() -> list[str]:
    """The kinds that a trust's register may name: those that reach somebody."""
    return sorted(set(KINDS) - {MEMORY})


def language_of(entry: ChannelEntry) -> Language | None:
    """The one language in which this channel speaks; None if it speaks in all."""
    kind = kind_of(entry)
    return entry.options.get("language", "en") if kind and kind.languages is Languages.ONE else None


def kind_on(channel: str, register: Register) -> ChannelKind | None:
    """The row of the channel of this name; None if the register has no such channel, or the table no such kind."""
    entry = register.channels.get(channel)
    return kind_of(entry) if entry else None


def kind_of(entry: ChannelEntry) -> ChannelKind | None:
    """The row of a channel, None if there is none; a memory channel has the row of the kind that it plays."""
    name = entry.options.get(PLAYS, MEMORY) if entry.kind == MEMORY else entry.kind
    return KINDS.get(name)
