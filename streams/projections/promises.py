"""What a stand-down would leave behind."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from streams.moments import told_in
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.promises import promises
from streams.values import Purpose
from streams.words.delivery import DeliveryState
from streams.words.network.state import Network


@dataclass(frozen=True, slots=True)
class StaysOpen:
    """What a stand-down would leave behind.

    By when the next words were promised, the channels without an all-clear, what other programs would post, drafts
    that wait for a yes, and cases that are not closed.
    """

    promised: Sequence[datetime]
    uncleared: Iterable[str]
    pauses: Sequence[str]
    drafts: Sequence[str]
    cases: Sequence[Case]


def stays_open(incident: Incident, cases: Iterable[Case], *, now: datetime) -> StaysOpen:
    """What would stay open after the end."""
    return StaysOpen(
        promised=[one.by for one in promises(incident, now) if one.is_open],
        uncleared=without_an_all_clear(incident),
        pauses=[*_pauses(incident.network)],
        drafts=[*incident.drafts],
        cases=[one for one in cases if one.incident == incident.id and one.is_open],
    )


def left_open(
    incident: Incident,
    cases: Iterable[Case],
    *,
    now: datetime,
    zone: tzinfo,
    place: Callable[[str], str] = str,
) -> Iterator[str]:
    """What a stand-down would leave behind, a sentence each: promises, words without an all-clear, cases.

    `place` says what people call a channel.
    """
    found = stays_open(incident, cases, now=now)
    for by in found.promised:
        yield f"the public was promised the next update by {told_in(zone, by)}: release it first"
    if channels := sorted(map(place, found.uncleared)):
        yield f"the public on {', '.join(channels)} heard of the incident and of no all-clear: release one"
    yield from found.pauses
    if found.drafts:
        yield f"messages that wait for a yes: {len(found.drafts)}; nobody can give it after the end"
    for case in found.cases:
        yield f"case {case.id} ({case.sort}) is not closed; it stays open and is shown in the status"


def _pauses(network: Network) -> Iterator[str]:
    """What other programs would post: the service holds it, or a person paused them."""
    for paused in network.schedulers:
        if network.holds_all_of(paused):
            if posts := network.pauses[paused.scheduler.id].posts:
                yield f"scheduled posts of {paused.scheduler.name} are held, {len(posts)}: look at each after the end"
        elif paused.pausing.id in network.ticked:
            yield f"{paused.scheduler.name} is paused: after the end a step asks a person to let it post again"


def without_an_all_clear(incident: Incident) -> set[str]:
    """The channels on which a message of the incident is public that nobody withdrew, and no all-clear."""
    public = [one for one in incident.deliveries.values() if one.state is DeliveryState.CONFIRMED]
    there = {(one.message_id, one.channel): incident.messages[one.message_id] for one in public}
    cleared = {channel for (_, channel), message in there.items() if message.purpose is Purpose.ALL_CLEAR}
    withdrawn = {
        (message.follows, channel) for (_, channel), message in there.items() if message.purpose is Purpose.WITHDRAWAL
    }
    tells = {key for key, message in there.items() if message.purpose is not Purpose.WITHDRAWAL}
    return {channel for _, channel in tells - withdrawn} - cleared
