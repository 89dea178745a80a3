"""Mending a planned post that is out: take it back in a template's words, or say what is right."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from aiohttp import web
from pydantic import ValidationError

from agents.console.pages.lines import called
from agents.console.pages.release import choices_of
from agents.console.pages.settled.form import FormField, Made, Matter, reason, settling
from agents.console.pages.shown import shown_on
from agents.console.signing import offer
from agents.console.visits import Visit
from streams.decisions.wording.renderer import slots_used
from streams.subjects.plan import Plan
from streams.values import Purpose
from streams.words.plans import ApprovePost, CorrectPost, DropPost, PostCorrectionDrafted
from streams.words.register.entries import Template
from streams.words.release import Message, MessageAuthorised

MENDING = {"withdraw": Purpose.WITHDRAWAL, "correct": Purpose.CORRECTION}


def mending(visit: Visit, matter: Matter, *, plan: Plan) -> web.Response:
    """The page of a post that is out: what was chosen and typed, and how the public would read it."""
    way = visit.field("way") if visit.field("way") in MENDING else "withdraw"
    able = {name: one for name, one in visit.register.messages.items() if MENDING[way] in one.texts}
    template = able.get(visit.field("template"))
    slots = [*_slots(visit, plan, template, MENDING[way])] if template else []
    texts = [_text(visit, language) for language in visit.register.languages] if way == "correct" else []
    why = reason(visit, "reason-mend")
    ways = [(name, visit.says(f"purpose-{purpose}")) for name, purpose in MENDING.items()]
    titles = [("", ""), *((name, one.title) for name, one in able.items())]
    chosen = [
        FormField("way", way, choices=ways),
        FormField("template", template.id if template else "", choices=titles),
    ]
    acts = (
        _correction(template, slots, texts=texts) if way == "correct" else _withdrawal(why.value, plan, template, slots)
    )
    draft = next(iter(plan.drafts.values()), None)
    if draft and not template and not any(one.value for one in texts):
        acts = {"approve-correction": lambda: ApprovePost(content_hash=draft.content_hash), **acts}
    if message := _words(visit, plan, acts):
        matter = replace(matter, shown=[*shown_on(message, visit.register, mode=visit.house.mode)])
    last = [] if way == "correct" else [why]
    return settling(visit, replace(matter, by_post=True), typed=[*chosen, *slots, *texts, *last], acts=acts)


def _withdrawal(why: str, plan: Plan, template: Template | None, slots: Sequence[FormField]) -> Mapping[str, Made]:
    if template:
        return {"withdraw-post": lambda: DropPost(reason=why, withdraw_with=template.id, slots=_filled(slots))}
    return {"drop-post": lambda: DropPost(reason=why)} if plan.is_open else {}


def _correction(
    template: Template | None, slots: Sequence[FormField], *, texts: Sequence[FormField]
) -> Mapping[str, Made]:
    """In words of its own, if any were typed."""
    own = {one.name.removeprefix("text-"): one.value for one in texts if one.value}
    if own:
        return {"correct-post": lambda: CorrectPost(texts=own)}
    if template:
        return {"correct-post": lambda: CorrectPost(template=template.id, slots=_filled(slots))}
    return {}


def _filled(slots: Sequence[FormField]) -> Mapping[str, str]:
    return {one.name.removeprefix("slot-"): one.value for one in slots if one.value}


def _slots(visit: Visit, plan: Plan, template: Template, purpose: Purpose) -> Iterator[FormField]:
    """What these words of the template lack."""
    known = plan.message.slots if plan.message else {}
    gaps = slots_used(template, purpose)
    for name, slot in template.slots.items():
        if name in gaps:
            choices = choices_of(slot, visit.register, language=visit.language)
            value = visit.field(f"slot-{name}") or known.get(name, "")
            yield FormField(f"slot-{name}", value, choices=[("", ""), *choices] if choices else (), label=slot.about)


def _text(visit: Visit, language: str) -> FormField:
    label = visit.says("correct-text", language=called(language, visit))
    return FormField(f"text-{language}", visit.field(f"text-{language}"), rows=4, part="texts", label=label)


def _words(visit: Visit, plan: Plan, acts: Mapping[str, Made]) -> Message | None:
    """The words that an order would let out, hand in, or say yes to."""
    for made in acts.values():
        with suppress(ValidationError):  # The page says what is wrong.
            for one in offer(visit, made(), on=plan).facts:
                if isinstance(one, MessageAuthorised | PostCorrectionDrafted):
                    return one.message
    return next(iter(plan.drafts.values()), None)
