"""Rules: whether the words of a post fit one rule of `wording/routes.yaml`, and which words of the rule fired."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from streams.decisions.listening.vocabulary import words_of
from streams.words.cases import CaseSort
from streams.words.register.wording import RouteRule, WordLists

Entries = Mapping[str, Sequence[tuple[str, ...]]]
"""Words and phrases by their first words, folded; of those with the same first word the longest comes first."""
COMMON = frozenset(
    words_of(
        "about after air all and any are back been bomb but call can come dead down emergency evacuated first for "
        "from gas get going had has have help her here him his home hope how hurt injured into know live local "
        "lost media more need news not officer our out over people please relief rescue right still story take "
        "than that the their them then there they this time want was water what when where who why will with "
        "would you your"
    )
)
"""Words that are in many posts: a trigger of several words is looked up by another one of them."""
LETTERS_MIN = 3
Span = tuple[int, int]
"""Where an entry is among the words of a post: from here, up to before there."""


@dataclass(frozen=True, slots=True)
class WordRule:
    """A rule, ready for use. What a rule does not ask for is None."""

    id: str
    sort: CaseSort
    trigger: Entries
    before: Entries | None
    after: Entries | None
    beside: Entries | None
    unless: Entries | None
    apart: int
    addressed: bool

    def triggers(self) -> Iterator[tuple[str, str]]:
        """Each trigger with the word of it by which it is looked up: one that is in few posts."""
        for entries in self.trigger.values():
            yield from ((max(entry, key=_rarity), " ".join(entry)) for entry in entries)

    def fired(self, words: Sequence[str], found: Collection[str], *, addressed: bool) -> tuple[str, ...]:
        """The words of this rule that are in the post, in their order there; none if it does not fit.

        `found` are the same words, for looking up.
        """
        if self.addressed and not addressed:
            return ()
        if any(part is not None and part.keys().isdisjoint(found) for part in (self.before, self.after, self.beside)):
            return ()
        if self.unless and next(_spans(self.unless, words), None):
            return ()
        for trigger in _spans(self.trigger, words):
            around = self._around(trigger, words)
            if around is not None:
                spans = sorted({trigger, *around})
                return tuple(dict.fromkeys(" ".join(words[first:end]) for first, end in spans))
        return ()

    def _around(self, trigger: Span, words: Sequence[str]) -> Sequence[Span] | None:
        """Where the rest of the rule is, if one of its triggers is here; None if a part of it is missing."""
        first, end = trigger
        found: list[Span] = []
        if self.before is not None:
            near = [one for one in _spans(self.before, words) if 0 <= first - one[1] <= self.apart]
            if not near:
                return None
            found.append(near[-1])
        if self.after is not None:
            near = [one for one in _spans(self.after, words) if 0 <= one[0] - end <= self.apart]
            if not near:
                return None
            found.append(near[0])
        if self.beside is not None:
            other = next((one for one in _spans(self.beside, words) if one[1] <= first or one[0] >= end), None)
            if other is None:
                return None
            found.append(other)
        return found


def _rarity(word: str) -> tuple[bool, int]:
    """Short words are in every post, and so are a few others."""
    return word not in COMMON and len(word) >= LETTERS_MIN, len(word)


def rule_of(given: RouteRule, words: WordLists) -> WordRule:
    """The rule of these words, with the lists that it names put in."""
    return WordRule(
        id=given.id,
        sort=given.sort,
        trigger=_entries(given.trigger, words) or {},
        before=_entries(given.before, words),
        after=_entries(given.after, words),
        beside=_entries(given.beside, words),
        unless=_entries(given.unless, words),
        apart=given.apart,
        addressed=given.addressed,
    )


def _entries(text: str | None, lists: WordLists) -> Entries | None:
    if text is None:
        return None
    found: dict[str, list[tuple[str, ...]]] = {}
    for one in lists.listed(text):
        if words := tuple(words_of(one)):
            found.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(set(each), key=lambda one: (-len(one), one))) for first, each in found.items()}


def _spans(entries: Entries, words: Sequence[str]) -> Iterator[Span]:
    """Where the entries are, from the first word of the post to the last."""
    for place, word in enumerate(words):
        for entry in entries.get(word, ()):
            if len(entry) == 1 or tuple(words[place : place + len(entry)]) == entry:
                yield place, place + len(entry)
                break
