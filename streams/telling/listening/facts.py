"""The sentence for each fact of what we hear."""

from streams.telling.listening.influence import told_listed
from streams.telling.listening.stories import told_story_fact
from streams.telling.listening.tags import told_tags
from streams.telling.listening.watch import told_watch
from streams.telling.names import Names
from streams.words.listening.facts import HeardFact
from streams.words.listening.influence import ListedNoted
from streams.words.listening.tags import TagsNoted
from streams.words.listening.watch import WatchFact


def told_heard_fact(body: HeardFact, names: Names) -> str:
    """One line for one fact."""
    match body:
        case TagsNoted():
            return told_tags(body)
        case ListedNoted():
            return told_listed(body, names.zone)
    return told_watch(body, names) if isinstance(body, WatchFact) else told_story_fact(body)
