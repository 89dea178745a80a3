"""Preparing a release: the template that fits, its gaps as typed fields, the words on each channel, and one button."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from agents.console.drawing import misfit_of
from agents.console.pages.listening.stories import answering, rebuttal
from agents.console.pages.settled.deletion import deletion_of
from agents.console.pages.shown import ReadText, shown_on, would_be_asked
from agents.console.signing import Offer, as_order, offer, telephone
from agents.console.visits import Visit
from streams.coming_times import NoSuchTime, coming
from streams.decisions.authority.freshness import template_faults
from streams.decisions.release.corrections import changes_nothing
from streams.decisions.release.release_orders import prepared
from streams.decisions.sign_off.links import path_to
from streams.decisions.wording.contents import advice
from streams.decisions.wording.renderer import NEXT_UPDATE, slots_used
from streams.decisions.wording.shown.renderings import shown_digest
from streams.projections.best_fit import by_fit
from streams.projections.promises import without_an_all_clear
from streams.projections.words_out import words_out
from streams.signs import folded
from streams.subjects.incident import Incident
from streams.telling.deliveries import told_picture_after
from streams.values import Purpose
from streams.words.facts import CommandRefused
from streams.words.register.entries import Register, Template
from streams.words.register.slots import Slot, SlotKind
from streams.words.release import Message, Propose, Release

PROMISED = timedelta(minutes=55)
"""The next word is promised for so long from now, unless the person says otherwise."""
IN_TITLES = "place"
"""The slot that is in the title of every message."""
FOLLOWS_UP = {"withdraw": Purpose.WITHDRAWAL, "correct": Purpose.CORRECTION}


@dataclass(frozen=True, slots=True)
class SlotField:
    """One slot of a template as a field of a form. `choices` are the values it takes; none for a time or a date."""

    name: str
    about: str
    kind: SlotKind | None
    choices: Sequence[tuple[str, str]]
    value: str


async def page(visit: Visit) -> web.Response:
    """The template that fits best, filled from the report as far as it can be; another one, if the path names it."""
    incident = await visit.incident()
    purpose = Purpose(visit.request.match_info.get("purpose", Purpose.HOLDING))
    fitting = by_fit(visit.register, incident)
    named = visit.request.match_info.get("template") or next(iter(fitting), "")
    template = visit.register.messages.get(named)
    if template is None or purpose not in template.texts:
        raise web.HTTPNotFound
    return _drawn(visit, incident, template, purpose=purpose, others=fitting)


async def follow_up(visit: Visit) -> web.Response:
    """The withdrawal or correction of one message, by the template that it was made from, or one that the link names.

    What was made from none is withdrawn by the template that fits best, and corrected in words of its own.
    """
    incident = await visit.incident()
    message = incident.messages.get(visit.request.match_info["message"])
    if message is None:
        raise web.HTTPNotFound
    purpose = FOLLOWS_UP[visit.request.match_info["act"]]
    fitting = by_fit(visit.register, incident, purpose=purpose, follows=message)
    own = message.template if message.template in fitting else None
    if own is None and purpose is Purpose.CORRECTION:
        raise web.HTTPSeeOther(f"{path_to('incidents', incident.id, 'draft')}?follows={message.id}")
    named = visit.field("template") or own or next(iter(fitting), "")
    if named not in fitting:
        found = deletion_of(visit, incident, message=message)
        return visit.page("no-follow-up", incident=incident, message=message, deletes=found, status=404)
    others = {} if own else fitting
    return _drawn(visit, incident, fitting[named], purpose=purpose, others=others, follows=message)


async def all_clear(visit: Visit) -> web.Response:
    """The all-clear of the whole incident, by the template of the first words.

    It goes to every channel that had words about it; once it is public somewhere, to those that still lack it.
    """
    incident = await visit.incident()
    fitting = by_fit(visit.register, incident, purpose=Purpose.ALL_CLEAR)
    first = next((one.template for one in incident.messages.values() if one.template in fitting), None)
    named = visit.field("template") or first or next(iter(fitting), "")
    if named not in fitting:
        raise web.HTTPNotFound
    lacking = _lacking(visit, incident)
    return _drawn(visit, incident, fitting[named], purpose=Purpose.ALL_CLEAR, others=fitting, to=lacking)


def _lacking(visit: Visit, incident: Incident) -> Sequence[str]:
    """The channels that an all-clear has not reached, if it is public elsewhere; none if it is public nowhere."""
    if not any(one.message.purpose is Purpose.ALL_CLEAR for one in words_out(incident)):
        return []
    lack = without_an_all_clear(incident)
    return [one for one in visit.register.channels if one in lack]


_NOTHING: tuple[Offer | None, Message | None, Release | None] = (None, None, None)


def _drawn(  # budget: where, from what, what for, what it is about, and to whom
    visit: Visit,
    incident: Incident,
    template: Template,
    *,
    purpose: Purpose,
    others: Mapping[str, Template],
    follows: Message | None = None,
    to: Sequence[str] = (),
) -> web.Response:
    used = {*slots_used(template, purpose), IN_TITLES}
    slots = [(name, slot) for name, slot in template.slots.items() if name in used]
    gaps = [_gap(name, slot, visit=visit, incident=incident, follows=follows) for name, slot in slots]
    starts = purpose is Purpose.HOLDING
    channels = visit.fields("channel") or [*(template.channels if starts else to)]
    clock, promised, misfit = _promise(visit, asks=starts or NEXT_UPDATE in used)
    offered, message, body = _NOTHING
    try:
        body = Release(
            template=template.id,
            purpose=purpose,
            slots={**_kept(follows, template), **{one.name: one.value for one in gaps if one.value}},
            channels=tuple(channels),
            hashtags=tuple(visit.fields("hashtag")),
            follows=follows.id if follows else None,
            next_update_at=promised,
        )
    except ValidationError as error:
        misfit = misfit or misfit_of(error)
    else:
        offered, message = _offered(visit, incident, body)
    refusal = offered.refusal if offered else None
    proposal = _proposal(visit, incident, body, refusal=refusal) if body and message else None
    to_story = answering(visit)
    return visit.page(
        "release",
        incident=incident,
        template=template,
        purpose=purpose,
        **_aim_of(visit, incident, follows=follows, purpose=purpose),
        others=others,
        gaps=gaps,
        channels=_choices(visit, template) if starts else [],
        chosen=channels,
        chosen_tags=visit.fields("hashtag"),
        promised=clock,
        misfit=misfit,
        is_unfit=template_faults(template, visit.register, now=visit.now, purpose=purpose) is not None,
        shown=_shown(visit, message),
        picture_after=[*told_picture_after(message, follows, register=visit.register)] if message else [],
        advice=[*advice(message, visit.register)] if message else [],
        doubts=visit.words.doubts(message) if message else (),
        unchanged=bool(body and changes_nothing(as_order(visit, body, on=incident), body, template=template)),
        offer=offered if not misfit and not refusal and not to_story else None,
        refusal=refusal if not to_story or not message else proposal.refusal if proposal else None,
        to_story=to_story,
        proposal=proposal,
        asked=would_be_asked(proposal, as_order(visit, proposal.given.body, on=incident)) if proposal else None,
        **telephone(visit),
    )


def _aim_of(visit: Visit, incident: Incident, *, follows: Message | None, purpose: Purpose) -> Mapping[str, Any]:
    """What these words are about, and where that can be deleted instead of withdrawn."""
    deletes = deletion_of(visit, incident, message=follows) if follows and purpose is Purpose.WITHDRAWAL else None
    return {"follows": follows, "deletes": deletes}


def _offered(visit: Visit, incident: Incident, body: Release) -> tuple[Offer, Message | None]:
    """The order, bound to what the page shows. Who may not release the words may read them, and ask for a yes."""
    offered = offer(visit, body, on=incident)
    message = offered.lets_out or _message(visit, incident, body)
    if message:
        offered = offered.in_view_of(body, shown_digest(message, visit.register, mode=visit.house.mode))
    return offered, message


def _kept(follows: Message | None, template: Template) -> Mapping[str, str]:
    """What the slots held in the message that this one follows, if both are of one template."""
    if follows is None or follows.template != template.id:
        return {}
    return {name: value for name, value in follows.slots.items() if name in template.slots}


def _proposal(visit: Visit, incident: Incident, body: Release, *, refusal: CommandRefused | None) -> Offer | None:
    """The same words as a draft for another person's yes: where they answer a story, or only who asks is wrong."""
    if answering(visit):
        return rebuttal(visit, incident, answer=body)
    if refusal is None or not refusal.who_could or incident.stops.frozen:
        return None
    offered = offer(visit, Propose(release=body), on=incident)
    return None if offered.refusal else offered


