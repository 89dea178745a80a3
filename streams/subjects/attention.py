"""Attention: what waits for a person now, whoever that is."""

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from pydantic import Field

from streams.subjects.account import AccountLog
from streams.subjects.case import Case, CaseStatus
from streams.subjects.incident import OVER, Incident
from streams.subjects.listening.figures import told_heard, told_listed_of_us
from streams.subjects.listening.watch import TrustWatch
from streams.subjects.network.standing_posts import claims_of, differing, standing_claims
from streams.subjects.plan import Plan, PlanStatus
from streams.subjects.promises import is_to_remind, promises
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import Frozen, Identifier, Sentence, Subject, Utc, sentence
from streams.words.attention import Kind
from streams.words.delivery import SETTLED, Delivery, DeliveryState
from streams.words.listening.influence import OF_US_LASTS
from streams.words.listening.stories_noted import WAITS_FROM
from streams.words.listening.watch import WatchNoted
from streams.words.network.state import Pause
from streams.words.register.accounts import Shut
from streams.words.release import MAY_FOLLOW_THE_END, MENDS, Message
from streams.words.sign_off import Search, concern_key
from streams.words.stops import Stop

WAITS: Mapping[Kind, str] = {
    "amiss": "the public does not read delivery {}, though the channel took it: look there, then resolve it",
    "unknown": "delivery {} may be public or not: look at the channel, then resolve it",
    "by-hand": "delivery {} waits for a person's hand: do there what it asks for, then say that it is done",
    "promise": "the next update, promised with {}, is OVERDUE",
    "reminder": "no next word is on its way, and the update promised with {} is due",
    "changed-post": "the partner changed the post that {} sent out again: decide what ours becomes",
    "stopped-partner": "the posts of partner {} are stopped: ask whether the account is still theirs, then resume it",
    "stopped-account": "an account of partner {} is stopped alone: ask whether it is still theirs, then resume it",
    "look-alike": "accounts look like those of {}: look at each, tell its network, then settle them",
    "reclassified": "the type or level of {} was changed: see what it is now, and who may say what from now on",
    "draft": "draft {} waits for sign-off",
    "post": "planned post {} waits for another person's yes",
    "post-correction": "the correction {} of a planned post that is out waits for another person's yes",
    "held-post": "planned post {} was held by an incident that is over: plan it again, or drop it",
    "matter": "a matter waits for a decision (search {})",
    "unanswered": "search {} found nobody who answered: ask somebody yourself",
    "held": "delivery {} is held back: release or cancel it",
    "case": "its answer is OVERDUE",
    "untaken": "nobody has taken it yet",
    "files": "the files of the {} cannot be used, the last good one stays in force: see `holdingline check`",
    "route": "nothing can go out on channel {}",
    "feed": "the partner's account {} cannot be heard: look there yourself meanwhile",
    "page": "the trust's own page cannot be used, the service's page is shown in its place: see `holdingline check`",
    "pack": "the offline pack is too old: make and print another with `holdingline pack`",
    "paced": "words wait, since account {} has sent so much: they go out by themselves",
    "shut": "account {} is SHUT since a breach: change its secret, then open it",
    "secret": "the secret of account {} is to be changed",
    "step": "the step {} of the crisis process is OVERDUE",
    "scheduler": "another program posts for us: do the step {}",
    "resume-scheduler": "another program may post for us again: do the step {}",
    "story": "story {} goes round and nothing of ours answers it: propose an answer, or decide not to answer",
    "briefing": "the briefing by mail did not reach {}",
    "change": "change {} of the register waits for another person's yes",
    "unconfirmed": "partner {} does not count as the files have it: propose it, then another person confirms it",
    "risk": "the review of risk {} is OVERDUE: look whether it is still right, then set a new day in risks.yaml",
    "watch": "what is heard of the trust waits for a person to look at it",
    "listed": "authors on the influence list post about the trust: {}",
}
"""The sentence for each kind of thing that waits; the gap is what it names."""
OVERDUE = frozenset[Kind]({"promise", "case", "secret", "step", "risk"})
"""These wait since a moment, the others until one."""
STEPS = frozenset[Kind]({"step", "scheduler", "resume-scheduler"})
"""A person ticks these off."""
BY = frozenset[Kind]({"reminder"})
"""These are to be done by their moment."""

