"""Word lists: by which words a text is suspected to be unfinished, or to say what is held back. Data, never code.

Patterns are regular expressions, one on each line.
`{nouns}` in one of them means any word of the list, or any line of the part, with that name; `{NOUNS}` means its words
in capitals, and `{Nouns}` each with a capital at its beginning. A rule of routes names lists in the same way.
"""

import operator
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from streams.values import Frozen, Language, Prose, Remembering, Sentence, Word, digest
from streams.words.cases import CaseSort
from streams.words.holds import HeldField

ENTRIES_MAX = 200
"""So many lists, parts or kinds; together they are kept in the record with the register."""
KINDS_MAX = 40
"""So many kinds of hazard: people are counted for each."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
CheckName = Literal["acronyms", "reading-age", "health-advice", "commerce", "party-politics", "blame", "abbreviations"]
Weight = Literal["refusal", "warning", "advice"]
"""What a finding does: it refuses the order, or is a doubt before the person who signs, or is only shown."""
WEIGHTS: Mapping[CheckName, tuple[Weight, Weight]] = {
    "acronyms": ("warning", "advice"),
    "reading-age": ("advice", "advice"),
    "health-advice": ("warning", "advice"),
    "commerce": ("warning", "warning"),
    "party-politics": ("warning", "warning"),
    "blame": ("warning", "advice"),
    "abbreviations": ("advice", "advice"),
}
"""What holds of our own words, and of a partner's, where the register says nothing else."""
READING_AGE_MAX = 12


class WordList(Frozen):
    """Words of one sort, with commas between, in small letters; who looks after them, and what they are for."""

    id: Name
    owner: Word
    note: Sentence
    words: Prose

    def each(self) -> Sequence[str]:
        return listed(self.words)


class Part(Frozen):
    """A pattern that several others use."""

    id: Name
    note: Sentence
    patterns: Prose


class Kind(Frozen):
    """A way to leave a gap in a text: its name, what it looks like, and an example.

    `any_case` takes capitals and small letters for the same.
    Of `signs`, and of the words of `hints` (with commas between), every such gap has one: other texts are passed over.
    `in_links` looks inside links and addresses too.
    """

    name: Word
    patterns: Prose
    example: Word
    any_case: bool = False
    signs: Annotated[str, StringConstraints(max_length=40)] = ""
    hints: Annotated[str, StringConstraints(max_length=1_000)] = ""
    in_links: bool = False


class HeldWords(Frozen):
    """Words by which a text may say what a hold of this field keeps back.

    `in_sentences` looks at one sentence after another, and not at those in which `unless` is found.
    `spares_ours` lets a name of our own register through: the first group of the pattern is the name.
    """

    field: HeldField
    owner: Word
    note: Sentence
    patterns: Prose
    any_case: bool = True
    in_sentences: bool = False
    unless: Prose | None = None
    spares_ours: bool = False


class Unshared(Frozen):
    """What we share of nobody unless a person says yes: in a sentence it "may be `about`", as its `patterns` tell.

    With a `check`, the register's table says what is done with it, in our own words too.
    """

    about: Word
    owner: Word
    note: Sentence
    patterns: Prose
    example: Word
    check: CheckName | None = Field(default=None, exclude_if=partial(operator.is_, None))


class CheckedWords(Frozen):
    """Words that a check finds: a sentence reads "the text `says`: `advice`"."""

    check: CheckName
    says: Word
    advice: Word
    owner: Word
    note: Sentence
    patterns: Prose
    example: Word


class HazardWords(Frozen):
    """Words and phrases of one language, with commas between, by which people may warn of something."""

    language: Language
    owner: Word
    note: Sentence
    words: Prose

    def each(self) -> Sequence[str]:
        return listed(self.words)


class HazardKind(Frozen):
    """Hazard words of all languages that tell of one kind of hazard, with commas between."""

    kind: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,39}$")]
    owner: Word
    note: Sentence
    words: Prose

    def each(self) -> Sequence[str]:
        return listed(self.words)


