"""Personal data in a text: numbers of persons, dates of birth, postcodes, telephone numbers, addresses; not ours.

A reason names what was found by kind and place and never quotes it, because a reason is kept for ever.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nhs_number.validate import is_valid

from streams.decisions.wording import person_marks
from streams.decisions.wording.confusables import plain
from streams.decisions.wording.patterns import TEXTS_KEPT, Pattern
from streams.why import because
from streams.words.register.entries import Register

COUNTRY = "GB"
NHS_DIGITS = 10
SIGNS_MAX = 2
MONEY = frozenset("£$€")
PHONE_DIGITS = 10
"""No number that can be dialled from anywhere has fewer in Britain, but for a handful that are everybody's."""
YEARS_BACK = 2
"""A whole date of an earlier year is taken for somebody's birth: messages speak of now."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something personal from `start` up to, not including, `end`; `advice` is what to do about it."""

    kind: str
    start: int
    end: int
    advice: str


_OUT = because("out-nobody", "take it out, nobody can release it")
_OUT_IF_BIRTH = because("out-birth", "take it out, nobody can release it; leave the year out if it is not one")
_NHS, _BIRTH = because("data-nhs", "an NHS number"), because("data-birth", "a date of birth")
IDENTIFYING = frozenset({_NHS, _BIRTH, person_marks.INSURANCE, person_marks.HOSPITAL})
"""Not even in a partner's words."""
_DIGIT = Pattern(r"\d")
_LONG = Pattern(r"\d(?:[\W_]{0,4}\d){9}")
"""Ten digits near each other: no number that is looked for has fewer."""
_LETTER_O = Pattern(r"(?<!\w)[Oo](?=\d{4})")
"""What is typed for the 0 of a telephone number."""
_MONTH = (
    r"(?!dec(?:ade|ision)|mar(?:athon|ch(?:er|es)|ket)|mayor|med(?:al|ia|ical))"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ion|chw|maw|ebr|mai|meh|gor|awst|med|hyd|tach|rhag)[a-zâê]*\.?"
)
_BETWEEN = r"\s?[./–-]\s?"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?\.?"
_ORDINAL = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
_IN_WORDS = rf"(?:(?:twenty-|thirty-)?(?:{_ORDINAL})|tenth|eleventh|twelfth|\w{{3,6}}teenth|twentieth|thirtieth)"
_DATE = (
    rf"\d{{1,2}}{_BETWEEN}\d{{1,2}}{_BETWEEN}(\d{{4}}|\d{{2}})|{_NTH} (?:of )?{_MONTH},? (\d{{4}})"
    rf"|{_MONTH} {_NTH},? (\d{{4}})|(\d{{4}})[./-]\d{{2}}[./-]\d{{2}}"
)
_DATES = Pattern(rf"(?<![\d/.-])(?:{_DATE})(?![\d/])", re.IGNORECASE)
_BORN = Pattern(
    r"(?:\bborn(?: on)?|\(b\.?|\b[dy](?P<gap>[./ ]?)o(?P=gap)b(?![a-z])"
    r"|\b(?:(?:date|year)[- ]of[- ]birth|birth ?(?:date|day))|\bdyddiad geni(?:['’]r \w+)?"
    r"|\b(?:ganwyd|ganed|(?:a )?aned|(?:ei|eu) g?eni)(?: \w+)?(?: ar)?\b)"
    rf"\W{{0,4}}(?:(?:is|of|on|was|yw|oedd) )?(?:the )?(?:{_DATE}|{_IN_WORDS} (?:of )?{_MONTH},? \d{{4}}\b"
    rf"|{_NTH} {_MONTH} ['’]?\d\d\b|{_MONTH},? \d{{4}}\b|\d{{1,2}} \d{{1,2}} \d{{2,4}}\b"
    r"|\d{6}(?:\d\d)?\b|\d{4}\b|['’]\d\d\b)",
    re.IGNORECASE,
)
_OF_BIRTH = Pattern(r"born|birth|\(b|dob|[dy][./ ]o|yob|eni|ganwyd|aned")
"""Every such date follows one of these."""
_YEAR = Pattern(r"\d{4}")
_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
_POSTCODE = Pattern(
    rf"(?<!\w)(?:{'|'.join(_AREAS.split())})\d[A-Z\d]?(?:[\s-]{{0,2}}|[._])\d(?!(?-i:st|nd|rd|th))[ABD-HJLNP-UW-Z]{{2}}(?!\w)",
    re.IGNORECASE,
)
_INWARD = Pattern(r"\d[a-z\d]?(?:[\s-]{0,2}|[._])\d[a-z]{2}(?!\w)", re.IGNORECASE)
"""How every postcode ends."""
_ADDRESS = Pattern(
    r"[\w.+'-]{1,64}(?:@|\s?[(\[]at[)\]]\s?| at (?=[\w-]+ dot ))([\w-]+(?:(?:\.| dot )[\w-]+)+)", re.IGNORECASE
)


