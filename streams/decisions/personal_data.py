"""Personal data in a text: NHS numbers, dates of birth, postcodes, telephone numbers and addresses that are not ours.

What was found is told by its kind and its place, never by its words: a reason is kept for ever.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import phonenumbers
from nhs_number.validate import is_valid

from streams.decisions.placeholders import TEXTS_KEPT
from streams.registers import Register

COUNTRY = "GB"
NHS_DIGITS = 10
SIGNS_MAX = 2
YEARS_BACK = 2
"""A whole date of an earlier year is taken for somebody's birth: messages speak of now."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something personal from `start` up to, not including, `end`; `advice` is what to do about it."""

    kind: str
    start: int
    end: int
    advice: str


_OUT = "take it out, nobody can release it"
_NHS, _BIRTH = "an NHS number", "a date of birth"
IDENTIFYING = frozenset({_NHS, _BIRTH})
"""Not even in a partner's words."""
_DIGIT = re.compile(r"\d")
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ion|chw|maw|ebr|mai|meh|gor|awst|med|hyd|tach|rhag)[a-zâê]*"
)
_DATE = rf"\d{{1,2}}[./-]\d{{1,2}}[./-](\d{{4}}|\d{{2}})|\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTH},? (\d{{4}})"
_DATE += rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? (\d{{4}})|(\d{{4}})-\d{{2}}-\d{{2}}"
_DATES = re.compile(rf"(?<![\d/.-])(?:{_DATE})(?![\d/])", re.IGNORECASE)
_BORN = re.compile(
    rf"\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth|dyddiad geni|ganwyd(?: ar)?|ganed(?: ar)?|(?:a )?aned(?: ar)?)\b"
    rf"\W{{0,4}}(?:is |was |yw |oedd )?(?:{_DATE}|(\d{{4}})\b)",
    re.IGNORECASE,
)
_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G "
    "GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW "
    "OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC "
    "WD WF WN WR WS WV YO ZE"
)
_POSTCODE = re.compile(
    rf"(?<!\w)(?:{'|'.join(_AREAS.split())})\d[A-Z\d]?\s?\d(?!st|nd|rd|th)[ABD-HJLNP-UW-Z]{{2}}(?!\w)", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@([\w-]+(?:\.[\w-]+)+)")


def personal_data(text: str, register: Register, *, year: int) -> list[Found]:
    """All personal data in this text that the registers do not call ours; `year` is the one it is written in."""
    ours = _numbers(text, register)
    plain = text
    for start, end, is_ours in ours:
        if is_ours:
            plain = plain[:start] + "·" * (end - start) + plain[end:]
    found = [
        *_identifying(plain, year),
        *_postcodes(plain, register),
        *(Found("a telephone number that is not ours", start, end, _ADD) for start, end, yes in ours if not yes),
        *_addresses(text, register),
    ]
    return sorted(found, key=lambda one: one.start)


_ADD = "take it out, or have it added to telephones.yaml if the trust gives it to the public"


def is_number(text: str) -> bool:
    """Tell whether this may be dialled."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, COUNTRY))
    except phonenumbers.NumberParseException:
        return False


def is_postcode(text: str) -> bool:
    """Tell whether this is the form of a postcode."""
    return _POSTCODE.fullmatch(text) is not None


@lru_cache(TEXTS_KEPT)
def _identifying(text: str, year: int) -> tuple[Found, ...]:
    """What tells a person apart, whatever a register says."""
    return (*_nhs_numbers(text), *_births(text, year))


def _nhs_numbers(text: str) -> Iterator[Found]:
    """Ten digits in a row with a right check digit, however they are spaced, that begin and end with a group."""
    digits = list(_DIGIT.finditer(text))
    for first in range(len(digits) - NHS_DIGITS + 1):
        row = digits[first : first + NHS_DIGITS]
        near = all(_near(text[one.end() : other.start()]) for one, other in pairwise(row))
        begins = first == 0 or digits[first - 1].end() < row[0].start()
        ends = first + NHS_DIGITS == len(digits) or row[-1].end() < digits[first + NHS_DIGITS].start()
        if begins and ends and near and is_valid("".join(one[0] for one in row)):
            yield Found(_NHS, row[0].start(), row[-1].end(), _OUT)


def _near(between: str) -> bool:
    """Whether two digits may belong to one number: at most two signs between them, and none that parts words."""
    return len(between) <= SIGNS_MAX and not any(sign.isalpha() or sign == "\n" for sign in between)


def _births(text: str, year: int) -> Iterator[Found]:
    for match in _BORN.finditer(text):
        yield Found(_BIRTH, match.start(), match.end(), _OUT)
    for match in _DATES.finditer(text):
        written = next(group for group in match.groups() if group)
        if len(written) == 4 and int(written) <= year - YEARS_BACK:  # noqa: PLR2004 - a year in full
            yield Found(_BIRTH, match.start(), match.end(), f"{_OUT}; leave the year out if it is not one")


def _postcodes(text: str, register: Register) -> Iterator[Found]:
    ours = {_joined(code) for place in register.places.values() for code in place.postcodes}
    for match in _POSTCODE.finditer(text):
        if _joined(match[0]) not in ours:
            advice = "take it out, or have it added to its place in places.yaml if it is ours"
            yield Found("a postcode that is not ours", match.start(), match.end(), advice)


def _joined(code: str) -> str:
    return "".join(code.upper().split())


def _numbers(text: str, register: Register) -> list[tuple[int, int, bool]]:
    """Every telephone number as it stands in the text, and whether it is one of ours."""
    ours = {_e164(one.number) for one in register.telephones.values()}
    return [(start, end, number in ours) for start, end, number in _dialled(text)]


@lru_cache(TEXTS_KEPT)
def _dialled(text: str) -> tuple[tuple[int, int, str], ...]:
    """Every telephone number of a text, where it stands, and in its one form."""
    # Without the leading 0 or + it is some other number: an amount, an NHS number.
    return tuple(
        (match.start, match.end, _number_of(match.number))
        for match in phonenumbers.PhoneNumberMatcher(text, COUNTRY, leniency=phonenumbers.Leniency.POSSIBLE)
        if match.raw_string.lstrip("( ").startswith(("0", "+")) and not match.raw_string.startswith("00:")
    )


@lru_cache(TEXTS_KEPT)
def _e164(number: str) -> str:
    try:
        return _number_of(phonenumbers.parse(number, COUNTRY))
    except phonenumbers.NumberParseException:
        return number


def _number_of(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _addresses(text: str, register: Register) -> Iterator[Found]:
    ours = tuple(domain.casefold() for domain in register.mail_domains)
    for match in _ADDRESS.finditer(text):
        domain = match[1].casefold()
        if not any(domain == one or domain.endswith(f".{one}") for one in ours):
            advice = "take it out, or have its domain added to mail_domains in trust.yaml if it is ours"
            yield Found("an e-mail address that is not ours", match.start(), match.end(), advice)
