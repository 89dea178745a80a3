"""Message checks: what a communications officer looks for in public words, each found by a plain rule.

The register's table says what a finding does: see `CheckRule`. Words are recognised, not meaning.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from streams.decisions.wording.confusables import plain
from streams.decisions.wording.patterns import LISTS_KEPT, TEXTS_KEPT, Pattern, joined
from streams.decisions.wording.welsh import mutated
from streams.signs import folded
from streams.values import Language
from streams.why import because
from streams.words.register.entries import Register
from streams.words.register.wording import CheckedWords, CheckName, CheckRule, Unshared, WordLists

READING_WORDS_MIN = 30
"""Fewer words have no reading age: one long name would decide it."""
AT_SCHOOL = 5
"""So many years before the first school grade of the formula."""
NOTHING_OF_THAT = "take it out, since a trust says nothing of that kind"
BRACKETS = 4
"""Signs between an acronym and its full words in brackets behind it."""
_WORD = re.compile(r"[^\W_]+(?:['’.:-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$)|\n+")
_SIGN = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check found: the rest of a sentence that begins with the text, its place, and what to do.

    `span` is the place in the text, from, up to but not including; None where it is the whole text.
    """

    check: CheckName
    says: str
    advice: str
    span: tuple[int, int] | None = None

    def __str__(self) -> str:
        place = f" (characters {self.span[0] + 1} to {self.span[1]})" if self.span else ""
        return f"{self.says}{place}: {self.advice}"


def rule_of(check: CheckName, register: Register) -> CheckRule:
    """The register's rule for this check, or the usual one."""
    return register.checks.get(check) or _usual(check)


@cache
def _usual(check: CheckName) -> CheckRule:
    return CheckRule(id=check)


def findings(text: str, language: Language | None, *, register: Register, of_unshared: bool = True) -> Sequence[Remark]:
    """Everything that the checks find in this text, whatever the register makes of it.

    Acronyms and reading age are asked only where the language is known.
    `of_unshared` looks also for what we share of no partner.
    """
    most = rule_of("reading-age", register).reading_age_max
    return _findings(text, language, words=register.words, of_unshared=of_unshared, reading_age_max=most)


@lru_cache(TEXTS_KEPT)
def _findings(
    text: str, language: Language | None, *, words: WordLists, of_unshared: bool, reading_age_max: int
) -> Sequence[Remark]:
    unshared_here = _unshared_here(plain(text), words) if of_unshared else ()
    found = [*_worded(plain(text), words), *unshared_here]
    if language is not None:
        found += _acronyms(text, language, words=words)
        age = reading_age(text, language)
        if age is not None and age > reading_age_max:
            form = "has a reading age of about {age}, the register asks for {most} at most"
            says = because("reads-hard", form, age=age, most=reading_age_max)
            shorter = because("write-shorter", "use shorter words and sentences")
            found.append(Remark("reading-age", says, shorter))
    return tuple(found)


@lru_cache(TEXTS_KEPT)
def reading_age(text: str, language: Language) -> int | None:
    """At which age a text can be read easily, in years; None where that cannot be said.

    It is the Automated Readability Index (Smith and Senter 1967, for the US Air Force: in the public domain), a school
    grade from characters in a word and words in a sentence, and the age in that grade. It holds for English only.
    """
    words = _WORD.findall(text)
    if language.split("-")[0] != "en" or len(words) < READING_WORDS_MIN:
        return None
    sentences = sum(1 for part in _SENTENCE_END.split(text) if _SIGN.search(part))
    grade = 4.71 * len(_SIGN.findall(text)) / len(words) + 0.5 * len(words) / sentences - 21.43
    return max(AT_SCHOOL, round(grade) + AT_SCHOOL)


def words_pattern(one: Unshared | CheckedWords, words: WordLists) -> Pattern:
    """What such words look like, in capitals and small letters."""
    return Pattern(f"(?i:{joined(one.patterns, words)})")


@lru_cache(LISTS_KEPT)
def unshared(words: WordLists) -> Sequence[tuple[Unshared, Pattern]]:
    """What we share of nobody unasked, each with its pattern."""
    return tuple((one, words_pattern(one, words)) for one in words.unshared)


@lru_cache(LISTS_KEPT)
def _checked(words: WordLists) -> Sequence[tuple[CheckedWords, Pattern]]:
    return tuple((one, words_pattern(one, words)) for one in words.checked)


def _worded(text: str, words: WordLists) -> Sequence[Remark]:
    return tuple(
        Remark(one.check, one.says, one.advice, match.span())
        for one, pattern in _checked(words)
        for match in pattern.compiled.finditer(text)
    )


def _unshared_here(text: str, words: WordLists) -> Sequence[Remark]:
    return tuple(
        Remark(one.check, f"may be {one.about}", NOTHING_OF_THAT, match.span())
        for one, pattern in unshared(words)
        if one.check is not None
        for match in pattern.compiled.finditer(text)
    )


def _acronyms(text: str, language: Language, *, words: WordLists) -> Iterator[Remark]:
    for one in words.acronyms:
        first = _acronym_pattern(one.short).search(text) if one.short in text else None
        if first is None:
            continue
        full = one.full.get(language)
        if full is None:
            form = "has the acronym {acronym}, which has no full words in {language} on the trust's list"
            says = because("acronym-unlisted", form, acronym=one.short, language=language)
            advice = because("acronym-add", "write what it means, and add that to the list")
            yield Remark("acronyms", says, advice, first.span())
        elif not _is_spelt_out(full, text, end=first.end(), language=language):
            says = because("acronym-bare", "does not spell out {acronym} where it is used first", acronym=one.short)
            advice = because("acronym-write", "write “{full} ({acronym})” there", full=full, acronym=one.short)
            yield Remark("acronyms", says, advice, first.span())


@lru_cache(1_000)
def _acronym_pattern(short: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w&#@./-]){re.escape(short)}(?:['’]?s)?(?![\w&-]|\.\w)")


def _is_spelt_out(full: str, text: str, *, end: int, language: Language) -> bool:
    """Whether the full words come before the acronym, or right behind it; in Welsh as their first letter changes."""
    near, plainly = folded(text[: end + BRACKETS + len(full)]), folded(full)
    forms = (plainly, *(mutated(plainly) if language == "cy" else ()))
    return any(form in near for form in forms)