class RouteRule(Frozen):
    """By which words of one language a post may be a case of this sort; with commas between, `{nouns}` for a list.

    It has a `trigger`; within `apart` words one of `before` ahead of it and one of `after` behind it; one of `beside`
    anywhere, and none of `unless`. What is left out is not asked for. `addressed` is for posts to us alone.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,39}$")]
    sort: CaseSort
    language: Language
    owner: Word
    note: Sentence
    trigger: Prose
    before: Prose | None = None
    after: Prose | None = None
    beside: Prose | None = None
    unless: Prose | None = None
    apart: int = Field(default=2, ge=0, le=20)
    addressed: bool = False
    example: Word


class DoubtWords(HazardWords):
    """Words and phrases of one language by which people ask whether something is true."""


class Acronym(Frozen):
    """An acronym as texts have it, and its full words in each language."""

    short: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9&]{1,11}$")]
    full: Mapping[Language, Word]


class CheckRule(Frozen):
    """The register's rule for one check: what a finding does in our own words, and in a partner's.

    A partner's post with a refusal is never sent out again, with a warning it waits for a person's yes.
    What is left out here is as usual. `reading_age_max`, in years, is asked by the check of that name alone.
    """

    id: CheckName
    ours: Weight | None = None
    partners: Weight | None = None
    reading_age_max: int = Field(default=READING_AGE_MAX, ge=8, le=25)

    def weight(self, *, partner: bool) -> Weight:
        """What a finding does in a partner's words, or in ours."""
        ours, partners = WEIGHTS[self.id]
        return (self.partners or partners) if partner else (self.ours or ours)


class WordLists(Remembering):
    """All word lists together; a register without them suspects nothing, as those of older records do."""

    lists: tuple[WordList, ...] = Field(default=(), max_length=ENTRIES_MAX)
    parts: tuple[Part, ...] = Field(default=(), max_length=ENTRIES_MAX)
    kinds: tuple[Kind, ...] = Field(default=(), max_length=ENTRIES_MAX)
    held: tuple[HeldWords, ...] = Field(default=(), max_length=ENTRIES_MAX)
    unshared: tuple[Unshared, ...] = Field(default=(), max_length=ENTRIES_MAX, exclude_if=operator.not_)
    checked: tuple[CheckedWords, ...] = Field(default=(), max_length=ENTRIES_MAX, exclude_if=operator.not_)
    acronyms: tuple[Acronym, ...] = Field(default=(), max_length=ENTRIES_MAX, exclude_if=operator.not_)
    hazards: tuple[HazardWords, ...] = Field(default=(), max_length=ENTRIES_MAX, exclude_if=operator.not_)
    hazard_kinds: tuple[HazardKind, ...] = Field(default=(), max_length=KINDS_MAX, exclude_if=operator.not_)
    routes: tuple[RouteRule, ...] = Field(default=(), max_length=ENTRIES_MAX, exclude_if=operator.not_)
    doubts: tuple[DoubtWords, ...] = Field(default=(), max_length=ENTRIES_MAX, exclude_if=operator.not_)

    def __hash__(self) -> int:
        return hash(self.version)

    def __eq__(self, other: object) -> bool:
        """By their hashes: caches compare the lists with every text."""
        return isinstance(other, WordLists) and self.version == other.version

    @cached_property
    def version(self) -> str:
        """Hash of all of them; caches of what is made of the lists ask for it with every text."""
        return digest(self.model_dump(mode="json"))

    def words(self, name: str) -> Sequence[str]:
        """The words of the lists of this name; none where there is no such list."""
        return tuple(word for one in self.lists if one.id == name for word in one.each())

    def listed(self, text: str) -> Iterator[str]:
        """The words between commas, and for `{nouns}` those of the list; `ValueError` where there is no such list."""
        for word in listed(text):
            name = word.removeprefix("{").removesuffix("}")
            found = (word,) if name == word else self.words(name)
            if not found:
                known = ", ".join(dict.fromkeys(one.id for one in self.lists))
                raise ValueError(f"there is no list {name}: they are {known}")
            yield from found

    @cached_property
    def hazard_words(self) -> Sequence[str]:
        """The hazard words of all languages."""
        return tuple(word for one in self.hazards for word in one.each())

    @cached_property
    def doubt_words(self) -> Sequence[str]:
        """The words of doubt of all languages."""
        return tuple(word for one in self.doubts for word in one.each())

    def known(self) -> Iterator[str]:
        """The names that a pattern may use."""
        yield from (one.id for one in self.lists)
        yield from (one.id for one in self.parts)


def listed(text: str) -> Sequence[str]:
    """The words between commas, without extra spaces."""
    return tuple(word for part in text.split(",") if (word := " ".join(part.split())))


def lines(text: str) -> Sequence[str]:
    """The patterns of a text: one on each line."""
    return tuple(line for line in text.split("\n") if line)
