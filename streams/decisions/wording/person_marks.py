"""What marks a person beside a name: National Insurance and hospital numbers, number plates, addresses, by plain rules.

Each rule follows the form that the issuer publishes. What another thing can look like too is only suspected.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from streams.decisions.wording.patterns import TEXTS_KEPT, Pattern
from streams.why import because

Span = tuple[str, int, int]
INSURANCE, HOSPITAL = (
    because("data-insurance", "a National Insurance number"),
    because("data-hospital", "a patient's hospital number"),
)
PLATE, ADDRESS = because("data-plate", "the number plate of a vehicle"), because("data-address", "somebody's address")

_NI = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
"""Two letters, as HMRC allots them."""
_SIX = r"(?:[\s.-]{0,2}\d){6}"
_INSURANCE = Pattern(
    rf"(?<![^\W_]){_NI}{_SIX}[\s.-]{{0,2}}[A-D](?![^\W_])|(?<![^\W_])(?i:{_NI}\d{{6}}[A-D])(?![^\W_])"
    rf"|(?i:\b(?:national insurance|n\.?i\.?|nino|yswiriant (?:gwladol|cenedlaethol))"
    rf"(?: (?:number|no\b\.?))?\W{{0,4}}(?:(?:is|was|yw) )?)(?i:{_NI}{_SIX}(?:[\s.-]{{0,2}}[A-D])?)(?![^\W_])"
)
_HOSPITAL = Pattern(
    r"\b(?:(?:hospital|patient|case ?note|medical record|clinic)(?:['’]s)?(?: (?:number|no\b\.?|id|ref\b\.?)|#)"
    r"|mrn|rhif (?:yr |y )?(?:ysbyty|claf|gig)|nhs (?:number|no\b\.?)|chi (?:number|no\b\.?))"
    r"\W{0,4}(?:(?:is|was|yw) )?[a-z]{0,4}[ /-]?(?:\d[ /-]?){4,12}[a-z]?(?![^\W_])",
    re.IGNORECASE,
)
"""With its label, since each hospital has a form of its own; fewer digits count something else."""
_NOW = r"[A-HJ-PR-Y]{2} ?(?:0[2-9]|[12]\d|5[1-9]|[67]\d) ?[A-HJ-PR-Z]{3}"
"""A plate since September 2001: where, when, three letters."""
_BEFORE = r"[A-HJ-NPR-TV-Y]\d{1,3} ?[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3} ?\d{1,3}[A-HJ-NPR-TV-Y]"
"""A plate since 1983, and one since 1963."""
_PLATE = Pattern(
    rf"(?<![^\W_])(?:{_NOW}|{_BEFORE})(?![^\W_])"
    r"|(?i:\b(?:(?:reg(?:istration)?(?: (?:number|no\b\.?|mark|plate))?|number ?plate|rhif cofrestru)\W{0,4}"
    rf"(?:(?:is|was|yw) )?(?:{_NOW}|{_BEFORE})"
    r"|number ?plate (?:[A-Z]{1,3} ?\d{1,4}|\d{1,4} ?[A-Z]{1,3}))(?![^\W_]))"
)
"""In capitals, or in any case after its label; one without a date only after that."""
_STREETS = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Close|Drive|Dr|Way|Court|Ct|Crescent|Cres|Place|Square|Sq|Terrace|Terr"
    "|Gardens|Gdns|Grove|Hill|Row|Walk|Mews|Parade|View|Rise|Green|Park"
)
_WELSH_STREETS = (
    "Heol|Ffordd|Stryd|Lôn|Rhodfa|Maes|Bryn|Cilgant|Clos|Tan|Llwyn|Rhes|Trem|Cae|Parc|Rhiw|Min|Pen|Tai|Teras|Gerddi"
)
_WORD = r"[A-ZÂÊÎÔÛŴŶ][\w'’-]*"
_HOUSE = (
    r"(?<![\w£€$.:/#-])(?<!\b[Ww]ard )(?<!\b[Ll]evel )(?<!\b[Ff]loor )(?<!\b[Bb]lock )(?<!\b[Gg]ate )(?<!\b[Zz]one )"
    r"\d{1,4}[A-Za-z]?,? "
)
_ADDRESS = Pattern(
    rf"{_HOUSE}(?:(?:St\. )?(?:{_WORD} ){{1,4}}(?:{_STREETS})\b(?! ?[A-Z]?\d)"
    rf"|(?:{_WELSH_STREETS}) (?:(?:[Yy]r?|[a-z]{{1,3}}) )?{_WORD})"
    rf"|\b(?:[Ff]lat|[Ff]flat|[Aa]partment) \d{{1,4}}[A-Za-z]?,? (?:\d|{_WORD})"
)
_DIGITS = Pattern(r"\d")


@lru_cache(TEXTS_KEPT)
def certain(text: str) -> Sequence[Span]:
    """Numbers that are nothing else, each with its kind and its place."""
    if not _DIGITS.compiled.search(text):
        return ()
    return (*_spans(INSURANCE, _INSURANCE, text=text), *_spans(HOSPITAL, _HOSPITAL, text=text))


@lru_cache(TEXTS_KEPT)
def suspected(text: str) -> Sequence[Span]:
    """What may be a number plate or an address, and may be a road, a code, or a place that everybody knows."""
    if not _DIGITS.compiled.search(text):
        return ()
    return (*_spans(PLATE, _PLATE, text=text), *_spans(ADDRESS, _ADDRESS, text=text))


def _spans(kind: str, pattern: Pattern, *, text: str) -> Iterator[Span]:
    return ((kind, match.start(), match.end()) for match in pattern.compiled.finditer(text))