HEARD_WITHIN = timedelta(minutes=15)
"""So long people are asked to take note of another type or level; an ended search is in the record as long."""
PACED_MAX = timedelta(minutes=1)
"""A person hears of words that wait for the budget of their account for longer than this."""


HOLDING_MAX = timedelta(minutes=1)
"""A person hears of posts scheduled on a channel's server that the service could not hold for longer than this."""


class Waiting(Frozen):
    """One thing that waits. `what` names it: a draft, a search, a delivery, a message, a partner, a change, a case.

    `channel` is where a delivery that waits goes.
    `figures` are what else is to be said of it: they stand in the place of the usual sentence.
    `until` is when it lapses or falls due, None if it waits for ever.
    `time` tells apart what came up more than once under the same name.
    `beside` says of a partner's post what it says otherwise than which other one.
    """

    kind: Kind
    subject: Subject
    what: Identifier
    until: Utc | None = None
    time: int = 0
    channel: Identifier | None = None
    figures: Sentence | None = Field(default=None, exclude_if=operator.not_)
    beside: str | None = None

    @property
    def words(self) -> str:
        """What waits, without until when."""
        if self.figures:
            return self.figures
        said = WAITS[self.kind].format(f"{self.what} on {self.channel}" if self.channel else self.what)
        return f"{said}: {self.beside}" if self.beside else said

    @property
    def key(self) -> str:
        """What nothing else that ever waits in the subject has."""
        return concern_key(self.kind, self.what, time=self.time)


def waiting(state: State, now: datetime) -> Iterator[Waiting]:
    """All that waits in one subject, the most pressing kind first; `state` is whole."""
    match state:
        case Incident():
            yield from _in_incident(state, now)
        case RegisterLog():
            yield from _in_register(state)
        case AccountLog():
            yield from _in_account(state)
        case Plan():
            yield from _in_plan(state, now)
        case TrustWatch():
            yield from _in_watch(state, now)
        case Case():
            yield from _in_case(state, now)


def _in_watch(watch: TrustWatch, now: datetime) -> Iterator[Waiting]:
    """What is heard of the trust, until a person answers; and posts of listed authors, for a day."""
    if watch.waits(now) and watch.noted:
        yield _heard(watch, watch.noted)
    for one in watch.listed_now(now):
        until, time = one.since + OF_US_LASTS, int(one.since.timestamp())
        says = sentence(told_listed_of_us(one))
        yield Waiting(kind="listed", subject=watch.subject, what=one.category, until=until, time=time, figures=says)


def _heard(watch: TrustWatch, noted: WatchNoted) -> Waiting:
    """What is heard of the trust; that nothing was counted by a person's moment is another matter."""
    said, time = told_heard(noted), watch.since
    if watch.until:
        said, time = f"{said} Nothing was counted since: look there yourself.", int(watch.until.timestamp())
    return Waiting(kind="watch", subject=watch.subject, what=watch.id, time=time, figures=sentence(said))


