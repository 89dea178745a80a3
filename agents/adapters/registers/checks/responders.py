"""The responders and the steps of the crisis process."""

from collections.abc import Iterator
from datetime import datetime

from agents.adapters.registers.checks.contacts import advice_on, works
from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.words.network.entries import STEPS_MAX, Responder, ResponderContact
from streams.words.register.entries import Contact


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """Partners that are not there, contacts that lead nowhere, and steps that are not written in every language."""
    del now
    for one in reading.register.responders.values():
        yield from _responder(one, reading)
    for number, step in enumerate(reading.register.steps.values()):
        place = reading.place("steps", step.id)
        if number == STEPS_MAX:
            sentence = f"there are more than {STEPS_MAX} steps, and those from here on are left out: join or drop some"
            yield place.fault(sentence=sentence)
        for language in reading.register.languages:
            for name, texts in (("title", step.title), ("who", step.who), ("hint", step.hint)):
                if texts and language not in texts:
                    yield place.fault(name, sentence=f"the {name} of {step.id} is not written in {language}: add it")


def _responder(one: Responder, reading: Reading) -> Iterator[Fault]:
    place = reading.place("responders", one.id)
    if one.partner and not reading.knows("partners", one.partner):
        sentence = f"there is no partner {one.partner}: name one of partners.yaml, or take it out"
        yield place.fault("partner", sentence=sentence)
    if not one.contacts:
        yield place.fault(sentence=f"{one.id} has no contact on call: add its press desk or its control room")
    for position, contact in enumerate(one.contacts):
        for name, way in _ways(contact):
            if not works(way):
                sentence = f"“{way.address}” is nothing that {way.via} can reach: {advice_on(way)}"
                yield place.fault("contacts", position, name, sentence=sentence)


def _ways(contact: ResponderContact) -> Iterator[tuple[str, Contact]]:
    if contact.telephone:
        yield "telephone", Contact(via="phone", address=contact.telephone)
    if contact.email:
        yield "email", Contact(via="email", address=contact.email)
