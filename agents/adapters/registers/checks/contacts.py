"""The contacts of people: each person with a power can be reached, on an address of the right form."""

import re
from collections.abc import Iterator
from datetime import datetime

import phonenumbers

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.words.register.entries import Contact

_MAIL = re.compile(r"[^@\s<>,;:\"()]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_COUNTRY = "GB"
"""A number without a country code is one of this country."""


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """Contacts that lead nowhere, and people with powers who have only such contacts."""
    del now
    for person in reading.register.people.values():
        place = reading.place("people", person.id)
        for position, contact in enumerate(person.contacts):
            if not works(contact):
                sentence = f"“{contact.address}” is nothing that {contact.via} can reach: {_advice(contact)}"
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
        case _:
            return _is_number(contact.address)


def _is_number(address: str) -> bool:
    try:
        number = phonenumbers.parse(address, _COUNTRY)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE


def _advice(contact: Contact) -> str:
    return {
        "email": "write it like name@example.org",
        "chat": "write it without spaces",
    }.get(contact.via, "write a whole number, as in 01632 960001 or +44 1632 960001")
