"""An incident in brief: what a commander reads at a glance, on one screen. `picture` has everything."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from streams.moments import told_in
from streams.projections.promises import without_an_all_clear
from streams.projections.words_out import WordsOut, not_out, words_out
from streams.subjects.incident import Incident
from streams.subjects.promises import promises
from streams.telling.attention import told_promises
from streams.telling.deliveries import told_not_out
from streams.telling.facts import apart, told_delivery_state
from streams.telling.listening.influence import listed_lines
from streams.telling.listening.stories import story_lines
from streams.telling.listening.tags import tag_lines
from streams.telling.network.lines import network_lines
from streams.telling.searches import told_searches
from streams.telling.stops import told_stops, told_wait
from streams.words.delivery import DeliveryState
from streams.words.incident import Methane
from streams.words.register.entries import Register
from streams.words.release import Message

OUT_SHOWN, DRAFTS_SHOWN, OTHERS_SHOWN, REPORTS_SHOWN = 3, 2, 3, 2
WIDTH = 62
"""So many signs of a text are shown."""
ALL = "`holdingline status --all`"


def brief(
    incident: Incident,
    now: datetime,
    *,
    zone: tzinfo,
    several: bool = False,
    register: Register | None = None,
) -> Iterator[str]:
    """The state of one incident in at most some thirty lines; `incident` is whole.

    Where `several` incidents are shown, the reports are left out, so that what is promised and public comes first.
    The `register` says who could mend it if a channel refused words.
    """
    return map(apart, _brief(incident, now, zone=zone, several=several, register=register))


def told_report(methane: Methane) -> str:
    """What a METHANE report says of the place, the dangers and the people, in one line; it is never public."""
    said = {
        "hazards": ", ".join(methane.hazards),
        "access": methane.access,
        "casualties": methane.number_of_casualties,
    }
    more = "; ".join(f"{name}: {words or 'not reported'}" for name, words in said.items())
    return f"{methane.type_of_incident}, {methane.exact_location}; {more}"


def newest_reports(incident: Incident, most: int = REPORTS_SHOWN) -> Sequence[str]:
    """The newest reports that differ, the newest first: several responders may disagree. `incident` is whole."""
    told: dict[str, None] = {}
    for one in reversed(incident.reports):
        told[told_report(one)] = None
        if len(told) == most:
            break
    return [*told]


def told_reports(incident: Incident) -> Iterator[str]:
    """The same, each with a word that says what it is."""
    return (f"reported: {line}" for line in newest_reports(incident))


def at_most(most: int, lines: Sequence[str], *, rest: str) -> Iterator[str]:
    """The first lines, and one that counts the others."""
    yield from lines[:most]
    if len(lines) > most:
        yield f"and {len(lines) - most} more {rest}: {ALL}"


def _brief(
    incident: Incident, now: datetime, *, zone: tzinfo, several: bool, register: Register | None
) -> Iterator[str]:
    declaration = incident.declaration
    name = f"{declaration.name}, {declaration.type} level {declaration.level}" if declaration else "not declared"
    since = f" since {told_in(zone, incident.declared_at)}" if incident.declared_at and incident.is_live else ""
    yield f"{incident.id}: {incident.status}{since}, {name}, mode {incident.mode}"
    yield from (f"  {line}" for line in _ending(incident, zone=zone, register=register))
    yield from (f"  {line}" for line in ([] if several else told_reports(incident)))
    yield from (f"  {line}" for line in ([] if several else network_lines(incident, now, zone=zone)))
    yield from (f"  {line}" for line in told_promises(promises(incident, now), zone))
    yield from (f"  {line}" for line in story_lines(incident))
    refused = [told_not_out(one, register) for one in not_out(incident)]
    yield from (f"  {line}" for line in at_most(OTHERS_SHOWN, refused, rest="that a channel refused"))
    yield from _out(incident, zone=zone)
    yield from (f"  {line}" for line in (*listed_lines(incident, zone), *tag_lines(incident)))
    drafts = ["\n".join(_draft(draft, zone)) for draft in incident.drafts.values()]
    yield from (line for one in at_most(DRAFTS_SHOWN, drafts, rest="drafts") for line in f"  {one}".splitlines())
    yield from (f"  {line}" for line in at_most(OTHERS_SHOWN, [*told_searches(incident, zone)], rest="about searches"))
    # The freeze comes first, then what was stopped; the newest of that matters.
    stopped = [*told_stops(incident, zone)]
    frozen = [stopped.pop(0)] if incident.stops.frozen else []
    yield from (f"  {line}" for line in (*frozen, *at_most(OTHERS_SHOWN, stopped[::-1], rest="that were stopped")))
    held = [hold for hold in incident.holds.placed if hold.id not in incident.holds.lifted]
    told = [f"held back: {hold.about} ({hold.field}), hold {hold.id}" for hold in held]
    yield from (f"  {line}" for line in at_most(OTHERS_SHOWN, told, rest="holds"))


def _ending(incident: Incident, *, zone: tzinfo, register: Register | None) -> Iterator[str]:
    """Who ended it, when and why, and where the public still lacks the all-clear."""
    if ending := incident.ending:
        by = register.called(ending.by) if register else ending.by
        yield f"OVER since {told_in(zone, ending.at)}, by {by}: {ending.reason}"
        if channels := sorted(without_an_all_clear(incident)):
            yield f"no all-clear on {', '.join(channels)}: `holdingline all-clear {incident.id}` still gives it"


def _out(incident: Incident, *, zone: tzinfo) -> Iterator[str]:
    out = words_out(incident)
    own = [one for one in out if not one.message.credit]
    if not own and incident.is_live:
        yield "  OUT  nothing of our own"
    for one in own[:OUT_SHOWN]:
        yield from _told(one, incident, zone=zone)
    if len(own) > OUT_SHOWN:
        yield f"  OUT  {len(own) - OUT_SHOWN} earlier messages: {ALL}"
    yield from _posts([one for one in out if one.message.credit], incident, zone=zone)


def _posts(posts: Sequence[WordsOut], incident: Incident, *, zone: tzinfo) -> Iterator[str]:
    if posts:
        newest, count = posts[0], f"{len(posts)} posts of partners, the newest" if len(posts) > 1 else "a post"
        credit = newest.message.credit
        yield f"  OUT  {count} of {credit.partner_name if credit else 'a partner'}{_since(newest, zone)}"
        yield from _places(newest, incident, zone=zone)


def _told(one: WordsOut, incident: Incident, *, zone: tzinfo) -> Iterator[str]:
    message = one.message
    about = f" to {message.follows}" if message.follows else ""
    yield f"  OUT  {message.purpose} {message.id}{about}{_since(one, zone)}, by {one.person}"
    yield f"       {_words(message)}"
    yield from (f"       in doubt: {doubt}" for doubt in message.doubts)
    yield from _places(one, incident, zone=zone)


def _places(one: WordsOut, incident: Incident, *, zone: tzinfo) -> Iterator[str]:
    """Where it is, a line for each channel: its link, or what its receipt says. Those without either come last."""
    plain: list[str] = []
    for delivery in one.on:
        link = delivery.receipt.url if delivery.receipt else None
        if delivery.state is not DeliveryState.CONFIRMED:
            yield f"       {told_delivery_state(delivery, zone)}{told_wait(incident, delivery)}"
        elif delivery.receipt:
            yield f"       {delivery.channel}: {link or delivery.receipt.words}"
        else:
            plain.append(delivery.channel)
    if plain:
        yield f"       on {', '.join(plain)}"


def _draft(draft: Message, zone: tzinfo) -> Iterable[str]:
    until = told_in(zone, draft.expires_at)
    about = f" to {draft.follows}" if draft.follows else ""
    yield f"waits for sign-off: {draft.purpose} {draft.id}{about} on {', '.join(draft.channels)}, until {until}"
    yield f"       {_words(draft)}"


def _words(message: Message) -> str:
    words = " ".join(next(iter(message.texts.values()), "deleted, without words").split())
    return f"“{words[:WIDTH].rstrip()}…”" if len(words) > WIDTH else f"“{words}”"


def _since(one: WordsOut, zone: tzinfo) -> str:
    return f", public since {told_in(zone, one.since)}" if one.since else ", NOT public yet"
