"""What the weather warnings of the Met Office can do."""

from streams.words.feeds import FeedCard

CARD = FeedCard(
    kind="met-office",
    about="Severe weather warnings of the Met Office (NSWWS): an Atom feed that links to a GeoJSON file for each.",
    transport="poll",
    every_seconds=120.0,
    sees_edits=True,
    # A warning says itself that it was cancelled; one that is missing may have left the list for its age.
    sees_deletions="yes",
    keeps="What is in force, and what ended lately.",
    needs_secret=True,
)
