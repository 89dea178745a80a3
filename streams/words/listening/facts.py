"""Every fact of what we hear."""

from streams.words.listening.influence import ListedNoted
from streams.words.listening.stories import StoryFact
from streams.words.listening.tags import TagsNoted
from streams.words.listening.watch import WatchFact

HeardFact = StoryFact | TagsNoted | ListedNoted | WatchFact
