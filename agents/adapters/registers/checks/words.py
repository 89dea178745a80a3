"""The words of the templates: judged by the decisions of a release, with the longest words for their slots."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import EntryPlace, Reading
from streams.decisions.wording import message_policy
from streams.decisions.wording.message_policy import Says
from streams.decisions.wording.renderer import NEXT_UPDATE, gaps_of, rendered
from streams.decisions.wording.slot_values import longest, slot_faults
from streams.values import LIVE, Purpose
from streams.words.register.entries import Register, Template
from streams.words.release import Message

NEEDED = (Purpose.HOLDING, Purpose.CORRECTION, Purpose.WITHDRAWAL, Purpose.ALL_CLEAR)
LATEST = "23:59"
DRILL = "training"
INCIDENT_HASHTAG = "#TheHashtagOfTheIncident"
"""An incident's hashtag, for which room is kept."""
ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The policy does not ask when a message expires."""
JUDGED_BY = ("trust", "channels", "places", "telephones", "holds")
_PAIR = re.compile(r"\{[^{}]*\}")


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with the words of every template."""
    del now
    there = all(reading.is_there(kind) for kind in JUDGED_BY)
    for template in reading.register.templates.values():
        place = reading.place("templates", template.id)
        yield from _purposes(template, place)
        yield from _slots(template, place)
        for purpose in template.texts if there else ():
            yield from _texts(template, place, purpose=purpose, register=reading.register)


def _purposes(template: Template, place: EntryPlace) -> Iterator[Fault]:
    """Every follow-up must be written, in every language, before a first word goes out."""
    for purpose in NEEDED:
        if purpose not in template.texts:
            yield place.fault("texts", sentence=f"the {purpose} text is missing: write it before it is needed")
    for purpose in template.texts:
        if purpose not in NEEDED:
            sentence = f"a template has no {purpose} text: it has {', '.join(NEEDED)}"
            yield place.fault("texts", purpose, sentence=sentence)


def _slots(template: Template, place: EntryPlace) -> Iterator[Fault]:
    known = {*template.slots, NEXT_UPDATE}
    used: set[str] = set()
    for purpose, texts in template.texts.items():
        everywhere = set().union(*(gaps_of(text) for text in texts.values()))
        used |= everywhere
        for language, text in texts.items():
            for gap in sorted(gaps_of(text) - known):
                sentence = f"there is no slot {gap}: its slots are {', '.join(sorted(known))}"
                yield place.fault("texts", purpose, language, sentence=sentence)
            for gap in sorted(everywhere - gaps_of(text)):
                sentence = (
                    f"the {language} {purpose} text leaves out {{{gap}}}, another language has it: say the same in all"
                )
                yield place.fault("texts", purpose, language, sentence=sentence)
    for name, sentence in slot_faults(template).items():
        yield place.fault("slots", name, sentence=sentence)
    for name in template.slots:
        if name not in used:
            yield place.fault("slots", name, sentence=f"the slot {name} is used in no text: take it out, or use it")


def _texts(template: Template, place: EntryPlace, *, purpose: Purpose, register: Register) -> Iterator[Fault]:
    """Judge each text as live and as a drill, because the drill's mark makes it longer."""
    texts = template.texts[purpose]
    judged = _judge(template, purpose, mode=LIVE, register=register)
    for reason in judged or _judge(template, purpose, mode=DRILL, register=register):
        language = next((one for one in texts if f"the {one} text" in reason or f"speak {one}:" in reason), None)
        inner = (purpose, language) if language else (purpose,)
        yield place.fault("texts", *inner, sentence=f"{purpose}: {reason}")
    for language, text in texts.items():
        if set("{}") & set(_PAIR.sub("", text)):
            sentence = f"{purpose}: a brace of the {language} text has no partner: write a slot as {{name}}"
            yield place.fault("texts", purpose, language, sentence=sentence)


def _judge(template: Template, purpose: Purpose, *, mode: str, register: Register) -> Sequence[str]:
    """What the message policy says of the longest message that this template can give."""
    every = dict.fromkeys(template.texts[purpose], "")
    fillings = {gap: dict.fromkeys(every, gap) for text in template.texts[purpose].values() for gap in gaps_of(text)}
    fillings.update({name: {**every, **longest(slot, register)} for name, slot in template.slots.items()})
    fillings[NEXT_UPDATE] = dict.fromkeys(every, LATEST)
    texts = rendered(template, purpose, slots=fillings, mode=mode)
    if reasons := message_policy.too_long(texts):
        return reasons
    message = Message(
        id=template.id,
        purpose=purpose,
        texts=texts,
        channels=tuple(name for name in template.channels if name in register.channels) or template.channels,
        hashtags=(INCIDENT_HASHTAG, *template.hashtags),
        expires_at=ANY_TIME,
        template=template.id,
    )
    says = Says(template.what, fillings.get("place", {}), fillings.get("time", {}), LATEST)
    return message_policy.faults(message, register, mode=mode, says=says)
