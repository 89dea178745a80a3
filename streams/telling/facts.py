"""Facts and states in words, for a person with a telephone in one hand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import tzinfo

from streams.decisions.partners.accounts import post_became
from streams.decisions.plans.holding import kept_elsewhere
from streams.moments import told_in
from streams.subjects.incident import Incident
from streams.subjects.plan import Plan, PlanStatus
from streams.telling.briefing.facts import told_briefing
from streams.telling.cases import told_case
from streams.telling.changes import told_account, told_change, told_noted
from streams.telling.deliveries import told_delivery, told_picture, told_plan
from streams.telling.listening.facts import told_heard_fact
from streams.telling.listening.influence import listed_lines
from streams.telling.listening.stories import story_line
from streams.telling.listening.tags import tag_lines
from streams.telling.names import Names, names_of
from streams.telling.network.facts import told_network
from streams.telling.network.lines import whole_network
from streams.telling.searches import told_search, told_searches
from streams.telling.stops import told_hold, told_stop, told_stops, told_wait
from streams.values import Form
from streams.words.briefings.letters import BriefingFact
from streams.words.cases import CaseFact
from streams.words.delivery import Delivery, DeliveryFact, MessageReported
from streams.words.facts import CommandRefused, Fact, FactBody
from streams.words.feeds import FeedNoted
from streams.words.holds import HoldFact
from streams.words.incident import (
    ExerciseBegun,
    IncidentCancelled,
    IncidentDeclared,
    IncidentReclassified,
    IncidentRenamed,
    IncidentStoodDown,
    ReportReceived,
    SignalNoted,
)
from streams.words.listening.facts import HeardFact
from streams.words.network.orders import NetworkFact
from streams.words.plans import PlanFact
from streams.words.register.accounts import AccountFact, RouteNoted
from streams.words.register.changes import ChangeFact
from streams.words.register.kept import FilesNoted, UnconfirmedNoted
from streams.words.register.partners import LookAlikeFact
from streams.words.register.passkeys import SignInsFailed
from streams.words.release import (
    MENDS,
    AmplifiedPostChanged,
    Authorisation,
    LineDrafted,
    Message,
    MessageAuthorised,
)
from streams.words.risks.noted import RisksNoted
from streams.words.sign_off import SearchFact
from streams.words.stops import StopFact

SteeringFact = (
    ReportReceived | IncidentDeclared | IncidentRenamed | IncidentReclassified | IncidentStoodDown | IncidentCancelled
)
IncidentFact = (
    ExerciseBegun
    | LineDrafted
    | MessageAuthorised
    | MessageReported
    | SignalNoted
    | CommandRefused
    | AmplifiedPostChanged
)
NO_NAMES = Names()
POST_STATES = {
    PlanStatus.NONE: "not planned",
    PlanStatus.DRAFTED: "WAITS for another person's yes",
    PlanStatus.PLANNED: "planned",
    PlanStatus.HELD: "HELD",
    PlanStatus.OUT: "out",
    PlanStatus.DROPPED: "dropped",
}


def fact_line(fact: Fact, names: Names = NO_NAMES) -> str:
    """One line for one fact, with its mode, so that a drill and the real thing are not mistaken for each other."""
    at, words = fact.at.astimezone(names.zone), told(fact, names)
    return apart(f"{at:%H:%M:%S %Z}  {fact.sequence:>3}  {words}  [{told_by(fact, names)}, {fact.mode}]")


def told_by(fact: Fact, names: Names = NO_NAMES) -> str:
    """Who did it, and who entered it for them."""
    relayed = f", said on the telephone to {names.person(fact.relayed_by)}" if fact.relayed_by else ""
    return names.person(fact.by) + relayed


def fact_lines(facts: Sequence[Fact], known: Iterable[Fact] = (), *, zone: tzinfo) -> list[str]:
    """A line for each of these facts; `known` are earlier ones that name what these are about."""
    names = replace(names_of([*known, *facts]), zone=zone)
    return [fact_line(fact, names) for fact in facts]


def apart(text: str) -> str:
    """Indent what follows a line break in somebody's words, so that it cannot look like a line of this program."""
    return text.replace("\n", "\n      ")