def _in_register(log: RegisterLog) -> Iterator[Waiting]:
    """What is amiss with the files, the channels and the feeds; then partners that are stopped, and changes."""
    about, since = log.subject, log.since
    if log.unusable and log.unusable.keeps_files:
        yield Waiting(kind="files", subject=about, what=log.id, time=since.get("files", 0))
    for name in log.routes:
        yield Waiting(kind="route", subject=about, what=name, time=since.get(f"route/{name}", 0))
    for name in log.feeds:
        yield Waiting(kind="feed", subject=about, what=name, time=since.get(f"feed/{name}", 0))
    if log.unusable and log.unusable.keeps_page:
        yield Waiting(kind="page", subject=about, what=log.id, time=since.get("page", 0))
    if log.waits_for_pack:
        yield Waiting(kind="pack", subject=about, what=log.id, time=since.get("pack", 0))
    yield from _stopped(log.changes.stopped, about, accounts=log.changes.stopped_accounts)
    for name in log.look_alikes:
        yield Waiting(kind="look-alike", subject=about, what=name, time=since.get(f"look-alike/{name}", 0))
    for change in log.changes.waiting.values():
        yield Waiting(kind="change", subject=about, what=change.id, until=change.lapses_at)
    for name in log.to_propose():
        yield Waiting(kind="unconfirmed", subject=about, what=name, time=since.get(f"unconfirmed/{name}", 0))
    for name, day in log.late_risks.items():
        until = datetime.combine(day, time.min, UTC)
        yield Waiting(kind="risk", subject=about, what=name, until=until, time=since.get(f"risk/{name}", 0))


def _stopped(
    partners: Mapping[str, Stop | Shut], about: Subject, *, accounts: Mapping[str, Mapping[str, Stop | Shut]]
) -> Iterator[Waiting]:
    """Partners, or accounts of them, whose posts wait for a person; one that is stopped again is another matter."""
    for name, stop in partners.items():
        yield Waiting(kind="stopped-partner", subject=about, what=name, time=int(stop.at.timestamp()))
    for name, stops in accounts.items():
        if name not in partners:
            newest = max(stop.at for stop in stops.values())
            yield Waiting(kind="stopped-account", subject=about, what=name, time=int(newest.timestamp()))


def _in_account(account: AccountLog) -> Iterator[Waiting]:
    about, name = account.subject, account.id
    if account.shut:
        yield Waiting(kind="shut", subject=about, what=name, time=account.since.get("shut", 0))
    elif account.noted and (due := account.noted.secret_due):
        yield Waiting(kind="secret", subject=about, what=name, until=due, time=account.since.get("secret", 0))


def _in_incident(incident: Incident, now: datetime) -> Iterator[Waiting]:
    paced = _paced(incident, now).items()
    slowed = [Waiting(kind="paced", subject=incident.subject, what=name, until=until) for name, until in paced]
    pressing = [*_pressing(incident, now), *slowed]
    yield from pressing
    yield from _searches(incident, {one.key for one in pressing})
    if incident.is_live:
        for name in incident.briefings.missed:
            yield Waiting(kind="briefing", subject=incident.subject, what=name, time=incident.briefings.number)
    to_find_out = {one.what for one in pressing}
    for one in incident.held_back:
        if one.id not in to_find_out:  # What is public already needs no yes, and what is not comes back here.
            yield _of_delivery("held", one, incident.subject)
    yield from _steps(incident, now)
    yield from _stories(incident, now)


def _steps(incident: Incident, now: datetime) -> Iterator[Waiting]:
    """Other programs are to be paused as soon as it is declared, and let post again at its end; then overdue steps."""
    network, about = incident.network, incident.subject
    for one in network.schedulers:
        kind: Kind = "scheduler" if incident.is_live else "resume-scheduler"
        step = one.pausing if incident.is_live else one.resuming
        pause = network.pauses.get(one.scheduler.id)
        # The service itself holds what is on a server of ours: a person is asked once that fails, or takes too long.
        is_ours = pause is not None and (pause.is_done or (incident.is_live and _goes_well(pause, incident, now)))
        if step.id not in network.ticked and not is_ours:
            why = f": {pause.reason}" if pause and pause.reason and incident.is_live else ""
            yield Waiting(kind=kind, subject=about, what=step.id, figures=sentence(f"{step.title_in('en')}{why}"))
    for state in network.step_states(incident.declared_at, is_over=False) if incident.is_live else ():
        if state.step.attention and state.is_overdue(now):
            yield Waiting(kind="step", subject=about, what=state.step.id, until=state.due_at)


