"""Tags of partners: those that a partner used in a post that we heard, or registered; they come first."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from streams.decisions.listening.tags.heard import tags_of
from streams.decisions.listening.vocabulary import Vocabulary, words_of
from streams.foreign import account
from streams.signs import folded
from streams.subjects.incident import Incident
from streams.words.posts import Mention
from streams.words.register.entries import Register

TagOwners = Mapping[str, str]
"""Hashtags, each with its partner."""


def registered_tags(register: Register) -> Mapping[str, str]:
    """The hashtags that partners registered, folded, each with its partner."""
    return {folded(tag): one.id for one in register.partners.values() for tag in one.hashtags}


def credited_tags(incident: Incident) -> Mapping[str, str]:
    """The tags of partners' posts that we sent out again, or that wait to be, each with its partner."""
    posts = [(one, one.credit) for one in (*incident.drafts.values(), *incident.messages.values()) if one.credit]
    return {tag: credit.partner for one, credit in posts for text in one.texts.values() for tag in tags_of(text)}


def used_by_partners(batch: Sequence[Mention], known: Vocabulary, *, register: Register) -> Mapping[str, TagOwners]:
    """The tags that accounts of partners use in these posts, each with its partner, by incident."""
    pinned = {account(pin): one.id for one in register.partners.values() for pin, _ in one.pins}
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for mention in batch:
        if partner := pinned.get(mention.author_id):
            for name in known.owners(words_of(mention.text)):
                found[name].update(dict.fromkeys(tags_of(mention.text), partner))
    return found