def personal_data(text: str, register: Register, *, year: int) -> list[Found]:
    """All personal data in this text that the registers do not call ours; `year` is the one it is written in."""
    text = plain(text)
    ours = _numbers(text, register)
    others = text
    for start, end, is_ours in ours:
        if is_ours:
            others = others[:start] + "·" * (end - start) + others[end:]
    found = [
        *_identifying(others, year),
        *(Found(kind, start, end, _OUT) for kind, start, end in person_marks.certain(others)),
        *_postcodes(others, register),
        *(
            Found(because("data-telephone", "a telephone number that is not ours"), start, end, _ADD)
            for start, end, yes in ours
            if not yes
        ),
        *_addresses(text, register),
    ]
    return sorted(found, key=lambda one: one.start)


def suspected_data(text: str, register: Register) -> list[Found]:
    """What may be somebody's, for the person who signs to look at; the names of our own places are let through."""
    text = plain(text)
    suspected = person_marks.suspected(text)
    names = [name for place in register.places.values() for name in place.names.values()] if suspected else []
    ours = [(at.start(), at.end()) for name in names for at in re.finditer(re.escape(name), text)]
    return [
        Found(kind, start, end, because("out-if-theirs", "take it out if it is somebody's"))
        for kind, start, end in suspected
        if not any(first <= start and end <= last for first, last in ours)
    ]


_ADD = because("out-telephones", "take it out, or have it added to telephones.yaml if the trust gives it to the public")


def is_number(text: str) -> bool:
    """Tell whether this may be dialled."""
    import phonenumbers  # noqa: PLC0415 - who only reads the record looks for no number, and would wait for it

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, COUNTRY))
    except phonenumbers.NumberParseException:
        return False


def is_postcode(text: str) -> bool:
    """Tell whether this is the form of a postcode."""
    return _POSTCODE.compiled.fullmatch(text) is not None


@lru_cache(TEXTS_KEPT)
def _identifying(text: str, year: int) -> tuple[Found, ...]:
    """What tells a person apart, whatever a register says."""
    return (*_nhs_numbers(text), *_births(text, year))


def _nhs_numbers(text: str) -> Iterator[Found]:
    """Ten digits in a row with a right check digit, however they are spaced, that begin and end with a group."""
    digits = list(_DIGIT.compiled.finditer(text)) if _LONG.compiled.search(text) else []
    for first in range(len(digits) - NHS_DIGITS + 1):
        row = digits[first : first + NHS_DIGITS]
        between = [text[one.end() : other.start()] for one, other in pairwise(row)]
        before = text[row[0].start() - 1 : row[0].start()]
        begins = not before.isdecimal() and before not in MONEY
        ends = not text[row[-1].end() : row[-1].end() + 1].isdecimal()
        if begins and ends and _one_number(between) and is_valid("".join(one[0] for one in row)):
            yield Found(_NHS, row[0].start(), row[-1].end(), _OUT)