def _goes_well(pause: Pause, incident: Incident, now: datetime) -> bool:
    """Whether the service is still at it, and nothing has failed."""
    since = incident.declared_at
    return pause.reason is None and since is not None and now < since + HOLDING_MAX


def _stories(incident: Incident, now: datetime) -> Iterator[Waiting]:
    """Stories that many people tell and that we have not answered; one that was left alone comes up by itself."""
    for one in incident.stories.known.values() if incident.is_live else ():
        if one.counts.people >= WAITS_FROM and incident.story_open(one.story, now):
            yield Waiting(kind="story", subject=incident.subject, what=str(one.story), time=one.left_at)


def _in_case(case: Case, now: datetime) -> Iterator[Waiting]:
    """A case whose answer is overdue, and one that a machine opened and that no person has taken."""
    about, until = case.subject, case.answer_by
    if case.is_overdue(now):
        # An answer that is due again after the first one is another matter.
        again = int(until.timestamp()) if until and case.status is CaseStatus.CHECKING else 0
        yield Waiting(kind="case", subject=about, what=case.id, until=until, time=again)
    if case.waits and case.holder is None:
        yield Waiting(kind="untaken", subject=about, what=case.id, until=until)
    for search in case.searches.values():
        if search.matter and search.ended is None:
            yield Waiting(kind="matter", subject=about, what=search.id, until=search.answer_by)


def _in_plan(plan: Plan, now: datetime) -> Iterator[Waiting]:
    """What is amiss with its deliveries; then what of it waits for a yes, or for a look at it again."""
    about = plan.subject
    for delivery in plan.deliveries.values():
        yield from _to_settle(delivery, about)
    if plan.status is PlanStatus.DRAFTED:
        yield Waiting(kind="post", subject=about, what=plan.id, until=plan.at)
        return
    drafts = (one for one in plan.drafts.values() if now < one.expires_at)
    yield from (Waiting(kind="post-correction", subject=about, what=one.id, until=one.expires_at) for one in drafts)
    if plan.status is PlanStatus.HELD and plan.to_review and plan.is_open:
        yield Waiting(kind="held-post", subject=about, what=plan.id, time=plan.declared)


def _pressing(incident: Incident, now: datetime) -> Iterator[Waiting]:
    about = incident.subject
    # Words of a partner that are public, and not true any more.
    yield from (Waiting(kind="changed-post", subject=about, what=name) for name in _changed(incident))
    for delivery in incident.deliveries.values():
        yield from _to_settle(delivery, about)
        if delivery.is_task and not _is_stopped(delivery, incident):
            lapses = by_hand_until(incident.messages[delivery.message_id])
            yield _of_delivery("by-hand", delivery, about).model_copy(update={"until": lapses})
    for promise in promises(incident, now):
        if promise.state == "overdue":
            yield Waiting(kind="promise", subject=about, what=promise.message_id, until=promise.by)
        elif is_to_remind(promise, now) and not _is_on_its_way(incident):
            yield Waiting(kind="reminder", subject=about, what=promise.message_id, until=promise.by)
    yield from _stopped(incident.stops.partners, about, accounts=incident.stops.accounts)
    yield from _reclassified(incident, now)
    for draft in drafts_open(incident):
        told = next(_otherwise(draft, incident), None)
        yield Waiting(kind="draft", subject=about, what=draft.id, until=draft.expires_at, beside=told)


def drafts_open(incident: Incident) -> Sequence[Message]:
    """Drafts to which a yes still helps: after the end only words that may follow it."""
    is_over = incident.status in OVER
    return [one for one in incident.drafts.values() if not is_over or one.purpose in MAY_FOLLOW_THE_END]


def _otherwise(draft: Message, incident: Incident) -> Iterator[str]:
    """What a partner's post that waits says otherwise than posts of other partners that are out."""
    mine = [*claims_of([draft])] if draft.credit else []
    against = standing_claims(incident.messages.values()) if mine else []
    for about, one, other in differing(mine, against):
        yield f"{one.partner_name} says otherwise than {other.partner_name} about {about}"


