"""Why an order is refused: a kind of reason, and what fills its gaps, so that each language can tell it.

`because` makes the sentence in English; it is a plain text for all who only show it.
"""

from collections.abc import Mapping
from typing import Self

from streams.values import Frozen, Identifier, Sentence, sentence

Gap = str | int | tuple[str, ...]
"""What fills a gap: words or another reason, a number, or names of which any is meant."""


class Phrase(Frozen):
    """A part of a reason that each language tells in its own way: its kind, and the words in its gaps."""

    kind: Identifier
    gaps: Mapping[Identifier, Sentence | tuple[Sentence, ...]] = {}

    def told(self, forms: Mapping[str, str]) -> str | None:
        """The part in the language of these forms; None if they lack its kind."""
        return _told(self.kind, self.gaps, forms)


class Why(Frozen):
    """The kind of a reason, and what fills its gaps; of several names any is meant."""

    kind: Identifier
    gaps: Mapping[Identifier, Sentence | Phrase | tuple[Sentence | Phrase, ...]] = {}

    def told(self, forms: Mapping[str, str]) -> str | None:
        """The reason in the language of these forms; None if they lack one that it needs.

        The form `or` comes between names.
        """
        return _told(self.kind, self.gaps, forms)


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


def because(kind: str, form: str, /, **gaps: Gap) -> Because:
    """A reason: its kind, and the sentence in English with gaps in braces.

    A gap may be filled by another reason, whose own gaps hold words only.
    """
    text = form.format(**{name: " or ".join(one) if isinstance(one, tuple) else one for name, one in gaps.items()})
    return Because.made(text, kind=kind, gaps=gaps)


def _kept(gap: Gap) -> str | Phrase | tuple[str | Phrase, ...]:
    return tuple(map(_kept_one, gap)) if isinstance(gap, tuple) else _kept_one(gap)


def _kept_one(gap: str | int) -> str | Phrase:
    return Phrase.model_validate(gap.why.model_dump()) if isinstance(gap, Because) else sentence(str(gap))


def _told(
    kind: str, gaps: Mapping[str, str | Phrase | tuple[str | Phrase, ...]], forms: Mapping[str, str]
) -> str | None:
    filled = {name: _filling(gap, forms) for name, gap in gaps.items()}
    return None if kind not in forms or None in filled.values() else forms[kind].format(**filled)


def _filling(gap: str | Phrase | tuple[str | Phrase, ...], forms: Mapping[str, str]) -> str | None:
    if isinstance(gap, tuple):
        several = [_filling(one, forms) for one in gap]
        return None if None in several else forms["or"].join(filter(None, several))
    return gap.told(forms) if isinstance(gap, Phrase) else gap
