"""What the national emergency alerts can do."""

from streams.words.feeds import FeedCard

CARD = FeedCard(
    kind="gov-alerts",
    about="Emergency alerts of the UK government as gov.uk/alerts lists them: an Atom feed, with CAP where it links to it.",
    transport="poll",
    every_seconds=60.0,
    sees_edits=True,
    # The feed keeps alerts that are over, so one that is missing proves nothing.
    sees_deletions="no",
    keeps="The newest twenty alerts.",
)
