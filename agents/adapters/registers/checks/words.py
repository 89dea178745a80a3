"""The words of the templates: judged by the decisions of a release, with the longest words for their slots."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from agents.adapters.registers.faults import Fault
from agents.adapters.registers.files import EntryPlace, Reading
from streams.decisions.wording import message_policy
from streams.decisions.wording.message_policy import Says
from streams.decisions.wording.renderer import NEXT_UPDATE, PARTNER, TAKE_BACK, gaps_of, rendered, text_called
from streams.decisions.wording.slot_values import longest, slot_faults
from streams.values import LIVE, Form, Purpose
from streams.words.register.entries import Register, Template
from streams.words.release import Message

NEEDED = (Purpose.HOLDING, Purpose.CORRECTION, Purpose.WITHDRAWAL, Purpose.ALL_CLEAR)
PLANNED_NEEDS = (Purpose.PLANNED, Purpose.WITHDRAWAL)
"""What a template needs that only planned posts are made of."""
LATEST = "23:59"
DRILL = "training"
INCIDENT_HASHTAG = "#TheHashtagOfTheIncident"
"""Room is kept for one hashtag of the incident."""
FIELD = {Form.LONG: "texts", Form.SHORT: "short_texts"}
"""Where a template keeps the texts of each form."""
ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The policy does not ask when a message expires."""
JUDGED_BY = ("trust", "channels", "places", "telephones", "holds")
_PAIR = re.compile(r"\{[^{}]*\}")


def faults(reading: Reading, now: datetime) -> Iterator[Fault]:
    """What is wrong with the words of every template."""
    del now
    there = all(reading.is_there(kind) for kind in JUDGED_BY)
    if there:
        yield from _unspoken(reading)
    for template in reading.register.templates.values():
        place = reading.place("templates", template.id)
        yield from _purposes(template, place)
        yield from _slots(template, place)
        for purpose in template.texts if there else ():
            yield from _texts(template, place, purpose=purpose, register=reading.register)


def _unspoken(reading: Reading) -> Iterator[Fault]:
    """One fault for each language that templates have and the trust does not: it has one cause, however many texts."""
    found: defaultdict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for template in reading.register.templates.values():
        for form in Form:
            for purpose, texts in template.in_form(form).items():
                for language in texts.keys() - set(reading.register.languages):
                    found[language].setdefault(template.id, (FIELD[form], purpose, language))
    for language, templates in found.items():
        if len(templates) == 1:
            ((name, field),) = templates.items()
            sentence = f"the trust does not speak {language}: leave that text out, or add the language to the register"
            yield reading.place("templates", name).fault(*field, sentence=sentence)
        else:
            sentence = (
                f"the trust does not speak {language}, and {len(templates)} templates have texts in it "
                f"({', '.join(templates)}): add {language} here, or take those texts out and have them approved again"
            )
            yield reading.trust.fault("languages", sentence=sentence)


def _purposes(template: Template, place: EntryPlace) -> Iterator[Fault]:
    """Every follow-up must be written, in every language, before a first word goes out."""
    if template.id == TAKE_BACK:
        needed: tuple[Purpose, ...] = (Purpose.WITHDRAWAL,)
    elif template.answers:
        needed = (Purpose.PLANNED,)
    elif Purpose.PLANNED in template.texts and Purpose.HOLDING not in template.texts:
        needed = PLANNED_NEEDS
    else:
        needed = NEEDED
    known = needed if template.id == TAKE_BACK else (*NEEDED, Purpose.PLANNED)
    for purpose in needed:
        if purpose not in template.texts:
            yield place.fault("texts", sentence=f"the {purpose} text is missing: write it before it is needed")
    for purpose in template.texts:
        if purpose not in known:
            sentence = f"a template has no {purpose} text: it has {', '.join(known)}"
            yield place.fault("texts", purpose, sentence=sentence)
    for purpose in template.short_texts:
        if purpose not in template.texts:
            sentence = f"the {purpose} text has a short form only: write the long one too"
            yield place.fault("short_texts", purpose, sentence=sentence)


