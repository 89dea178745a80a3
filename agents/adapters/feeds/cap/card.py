"""What a feed of CAP messages can do."""

from streams.words.feeds import FeedCard

CARD = FeedCard(
    kind="cap",
    about="Warnings in the Common Alerting Protocol (1.0, 1.1, 1.2), alone or in an Atom or RSS feed, signed or not.",
    transport="poll",
    every_seconds=60.0,
    sees_edits=True,
    sees_deletions="yes",
    signed=True,
    keeps="What the feed lists; the source decides how long that is.",
)