def told(one: Fact | FactBody, names: Names = NO_NAMES) -> str:
    """The one sentence for this fact: the command line, the drill and every page show it as it is here.

    `fact_line` adds who did it and when, which a fact's body does not say.
    """
    body = one.body if isinstance(one, Fact) else one
    if isinstance(body, DeliveryFact):
        return told_delivery(body, names)
    if isinstance(body, SearchFact):
        return told_search(body, names.zone)
    if isinstance(body, StopFact):
        return told_stop(body)
    if isinstance(body, HoldFact | NetworkFact):
        return told_network(body) if isinstance(body, NetworkFact) else told_hold(body, names)
    if isinstance(body, ChangeFact | HeardFact):
        return told_heard_fact(body, names) if isinstance(body, HeardFact) else told_change(body, names.zone)
    if isinstance(body, FilesNoted | UnconfirmedNoted | RisksNoted | FeedNoted | SignInsFailed):
        return told_noted(body, names.zone)
    if isinstance(body, CaseFact | BriefingFact):
        return told_briefing(body) if isinstance(body, BriefingFact) else told_case(body, names)
    if isinstance(body, AccountFact | RouteNoted | LookAlikeFact):
        return told_account(body, names.zone)
    if isinstance(body, PlanFact):
        return told_plan(body, names)
    return _told_steering(body) if isinstance(body, SteeringFact) else _told(body, names)


def _told(body: IncidentFact, names: Names) -> str:
    match body:
        case ExerciseBegun(wiring=wiring):
            channels = ", ".join(one.channel for one in wiring) or "no channel"
            return f"exercise “{body.title}” began on {channels}: none can reach the public"
        case LineDrafted(message=one):
            waits = f"{one.purpose} {one.id}{_follows(one)} waits for sign-off of content {one.content_hash}"
            return f"{waits}{told_doubts(one)}"
        case MessageAuthorised() | MessageReported():
            return _told_report(body, names) if isinstance(body, MessageReported) else _told_yes(body, names)
        case SignalNoted():
            templates = ", ".join(body.templates) or "none"
            return f"{body.signal}: {told_count(body)}; templates that fit: {templates}"
        case CommandRefused():
            could = f" Who could: {', '.join(body.who_could)}." if body.who_could else ""
            return f"REFUSED {body.command_kind.replace('_', ' ')}: {'; '.join(body.reasons)}.{could}"
        case AmplifiedPostChanged():
            return f"{post_became(body)}; we had sent it out again: see that ours is taken back"


def told_count(body: SignalNoted) -> str:
    """How many people spoke, and how many usually do; older records count posts in a minute."""
    if body.minutes is None:
        return f"{body.count} mentions in a minute"
    people = f"{body.count} people in {body.minutes} minutes"
    if body.peak:
        return f"again, {people}, twice the highest so far ({body.peak})"
    return f"{people} speak of this incident; usual at this hour: {round(body.usual or 0)}"


def _told_steering(body: SteeringFact) -> str:
    match body:
        case ReportReceived(methane=one):
            letters = "METHANE" if one.major_incident else "ETHANE"
            of = f" of {body.responder_name}" if body.responder_name else ""
            return f"{letters} report{of}: {one.type_of_incident}, {one.exact_location}"
        case IncidentDeclared(declaration=one):
            return f"DECLARED: {one.name}, {one.type} level {one.level}, by rule {body.rule}"
        case IncidentRenamed():
            marked = f", with {' '.join(body.hashtags)}" if body.hashtags else ""
            return f"RENAMED: {body.name}{marked}, before {body.before}, by rule {body.rule}"
        case IncidentReclassified():
            before = f"before {body.type_before} level {body.level_before}"
            return f"RECLASSIFIED: {body.type} level {body.level}, {before}, by rule {body.rule}: {body.reason}"
        case IncidentStoodDown() | IncidentCancelled():
            return f"{body.kind.removeprefix('incident_').replace('_', ' ').upper()}: {body.reason}"


