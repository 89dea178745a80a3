"""Who is asked for a yes, and what came of it."""

from collections.abc import Collection, Iterator

from streams.subjects.attention import still_open
from streams.subjects.incident import Incident
from streams.telling.briefing.sections import BriefingLine, NamedWord
from streams.telling.happenings.names import NameBook, WrittenWords
from streams.words.sign_off import (
    PageRecorded,
    PersonPaged,
    PersonPassedOver,
    PersonTold,
    Search,
    SearchEnded,
    SearchFact,
    SearchPaused,
    SearchResumed,
    SignOffSought,
)


def search_lines(body: SearchFact, known: NameBook) -> Iterator[BriefingLine]:
    """What happened in a search for somebody who says yes."""
    match body:
        case SignOffSought():
            name = "happened-asked-to-take-on" if body.concern else "happened-asked-for"
            people = tuple(dict.fromkeys(one.name for one in body.asked))
            yield BriefingLine(name, {"what": _what(body, known), "people": people})
        case PersonPaged(call=call):
            again = body.round > 1 or body.attempt > 1
            via = NamedWord(f"via-{call.contact.via}")
            name = "happened-paged-again" if again else "happened-paged"
            yield BriefingLine(name, {"name": call.name, "via": via, "moment": body.answer_by})
        case PageRecorded():
            yield BriefingLine(f"happened-page-{body.outcome}", {"words": WrittenWords(body.words, body.why)})
        case PersonPassedOver():
            yield _passed_over(body, known)
        case SearchPaused():
            yield BriefingLine("happened-search-paused", {"reason": WrittenWords(body.reason, body.why)})
        case SearchResumed():
            yield BriefingLine("happened-search-resumed")
        case PersonTold(call=call):
            yield BriefingLine("happened-told", {"name": call.name})
        case SearchEnded():
            yield ended_line(body, known)


def asked_lines(incident: Incident, known: NameBook, *, waits: Collection[str]) -> Iterator[BriefingLine]:
    """Who is asked now and until when, what was decided, and how searches ended without settling what waits still.

    `waits` are the keys of what waits. A page tells itself which drafts were sent back.
    """
    for search in incident.searches.values():
        if search.message_id in incident.stops.drafts:
            continue
        what = {"what": _what(search, known)}
        if search.asks and search.paused:
            yield BriefingLine("asked-paused", {**what, "name": search.asks.name})
        elif search.asks:
            name = "asked-now-until" if search.answer_by else "asked-now"
            yield BriefingLine(name, {**what, "name": search.asks.name, "moment": search.answer_by})
            yield from _missed(search)
        elif search.ended and still_open(search, incident, pressing=waits):
            name = "asked-over-concern" if search.concern else "asked-over"
            yield BriefingLine(name, {**what, "ended": ended_line(search.ended, known)})


def ended_line(body: SearchEnded, known: NameBook) -> BriefingLine:
    """How a search ended."""
    person = known.register.called(body.person) if body.person else ""
    name = f"happened-ended-{body.outcome}"
    if body.outcome == "answered" and not person:
        name = "happened-ended-settled"
    if body.outcome == "nobody" and not body.left:
        name = "happened-ended-nobody-left"
    return BriefingLine(name, {"person": person, "people": body.left})


def _missed(search: Search) -> Iterator[BriefingLine]:
    missed = [one.name for one, why in zip(search.asked, search.passed, strict=False) if why == "unreachable"]
    if missed:
        yield BriefingLine("asked-missed", {"people": tuple(missed)})


def _what(search: Search | SignOffSought, known: NameBook) -> object:
    """What a yes is asked for: words that wait, something to take on, or a question."""
    if search.message_id:
        return known.message(search.message_id)
    if concern := search.concern:
        return known.concerns.get(concern.key) or WrittenWords(f"{concern.words.removesuffix('.')}.")
    return WrittenWords(f"“{search.matter}”")


def _passed_over(body: PersonPassedOver, known: NameBook) -> BriefingLine:
    asked = known.asked_in(body.search_id)
    name = asked[body.step].name if body.step < len(asked) else known.register.called(body.person or "")
    if body.why == "declined":
        return BriefingLine("happened-passed-declined", {"name": name, "reason": WrittenWords(body.reason)})
    return BriefingLine(f"happened-passed-{body.why}", {"name": name})
