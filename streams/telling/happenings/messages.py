"""What was said and taken back: drafts, releases, what channels made of them, and what was stopped."""

from collections.abc import Iterator, Mapping

from streams.subjects.incident import Incident
from streams.telling.briefing.sections import BriefingLine
from streams.telling.happenings.names import NameBook, WrittenWords, message_line, written_each
from streams.telling.happenings.steering import beyond_lines
from streams.values import Purpose
from streams.words.delivery import (
    DeliveryAsked,
    DeliveryClaimed,
    DeliveryConfirmed,
    DeliveryFact,
    DeliveryPaced,
    DeliveryRefused,
    DeliveryUnknown,
    DeliveryUnsent,
    MessageReported,
)
from streams.words.register.accounts import PartnerResumed, PartnerStopped
from streams.words.release import AmplifiedPostChanged, LineDrafted, Message, MessageAuthorised
from streams.words.stops import (
    DeliveryHeld,
    DraftReturned,
    DraftWithdrawn,
    HeldReleased,
    IncidentFrozen,
    IncidentResumed,
    ReleaseCancelled,
    Stop,
    StopFact,
)

WordsFact = LineDrafted | MessageAuthorised | MessageReported | AmplifiedPostChanged


def words_lines(body: WordsFact, known: NameBook) -> Iterator[BriefingLine]:
    """Words that wait for a yes, or got it; and a partner's post that changed after we shared it."""
    match body:
        case LineDrafted(message=message):
            yield BriefingLine("happened-drafted", {"what": message_line(message)})
            yield from _about(message, known)
        case MessageAuthorised(message=message):
            yield _let_out(body, known)
            yield from _about(message, known)
        case MessageReported(message=message, yes=yes):
            places = tuple(map(known.register.place, body.on))
            gaps = {"what": message_line(message), "channels": places, "moment": yes.at}
            yield BriefingLine("happened-by-hand", {**gaps, "person": known.register.called(yes.person)})
            yield from _about(message, known)
        case AmplifiedPostChanged(credit=credit):
            yield BriefingLine(f"happened-post-{body.change}", {"partner": credit.partner_name})


def _let_out(body: MessageAuthorised, known: NameBook) -> BriefingLine:
    message, yes, person = body.message, body.authorisation, known.register.called
    what = {"what": message_line(message)}
    if rule := yes.standing:
        name = "happened-taken-back-by-rule" if message.purpose is Purpose.WITHDRAWAL else "happened-shared-by-rule"
        people = {"registered": person(rule.registered_by), "approved": person(rule.approved_by)}
        return BriefingLine(name, {**what, **people})
    name = "happened-shared" if message.credit else "happened-released"
    return BriefingLine(name, {**what, "person": person(yes.person), "moment": yes.until})


def _about(message: Message, known: NameBook) -> Iterator[BriefingLine]:
    """Which words these mend, and what is suspected of them."""
    if message.follows and message.follows in known.messages:
        yield BriefingLine("happened-about", {"what": known.message(message.follows)})
    if message.doubts:
        doubts = written_each(message.doubts, message.why)
        yield BriefingLine("happened-doubts", {"doubts": doubts})


def delivery_lines(body: DeliveryFact, known: NameBook) -> Iterator[BriefingLine]:
    """What became of words on one channel."""
    what = {"channel": known.place(body.delivery_id), "what": known.words_of(body.delivery_id)}
    match body:
        case DeliveryAsked():
            again = "happened-asked-again" if body.attempt > 1 else "happened-asked"
            yield BriefingLine("happened-asked-person" if body.by_hand else again, {**what, "number": body.attempt})
        case DeliveryClaimed():
            yield BriefingLine("happened-sending", what)
        case DeliveryConfirmed(receipt=receipt):
            yield BriefingLine("happened-public", what)
            if receipt and receipt.url:
                yield BriefingLine("happened-seen-at", {"link": receipt.url})
            if body.left:
                yield BriefingLine("happened-left", {"left": WrittenWords(body.left)})
        case DeliveryRefused():
            yield BriefingLine("happened-not-public", {**what, "reason": WrittenWords(body.reason, body.why)})
        case DeliveryUnsent():
            reason = WrittenWords(body.reason)
            yield BriefingLine("happened-not-yet", {**what, "moment": body.retry_at, "reason": reason})
        case DeliveryPaced():
            yield BriefingLine("happened-paced", {**what, "moment": body.retry_at})
        case DeliveryUnknown():
            yield BriefingLine("happened-unknown", {**what, "reason": WrittenWords(body.reason, body.why)})


def stop_lines(body: StopFact, known: NameBook) -> Iterator[BriefingLine]:
    """What was stopped, and what goes on again."""
    match body:
        case DraftReturned() | DraftWithdrawn() | ReleaseCancelled():
            name = body.kind.replace("_", "-")
            why = body.why if isinstance(body, DraftWithdrawn) else ()
            what, reason = known.message(body.message_id), WrittenWords(body.reason, why)
            yield BriefingLine(f"happened-{name}", {"what": what, "reason": reason})
        case IncidentFrozen():
            yield BriefingLine("happened-frozen", {"reason": WrittenWords(body.reason)})
        case IncidentResumed():
            yield BriefingLine("happened-resumed", {"reason": WrittenWords(body.reason)})
            if body.held:
                yield BriefingLine("happened-resumed-held", {"count": len(body.held)})
        case DeliveryHeld() | HeldReleased():
            gaps = {"channel": known.place(body.delivery_id), "what": known.words_of(body.delivery_id)}
            name = "happened-held-back" if isinstance(body, DeliveryHeld) else "happened-goes-on"
            yield BriefingLine(name, gaps)
        case PartnerStopped():
            name = "happened-partner-stopped-account" if body.account_id else "happened-partner-stopped"
            yield BriefingLine(name, {"partner": body.partner_name, "reason": WrittenWords(body.reason, body.why)})
        case PartnerResumed():
            gaps = {"partner": known.register.partner(body.partner), "reason": WrittenWords(body.reason)}
            yield BriefingLine("happened-partner-resumed", gaps)
    if isinstance(body, ReleaseCancelled | IncidentFrozen):
        yield from beyond_lines(body.beyond, body.beyond_why)


def stopped_lines(incident: Incident, known: NameBook) -> Iterator[BriefingLine]:
    """Releases that were cancelled, and partners whose posts are stopped in this incident."""
    stops = incident.stops
    for message_id, stop in stops.releases.items():
        yield BriefingLine("stopped-release", {"what": known.message(message_id), **_stop(stop, known)})
    for partner, stop in stops.partners.items():
        yield BriefingLine("stopped-partner", {"partner": known.register.partner(partner), **_stop(stop, known)})
    for partner, accounts in stops.accounts.items():
        for stop in accounts.values():
            yield BriefingLine("stopped-account", {"partner": known.register.partner(partner), **_stop(stop, known)})


def _stop(stop: Stop, known: NameBook) -> Mapping[str, object]:
    return {"by": known.register.called(stop.by), "moment": stop.at, "reason": WrittenWords(stop.reason, stop.why)}
