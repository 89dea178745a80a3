"""Places, telephone numbers, holds and our own mail domains, by which texts are judged; and the influence list."""

import re
from collections.abc import Iterator
from datetime import datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.decisions.wording.personal_data import is_number, is_postcode
from streams.values import Power

_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with the entries of these lists."""
    yield from _places(reading)
    yield from _holds(reading)
    yield from _influence(reading, now)
    for telephone in reading.register.telephones.values():
        if not is_number(telephone.number):
            sentence = f"“{telephone.number}” is no telephone number: write it as the public dials it"
            yield reading.place("telephones", telephone.id).fault("number", sentence=sentence)
    for position, domain in enumerate(reading.register.mail_domains):
        if not _DOMAIN.fullmatch(domain):
            sentence = f"“{domain}” is no mail domain: write it like trust.example.org"
            yield reading.trust.fault("mail_domains", position, sentence=sentence)


def _influence(reading: Reading, now: datetime) -> Iterator[Fault]:
    """Who vouched for an author is on the register; no account stands twice; and somebody looked at it lately."""
    known: dict[str, str] = {}
    for one in reading.register.influence.values():
        place = reading.place("influence", one.id)
        if not reading.knows("people", one.vouched_by):
            sentence = f"{one.vouched_by}, who vouched for {one.id}, is not on the register: have somebody who is vouch"
            yield place.fault("vouched_by", sentence=sentence)
        if one.review_on < now.date():
            sentence = f"{one.id} is due for review since {one.review_on}: see that it is right, then set a new day"
            yield place.fault("review_on", sentence=sentence)
        for position, account in enumerate(one.accounts):
            if other := known.get(account.account_id):
                sentence = f"{account.account_id} is on the list as {other}: take one of them out"
                yield place.fault("accounts", position, "account_id", sentence=sentence)
            known[account.account_id] = one.id


def _places(reading: Reading) -> Iterator[Fault]:
    for known in reading.register.places.values():
        place = reading.place("places", known.id)
        for language in reading.register.languages:
            if language not in known.names:
                sentence = f"{known.id} has no name in {language}: a template that names it would be refused, so add it"
                yield place.fault("names", sentence=sentence)
        for position, code in enumerate(known.postcodes):
            if not is_postcode(code):
                yield place.fault("postcodes", position, sentence=f"“{code}” is no postcode: write it like LL49 9AB")


def _holds(reading: Reading) -> Iterator[Fault]:
    for hold in reading.register.holds.values():
        place = reading.place("holds", hold.id)
        for position, name in enumerate(hold.holders):
            person = reading.register.people.get(name)
            if person is None and not reading.knows("people", name):
                sentence = f"{name} is not on the register: name somebody who is to lift this hold"
                yield place.fault("holders", position, sentence=sentence)
            if person and not person.is_granted(Power.LIFT_HOLD):
                sentence = f"{name} has no power to lift-hold: grant it in people.yaml, or name somebody who has"
                yield place.fault("holders", position, sentence=sentence)
        if hold.names:
            sentence = "names are not kept in the registers: place the hold in the incident that it is about"
            yield place.fault("names", sentence=sentence)
