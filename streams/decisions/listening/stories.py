"""Stories: posts that say much the same, gathered as they come. A topic, never a verdict; a person reads it.

What weighs in a wording is learnt on the incident itself: a word that few wordings have weighs most. A new wording
joins the story that it is nearest to, if it is near enough, else it is a story of its own.

The same posts give the same stories however they are cut into batches, as long as each wording is read: beyond
`wordings.READ_MAX` in a batch, which are read depends on the batch. Where several partitions bring posts, the order in
which these come decides, since a story is what was said first.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from pydantic import Field

from streams.decisions.listening.crowd import BIN_SECONDS, PERSON_BITS, LastHeard, moment_of, renumber
from streams.decisions.listening.usual import quarter_of
from streams.decisions.listening.wordings import WORDS_MAX, KnownWordings
from streams.values import Frozen
from streams.words.listening.stories import StoryCounts
from streams.words.posts import Foreign, Voice, WordingHeard

NEAR = 0.28
"""How near a wording is to the story that it joins: the cosine of their words' weights."""
PRIOR = 30
"""So many wordings are taken to have been read that had none of the words: else the first few share too little."""
STORIES_MAX = 300
KNOWN_MAX, KNOWN_LEFT = 4_096, 3_072
"""So many words are weighed; of more, those that most wordings have are left."""
RAREST = 3
"""A wording is compared with the stories that have one of so many of its rarest known words."""
PEOPLE_MIN, WORDINGS_MIN = 5, 2
"""A story is shown from so many people on, and from so many wordings: one that was copied is one voice."""
SHOWN_EACH = 20
"""After each so many stories that are shown, the next need twice the people: a flood of stories is no list."""
AGAIN = 2
PEOPLE_MAX = 64
"""From here on only each second person of a story is remembered and counts twice, then each fourth, and so on."""
QUARTERS_MAX = 32
POSTS_MAX = 3
POSTS_KEPT = timedelta(days=7)
"""So long a post lies on the log; a story that was not heard for so long is forgotten."""
NEAREST_MIN = 0.1
"""Our own words are shown beside a story from this nearness on."""
WordCounts = LastHeard
"""Words, as numbers, by how many wordings have them."""


class StoryKept(Frozen):
    """One story as it is kept. `number` is its own; `called` what people call it, 0 before it is shown.

    `people` are hashes, each with twice the quarter of an hour in which it was heard last, and one more if it asked.
    Of each 2 to the power of `level` people one is among them. `since` and `heard` are the bins of its first and its
    last post, `quarters` its people by quarter of an hour, and `noted` how many there were at its last notice.
    """

    number: int
    words: WordCounts
    people: LastHeard = Field(default_factory=dict)
    level: int = Field(default=0, ge=0, le=PERSON_BITS)
    posts: int = 0
    wordings: int = 0
    since: int = 0
    heard: int = 0
    quarters: Mapping[int, int] = Field(default_factory=dict)
    called: int = 0
    noted: int = 0

    @property
    def people_count(self) -> int:
        """How many different people told it; an estimate beyond `PEOPLE_MAX`."""
        return len(self.people) << self.level

    @property
    def asking(self) -> int:
        """How many of them ask whether it is true."""
        return sum(at & 1 for at in self.people.values()) << self.level


class StoriesKept(Frozen):
    """The stories of one incident, and what was learnt of its words: how many of the `read` wordings have each.

    `numbered` counts the stories, and `called` those that were shown. Of the wordings of the last batch one in
    `read_one_in` was read.
    """

    stories: tuple[StoryKept, ...] = ()
    frequencies: WordCounts = Field(default_factory=dict)
    read: int = 0
    numbered: int = 0
    called: int = 0
    heard: int = 0
    read_one_in: int = 1

    @property
    def shown(self) -> tuple[StoryKept, ...]:
        """The stories that people may be shown, in the order in which they were first."""
        return tuple(sorted((one for one in self.stories if one.called), key=lambda one: one.called))

    def story(self, called: int) -> StoryKept | None:
        """The story that people call so; None if there is none, or it made room for others."""
        return next((one for one in self.stories if called and one.called == called), None)


@dataclass(frozen=True, slots=True)
class StoryTold:
    """A story that is news, as it was at that post; `before` is how many people there were when it was last."""

    story: StoryKept
    before: int


def counts_of(story: StoryKept, *, before: int = 0, read_one_in: int = 1) -> StoryCounts:
    """What a story counts, as people read it."""
    return StoryCounts(
        posts=story.posts,
        wordings=story.wordings,
        people=story.people_count,
        asking=story.asking,
        since=moment_of(story.since),
        at=moment_of(story.heard),
        before=before,
        is_estimate=story.level > 0,
        read_one_in=read_one_in,
    )


class StoryPost(NamedTuple):
    """A post by what its source calls it, and the bin in which it was heard."""

    post: Foreign
    heard: int