def _reclassified(incident: Incident, now: datetime) -> Iterator[Waiting]:
    """Another type or level, until a person who was asked has taken note of it; each change is another matter."""
    at = incident.reclassified_at
    if at is None or not incident.is_live or now >= at + HEARD_WITHIN:
        return
    time = int(at.timestamp())
    one = Waiting(kind="reclassified", subject=incident.subject, what=incident.id, until=at + HEARD_WITHIN, time=time)
    ended = (found for found in incident.searches.values() if found.concern and found.concern.key == one.key)
    if not any(found.ended and found.ended.outcome == "answered" for found in ended):
        yield one


def _of_delivery(kind: Kind, one: Delivery, about: Subject) -> Waiting:
    return Waiting(kind=kind, subject=about, what=one.id, time=one.attempt, channel=one.channel)


def _paced(incident: Incident, now: datetime) -> Mapping[str, datetime]:
    """The channels on which words wait for the budget of the account, each with when the last of them is due.

    A channel comes once, however many words wait there, so that a burst of posts pages people once.
    """
    found: dict[str, datetime] = {}
    for one in incident.deliveries.values():
        waits = one.paced_at is not None and one.paced_at + PACED_MAX <= now and one.id not in incident.stops.held
        if waits and one.due_at:
            found[one.channel] = max(one.due_at, found.get(one.channel, one.due_at))
    return found


def _is_on_its_way(incident: Incident) -> bool:
    """Whether the next word waits for nothing but its channels."""
    newest = next(reversed([*incident.messages.values()]), None)
    return (
        newest is not None
        and newest.credit is None
        and any(one.message_id == newest.id and one.state not in SETTLED for one in incident.deliveries.values())
    )


def _searches(incident: Incident, pressing: Collection[str]) -> Iterator[Waiting]:
    """Matters that are being decided, and what waits still although a chain was asked for it in vain."""
    for search in incident.searches.values():
        if search.matter and search.ended is None:
            yield Waiting(kind="matter", subject=incident.subject, what=search.id, until=search.answer_by)
        elif search.ended and search.ended.outcome == "nobody" and still_open(search, incident, pressing=pressing):
            yield Waiting(kind="unanswered", subject=incident.subject, what=search.id)


def _changed(incident: Incident) -> Iterator[str]:
    """Messages whose post the partner edited or deleted, and that no later message mends."""
    mended = {message.follows for message in incident.messages.values()}
    for message in incident.messages.values():
        if message.credit and message.credit.post_id in incident.holds.changed and message.id not in mended:
            yield message.id


def _to_settle(delivery: Delivery, about: Subject) -> Iterator[Waiting]:
    """What a person has to find out, or to delete, of words that are sent."""
    if delivery.sight:
        yield _of_delivery("amiss", delivery, about)
    elif _needs_a_look(delivery):
        yield _of_delivery("unknown", delivery, about)
    elif delivery.left:
        yield _of_delivery("by-hand", delivery, about)


def _needs_a_look(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.UNKNOWN and delivery.due_at is None


def by_hand_until(message: Message) -> datetime | None:
    """Until when a person may put these words there by hand; None for words that mend: the wrong ones stay wrong."""
    return None if message.purpose in MENDS else message.expires_at


def _is_stopped(delivery: Delivery, incident: Incident) -> bool:
    """Whether a freeze keeps back what a person would do by hand."""
    is_frozen = incident.stops.frozen and incident.messages[delivery.message_id].purpose not in MENDS
    return bool(is_frozen) or delivery.id in incident.stops.held


def still_open(search: Search, incident: Incident, *, pressing: Collection[str]) -> bool:
    """Whether what the search asked for waits still."""
    if search.concern:
        return search.concern.key in pressing
    return search.message_id is None or search.message_id in {one.id for one in drafts_open(incident)}
