"""Facts and states in words, for a person with a telephone in one hand."""

from collections.abc import Iterator

from streams.subjects.incident import Incident
from streams.telling.changes import told_change
from streams.telling.searches import told_search, told_searches
from streams.telling.stops import told_beyond, told_stop, told_stops, told_wait
from streams.words.delivery import (
    Delivery,
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryRefused,
    DeliveryUnknown,
    DeliveryUnsent,
)
from streams.words.facts import CommandRefused, Fact
from streams.words.holds import HoldLifted, HoldPlaced
from streams.words.incident import (
    ExerciseBegun,
    IncidentCancelled,
    IncidentDeclared,
    IncidentStoodDown,
    ReportReceived,
    SignalNoted,
)
from streams.words.register.changes import ChangeFact
from streams.words.release import AmplifiedPostChanged, LineDrafted, Message, MessageAuthorised
from streams.words.sign_off import SearchFact
from streams.words.stops import StopFact


def told(fact: Fact) -> str:
    """One line for one fact, with its mode, so that a drill is not taken for the real thing, nor that for a drill."""
    return apart(f"{fact.at:%H:%M:%S} UTC  {fact.sequence:>3}  {_words(fact)}  [{fact.by}, {fact.mode}]")


def apart(line: str) -> str:
    """A line with what somebody wrote in it: where they broke it, the rest never looks like a line of ours."""
    return line.replace("\n", "\n      ")


def _words(fact: Fact) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of fact
    match fact.body:
        case IncidentDeclared(declaration=one, rule=rule):
            return f"declared: {one.name}, {one.type} level {one.level}, by rule {rule}"
        case ReportReceived(methane=one):
            return (
                f"{'METHANE' if one.major_incident else 'ETHANE'} report: {one.type_of_incident}, {one.exact_location}"
            )
        case LineDrafted(message=one):
            return f"{one.purpose} {one.id}{_follows(one)} waits for sign-off of content {one.content_hash}"
        case MessageAuthorised(message=one, authorisation=yes):
            until = f"{yes.until:%d %b %H:%M} UTC"
            signed = f", signed with {yes.key}" if yes.key else ""
            said = f"{one.purpose} {one.id}{_follows(one)} authorised by {yes.person}{signed}"
            return f"{said}, rule {yes.rule}, until {until}"
        case DeliveryAsked() as one:
            return f"{one.channel} asked to publish {one.message_id} (attempt {one.attempt})"
        case DeliveryClaimed() as one:
            return f"{one.dispatch.channel}: sending, delivery {one.delivery_id}"
        case DeliveryConfirmed() as one:
            return f"public: delivery {one.delivery_id} ({one.receipt or 'no receipt'})"
        case DeliveryRefused() | DeliveryUnsent() as one:
            return f"not public: delivery {one.delivery_id}: {one.reason}"
        case DeliveryUnknown() as one:
            return f"UNKNOWN, it may be public: delivery {one.delivery_id} on {one.dispatch.channel}: {one.reason}"
        case SignalNoted() as one:
            templates = ", ".join(one.templates) or "none"
            return f"{one.signal}: {one.count} mentions in a minute; templates that fit: {templates}"
        case CommandRefused() as one:
            could = f" Who could: {', '.join(one.who_could)}." if one.who_could else ""
            return f"REFUSED {one.command_kind}: {'; '.join(one.reasons)}.{could}"
        case AmplifiedPostChanged() as one:
            return f"{one.credit.partner_name} {one.change} a post that we sent out again: decide what ours becomes"
        case IncidentStoodDown(reason=reason) | IncidentCancelled(reason=reason):
            return f"{fact.body.kind.removeprefix('incident_').replace('_', ' ')}: {reason}"
        case HoldPlaced(hold=hold):
            by = f"to be lifted by {', '.join(hold.holders)}{told_beyond(fact.body.beyond)}"
            return f"held back: {hold.about} ({hold.field}), hold {hold.id}, {by}"
        case HoldLifted() as one:
            return f"hold {one.hold} lifted{f' on post {one.evidence}' if one.evidence else ''}: {one.reason}"
        case one if isinstance(one, SearchFact):
            return told_search(one)
        case one if isinstance(one, StopFact):
            return told_stop(one)
        case one if isinstance(one, ChangeFact):
            return told_change(one)
        case ExerciseBegun(title=title):
            return f"exercise began: {title}"


def picture(incident: Incident) -> Iterator[str]:
    """What a commander wants to know of one incident, in lines."""
    return map(apart, _picture(incident))


def _picture(incident: Incident) -> Iterator[str]:
    declaration = incident.declaration
    name = f"{declaration.name}, {declaration.type} level {declaration.level}" if declaration else "not declared"
    seen = f"{incident.reported} reports, {incident.sequence} facts, mode {incident.mode}"
    yield f"{incident.id}: {incident.status}, {name}, {seen}"
    for hold in incident.holds.placed:
        state = "lifted" if hold.id in incident.holds.lifted else "held back"
        yield f"  {state}: {hold.about} ({hold.field}), hold {hold.id}"
    for name in incident.holds.lifted.keys() - {hold.id for hold in incident.holds.placed}:
        yield f"  lifted: hold {name} of the register"
    for draft in incident.drafts.values():
        on, until = ", ".join(draft.channels), f"{draft.expires_at:%d %b %H:%M} UTC"
        what = f"{draft.purpose}{_follows(draft)}"
        yield f"  waits for sign-off: {draft.id} {draft.content_hash}, {what} on {on}, until {until}"
        for language in draft.texts:
            yield f"    {language}: {draft.text_for(language)}"
    yield from (f"  {line}" for line in (*told_searches(incident), *told_stops(incident)))
    for message in incident.messages.values():
        said_yes = incident.authorisations[message.id].person
        yield f"  {message.purpose} {message.id}{_follows(message)}, signed off by {said_yes}"
        for delivery in incident.deliveries.values():
            if delivery.message_id == message.id:
                yield f"    {_state(delivery)}{told_wait(incident, delivery)}"


def _follows(message: Message) -> str:
    """Which message it is about; nothing where it names none."""
    return f" to {message.follows}" if message.follows else ""


def _state(delivery: Delivery) -> str:
    reason = f": {delivery.reason}" if delivery.reason else ""
    return f"{delivery.channel}: {delivery.state.upper()} ({delivery.id}, attempt {delivery.attempt}){reason}"
