"""One incident: what the public reads now, what waits, what is promised, and what was done."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aiohttp import web

from agents.console.pages.now import concerns, elsewhere, frozen_now, items, own_in
from agents.console.pages.overviews.sentences import sentence
from agents.console.visits import Visit
from agents.runtime.views.console_words import LANGUAGES, ToldReason
from streams.decisions.sign_off.links import path_to
from streams.projections.promises import without_an_all_clear
from streams.projections.words_out import NotOut, WordsOut, not_out, words_out
from streams.subjects.attention import drafts_open
from streams.subjects.incident import OVER, Incident
from streams.subjects.promises import promises
from streams.telling.brief import newest_reports
from streams.telling.briefing.sections import BriefingLine
from streams.telling.happenings.messages import stopped_lines
from streams.telling.happenings.names import name_book
from streams.telling.happenings.searches import asked_lines
from streams.telling.listening.stories import by_people
from streams.telling.network.beside import compared
from streams.telling.network.lines import next_steps, steps_of
from streams.telling.network.partners_beside import differing_posts
from streams.values import Purpose
from streams.words.delivery import Delivery, DeliveryState

REPORTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ChannelPlace:
    """Where one message has come to on one channel, by the title of that."""

    title: str
    state: DeliveryState
    says: Sequence[ToldReason]
    link: str | None
    attempt: int
    waits_until: datetime | None
    practice: str | None = None

    @classmethod
    def of(cls, delivery: Delivery, visit: Visit) -> "ChannelPlace":
        """The place of a delivery."""
        receipt = delivery.receipt
        reason = visit.words.reason(delivery.reason, delivery.why) if delivery.reason else None
        left = ToldReason(delivery.left, LANGUAGES[0]) if delivery.left else None
        seen = ToldReason(receipt.words, LANGUAGES[0]) if receipt and receipt.words else None
        said = [seen] if seen else [*filter(None, (reason, left))]
        link, until = receipt.url if receipt else None, delivery.due_at if delivery.paced_at else None
        title = visit.house.place(delivery.channel)
        place = cls(title, delivery.state, said, link, attempt=delivery.attempt, waits_until=until)
        return replace(place, practice=_practice_of(delivery)) if _is_practised(delivery, visit) else place


def _practice_of(delivery: Delivery) -> str:
    """The page of a practice that shows it."""
    return f"{path_to('practice', delivery.channel)}#{delivery.message_id}"


def _is_practised(delivery: Delivery, visit: Visit) -> bool:
    """Whether a page of the practice shows it."""
    return delivery.state is DeliveryState.CONFIRMED and delivery.channel in visit.house.looks.practice.channels()


@dataclass(frozen=True, slots=True)
class Out:
    """One message that the public reads, or may."""

    words: WordsOut
    places: Sequence[ChannelPlace]
    mendable: bool


@dataclass(frozen=True, slots=True)
class Over:
    """What an incident that is over left: channels without an all-clear, by their titles, cases, dead drafts."""

    uncleared: Sequence[str]
    cases: Sequence[tuple[str, str]]
    drafts: int


async def page(visit: Visit) -> web.Response:
    """The incident as it is now."""
    found = await visit.incident()
    done = visit.was_heard(found)
    return visit.page("incident", incident=found, live=await part(visit), done=done, waits=0)


async def own(visit: Visit) -> Hashable:
    """What of the page is this person's alone."""
    return own_in(visit, await visit.incident())


async def part(visit: Visit) -> str:
    """The live part of it."""
    found = await visit.incident()
    out = [_out(one, visit) for one in words_out(found)]
    known = replace(name_book(found, [], register=visit.register), concerns=concerns(visit, found))
    open_promises = [one for one in promises(found, visit.now) if one.is_open]
    return visit.part(
        "incident-live",
        incident=found,
        items=items(visit, found),
        elsewhere=elsewhere(visit, found),
        freezes=frozen_now(visit, [found]),
        out=out,
        not_out=[_refused(one, visit) for one in not_out(found)],
        promises=open_promises,
        minutes=[int((one.by - visit.now).total_seconds() // 60) for one in open_promises],
        reports=newest_reports(found, REPORTS_SHOWN),
        stops=[*_in_words(stopped_lines(found, known), visit)],
        sent_back=found.stops.drafts,
        held=[one for one in found.holds.placed if one.id not in found.holds.lifted],
        asked=[*_in_words(asked_lines(found, known, waits=known.concerns), visit)],
        stories=by_people(found),
        end=_end(found, visit) if found.status in OVER else None,
        **network_part(found, visit),
    )


def _in_words(found: Iterable[BriefingLine], visit: Visit) -> Iterator[str]:
    zone, now = visit.house.zone, visit.now
    return (sentence(one, visit.words, zone=zone, now=now) for one in found)


def network_part(incident: Incident, visit: Visit) -> Mapping[str, Any]:
    """What a page shows of the responders and the steps of an incident."""
    steps = [(one, one.is_overdue(visit.now)) for one in steps_of(incident)]
    next_now = [(one, one.is_overdue(visit.now)) for one in next_steps(incident, visit.now)]
    several = len(incident.network.reporters) > 1
    return {
        "network": incident.network,
        "differing_posts": differing_posts(incident),
        "letters": compared(incident.network) if several else [],
        "steps": steps,
        "steps_next": next_now,
        "has_responders": bool(visit.register.responders),
    }


def _end(incident: Incident, visit: Visit) -> Over:
    cases = [one for one in visit.house.board.overview.cases if one.incident == incident.id and one.is_open]
    return Over(
        sorted(map(visit.house.place, without_an_all_clear(incident))),
        [(path_to("cases", one.id), f"{visit.says(f'sort-{one.sort}')}: {one.about}") for one in cases],
        len(incident.drafts) - len(drafts_open(incident)),
    )


def _refused(one: NotOut, visit: Visit) -> tuple[Purpose, ChannelPlace, Sequence[str]]:
    """Words that a channel refused, with the people who could mend that."""
    place = ChannelPlace.of(one.delivery, visit)
    return one.message.purpose, place, visit.register.keepers_of(one.delivery.channel)


def _out(one: WordsOut, visit: Visit) -> Out:
    mendable = one.message.purpose is not Purpose.WITHDRAWAL
    return Out(one, [ChannelPlace.of(delivery, visit) for delivery in one.on], mendable)
