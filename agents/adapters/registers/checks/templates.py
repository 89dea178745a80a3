"""The templates as entries: owner, channels, hazards, hashtags, and the second person's approval."""

from collections.abc import Iterator
from datetime import datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import MESSAGES, EntryPlace, Reading
from streams.decisions.authority import freshness
from streams.decisions.verdict import reasons_of
from streams.decisions.wording.renderer import TAKE_BACK
from streams.words.register.entries import Template

ACRONYM_MAX = 5


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with every template, its words apart."""
    if reading.register.partners and not reading.knows("templates", TAKE_BACK):
        sentence = (
            f"no template {TAKE_BACK} says in which words a post of theirs is taken back, so what they edit or delete "
            f"stays public here until a person withdraws it: write {MESSAGES}/{TAKE_BACK}.yaml and have it approved"
        )
        yield reading.place("partners", next(iter(reading.register.partners))).fault(sentence=sentence)
    for template in reading.register.templates.values():
        place = reading.place("templates", template.id)
        yield from _entry(template, place, reading)
        yield from _hashtags(template, place)
        if not reading.is_there("people") or (template.approval is None and reading.awaits_keys):
            continue
        for reason in reasons_of(freshness.template_faults(template, reading.register, now=now)):
            yield _approval_fault(template, place, reason)
        for warning in freshness.template_warnings(template, reading.register, now=now):
            yield _approval_fault(template, place, warning)


def _entry(template: Template, place: EntryPlace, reading: Reading) -> Iterator[Fault]:
    if place.source.file != f"{MESSAGES}/{template.id}.yaml":
        yield place.fault("id", sentence=f"its id is {template.id}: name the file {template.id}.yaml")
    if not reading.knows("people", template.owner):
        yield place.fault("owner", sentence=f"{template.owner} is not on the register: name an owner who is")
    for position, channel in enumerate(template.channels):
        if not reading.knows("channels", channel):
            sentence = f"there is no channel {channel}: add it to channels.yaml, or take it out here"
            yield place.fault("channels", position, sentence=sentence)
    for position, hazard in enumerate(template.hazards):
        if hazard != hazard.lower():
            sentence = f"the hazard {hazard} is never found: write it in small letters"
            yield place.fault("hazards", position, sentence=sentence)


def _hashtags(template: Template, place: EntryPlace) -> Iterator[Fault]:
    seen: set[str] = set()
    for position, hashtag in enumerate(template.hashtags):
        letters = [character for character in hashtag if character.isalpha()]
        if letters and (letters[0].islower() or (len(letters) > ACRONYM_MAX and hashtag.isupper())):
            sentence = f"{hashtag} is read out as one word: begin each word in it, and only that, with a capital letter"
            yield place.fault("hashtags", position, sentence=sentence)
        if not letters:
            yield place.fault(
                "hashtags", position, sentence=f"{hashtag} holds no letter: no network makes a link of it"
            )
        if hashtag.casefold() in seen:
            yield place.fault("hashtags", position, sentence=f"{hashtag} is given twice: keep one")
        seen.add(hashtag.casefold())


def _approval_fault(template: Template, place: EntryPlace, reason: str) -> Fault:
    """Why the template is not pre-approved, as a fault at the field that the reason names."""
    if template.approval is None or "edited" in reason:
        reason = f"{reason}; the hash to approve is {template.content_hash()}"
    fields = {
        "due for review": ("review_on",),
        "edited": ("approval", "content_hash"),
        "expired": ("approval", "expires_at"),
        "ends in": ("approval", "expires_at"),
        "lies ahead": ("approval", "at"),
    }
    field = next((field for words, field in fields.items() if words in reason), ("approval", "by"))
    return place.fault(*field, sentence=reason)
