"""What the flood warnings of the Environment Agency can do."""

from streams.words.feeds import FeedCard

CARD = FeedCard(
    kind="ea-floods",
    about="Flood warnings of the Environment Agency for England, as its flood-monitoring service lists them (JSON).",
    transport="poll",
    # The service renews its list every fifteen minutes.
    every_seconds=120.0,
    sees_edits=True,
    sees_deletions="by-absence",
    keeps="What is in force now, and for a day what has ended.",
)
