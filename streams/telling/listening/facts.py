"""The sentence for each fact of what we hear."""

from streams.telling.listening.stories import told_story_fact
from streams.telling.listening.watch import told_watch
from streams.telling.names import Names
from streams.words.listening.stories import StoryFact
from streams.words.listening.watch import WatchFact

HeardFact = StoryFact | WatchFact


def told_heard_fact(body: HeardFact, names: Names) -> str:
    """One line for one fact."""
    return told_watch(body, names) if isinstance(body, WatchFact) else told_story_fact(body)