def _told_key(key: str) -> str:
    """What proved the yes: a person signs with a key or passkey, and says a code of a sheet."""
    return f", by a code of {key}" if key.startswith("sheet-") else f", signed with {key}"


def _told_report(body: MessageReported, names: Names) -> str:
    one, yes = body.message, body.yes
    put = f"PUT THERE BY HAND on {', '.join(body.on)} at {told_in(names.zone, yes.at)}"
    said = f"by word of mouth {names.person(yes.person)} said yes; nothing here let it out"
    return f"{one.purpose} {one.id}{_follows(one)}: {put}; {said}{told_doubts(one)}"


def _told_yes(body: MessageAuthorised, names: Names) -> str:
    message, yes = body.message, body.authorisation
    by = f"{names.person(yes.person)}{_told_key(yes.key) if yes.key else ''}"
    within = f"rule {yes.rule}, until {told_in(names.zone, yes.until)}"
    if rule := yes.standing:
        people = f"{names.person(rule.registered_by)} registered and {names.person(rule.approved_by)} approved"
        what = f"post of {message.credit.partner_name} goes out again" if message.credit else "our copy is taken back"
        named = f"{message.purpose} {message.id}{_follows(message)}"
        return f"{named}: {what} by the rule that {people}, {within}{told_doubts(message)}"
    if message.credit:
        post = f"{message.purpose} {message.id}: post of {message.credit.partner_name}"
        return f"{post} goes out again on the standing yes of {by}, {within}"
    return f"{message.purpose} {message.id}{_follows(message)} signed off by {by}, {within}{told_doubts(message)}"


def picture(incident: Incident, promised: Iterable[str] = (), *, zone: tzinfo) -> Iterator[str]:
    """The state of one incident in lines, as a commander wants to know it; `promised` are lines about its promises."""
    return map(apart, _picture(incident, promised, zone=zone))


def _picture(incident: Incident, promised: Iterable[str], *, zone: tzinfo) -> Iterator[str]:
    declaration = incident.declaration
    name = f"{declaration.name}, {declaration.type} level {declaration.level}" if declaration else "not declared"
    seen = f"{incident.reported} reports, {incident.sequence} facts, mode {incident.mode}"
    yield f"{incident.id}: {incident.status}, {name}, {seen}"
    yield from (f"  {line}" for line in promised)
    yield from (f"  {line}" for line in whole_network(incident, zone=zone))
    yield from (f"  {story_line(one)}" for one in incident.stories.known.values())
    yield from (f"  {line}" for line in (*listed_lines(incident, zone), *tag_lines(incident)))
    for hold in incident.holds.placed:
        state = "lifted" if hold.id in incident.holds.lifted else "held back"
        yield f"  {state}: {hold.about} ({hold.field}), hold {hold.id}"
    for name in incident.holds.lifted.keys() - {hold.id for hold in incident.holds.placed}:
        yield f"  lifted: hold {name} of the register"
    for draft in incident.drafts.values():
        on, until = ", ".join(draft.channels), told_in(zone, draft.expires_at)
        what = f"{draft.purpose}{_follows(draft)}"
        yield f"  waits for sign-off: {draft.id} {draft.content_hash}, {what} on {on}, until {until}"
        yield from (f"    {line}" for line in told_words(draft))
    yield from (f"  {line}" for line in (*told_searches(incident, zone), *told_stops(incident, zone)))
    for message in incident.messages.values():
        yield f"  {message.purpose} {message.id}{_follows(message)}, {_told_giver(incident.authorisations[message.id])}"
        yield from (f"    in doubt: {doubt}" for doubt in message.doubts)
        for delivery in incident.deliveries.values():
            if delivery.message_id == message.id:
                yield f"    {told_delivery_state(delivery, zone)}{told_wait(incident, delivery)}"


