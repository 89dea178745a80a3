"""Why an order is refused: a kind of reason, and what fills its gaps, so that each language can tell it.

`because` makes the sentence in English; it is a plain text for all who only show it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Self, TypedDict

from streams.values import Frozen, Identifier, Sentence, sentence

Gap = str | int | tuple[str, ...]
"""What fills a gap: words or another reason, a number, or names of which any is meant."""
MONTH = re.compile(r"(?<=\d )[A-Z][a-z]{2,8}\b")
"""What may be the month in a moment that `streams.moments` told."""
AS_WRITTEN = frozenset({"reason", "about", "name", "title"})
"""Gaps that are filled with what a person wrote."""
IN_DRILL = "-in-drill"
"""The sentences that a drill has of its own have names that end so."""


class Phrase(Frozen):
    """A part of a reason that each language tells in its own way: its kind, and the words in its gaps."""

    kind: Identifier
    gaps: Mapping[Identifier, Sentence | tuple[Sentence, ...]] = {}

    def told(self, forms: Mapping[str, str]) -> str | None:
        """The part in the language of these forms; None if they lack its kind."""
        return _told(self.kind, self.gaps, forms)


class Why(Frozen):
    """The kind of a reason, and what fills its gaps; of several names any is meant.

    A fact keeps these in `why` beside its reasons in English, for other languages; none where not all are known.
    """

    kind: Identifier
    gaps: Mapping[Identifier, Sentence | Phrase | tuple[Sentence | Phrase, ...]] = {}

    def told(self, forms: Mapping[str, str]) -> str | None:
        """The reason in the language of these forms; None if they lack one that it needs.

        The form `or` comes between names, and `in_terms` gives our own words.
        """
        return _told(self.kind, self.gaps, forms)

    def in_words(self, text: str, *, forms: Mapping[str, str]) -> str:
        """The sentence in English as the record has it, with our own words in its gaps as people say them."""
        for name, gap in self.gaps.items():
            if isinstance(gap, str) and (said := in_terms(name, gap, forms=forms)) != gap:
                text = re.sub(rf"(?<![\w-]){re.escape(gap)}(?![\w-])", said.replace("\\", r"\\"), text, count=1)
        return text


class Because(str):
    """A sentence in English that knows how it was made."""

    __slots__ = ("gaps", "kind")
    kind: str
    gaps: Mapping[str, Gap]

    @classmethod
    def made(cls, text: str, *, kind: str, gaps: Mapping[str, Gap]) -> Self:
        """The sentence, its kind and what fills its gaps."""
        one = cls(text)
        one.kind, one.gaps = kind, gaps
        return one

    @property
    def why(self) -> Why:
        """How it was made, as the record keeps it."""
        return Why(kind=self.kind, gaps={name: _kept(gap) for name, gap in self.gaps.items()})


class Together(str):
    """Several reasons in one text in English, which knows how each was made."""

    __slots__ = ("whys",)
    whys: tuple[Why, ...]

    @classmethod
    def made(cls, text: str, whys: Sequence[Why]) -> Self:
        """The text, and how its reasons were made."""
        one = cls(text)
        one.whys = tuple(whys)
        return one


def together(*reasons: str, between: str = "; ") -> str:
    """These reasons as one text; it knows how they were made if that is known of each."""
    text, each = between.join(reasons), [whys_of(one) for one in reasons]
    return Together.made(text, [why for one in each for why in one]) if all(each) else text


def whys_of(text: str) -> tuple[Why, ...]:
    """How the reasons in this text were made; empty where that is not known of each."""
    match text:
        case Because():
            return (text.why,)
        case Together():
            return text.whys
        case _:
            return ()


class KeptReason(TypedDict):
    """What a fact keeps of why: the reason, and how it was made, as `whys_of` has it."""

    reason: str
    why: tuple[Why, ...]


def kept(reason: str) -> KeptReason:
    """A reason as a fact keeps it, for its fields `reason` and `why`."""
    return {"reason": sentence(reason), "why": whys_of(reason)}


def each_why(reasons: Sequence[str]) -> tuple[Why | None, ...]:
    """How each of these reasons was made, None where that is not known; empty where it is known of none."""
    whys = tuple(one.why if isinstance(one, Because) else None for one in reasons)
    return whys if any(whys) else ()


def with_whys(texts: Sequence[str], whys: Sequence[Why | None]) -> Iterator[tuple[str, tuple[Why, ...]]]:
    """Each of these reasons, and how it was made, as `each_why` has it; empty where that is not known."""
    for text, why in zip_longest(texts, whys[: len(texts)]):
        yield text, (why,) if why else ()


def because(kind: str, form: str, /, **gaps: Gap) -> Because:
    """A reason: its kind, and the sentence in English with gaps in braces.

    A gap may be filled by another reason, whose own gaps hold words only.
    """
    text = form.format(**{name: " or ".join(one) if isinstance(one, tuple) else one for name, one in gaps.items()})
    return Because.made(text, kind=kind, gaps=gaps)


def in_terms(name: str, text: str, *, forms: Mapping[str, str]) -> str:
    """What fills the gap of this name, with our own words as a language has them: a power, a type, a month.

    `forms` has them by `gap:word`; whatever it lacks stays as it is. Several words have commas between them.
    """
    if name in AS_WRITTEN:
        return text
    if (whole := forms.get(f"{name}:{text}")) is not None:
        return whole
    told = ", ".join(forms.get(f"{name}:{one}", one) for one in text.split(", "))
    return MONTH.sub(lambda found: forms.get(f"month:{found[0]}", found[0]), told)


def sentence_for(words: Mapping[str, str], name: str, *, is_live: bool) -> str:
    """The sentence of this name; a drill says otherwise what would be public, where it has its own sentence."""
    own = None if is_live else words.get(f"{name}{IN_DRILL}")
    return own or words[name]


def filled(form: str, gaps: Mapping[str, object], *, forms: Mapping[str, str]) -> str:
    """A sentence of a language, with what fills its gaps told by `in_terms`."""
    told = {name: in_terms(name, one, forms=forms) if isinstance(one, str) else one for name, one in gaps.items()}
    return form.format(**told)


def with_terms(reasons: Mapping[str, str], terms: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The forms of a language: of reasons by kind, and of our own words by `gap:word`."""
    return {**reasons, **{f"{gap}:{word}": told for gap, words in terms.items() for word, told in words.items()}}


def _kept(gap: Gap) -> str | Phrase | tuple[str | Phrase, ...]:
    return tuple(map(_kept_one, gap)) if isinstance(gap, tuple) else _kept_one(gap)


def _kept_one(gap: str | int) -> str | Phrase:
    return Phrase.model_validate(gap.why.model_dump()) if isinstance(gap, Because) else sentence(str(gap))


def _told(
    kind: str, gaps: Mapping[str, str | Phrase | tuple[str | Phrase, ...]], forms: Mapping[str, str]
) -> str | None:
    if kind not in forms:
        return None
    filled = {name: _filling(name, gap, forms=forms) for name, gap in gaps.items()}
    return None if None in filled.values() else forms[kind].format(**filled)


def _filling(name: str, gap: str | Phrase | tuple[str | Phrase, ...], *, forms: Mapping[str, str]) -> str | None:
    if isinstance(gap, tuple):
        several = [_filling(name, one, forms=forms) for one in gap]
        between = forms.get("or")
        return None if between is None or None in several else between.join(filter(None, several))
    return gap.told(forms) if isinstance(gap, Phrase) else in_terms(name, gap, forms=forms)
