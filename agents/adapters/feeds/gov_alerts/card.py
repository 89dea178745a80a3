"""What the national emergency alerts can do."""

from streams.words.feeds import FeedCard

CARD = FeedCard(
    kind="gov-alerts",
    about="Emergency alerts of the UK government, as gov.uk/alerts lists them in an Atom feed, with CAP where linked.",
    transport="poll",
    every_seconds=60.0,
    sees_edits=True,
    # The feed keeps alerts that are over, so one that is missing may only be old: its page tells.
    sees_deletions="by-asking",
    keeps="The newest twenty alerts.",
)