def _message(visit: Visit, incident: Incident, body: Release) -> Message | None:
    found = prepared(as_order(visit, body, on=incident), body)
    return found if isinstance(found, Message) else None


def _shown(visit: Visit, message: Message | None) -> Sequence[ReadText]:
    return [*shown_on(message, visit.register, mode=visit.house.mode)] if message else []


def _choices(visit: Visit, template: Template) -> Sequence[str]:
    own = [one for one in template.channels if one in visit.register.channels]
    return [*own, *(one for one in visit.register.channels if one not in own)]


def _promise(visit: Visit, *, asks: bool) -> tuple[str, datetime | None, str | None]:
    """What the field for the next word holds, when that comes, and what is wrong with it; nothing unless it `asks`."""
    clock = visit.field("next_update") or next_clock(visit) if asks else ""
    try:
        return clock, coming(clock, now=visit.now, zone=visit.house.zone) if clock else None, None
    except NoSuchTime as error:
        return clock, None, visit.words.misfit(error.reason)


def next_clock(visit: Visit) -> str:
    """When the next word comes unless a person says otherwise, as `23:30` in the zone of the trust."""
    at = (visit.now + PROMISED).astimezone(visit.house.zone)
    return f"{at:%H:%M}"


def _gap(  # budget: a slot of the template, and what it may be filled from
    name: str, slot: Slot, *, visit: Visit, incident: Incident, follows: Message | None
) -> SlotField:
    choices = choices_of(slot, visit.register, language=visit.language)
    typed = visit.field(f"slot-{name}")
    value = typed or (follows.slots.get(name, "") if follows else "") or _guess(slot, choices, incident, visit)
    return SlotField(name, slot.about, slot.kind, choices, value)


