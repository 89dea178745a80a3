"""Writing a line, or a correction in its own words: what was typed, how it is read on each channel, one button."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from pydantic import ValidationError

from agents.console.drawing import beside
from agents.console.pages.listening.stories import answering, rebuttal
from agents.console.pages.release import next_clock
from agents.console.pages.shown import shown_on, would_be_asked
from agents.console.signing import as_order, offer, telephone
from agents.console.visits import Visit
from agents.runtime.views.console_words import LANGUAGES
from streams.coming_times import NoSuchTime, coming
from streams.decisions.channels.kinds import kind_of
from streams.decisions.release.corrections import says_again
from streams.decisions.release.lines import barred_from, hashtags_with, written
from streams.decisions.sign_off.links import path_to
from streams.decisions.verdict import Refused
from streams.decisions.wording.contents import advice
from streams.decisions.wording.renderer import unmarked
from streams.projections.best_fit import by_fit
from streams.subjects.incident import Incident
from streams.telling.deliveries import told_picture_after
from streams.values import Form, Purpose
from streams.words.delivery import DeliveryState
from streams.words.release import DraftLine, LineDrafted, Message


async def page(visit: Visit) -> web.Response:
    """The form, with what was typed; and once there are words, how they are read and the order that hands them in."""
    visit = await visit.with_form()
    incident = await visit.incident()
    again = await _again(visit, incident)
    if again and again.template:
        raise web.HTTPSeeOther(path_to("incidents", incident.id, "release", again.template))
    follows = incident.messages.get(visit.field("follows") or (again.follows if again else None) or "")
    typed = _contents(visit, incident, follows, again=again)
    usual = again.channels if again else _usual(visit, incident, follows)
    chosen = visit.fields("channel") or ([] if visit.field("asked") else usual)
    body, faults = _body(visit, typed, chosen=chosen, follows=follows) if visit.field("asked") else (None, {})
    if body and (tags := visit.fields("hashtag")):
        texts = [*body.texts.values(), *body.short_texts.values()]
        added = hashtags_with(as_order(visit, body, on=incident), tags, texts=texts)
        body = body.model_copy(update={"hashtags": added})
    message = _message(visit, incident, body) if body else None
    to_story = answering(visit)
    barred = None if to_story else _barred(visit, incident, follows, channels=chosen)
    offered = None
    if body:
        offered = rebuttal(visit, incident, answer=body) if to_story else offer(visit, body, on=incident)
    return visit.page(
        "draft",
        incident=incident,
        follows=follows,
        languages={one: called(one, visit) for one in visit.register.languages},
        typed=typed,
        shares=bool(visit.field("share")),
        channels=[*visit.register.channels],
        chosen=chosen,
        chosen_tags=visit.fields("hashtag"),
        takes_short=_takes_short(visit),
        short_on=[*map(visit.house.place, _takes_short(visit))],
        faults=faults,
        to_story=to_story,
        shown=[*shown_on(message, visit.register, mode=visit.house.mode)] if message else [],
        picture_after=[*told_picture_after(message, follows, register=visit.register)] if message else [],
        doubts=visit.words.doubts(message) if message else (),
        advice=[*advice(message, visit.register)] if message else [],
        barred=barred.fact(DraftLine.model_fields["kind"].default) if barred else None,
        offer=offered,
        asked=would_be_asked(offered, as_order(visit, body, on=incident)) if offered and body else None,
        **telephone(visit),
    )


def _barred(visit: Visit, incident: Incident, follows: Message | None, *, channels: Sequence[str]) -> Refused | None:
    """Why this person may write no line here: said before they type a word."""
    on = tuple(channels) or tuple(visit.register.channels)[:1]
    blank = DraftLine(texts={visit.register.languages[0]: "-"}, channels=on, follows=follows.id if follows else None)
    return barred_from(as_order(visit, blank, on=incident), blank)


async def _again(visit: Visit, incident: Incident) -> Message | None:
    """The words that were sent back and that this form begins with; the record alone has them still."""
    name = visit.field("again")
    if visit.field("asked") or name not in incident.stops.drafts:
        return None
    facts = await visit.house.board.door.facts_about(incident.subject)
    drafted = (one.body.message for one in facts if isinstance(one.body, LineDrafted))
    return next((one for one in drafted if one.id == name), None)


def _contents(visit: Visit, incident: Incident, follows: Message | None, *, again: Message | None) -> Mapping[str, str]:
    """What stands in each field: what was typed, else what was sent back and what is known of the incident."""
    known = {} if visit.field("asked") or follows else {**_known(visit, incident)}
    if again:
        known |= {f"text-{language}": unmarked(text) for language, text in again.texts.items()}
        known |= {f"short-{language}": unmarked(text) for language, text in again.short_texts.items()}
    names = ["where", "when", "next_update"]
    names += [f"{of}-{one}" for one in visit.register.languages for of in ("what", "text", "short")]
    return {name: visit.field(name) or known.get(name, "") for name in names}


def _known(visit: Visit, incident: Incident) -> Mapping[str, str]:
    template = next(iter(by_fit(visit.register, incident).values()), None)
    known = {f"what-{language}": what for language, what in template.what.items()} if template else {}
    known["where"] = incident.reports[-1].exact_location if incident.reports else ""
    if incident.declared_at:
        known["when"] = f"{incident.declared_at.astimezone(visit.house.zone):%H:%M}"
    return {**known, "next_update": next_clock(visit)}


def _usual(visit: Visit, incident: Incident, follows: Message | None) -> Sequence[str]:
    """Where the words that it corrects are; for a line, where the first word went."""
    if follows:
        there = [one for one in incident.deliveries.values() if one.message_id == follows.id]
        return [one.channel for one in there if one.state is not DeliveryState.REFUSED] or follows.channels
    first = next((one for one in incident.messages.values() if one.purpose is Purpose.HOLDING), None)
    template = next(iter(by_fit(visit.register, incident).values()), None)
    return first.channels if first else [*template.channels] if template else []


def _body(
    visit: Visit, typed: Mapping[str, str], *, chosen: Sequence[str], follows: Message | None
) -> tuple[DraftLine | None, Mapping[str, str]]:
    """The order that the fields give, or what is wrong beside each field."""
    told = {of: _in_languages(of, typed, visit) for of in ("what", "text", "short")}
    faults = {} if chosen else {"channel": visit.says("missing")}
    promised = None
    if says_again(follows, told["text"]):
        faults[f"text-{next(iter(told['text']))}"] = visit.says("no-change")
    if not told["text"]:
        faults[f"text-{visit.register.languages[0]}"] = visit.says("missing")
    try:
        promised = coming(typed["next_update"], now=visit.now, zone=visit.house.zone) if typed["next_update"] else None
    except NoSuchTime as error:
        faults["next_update"] = visit.words.misfit(error.reason)
    if faults:
        return None, faults
    try:
        return DraftLine(
            texts=told["text"],
            short_texts=told["short"],
            channels=tuple(chosen),
            what=told["what"],
            where=typed["where"] or None,
            when=typed["when"] or None,
            next_update_at=promised,
            asks_to_share=bool(visit.field("share")),
            follows=follows.id if follows else None,
        ), {}
    except ValidationError as error:
        return None, beside(error, _field_of)


FIELDS = {"texts": "text", "short_texts": "short", "what": "what"}
"""The field of the form for each part of the order that is in several languages."""


def _field_of(part: Sequence[str | int]) -> str:
    name, *language = map(str, part)
    return f"{FIELDS[name]}-{language[0]}" if name in FIELDS and language else name.replace("channels", "channel")


def _in_languages(of: str, typed: Mapping[str, str], visit: Visit) -> Mapping[str, str]:
    given = {language: typed[f"{of}-{language}"] for language in visit.register.languages}
    return {language: text for language, text in given.items() if text}


def _message(visit: Visit, incident: Incident, body: DraftLine) -> Message | None:
    found = written(as_order(visit, body, on=incident), body)
    return found if isinstance(found, Message) else None


def called(language: str, visit: Visit) -> str:
    """The name of a language, as this visit reads it."""
    return visit.says(f"language-{language}") if language in LANGUAGES else language


def _takes_short(visit: Visit) -> Sequence[str]:
    """The channels that take few characters, on which the short texts are read."""
    kinds = {name: kind_of(entry) for name, entry in visit.register.channels.items()}
    return [name for name, kind in kinds.items() if kind and kind.form is Form.SHORT]
