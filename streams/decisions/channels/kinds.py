"""Kinds of channels: the card of each kind that has an adapter, and what follows from it for a channel."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from streams.decisions.channels.card import ChannelKind, Languages, Mend, Rate, Repost
from streams.decisions.channels.lengths import CODE_POINTS, GRAPHEMES, LINKS_SHORTENED, SEGMENTS, WEIGHTED
from streams.decisions.channels.picture_rules import RULES
from streams.values import Form, Language
from streams.words.delivery import Resolution
from streams.words.register.entries import ChannelEntry, Register

MEMORY = "memory"
PLAYS = "plays"
"""The option of a memory channel that names the kind it plays in a drill."""

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
    pictures=RULES["site"],
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
BLUESKY = ChannelKind(
    name="bluesky",
    counter=GRAPHEMES,
    limit=300,
    bytes_max=3_000,
    form=Form.SHORT,
    languages=Languages.APART,
    # The network keeps an edit, and its public pages go on showing the first words.
    corrects=Mend.REPLY,
    withdraws=Mend.DELETE,
    reposts=Repost.NATIVE,
    # A record's place follows from the key, and a change names the state of the account that it was made for.
    resolution=Resolution.SEND_AGAIN,
    reads_back=True,
    settles_after=timedelta(minutes=5),
    # The server has 5,000 points an hour: a message in four languages takes twelve, its end four more.
    rate=Rate(requests=300, within=timedelta(hours=1), kept=100),
    is_verified=True,
    pictures=RULES["bluesky"],
    taps_hashtags=True,
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
    pictures=RULES["mastodon"],
    taps_hashtags=True,
    # Mastodon's own servers tell all that is scheduled; another of the same interface may not, and then a person looks.
    keeps_schedule=True,
)
SMS = ChannelKind(
    name="sms",
    counter=SEGMENTS,
    # GOV.UK Notify takes 918 characters, which are six segments: a trust may speak in two languages.
    limit=3,
    together_max=918,
    form=Form.SHORT,
    languages=Languages.TOGETHER,
    # A text message cannot be called back: another one says what was wrong.
    corrects=Mend.REPLY,
    withdraws=Mend.REPLY,
    reposts=Repost.CREDITED_COPY,
    # Notify would send the same again, and tells for seven days which numbers it has a reference for.
    resolution=Resolution.READ_BACK,
    reads_back=True,
    settles_after=timedelta(minutes=2),
    # Notify takes 3,000 requests a minute, and a message is one for each of 500 numbers at most.
    rate=Rate(requests=6, within=timedelta(minutes=1), kept=2),
)
NOTIFY_EMAIL = replace(
    EMAIL,
    name="notify-email",
    # As for a text message: Notify would send the same again, and can be asked for a reference.
    resolution=SMS.resolution,
    reads_back=True,
    settles_after=SMS.settles_after,
    rate=SMS.rate,
)
LETTERS = frozenset({EMAIL.name, NOTIFY_EMAIL.name})  # They have a subject.
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
    is_verified=True,
    knows_by_words=True,
    in_order=True,
    pictures=RULES["x"],
    taps_hashtags=True,
)
SLACK = ChannelKind(
    name="slack",
    counter=CODE_POINTS,
    # Slack takes 4,000 characters: a trust may speak in two languages.
    limit=1_950,
    together_max=4_000,
    form=Form.LONG,
    languages=Languages.TOGETHER,
    # People hear of a new post and of no edit: the wrong post is deleted, and the right words are a new one.
    corrects=Mend.DELETE,
    withdraws=Mend.DELETE,
    reposts=Repost.CREDITED_COPY,
    # Slack posts the same again. A post carries our key, by which a look finds it.
    resolution=Resolution.READ_BACK,
    reads_back=True,
    settles_after=timedelta(minutes=2),
    # A message is one reading and one post; Slack takes fifty readings a minute.
    rate=Rate(requests=50, within=timedelta(minutes=1), kept=10),
    in_order=True,
    pictures=RULES["slack"],
)
TEAMS = ChannelKind(
    name="teams",
    counter=CODE_POINTS,
    # A card takes 28 KB, and fewer were seen to be enough for a refusal: a trust may speak in two languages.
    limit=4_000,
    bytes_max=8_000,
    form=Form.LONG,
    languages=Languages.TOGETHER,
    # A workflow can neither edit nor delete: another card says what was wrong, and a person deletes the first by hand.
    corrects=Mend.REPLY,
    withdraws=Mend.REPLY,
    reposts=Repost.CREDITED_COPY,
    # It takes a card without a name for it, and shows the same twice if it is asked twice.
    resolution=Resolution.ASK_A_PERSON,
    reads_back=False,
    rate=Rate(requests=4, within=timedelta(seconds=1), kept=1),
    in_order=True,
    # Its cards show a picture only by an address that everybody can open, without a word of whether it is there.
    pictures=None,
    leaves_earlier=True,
)
FACEBOOK = ChannelKind(
    name="facebook",
    counter=CODE_POINTS,
    limit=63_206,
    form=Form.LONG,
    # A reader sees the first lines of a post: a second language would be folded away beneath the first.
    languages=Languages.ONE,
    # An edit at any time, marked as one, whose earlier words anybody can look up.
    corrects=Mend.EDIT,
    withdraws=Mend.DELETE,
    reposts=Repost.CREDITED_COPY,
    # Facebook takes the same words again, unless they follow each other.
    resolution=Resolution.READ_BACK,
    reads_back=True,
    # As long as on X; nobody measured it here.
    settles_after=timedelta(minutes=5),
    # It has 4,800 requests a day for each person who does something on the page, and a message takes four.
    rate=Rate(requests=200, within=timedelta(hours=1), kept=60),
    is_verified=True,
    knows_by_words=True,
    in_order=True,
    pictures=RULES["facebook"],
    taps_hashtags=True,
    # It tells all that is scheduled on the page; what has more than words a person puts off by hand.
    keeps_schedule=True,
)
LINKEDIN = ChannelKind(
    name="linkedin",
    counter=CODE_POINTS,
    limit=3_000,
    form=Form.LONG,
    # As on Facebook, the first lines are what a reader sees.
    languages=Languages.ONE,
    # An edit at any time, marked as one.
    corrects=Mend.EDIT,
    withdraws=Mend.DELETE,
    reposts=Repost.CREDITED_COPY,
    # LinkedIn refuses words that it has already, and also some that are deleted.
    resolution=Resolution.READ_BACK,
    reads_back=True,
    # As long as on X; nobody measured it here.
    settles_after=timedelta(minutes=5),
    # An app has as few as a hundred posts a day for the person who made its token.
    rate=Rate(requests=100, within=timedelta(days=1), kept=30),
    is_verified=True,
    knows_by_words=True,
    in_order=True,
    pictures=RULES["linkedin"],
    taps_hashtags=True,
)
PLAYED = replace(EMAIL, name=MEMORY, resolution=Resolution.SEND_AGAIN, reads_back=True)
BY_HAND = ChannelKind(
    name="by-hand",
    counter=CODE_POINTS,
    limit=None,
    form=Form.LONG,
    languages=Languages.TOGETHER,
    corrects=Mend.BY_HAND,
    withdraws=Mend.BY_HAND,
    reposts=Repost.CREDITED_COPY,
    resolution=Resolution.ASK_A_PERSON,
    reads_back=False,
    by_hand=True,
)
PLATFORM = "platform"
"""The option of a channel by hand that names its network."""
PLATFORMS: Mapping[str, ChannelKind] = {
    "intranet": BY_HAND,
    "youtube": replace(BY_HAND, taps_hashtags=True),
    "facebook": replace(BY_HAND, taps_hashtags=True),
    "linkedin": replace(BY_HAND, limit=3_000, taps_hashtags=True),
    "whatsapp": replace(BY_HAND, form=Form.SHORT),
    "instagram": replace(BY_HAND, limit=2_200, form=Form.SHORT, taps_hashtags=True),
    "x": replace(BY_HAND, counter=WEIGHTED, limit=280, form=Form.SHORT, taps_hashtags=True),
}
"""How each network counts that a person writes on by hand; where it has no limit, the entry may give one."""

KINDS: Mapping[str, ChannelKind] = {
    one.name: one
    for one in (SITE, EMAIL, BLUESKY, MASTODON, SMS, NOTIFY_EMAIL, X, FACEBOOK, LINKEDIN, SLACK, TEAMS, BY_HAND, PLAYED)
}


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
    """The row of a channel, None if there is none; a memory channel has the row of the kind that it plays.

    A channel by hand has the row of its network.
    """
    name = entry.options.get(PLAYS, MEMORY) if entry.kind == MEMORY else entry.kind
    kind = KINDS.get(name)
    return PLATFORMS.get(entry.options.get(PLATFORM, ""), kind) if kind and kind.by_hand else kind