def choices_of(slot: Slot, register: Register, *, language: str) -> Sequence[tuple[str, str]]:
    """The values that this slot takes, each as it is called in the language; none for a time or a date."""

    def called(names: Mapping[str, str]) -> str:
        return names.get(language) or next(iter(names.values()))

    match slot.kind:
        case SlotKind.PLACE:
            return [(one.id, called(one.names)) for one in register.places.values()]
        case SlotKind.TELEPHONE:
            return [(one.id, f"{one.title}, {one.number}") for one in register.telephones.values()]
        case SlotKind.CHOICE:
            return [(name, called(words)) for name, words in slot.choices.items()]
        case _:
            return []


def _guess(slot: Slot, choices: Sequence[tuple[str, str]], incident: Incident, visit: Visit) -> str:
    """What the newest report says; a person looks at it before the yes."""
    if slot.kind is SlotKind.TIME and incident.declared_at:
        return f"{incident.declared_at.astimezone(visit.house.zone):%H:%M}"
    if slot.kind is SlotKind.DATE:
        return f"{visit.now.astimezone(visit.house.zone):%Y-%m-%d}"
    if slot.kind is SlotKind.PLACE and (place := _reported_place(visit.register, incident)):
        return place
    return choices[0][0] if len(choices) == 1 else ""


def _reported_place(register: Register, incident: Incident) -> str | None:
    """The place that the newest report with a known one names; of a ward and its hospital the ward.

    A longer name says more exactly where it is.
    """
    names = [(name, one.id) for one in register.places.values() for name in one.names.values()]
    for report in reversed(incident.reports):
        said = folded(report.exact_location)
        if found := [(name, place) for name, place in names if folded(name) in said]:
            return max(found, key=lambda one: len(one[0]))[1]
    return None
