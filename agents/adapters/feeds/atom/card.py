"""What an Atom or RSS feed can do."""

from streams.words.feeds import FeedCard

CARD = FeedCard(
    kind="atom",
    about="Posts of an Atom or RSS feed (2.0, 1.0); CAP messages in it, or linked from it, are read as such.",
    transport="poll",
    every_seconds=60.0,
    sees_edits=True,
    # Few feeds write tombstones (RFC 6721), and an entry that is missing may only have grown old: its page tells.
    sees_deletions="by-asking",
    keeps="What the feed lists; the source decides how long that is.",
)
