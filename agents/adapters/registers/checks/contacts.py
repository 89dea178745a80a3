"""The contacts of people: each person with a power can be reached, on an address of the right form."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

import phonenumbers
from phonenumbers import PhoneNumberType

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.words.register.entries import Contact

_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_NOT_DIALLED = re.compile(r"[^0-9 ()+-]|(?<=.)\+")
_EXTENSION = re.compile(r"(?i)\s*(?:ext\.?|x)\s*[0-9]{1,6}$")
"""What a person dials once somebody answers; a text message reaches no extension."""
_COUNTRY, _COUNTRY_CODE, _MOBILE = "GB", 44, "7"
"""A number without a country code is one of this country, where mobile numbers begin with a 7."""
_TEXTS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UNKNOWN}


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """Contacts that lead nowhere, and people with powers who have only such contacts."""
    del now
    for person in reading.register.people.values():
        place = reading.place("people", person.id)
        for position, contact in enumerate(person.contacts):
            if not works(contact):
                sentence = f"“{contact.address}” is nothing that {contact.via} can reach: {advice_on(contact)}"
                yield place.fault("contacts", position, "address", sentence=sentence)
            elif contact.via == "sms" and not _takes_texts(contact.address):
                advice = "give a mobile number, or let it be called by phone"
                sentence = f"“{contact.address}” is no mobile number, so a text may never arrive: {advice}"
                yield place.fault("contacts", position, "address", sentence=sentence)
            if contact in person.contacts[:position]:
                yield place.fault("contacts", position, sentence=f"{contact.address} is named twice: name it once")
        if person.grants and not any(works(contact) for contact in person.contacts):
            sentence = f"{person.id} has powers, but no contact to be reached on: add a number or an address"
            yield place.fault("contacts", sentence=sentence)


def works(contact: Contact) -> bool:
    """Tell whether the address can be one: an e-mail address or a telephone number by its form."""
    match contact.via:
        case "email":
            return _MAIL.fullmatch(contact.address) is not None
        case "chat":
            return not re.search(r"\s", contact.address)
        case "sms":
            return _is_number(contact.address, texts=True)
        case _:
            return _is_number(_EXTENSION.sub("", contact.address), texts=False)


def _is_number(address: str, *, texts: bool) -> bool:
    """Tell whether these are the digits of a number, and as many as such a number has."""
    if _NOT_DIALLED.search(address):
        return False
    try:
        number = phonenumbers.parse(address, _COUNTRY)
    except phonenumbers.NumberParseException:
        return False
    if texts or (number.country_code == _COUNTRY_CODE and str(number.national_number).startswith(_MOBILE)):
        possible = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    else:
        possible = phonenumbers.is_possible_number_with_reason(number)
    return possible == phonenumbers.ValidationResult.IS_POSSIBLE


def _takes_texts(address: str) -> bool:
    """Tell whether a number may be that of a mobile telephone; numbers that are kept for examples may."""
    return phonenumbers.number_type(phonenumbers.parse(address, _COUNTRY)) in _TEXTS


def advice_on(contact: Contact) -> str:
    """What to write instead of an address that leads nowhere."""
    if contact.via == "email":
        return "write it like name@example.org"
    if contact.via == "chat":
        return "write it without spaces"
    is_text = contact.via == "sms"
    example = "07700 900001 or +44 7700 900001" if is_text else "01632 960001 or +44 1632 960001"
    usual = f"write a whole number, as in {example}"
    dialled = contact.address if is_text else _EXTENSION.sub("", contact.address)
    if odd := _NOT_DIALLED.search(dialled):
        name = unicodedata.name(odd[0], "a sign without a name").lower()
        return f"it holds “{odd[0]}” ({name}), which nothing dials; {usual}"
    return usual