def _slots(template: Template, place: EntryPlace) -> Iterator[Fault]:
    known = {*template.slots, PARTNER if template.id == TAKE_BACK else NEXT_UPDATE}
    used: set[str] = set()
    written = [(form, *one) for form in Form for one in template.in_form(form).items()]
    for form, purpose, texts in written:
        everywhere = set().union(*(gaps_of(text) for text in texts.values()))
        used |= everywhere
        for language, text in texts.items():
            for gap in sorted(gaps_of(text) - known):
                sentence = f"there is no slot {gap}: its slots are {', '.join(sorted(known))}"
                yield place.fault(FIELD[form], purpose, language, sentence=sentence)
            for gap in sorted(everywhere - gaps_of(text)):
                sentence = (
                    f"the {language} {purpose} text leaves out {{{gap}}}, another language has it: say the same in all"
                )
                yield place.fault(FIELD[form], purpose, language, sentence=sentence)
    if template.answers and template.slots:
        yield place.fault("slots", sentence="an answer is given word for word: write it without slots")
    for name, sentence in slot_faults(template).items():
        yield place.fault("slots", name, sentence=sentence)
    for name in template.slots:
        if name not in used:
            yield place.fault("slots", name, sentence=f"the slot {name} is used in no text: take it out, or use it")


def _texts(template: Template, place: EntryPlace, *, purpose: Purpose, register: Register) -> Iterator[Fault]:
    """Judge each text as live and as a drill, because the drill's mark makes it longer."""
    judged = _judge(template, purpose, mode=LIVE, register=register)
    for reason in judged or _judge(template, purpose, mode=DRILL, register=register):
        yield place.fault(*_field_of(reason, template, purpose), sentence=f"{purpose}: {reason}")
    for form in Form:
        for language, text in template.in_form(form).get(purpose, {}).items():
            if set("{}") & set(_PAIR.sub("", text)):
                called = text_called(language, form)
                sentence = f"{purpose}: a brace of {called} has no partner: write a slot as {{name}}"
                yield place.fault(FIELD[form], purpose, language, sentence=sentence)


def _field_of(reason: str, template: Template, purpose: Purpose) -> tuple[str, ...]:
    """The field of the template that a reason of the policy is about."""
    if template.picture and template.picture.file in reason:
        return ("picture",)
    for form in Form:
        for language in template.in_form(form).get(purpose, {}):
            if text_called(language, form) in reason or f"speak {language}:" in reason:
                return FIELD[form], purpose, language
    return (FIELD[Form.SHORT] if reason.startswith("the short") else FIELD[Form.LONG]), purpose


def _judge(template: Template, purpose: Purpose, *, mode: str, register: Register) -> Sequence[str]:
    """What the message policy says of the longest message that this template can give, and what it suspects."""
    written = {form: _spoken(template.in_form(form).get(purpose, {}), register) for form in Form}
    every = dict.fromkeys([*written[Form.LONG], *written[Form.SHORT]], "")
    fillings = {gap: dict.fromkeys(every, gap) for texts in written.values() for gap in _gaps(texts)}
    fillings.update({name: {**every, **longest(slot, register)} for name, slot in template.slots.items()})
    fillings[NEXT_UPDATE] = dict.fromkeys(every, LATEST)
    names = [one.name for one in register.partners.values()]
    fillings[PARTNER] = dict.fromkeys(every, max(names, key=len, default="Partner"))
    full = {form: rendered(template, purpose, slots=fillings, mode=mode, form=form) for form in Form}
    texts = {form: _spoken(full[form], register) for form in Form}
    if reasons := [reason for form in Form for reason in message_policy.too_long(texts[form], form)]:
        return reasons
    message = Message(
        id=template.id,
        purpose=purpose,
        texts=texts[Form.LONG],
        short_texts=texts[Form.SHORT],
        channels=tuple(name for name in template.channels if name in register.channels) or template.channels,
        hashtags=(INCIDENT_HASHTAG, *template.hashtags),
        expires_at=ANY_TIME,
        template=template.id,
        picture=template.picture if purpose is Purpose.HOLDING and mode == LIVE else None,
    )
    where = {language: (name,) for language, name in fillings.get("place", {}).items()}
    says = Says(template.what, where, fillings.get("time", {}), dict.fromkeys(every, (LATEST,)))
    faults = message_policy.faults(message, register, mode=mode, says=says)
    return [*faults, *message_policy.doubted(message, register).doubts]


def _spoken(texts: Mapping[str, str], register: Register) -> Mapping[str, str]:
    """The texts in the languages of the trust; `_unspoken` names the others."""
    return {language: text for language, text in texts.items() if language in register.languages}


def _gaps(texts: Mapping[str, str]) -> set[str]:
    return set[str]().union(*map(gaps_of, texts.values()))
