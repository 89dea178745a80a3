"""The briefing, to read and print: what happened, what we said and promised, what waits, what is said of us."""

from collections.abc import Sequence

from aiohttp import web

from agents.console.pages.incident import network_part
from agents.console.pages.now import items
from agents.console.pages.overviews.volume_chart import volume_chart
from agents.console.visits import Visit
from streams.subjects.incident import Incident
from streams.telling.brief import newest_reports
from streams.telling.briefing.letter import said, told_mark
from streams.telling.briefing.sections import SECTIONS, STORIES_TOLD, Situation
from streams.telling.listening.stories import by_people
from streams.words.delivery import DeliveryState


async def page(visit: Visit) -> web.Response:
    """The incident for a person who decides nothing tonight, and has to know."""
    incident, board = await visit.incident(), visit.house.board
    messages = sorted(incident.messages.values(), key=lambda one: incident.authorisations[one.id].at, reverse=True)
    counts = await board.door.counts(incident.id)
    overview = board.overview
    known = Situation(incident, counts, visit.now, overview.cases, overview.register_log)
    chart = volume_chart(known.quarters)
    return visit.page(
        "briefing",
        incident=incident,
        reports=newest_reports(incident),
        said=[(one, incident.authorisations[one.id], _public(visit, incident, one.id)) for one in messages],
        items=items(visit, incident),
        **network_part(incident, visit),
        sections=[(name, told) for name in SECTIONS if (told := _told(name, known, visit))],
        chart=chart,
        stories=by_people(incident)[:STORIES_TOLD],
        ticks=[(x, f"{at.astimezone(visit.house.zone):%H:%M}") for x, at in chart.ticks],
        rows=[(bar.quarter, [told_mark(one, visit.says) for one in bar.quarter.marks]) for bar in chart.bars],
    )


def _told(name: str, known: Situation, visit: Visit) -> Sequence[tuple[str, bool]]:
    """The sentences of a section, each with whether it is urgent."""
    zone = visit.house.zone
    return [(said(one, visit.says, zone=zone, now=known.now), one.urgent) for one in SECTIONS[name](known)]


def _public(visit: Visit, incident: Incident, message_id: str) -> Sequence[str]:
    """What the channels are called on which this message surely is."""
    mine = (one for one in incident.deliveries.values() if one.message_id == message_id)
    return [visit.house.place(one.channel) for one in mine if one.state is DeliveryState.CONFIRMED]
