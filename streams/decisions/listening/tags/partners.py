"""Tags of partners: those that a partner used in a post that we heard, or registered; they come first."""

from collections.abc import Mapping, Sequence

from streams.decisions.listening.tags.heard import tags_of
from streams.foreign import account
from streams.signs import folded
from streams.subjects.incident import Incident
from streams.words.posts import Mention
from streams.words.register.entries import Register


def registered_tags(register: Register) -> Mapping[str, str]:
    """The hashtags that partners registered, folded, each with its partner."""
    return {folded(tag): one.id for one in register.partners.values() for tag in one.hashtags}


def credited_tags(incident: Incident) -> Mapping[str, str]:
    """The tags of partners' posts that we sent out again, or that wait to be, each with its partner."""
    posts = [(one, one.credit) for one in (*incident.drafts.values(), *incident.messages.values()) if one.credit]
    return {tag: credit.partner for one, credit in posts for text in one.texts.values() for tag in tags_of(text)}


def partner_voices(posts: Sequence[tuple[Mention, int, int]], register: Register) -> Mapping[int, str]:
    """The partners whose accounts wrote one of these posts, which come with person and bin, by person."""
    pinned = {account(pin): one.id for one in register.partners.values() for pin, _ in one.pins}
    return {person: pinned[post.author_id] for post, person, _ in posts if post.author_id in pinned}
