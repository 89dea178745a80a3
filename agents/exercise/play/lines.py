"""Telling: each fact as one line of the running timeline, in words for whoever directs the exercise."""

from collections.abc import Mapping

from agents.exercise.played import Moment, MomentKind, Outcome
from streams.telling.facts import told_doubts
from streams.telling.searches import told_search
from streams.telling.stops import told_beyond, told_stop
from streams.words.delivery import DeliveryConfirmed, DeliveryRefused, DeliveryUnknown, DeliveryUnsent
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
from streams.words.posts import DeadLetter
from streams.words.register.entries import Register
from streams.words.release import AmplifiedPostChanged, Authorisation, LineDrafted, Message, MessageAuthorised
from streams.words.sign_off import PageRecorded, SearchFact
from streams.words.stops import StopFact


def moment_of(fact: Fact, register: Register, *, deliveries: Mapping[str, str]) -> Moment | None:
    """What a fact says to a person; None for steps of the machinery. `deliveries` names each delivery's channel."""
    told = _told(fact, register, deliveries)
    return Moment(at=fact.at, kind=told[0], text=told[1], id=fact.id) if told else None


def _told(  # noqa: C901, PLR0911 - one line for each kind of fact
    fact: Fact, register: Register, deliveries: Mapping[str, str]
) -> tuple[MomentKind, str] | None:
    match fact.body:
        case ExerciseBegun(wiring=wiring):
            return (
                "told",
                f"The exercise begins on {', '.join(one.channel for one in wiring)}: none can reach the public",
            )
        case ReportReceived(methane=one):
            name = "METHANE" if one.major_incident else "ETHANE"
            return "noted", f"{name} report: {one.type_of_incident}, {one.exact_location}"
        case IncidentDeclared(declaration=one):
            return "declared", f"DECLARED by {register.called(fact.by)}: {one.name}, {one.type}, level {one.level}"
        case IncidentStoodDown(reason=reason) | IncidentCancelled(reason=reason):
            return "declared", f"{fact.body.kind.removeprefix('incident_').replace('_', ' ').upper()}: {reason}"
        case LineDrafted(message=one):
            return "asked", f"A line by {register.called(fact.by)} waits for sign-off ({one.id}){told_doubts(one)}"
        case MessageAuthorised(message=one, authorisation=yes):
            return "signed", _told_yes(one, yes, register)
        case CommandRefused() as one:
            could = f" Who could: {', '.join(one.who_could)}." if one.who_could else ""
            return "refused", f"{one.command_kind.replace('_', ' ')} refused: {'; '.join(one.reasons)}.{could}"
        case SignalNoted() as one:
            return (
                "noted",
                f"{one.signal}: {one.count} mentions in a minute; fitting: {', '.join(one.templates) or '-'}",
            )
        case AmplifiedPostChanged() as one:
            return "trouble", f"{one.credit.partner_name} {one.change} a post that we sent out again: decide about ours"
        case HoldPlaced(hold=hold):
            until = f"until one of {', '.join(hold.holders)} lifts it{told_beyond(fact.body.beyond)}"
            return "asked", f"Held back: {hold.about} ({hold.field}), {until}"
        case HoldLifted() as one:
            return "signed", f"{register.called(fact.by)} lifts the hold {one.hold}: {one.reason}"
        case one if isinstance(one, SearchFact) and not isinstance(one, PageRecorded):
            return "asked", told_search(one)
        case one if isinstance(one, StopFact):
            return "noted", f"{register.called(fact.by)}: {told_stop(one)}"
        case _:
            return _told_delivery(fact, deliveries)


def _told_yes(message: Message, yes: Authorisation, register: Register) -> str:
    who = register.called(yes.person)
    if message.credit:
        return f"{message.credit.partner_name}: post goes out again on the standing yes of {who}, rule {yes.rule}"
    return f"{message.purpose} signed off by {who}, rule {yes.rule}{told_doubts(message)}"


def _told_delivery(fact: Fact, deliveries: Mapping[str, str]) -> tuple[MomentKind, str] | None:
    match fact.body:
        case DeliveryConfirmed() as one:
            return "out", f"Public on {deliveries.get(one.delivery_id, '?')}"
        case DeliveryRefused() | DeliveryUnsent() | DeliveryUnknown() as one:
            state = one.kind.removeprefix("delivery_")
            return "trouble", f"{deliveries.get(one.delivery_id, '?')}: {state}: {one.reason}"
        case _:
            return None


def told_letter(letter: DeadLetter) -> Moment:
    """A record that was set aside."""
    topic = letter.topic.rpartition(".")[2]
    return Moment(
        at=letter.at, kind="lost", text=f"Set aside from {topic}: {letter.reason}", id=f"offset-{letter.offset}"
    )


def told_outcome(outcome: Outcome, moment: Moment) -> Moment:
    """A judgement, as of this moment."""
    word = "As expected" if outcome.held else "NOT as expected"
    return moment.model_copy(update={"kind": "judged", "text": f"{word}: {outcome.says} ({outcome.found})"})