class StoryPosts(Frozen):
    """Which posts stand for a story, by its number: the first of some of its wordings.

    These are somebody's own: they are kept apart from all counts, in a table that is emptied.
    """

    posts: Mapping[int, tuple[StoryPost, ...]] = Field(default_factory=dict)

    def kept_at(self, now: int) -> "StoryPosts":
        """Those that may be kept still in this bin: as long as their words lie on the log, see `POSTS_KEPT`."""
        oldest = now - int(POSTS_KEPT.total_seconds()) // BIN_SECONDS
        left = {number: tuple(one for one in posts if one.heard > oldest) for number, posts in self.posts.items()}
        return StoryPosts(posts={number: posts for number, posts in left.items() if posts})


@dataclass(slots=True)
class _Growing:
    """A story while posts are added to it."""

    kept: StoryKept
    words: dict[int, int]
    people: dict[int, int]
    quarters: dict[int, int]
    level: int
    posts: int
    wordings: int
    heard: int

    @classmethod
    def of(cls, kept: StoryKept) -> "_Growing":
        own = (dict(kept.words), dict(kept.people), dict(kept.quarters))
        return cls(kept, *own, kept.level, kept.posts, kept.wordings, kept.heard)

    @property
    def count(self) -> int:
        return len(self.people) << self.level

    def add_words(self, words: tuple[int, ...]) -> list[int]:
        """One wording more; answers with the words that it brings. Those that most wordings have are kept."""
        self.wordings += 1
        new = [word for word in words if word not in self.words]
        for word in words:
            self.words[word] = self.words.get(word, 0) + 1
        return new

    def add(self, voice: Voice, *, asked: int) -> None:
        """One post more."""
        self.posts += 1
        self.heard = max(self.heard, voice.heard)
        if voice.person & ((1 << self.level) - 1):
            return
        quarter = quarter_of(voice.heard)
        renumber(self.people, voice.person, before=voice.before)
        before = self.people.get(voice.person, -1)
        if before >> 1 < quarter:
            self.quarters[quarter] = self.quarters.get(quarter, 0) + (1 << self.level)
        self.people[voice.person] = max(before >> 1, quarter) << 1 | (asked | (before & 1 if before >= 0 else 0))
        while len(self.people) > PEOPLE_MAX:
            self.level += 1
            self.people = {one: at for one, at in self.people.items() if not one & ((1 << self.level) - 1)}

    def close(self) -> StoryKept:
        newest = max(self.quarters, default=0)
        return self.kept.model_copy(
            update={
                "words": dict(self.words),
                "people": dict(self.people),
                "level": self.level,
                "posts": self.posts,
                "wordings": self.wordings,
                "heard": self.heard,
                "quarters": {one: count for one, count in self.quarters.items() if one > newest - QUARTERS_MAX},
            }
        )


Age = tuple[bool, int, int]
"""Whether people were shown a story, when it was heard last, and its number: the least of all makes room."""