def _told_giver(yes: Authorisation) -> str:
    if rule := yes.standing:
        people = f"{rule.registered_by} registered and {rule.approved_by} approved"
        return f"let out by the rule on {rule.partner} that {people}"
    by_hand = f"put there by hand as {yes.reported_by} reports, on the spoken yes of"
    return f"{by_hand if yes.reported_by else 'signed off by'} {yes.person}"


def _follows(message: Message) -> str:
    """Which message it is about; empty if it names none."""
    return f" to {message.follows}" if message.follows else ""


def told_words(message: Message) -> Iterator[str]:
    """The words as they would go out, in every form and language, and what is suspected of them, in lines."""
    for form, language, _ in message.written():
        yield f"{'short ' if form is Form.SHORT else ''}{language}: {message.text_for(language, form)}"
    yield from (f"title {language}: {title}" for language, title in message.titles.items())
    if message.picture:
        yield from told_picture(message.picture)
    yield from (f"in doubt: {doubt}" for doubt in message.doubts)


def told_doubts(message: Message) -> str:
    """What was suspected of the words, for the person who signs or signed; nothing where nothing was."""
    return f"; in doubt: {'; '.join(message.doubts)}" if message.doubts else ""


def told_delivery_state(delivery: Delivery, zone: tzinfo) -> str:
    """Where a delivery is, with its identifier, its attempt, and the link or the reason."""
    link = delivery.receipt.url if delivery.receipt else None
    said = "; ".join(one for one in (delivery.reason, link, delivery.left) if one)
    more = f": {said}" if said else ""
    state = "WAITS FOR A PERSON'S HAND" if delivery.is_task else delivery.state.upper()
    if delivery.paced_at and delivery.due_at:
        state = f"{state}, WAITS until {delivery.due_at.astimezone(zone):%H:%M:%S %Z}"
    return f"{delivery.channel}: {state} ({delivery.id}, attempt {delivery.attempt}){more}"


def plan_lines(plan: Plan, zone: tzinfo, *, is_live: bool = False) -> Iterator[str]:
    """The state of one planned post in lines; `is_live` says that an incident goes on."""
    held = plan.status is PlanStatus.PLANNED and is_live
    state = POST_STATES[PlanStatus.HELD] if held else POST_STATES[plan.status]
    when = f" for {told_in(zone, plan.at)}" if plan.at else ""
    message = plan.message
    on = f" on {', '.join(message.channels)}" if message else ""
    why = f", {plan.stops.frozen.reason}" if plan.stops.frozen else ""
    review = ": plan it again, or drop it" if plan.to_review else ""
    yes = f", content {message.content_hash}" if message and plan.status is PlanStatus.DRAFTED else ""
    yield f"post {plan.id}: {state}{when}{on}{why}{review}{yes}"
    if plan.origin:
        elsewhere = kept_elsewhere(plan) if plan.status is PlanStatus.HELD else None
        yield f"  {plan.origin.scheduler} had scheduled it on the server there{f': {elsewhere}' if elsewhere else ''}"
    if message:
        yield from (f"  {line}" for line in told_words(message))
    for one in plan.messages.values():
        if one.purpose in MENDS:
            yield f"  {one.purpose} on {', '.join(one.channels)}:"
            yield from (f"    {line}" for line in told_words(one))
    for one in plan.drafts.values() if plan.status is not PlanStatus.DRAFTED else ():
        yield f"  a correction on {', '.join(one.channels)} WAITS for another person's yes, content {one.content_hash}:"
        yield from (f"    {line}" for line in told_words(one))
    yield from (f"  {told_delivery_state(one, zone)}" for one in plan.deliveries.values())
