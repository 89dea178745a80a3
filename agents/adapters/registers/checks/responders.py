"""The responders, the steps of the crisis process, and the other programs that post for us."""

from collections.abc import Iterator
from datetime import datetime

from agents.adapters.registers.checks.contacts import advice_on, works
from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import Reading
from streams.decisions.channels.kinds import KINDS, kind_of
from streams.words.network.entries import (
    PAUSE,
    RESUME,
    SCHEDULERS_MAX,
    STEPS_MAX,
    Responder,
    ResponderContact,
    Scheduler,
)
from streams.words.register.entries import ChannelEntry, Contact


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
    yield from _schedulers(reading)


def _schedulers(reading: Reading) -> Iterator[Fault]:
    """Programs whose steps are not written in every language, or have the name of another step or of a program."""
    known: dict[str, tuple[str, Scheduler]] = {}
    for name, channel in reading.register.channels.items():
        place = reading.place("channels", name)
        for position, one in enumerate(channel.schedulers):
            for field, texts in (("pause", one.pause), ("resume", one.resume)):
                for language in [other for other in reading.register.languages if other not in texts]:
                    sentence = f"the {field} of {one.id} is not written in {language}: add it"
                    yield place.fault("schedulers", position, field, sentence=sentence)
            first, words = known.setdefault(one.id, (name, one))
            if words != one:
                sentence = f"{one.id} is described otherwise at the channel {first}: write the same at both"
                yield place.fault("schedulers", position, sentence=sentence)
            if one.on_server and (wrong := _not_on_server(one, channel, first=first)):
                yield place.fault("schedulers", position, "on_server", sentence=wrong)
            for step in {f"{PAUSE}{one.id}", f"{RESUME}{one.id}"} & reading.register.steps.keys():
                sentence = f"the step {step} of steps.yaml has the name of that of {one.id}: call one of them otherwise"
                yield place.fault("schedulers", position, sentence=sentence)
    if len(known) > SCHEDULERS_MAX:
        sentence = f"there are more than {SCHEDULERS_MAX} programs that post for us: those beyond are left out"
        yield reading.place("channels", [*known.values()][SCHEDULERS_MAX][0]).fault("schedulers", sentence=sentence)


def _not_on_server(one: Scheduler, channel: ChannelEntry, *, first: str) -> str | None:
    """Why the service could not hold what this program keeps on the server of the channel; None if it could."""
    kind = kind_of(channel)
    if kind is None or not kind.keeps_schedule:
        able = ", ".join(sorted(name for name, known in KINDS.items() if known.keeps_schedule))
        return f"no server of a {channel.kind} channel tells what is scheduled there: leave it out, only {able} can"
    if first != channel.id:
        return f"{one.id} is on the server of {first} already, and would be held twice: name it at one channel"
    return None


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
