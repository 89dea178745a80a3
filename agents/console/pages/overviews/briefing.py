"""The briefing, to read and print: what happened, what we said and promised, what waits, what is said of us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from agents.console.pages.incident import network_part
from agents.console.pages.now import items
from agents.console.visits import Visit
from streams.decisions.listening.surge import MINUTE, Counts, minute_of
from streams.subjects.promises import promises
from streams.telling.brief import newest_reports
from streams.telling.listening.stories import by_people
from streams.words.delivery import Delivery, DeliveryState

MINUTES_SHOWN, TICK_MINUTES = 30, 10
WIDTH, HEIGHT, FOOT = 372.0, 120.0, 20.0
"""Of the drawing's view box: a telephone's page is about as wide."""
SHARE = 0.8
"""How much of its place a bar takes."""


@dataclass(frozen=True, slots=True)
class MinuteBar:
    """The posts of one minute that named us, and where the bar stands, in units of the view box."""

    at: datetime
    count: int
    x: float
    y: float
    width: float
    height: float
    surge: bool


async def page(visit: Visit) -> web.Response:
    """The incident for a person who decides nothing tonight, and has to know."""
    incident = await visit.incident()
    said = sorted(incident.messages.values(), key=lambda one: incident.authorisations[one.id].at, reverse=True)
    counts = await visit.house.board.door.counts(incident.id)
    bars = minute_bars(counts, visit.now, surges=counts.signalled_at)
    return visit.page(
        "briefing",
        incident=incident,
        reports=newest_reports(incident),
        said=[(one, incident.authorisations[one.id], _public(incident.deliveries, one.id)) for one in said],
        promises=[one for one in promises(incident, visit.now) if one.is_open],
        items=items(visit, incident),
        **network_part(incident, visit),
        stories=by_people(incident),
        bars=bars,
        times=[(one.x, f"{one.at.astimezone(visit.house.zone):%H:%M}") for one in bars[::TICK_MINUTES]],
        total=counts.total,
        most=max(bars, key=lambda one: one.count) if any(one.count for one in bars) else None,
        height=HEIGHT,
        width=WIDTH,
        foot=FOOT,
    )


def _public(deliveries: Mapping[str, Delivery], message_id: str) -> Sequence[str]:
    """The channels on which this message surely is."""
    mine = (one for one in deliveries.values() if one.message_id == message_id)
    return [one.channel for one in mine if one.state is DeliveryState.CONFIRMED]


def minute_bars(counts: Counts, now: datetime, *, surges: datetime | None = None) -> Sequence[MinuteBar]:
    """A bar for each of the last minutes, those without a post included; `surges` is the minute of the last surge."""
    last, most = minute_of(now), max(counts.minutes.values(), default=0)
    step = WIDTH / MINUTES_SHOWN
    found = []
    for place in range(MINUTES_SHOWN):
        at = last - MINUTE * (MINUTES_SHOWN - 1 - place)
        count = counts.minutes.get(at, 0)
        high = (HEIGHT - 2 * FOOT) * count / most if most else 0.0
        x = step * place + step * (1 - SHARE) / 2
        y = HEIGHT - FOOT - high
        found.append(
            MinuteBar(at, count, round(x, 1), round(y, 1), round(step * SHARE, 1), round(high, 1), at == surges)
        )
    return found