class StoryFinder:
    """Stories while posts are heard, one after another."""

    def __init__(self, before: StoriesKept, known: KnownWordings, *, posts: StoryPosts) -> None:
        """Nothing of `before` and of `posts` is changed; `known` is."""
        self.wordings = known
        self._stories = {one.number: one for one in before.stories}
        self._open: dict[int, _Growing] = {}
        self._frequencies = Counter(before.frequencies)
        self._read, self._numbered, self._called = before.read, before.numbered, before.called
        self._having: defaultdict[int, set[int]] | None = None
        self._by_age: list[Age] | None = None
        self._posts = dict(posts.posts)

    def hear(self, voice: Voice, told: Mapping[int, WordingHeard]) -> StoryTold | None:
        """Add one post; answers with its story if that is news now. `told` is what the batch says of new wordings."""
        found, new = self.wordings.story(voice.wording), told.get(voice.wording)
        number, asked = divmod(found or 0, 2)
        if number not in self._stories:
            if new is None:
                return None
            number, asked = self._place(new, voice), int(new.asks)
        self.wordings.keep(voice.wording, 2 * number + asked)
        story = self._opened(number)
        story.add(voice, asked=asked)
        return self._noted(story)

    def nearest(self, story: StoryKept, texts: Iterable[tuple[str, tuple[int, ...]]]) -> str | None:
        """Which of these texts of ours, with their words as numbers, is nearest to a story; None if none is near."""
        found = [(self._near(*self._weighed(words), words=story.words), name) for name, words in texts]
        near, name = max(found, default=(0.0, ""), key=lambda one: one[0])
        return name if near >= NEAREST_MIN else None

    def kept(self, *, read_one_in: int = 1) -> StoriesKept:
        """The stories as they are now."""
        stories = {**self._stories, **{number: one.close() for number, one in self._open.items()}}
        return StoriesKept(
            stories=tuple(stories.values()),
            frequencies=dict(self._frequencies),
            read=self._read,
            numbered=self._numbered,
            called=self._called,
            heard=max((one.heard for one in stories.values()), default=0),
            read_one_in=read_one_in,
        )

    def posts(self) -> StoryPosts:
        """The posts that stand for each story as it is now."""
        return StoryPosts(posts=self._posts)

    def _opened(self, number: int) -> _Growing:
        if number not in self._open:
            self._open[number] = _Growing.of(self._stories[number])
        return self._open[number]

    def _noted(self, story: _Growing) -> StoryTold | None:
        """The story, where it became large enough, or twice as large as when it was told last."""
        people, before = story.count, story.kept.noted
        least = AGAIN * before if before else PEOPLE_MIN << (self._called // SHOWN_EACH)
        if people < least or story.wordings < WORDINGS_MIN:
            return None
        if not story.kept.called:
            self._called += 1
        change = {"noted": people, "called": story.kept.called or self._called}
        story.kept = story.kept.model_copy(update=change)
        return StoryTold(story.close(), before)

    def _place(self, new: WordingHeard, voice: Voice) -> int:
        """The number of the story that a new wording belongs to; of one that begins with it, if it is near to none."""
        self._learn(new.words)
        near, number = max(self._candidates(new.words), default=(0.0, 0), key=lambda one: (one[0], -one[1]))
        if near < NEAR:
            if len(self._stories) >= STORIES_MAX:
                self._make_room()
            self._numbered += 1
            number = self._numbered
            self._stories[number] = StoryKept(number=number, words={}, since=voice.heard, heard=voice.heard)
            if self._by_age is not None:
                heapq.heappush(self._by_age, self._since(number))
        having = self._index()
        for word in self._opened(number).add_words(new.words):
            having[word].add(number)
        self._trim(number)
        if len(self._posts.get(number, ())) < POSTS_MAX:
            self._posts[number] = (*self._posts.get(number, ()), StoryPost(new.post, voice.heard))
        return number

    def _trim(self, number: int) -> None:
        """A story has `WORDS_MAX` words: those that weigh most in it."""
        story = self._open[number]
        for word in heapq.nsmallest(len(story.words) - WORDS_MAX, story.words, key=lambda one: self._rank(story, one)):
            del story.words[word]
            self._index()[word].discard(number)

    def _rank(self, story: _Growing, word: int) -> tuple[float, int]:
        return story.words[word] * self._weight(word), word

    def _make_room(self) -> None:
        """The story that was not heard for longest goes; one that people were shown stays before all others."""
        if self._by_age is None:
            self._by_age = [self._since(number) for number in self._stories]
            heapq.heapify(self._by_age)
        # A story only grows younger: one that was heard or shown since then is put back where it belongs.
        while (first := self._by_age[0]) != (now := self._since(first[2])):
            heapq.heapreplace(self._by_age, now)
        _, _, gone = heapq.heappop(self._by_age)
        having = self._index()
        for word in self._opened(gone).words:
            having[word].discard(gone)
        del self._stories[gone], self._open[gone]
        self._posts.pop(gone, None)

    def _since(self, number: int) -> Age:
        if (one := self._open.get(number)) is not None:
            return bool(one.kept.called), one.heard, number
        kept = self._stories[number]
        return bool(kept.called), kept.heard, number

    def _learn(self, words: tuple[int, ...]) -> None:
        self._read += 1
        self._frequencies.update(words)
        if len(self._frequencies) > KNOWN_MAX:
            left = heapq.nlargest(KNOWN_LEFT, self._frequencies.items(), key=lambda one: (one[1], one[0]))
            self._frequencies = Counter(dict(left))

    def _weight(self, word: int) -> float:
        return math.log((self._read + PRIOR) / self._frequencies.get(word, 1))

    def _candidates(self, words: tuple[int, ...]) -> list[tuple[float, int]]:
        """How near the stories are that share one of the rarest words of a wording, with their numbers."""
        having = self._index()
        weights, length = self._weighed(words)
        known = [word for word in words if having.get(word)]
        rarest = heapq.nsmallest(RAREST, known, key=lambda word: (self._frequencies.get(word, 1), word))
        found = sorted({number for word in rarest for number in having[word]})
        return [(self._near(weights, length, words=self._words_of(number)), number) for number in found]

    def _weighed(self, words: tuple[int, ...]) -> tuple[Mapping[int, float], float]:
        weights = {word: self._weight(word) for word in words}
        return weights, math.sqrt(sum(weight * weight for weight in weights.values()))

    def _near(self, weights: Mapping[int, float], length: float, *, words: Mapping[int, int]) -> float:
        both, whole = 0.0, 0.0
        # `_weight`, without a call for each of so many words.
        read, frequency, log = self._read + PRIOR, self._frequencies.get, math.log
        for word, count in words.items():
            known = weights.get(word)
            weight = count * (log(read / frequency(word, 1)) if known is None else known)
            whole += weight * weight
            if known is not None:
                both += weight * known
        return both / (length * math.sqrt(whole)) if both > 0 else 0.0

    def _words_of(self, number: int) -> Mapping[int, int]:
        return self._open[number].words if number in self._open else self._stories[number].words

    def _index(self) -> defaultdict[int, set[int]]:
        """The stories by their words; made when the first new wording is placed."""
        if self._having is None:
            self._having = defaultdict(set)
            for one in self._stories.values():
                for word in self._words_of(one.number):
                    self._having[word].add(one.number)
        return self._having
