"""The sentences for one fact about an incident, and how all was at a moment."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from streams.projections.words_out import words_out
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.subjects.promises import promises
from streams.telling.briefing.sections import BriefingLine, NamedWord
from streams.telling.happenings.messages import WordsFact, delivery_lines, stop_lines, words_lines
from streams.telling.happenings.names import NameBook, WrittenWords, message_line
from streams.telling.happenings.searches import asked_lines, search_lines
from streams.telling.happenings.signals import heard_line, story_lines, surge_line
from streams.telling.happenings.steering import SteeringFact, hold_lines, letter_lines, network_lines, steering_lines
from streams.telling.listening.stories import by_people
from streams.words.briefings.letters import BriefingFact
from streams.words.delivery import Delivery, DeliveryFact
from streams.words.facts import CommandRefused, FactBody
from streams.words.holds import HoldFact
from streams.words.incident import SignalNoted
from streams.words.listening.influence import ListedNoted
from streams.words.listening.stories import StoryFact
from streams.words.listening.tags import TagsNoted
from streams.words.network.orders import NetworkFact
from streams.words.sign_off import SearchFact
from streams.words.stops import StopFact


def happening(body: FactBody, known: NameBook) -> Sequence[BriefingLine]:
    """What this fact says, in sentences; none for a fact that is about no incident."""
    return [*_lines(body, known)]


def _lines(body: FactBody, known: NameBook) -> Iterator[BriefingLine]:
    if isinstance(body, SteeringFact):
        yield from steering_lines(body)
    elif isinstance(body, WordsFact):
        yield from words_lines(body, known)
    elif isinstance(body, DeliveryFact):
        yield from delivery_lines(body, known)
    elif isinstance(body, StopFact):
        yield from stop_lines(body, known)
    elif isinstance(body, SearchFact):
        yield from search_lines(body, known)
    elif isinstance(body, HoldFact):
        yield from hold_lines(body, known)
    elif isinstance(body, NetworkFact):
        yield from network_lines(body, known)
    elif isinstance(body, StoryFact):
        yield from story_lines(body, known)
    else:
        yield from _others(body, known)


def _others(body: FactBody, known: NameBook) -> Iterator[BriefingLine]:
    match body:
        case SignalNoted():
            yield surge_line(body)
        case TagsNoted() | ListedNoted():
            yield heard_line(body)
        case CommandRefused():
            order = body.command_kind.replace("_", " ")
            yield BriefingLine("happened-refused", {"words": order, "reasons": body})
            if body.who_could:
                yield BriefingLine("happened-who-could", {"people": body.who_could})
        case _ if isinstance(body, BriefingFact):
            yield from letter_lines(body, known)
        case _:
            return


def as_it_was(incident: Incident, known: NameBook, *, at: datetime) -> Iterator[BriefingLine]:
    """How an incident was at a moment: what the public read, what waited, what was promised, stopped and said."""
    yield from _status(incident, known)
    yield from _public(incident, known)
    for promise in promises(incident, at):
        if promise.is_open:
            minutes = abs(int((promise.by - at).total_seconds() // 60))
            yield BriefingLine(f"promise-{promise.state}", {"moment": promise.by, "minutes": minutes})
    yield from (BriefingLine("happened-drafted", {"what": message_line(draft)}) for draft in incident.drafts.values())
    yield from asked_lines(incident, known, waits={one.key for one in waiting(incident, at)})
    for hold in incident.holds.placed:
        if hold.id not in incident.holds.lifted:
            about = WrittenWords(hold.about)
            yield BriefingLine("held-back", {"about": about, "field": NamedWord(f"held-{hold.field}")})
    for story in by_people(incident):
        yield BriefingLine("happened-story", {"story": story.story})
        yield BriefingLine(f"story-{story.answering}")


def _status(incident: Incident, known: NameBook) -> Iterator[BriefingLine]:
    status = NamedWord(f"status-{incident.status}")
    if kind := incident.declaration:
        gaps = {"status": status, "kind": NamedWord(f"type-{kind.type}"), "level": kind.level}
        yield BriefingLine("then-declared", gaps)
    else:
        yield BriefingLine("then-status", {"status": status})
    if frozen := incident.stops.frozen:
        yield BriefingLine("frozen", {"name": known.register.called(frozen.by), "moment": frozen.at})
        yield BriefingLine("then-because", {"reason": WrittenWords(frozen.reason)})


def _public(incident: Incident, known: NameBook) -> Iterator[BriefingLine]:
    out = words_out(incident)
    for one in out:
        places = tuple(_place(on, known) for on in one.on)
        yield BriefingLine("then-out", {"what": message_line(one.message), "places": places})
    if not out:
        yield BriefingLine("then-nothing-out")


def _place(delivery: Delivery, known: NameBook) -> BriefingLine:
    gaps = {"channel": known.register.place(delivery.channel), "state": NamedWord(f"state-{delivery.state}")}
    return BriefingLine("then-place", gaps)