def _one_number(between: Sequence[str]) -> bool:
    """Whether digits may belong to one number, judged by the gaps: at most two signs in each, and no letter.

    A gap may hold a line's end only if the number is written as 123 456 7890, else a column of numbers would be one.
    """
    if any(len(gap) > SIGNS_MAX or any(sign.isalpha() for sign in gap) for gap in between):
        return False
    return not any("\n" in gap for gap in between) or [place for place, gap in enumerate(between) if gap] == [2, 5]


def _births(text: str, year: int) -> Iterator[Found]:
    small = text.casefold() if _DIGIT.compiled.search(text) else ""
    for match in _BORN.compiled.finditer(text) if _OF_BIRTH.compiled.search(small) else ():
        yield Found(_BIRTH, match.start(), match.end(), _OUT)
    for match in _DATES.compiled.finditer(text) if _YEAR.compiled.search(text) else ():
        written = next(group for group in match.groups() if group)
        if len(written) == 4 and int(written) <= year - YEARS_BACK:  # noqa: PLR2004 - a year in full
            yield Found(_BIRTH, match.start(), match.end(), _OUT_IF_BIRTH)


def _postcodes(text: str, register: Register) -> Iterator[Found]:
    ours = {_join(code) for place in register.places.values() for code in place.postcodes}
    for match in _POSTCODE.compiled.finditer(text) if _INWARD.compiled.search(text) else ():
        if _join(match[0]) not in ours:
            advice = because("out-places", "take it out, or have it added to its place in places.yaml if it is ours")
            yield Found(because("data-postcode", "a postcode that is not ours"), match.start(), match.end(), advice)


def _join(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _numbers(text: str, register: Register) -> list[tuple[int, int, bool]]:
    """Where each telephone number begins and ends in the text, and whether the register lists it."""
    ours = {_e164(one.number) for one in register.telephones.values()}
    return [(start, end, number in ours) for start, end, number in _dial(text)]


@lru_cache(TEXTS_KEPT)
def _dial(text: str) -> tuple[tuple[int, int, str], ...]:
    """Where each telephone number of a text begins and ends, and the number in international form (E.164)."""
    text = _LETTER_O.compiled.sub("0", text)
    if not _LONG.compiled.search(text):
        return ()
    import phonenumbers  # noqa: PLC0415 - as above

    return tuple(
        (match.start, match.end, phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
        for match in phonenumbers.PhoneNumberMatcher(text, COUNTRY, leniency=phonenumbers.Leniency.POSSIBLE)
        if _is_written_as_one(match.raw_string)
    )


def _is_written_as_one(written: str) -> bool:
    """Without the leading 0 or + it is some other number, an amount or an NHS number; with fewer digits a code."""
    digits = len(_DIGIT.compiled.findall(written))
    return written.lstrip("( ").startswith(("0", "+")) and digits >= PHONE_DIGITS and not written.startswith("00:")


@lru_cache(TEXTS_KEPT)
def _e164(number: str) -> str:
    import phonenumbers  # noqa: PLC0415 - as above

    try:
        parsed = phonenumbers.parse(number, COUNTRY)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _addresses(text: str, register: Register) -> Iterator[Found]:
    ours = tuple(domain.casefold() for domain in register.mail_domains)
    for start, end, domain in _mailboxes(text):
        if not any(domain == one or domain.endswith(f".{one}") for one in ours):
            advice = because(
                "out-mail", "take it out, or have its domain added to mail_domains in trust.yaml if it is ours"
            )
            yield Found(because("data-mail", "an e-mail address that is not ours"), start, end, advice)


@lru_cache(TEXTS_KEPT)
def _mailboxes(text: str) -> Sequence[tuple[int, int, str]]:
    """Where each e-mail address of a text begins and ends, and its domain."""
    found = _ADDRESS.compiled.finditer(text)
    return tuple((match.start(), match.end(), match[1].casefold().replace(" dot ", ".")) for match in found)
