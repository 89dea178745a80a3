"""Held fields in a text: who was hurt, how many, why, and how they are, in English and Welsh.

Words are recognised, not meaning: a false alarm costs a rewording, what is missed costs a family.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from streams.decisions.wording.listed_names import words_of
from streams.decisions.wording.placeholders.search import TEXTS_KEPT
from streams.words.holds import HeldField
from streams.words.register.entries import Register

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.:]\d+[^.!?\n]*)*")
_UNITS = (
    r"(?:hours?|minutes?|days?|weeks?|months?|years?|miles?|metres?|km|am|pm|sites?|hospitals?|departments?|wards?"
    r"|roads?"
    r"|ambulances?|crews?|awr|munud|diwrnod|milltir|ysbyty|safle|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)\b"
)
_NUMBER = (
    r"(?<![\w:.,/£#])(?:(?!(?:111|999|112|101)\b)(?:\d{1,3}(?:,\d{3})+|[1-9]\d{0,3})(?![\d:./%]|\s\d|,\d|st\b|nd\b"
    r"|rd\b|th\b)|one(?! of\b| another\b)|two|three|"
    r"four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty"
    r"|forty|fifty"
    r"|sixty|hundreds?|dozens?|scores|several|(?<!how )many|multiple|a (?:few|couple|number|handful)|at least"
    r"|un|dau|dwy|tri|tair|pedwar|pedair|pump?|chwech?|saith|wyth|naw|deg|deuddeg|ugain|cannoedd|dwsinau|llawer|sawl|others"
    r""
    rf"|amryw|nifer)\b(?!\s+{_UNITS})(?<!level \d)(?<!ward \d)(?<!gate \d)(?<!lefel \d)"
)
_HURT = (
    r"(?:casualt(?:y|ies)|fatalit(?:y|ies)|dead|deaths?|die[ds]?|kill(?:s|ed|ing)?|injur(?:y|ies|e[ds]?|ing)"
    r"|wound(?:s|ed|ing)|hurts?|victims?|bodies|lives (?:lost|were lost)|lost their lives"
    r"|missing|unaccounted|survivors?|trapped|hospitali[sz]ed|seriously ill|taken to hospital|admitted|being treated"
    r""
    r"|treating|caring for|have treated|received patients|patients (?:from|have|were|are|arrived)|in intensive care"
    r"|anafwyd|anafiadau|wedi['’]u hanafu|wedi['’]i anafu|hanafu|marw|farw|bu farw|lladdwyd|eu lladd"
    r"|marwolaeth(?:au)?"
    r"|ar goll|claf|cleifion|gleifion|ddioddefwyr|clwyfedigion|yn cael triniaeth|yn gofalu am)"
)
_NONE = (
    r"\b(?:no|zero|without(?: any)?|dim|heb(?: unrhyw)?)(?: (?:reports? of|known|serious|confirmed|further|more"
    r"|reported))*"
    r" (?:casualt|fatalit|deaths?|injur|anaf|marwol|clwyf)\w*"
    r"|\b(?:nobody|no one|no-one|none|neb)\b[^.]{0,30}\b(?:hurt|injured|killed|died|anafu|anafwyd|lladd|marw|farw)\b"
)
_CASUALTIES = re.compile(
    rf"{_NUMBER}(?:\W+\w+){{0,5}}?\W+{_HURT}\b|\b{_HURT}(?:\W+\w+){{0,3}}?\W+{_NUMBER}|\bdeath toll\b|{_NONE}",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:critical|stable|serious|grave|comfortable|poor|satisfactory|life-threatening|life-changing) (?:condition"
    r"|injur\w+)\b"
    r"|\bcritically (?:ill|injured)\b|\bseriously (?:ill|injured|hurt)\b"
    r"|\bin a? ?(?:coma|critical|stable|serious)(?: condition)?\b"
    r"|\bfighting for (?:his|her|their) li(?:fe|ves)\b|\blife support\b|\bin intensive care\b"
    r"|\b(?:has|have|had|sadly|patient|man|woman|child|boy|girl|person|people|baby|driver|passenger)s? (?:\w+ )?"
    r"(?:died|passed away|been killed)\b|\b(?:pronounced|found|feared) dead\b"
    r"|\bbod(?:y|ies) (?:was|were|has|have|found|recovered)\b|\blost (?:his|her|their) li(?:fe|ves)\b"
    r"|\b(?:has|have|was|were|been|people|patients) (?:\w+ )?(?:trapped|injured|wounded|hospitali[sz]ed)\b"
    r"|\bfatal(?:ly)?\b|\b(?:suffer(?:ed|ing)|sustained"
    r"|treated) (?:for |from )?"
    r"[^.]{0,30}\b(?:burns?|fractures?|injur\w+|wounds?|shock|smoke inhalation)\b|\bdischarged\b|\bwalking wounded\b"
    r"|\bcyflwr (?:difrifol|sefydlog|gwael|argyfyngus|cyfforddus)\b|\bmewn coma\b|\banafiadau (?:difrifol|sy)\w*"
    r"|\bbygwth bywyd\b|\bbu farw\b|\b(?:wedi|sydd wedi) marw\b|\bgofal dwys\b|\bangheuol\b|\bllosgiadau\b",
    re.IGNORECASE,
)
_EVENT = (
    r"(?:crash|fire|incident|explosion|outage|failure|collapse|flood(?:ing)?|outbreak|leak|accident|collision"
    r"|derailment|it|this"
    r"|digwyddiad|tân|damwain|ffrwydrad|llifogydd|methiant|gwrthdrawiad)"
)
_CAUSE = re.compile(
    r"\bcaused by\b|\b(?:the|its|a) (?:likely |probable |possible )?cause (?:of [^.]{1,60})?\b(?:was|is|may"
    r"|appears)\b(?! not\b)"
    rf"|\b{_EVENT}\b[^.]{{0,40}}\b(?:was|is|were|happened|began|started|broke out|occurred)\b[^.]{{0,20}}"
    r"\b(?:because(?: of)?|due to|as a result of|after an?)\b"
    r"|\b(?:arson|sabotage|terroris[mt]s?|terror attack|negligence|human error|(?:driver|pilot|staff) error"
    r"|deliberate\w*"
    r"|electrical fault|mechanical (?:fault|failure)|faulty|at fault|to blame|blamed?|responsible for the (?:crash"
    r"|fire"
    r"|attack|explosion)|drunk|speeding)\b"
    r"|\bachoswyd (?:gan|y|hyn)\b|\bachosodd\b|\bo achos\b|\bllosgi bwriadol\b|\b(?:terf|brawych)\w*ol\b"
    r"|\besgeulustod\b"
    r"|\bnam (?:trydanol|mecanyddol)\b|\bgwall dynol\b|\bar fai\b|\bo ganlyniad i\b",
    re.IGNORECASE,
)
_NOT_KNOWN = re.compile(
    r"\b(?:not (?:yet )?(?:know|clear|confirmed)|(?:un|not yet )known|under investigation|investigat\w+|ni wyddom"
    r"|ddim yn gwybod"
    r"|nid (?:yw|ydym)[^.]{0,20}(?:hysbys|gwybod|glir)|ymchwilio)",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Lady|Nurse|PC|Sgt|Master|Y Parch"
    r"|Rev)\.? ((?:[A-ZÂÊÎÔÛŴŶ][\w'’-]+ ?){1,4})"
)
_NAMED = re.compile(
    r"\b(?:named (?:locally )?as|identified as|been named|a enwyd|wedi(?:['’]i|['’]u) henwi|wedi['’]i enwi"
    r"|next of kin of)\b"
    r"|\baged \d{1,3}\b(?! (?:and|or|to)\b|-|\+)|\b\d{1,3}[- ]years?[- ]old\b"
    r"|\b(?:yn )?\d{1,3}(?:ain)? (?:mlwydd )?oed\b",
    re.IGNORECASE,
)


def held(field: HeldField, text: str, *, register: Register) -> list[Span]:
    """Where in this text something of this field stands: from, up to but not including."""
    return [*_found(field, text), *(_titled(text, register) if field is HeldField.NAMES else ())]


@lru_cache(TEXTS_KEPT)
def _found(field: HeldField, text: str) -> tuple[Span, ...]:
    return tuple(_FINDERS[field](text))


def _titled(text: str, register: Register) -> Iterator[Span]:
    """A name after a title; those of the register may speak for us."""
    titled = list(_TITLED.finditer(text))
    ours = {word for person in register.people.values() for word in words_of(person.name)} if titled else set()
    yield from (match.span() for match in titled if not ours & set(words_of(match[1])))


def _named(text: str) -> Iterator[Span]:
    """How people are told apart."""
    yield from (match.span() for match in _NAMED.finditer(text))


def _casualties(text: str) -> Iterator[Span]:
    for sentence in _SENTENCE.finditer(text):
        for match in _CASUALTIES.finditer(sentence[0]):
            yield sentence.start() + match.start(), sentence.start() + match.end()


def _condition(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _CONDITION.finditer(text))


def _cause(text: str) -> Iterator[Span]:
    """Where a sentence says that the cause is not known, it may be named."""
    for sentence in _SENTENCE.finditer(text):
        if not _NOT_KNOWN.search(sentence[0]):
            for match in _CAUSE.finditer(sentence[0]):
                yield sentence.start() + match.start(), sentence.start() + match.end()


_FINDERS: Mapping[HeldField, Callable[[str], Iterator[Span]]] = {
    HeldField.NAMES: _named,
    HeldField.CASUALTIES: _casualties,
    HeldField.CAUSE: _cause,
    HeldField.CONDITION: _condition,
}
