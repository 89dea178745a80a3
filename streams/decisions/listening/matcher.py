"""Matching: which live incident a post speaks of, by hashtag, by name, or by place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from streams.decisions.wording.welsh import mutated
from streams.signs import folded
from streams.subjects.incident import Incident

HINTS_MAX = 200
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Matcher:
    """Looks a post up against every live incident at once.

    A single word or hashtag is found by one set lookup; a phrase is compared only at its first word.
    Most posts are about no incident: they hold no `hint` and are not split, which would cost ten times more. Of many
    incidents there is no hint, since to look for so many words in a text costs more than to split it.
    All is compared folded, see `streams.signs`: people type without accents, in full width, with other apostrophes.
    """

    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[tuple[str, str], ...]]
    hint: re.Pattern[str] | None

    def incidents(self, text: str) -> set[str]:
        """The identifiers of the incidents that this text speaks of."""
        plain = folded(text)
        if self.hint and not self.hint.search(plain):
            return set()
        found = _WORDS.findall(plain)
        seen = self.words.keys() & found
        matched = {incident for word in seen for incident in self.words[word]}
        starts = self.phrases.keys() & found
        if starts:
            flat = f" {' '.join(found)} "
            matched.update(name for start in starts for phrase, name in self.phrases[start] if phrase in flat)
        return matched


def matcher(incidents: Sequence[Incident]) -> Matcher:
    """Build the matcher of these live incidents."""
    return _build(tuple(sorted((incident.id, terms(incident)) for incident in incidents if incident.is_live)))


def terms(incident: Incident) -> tuple[str, ...]:
    """What identifies an incident: its hashtags, its name, its words and its exact location, folded.

    A phrase is found as a hashtag too, and with its first word mutated as Welsh does it: `i Dŷ Gwyn` is `Tŷ Gwyn`.
    """
    declaration = incident.declaration
    if declaration is None:
        return ()
    place = declaration.methane.exact_location
    return _forms((*declaration.hashtags, *declaration.words, declaration.name, place))


@lru_cache(maxsize=4_096)
def _forms(given: tuple[str, ...]) -> tuple[str, ...]:
    flat = {" ".join(_WORDS.findall(folded(one))) for one in given} - {""}
    phrases = {one for one in flat if " " in one}
    joined = {one.replace(" ", "") for one in phrases}
    return tuple(sorted(flat | joined | {form for one in phrases for form in mutated(one)}))


@lru_cache(maxsize=64)
def _build(terms_of: tuple[tuple[str, tuple[str, ...]], ...]) -> Matcher:
    words: dict[str, set[str]] = {}
    phrases: dict[str, list[tuple[str, str]]] = {}
    for incident, given in terms_of:
        for term in given:
            first, *rest = term.split(" ")
            if rest:
                phrases.setdefault(first, []).append((f" {term} ", incident))
            else:
                words.setdefault(first, set()).add(incident)
    hints = _hints(terms_of)
    return Matcher(
        {word: frozenset(found) for word, found in words.items()},
        {first: tuple(found) for first, found in phrases.items()},
        re.compile("|".join(map(re.escape, sorted(hints)))) if len(hints) <= HINTS_MAX else None,
    )


def _hints(terms_of: tuple[tuple[str, tuple[str, ...]], ...]) -> set[str]:
    """What a post must hold to be about any: each word, and of each phrase its longest word but the first.

    So the forms of a phrase, whose first words differ, share one hint.
    """
    words = [one.split(" ") for _, given in terms_of for one in given]
    return {max(rest, key=len) if rest else first for first, *rest in words}
