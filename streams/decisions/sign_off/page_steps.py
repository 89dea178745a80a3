"""The steps of a search: what it does next, and when. It pages, reminds, goes on to the next person, and ends.

A committed fact claims a page before it is made. A claim without a report is unknown: the page may have come, so that
contact of the person is not tried again. Another contact is tried and, if no answer comes, the next person.
A person that no page is known to have reached was not asked: they are asked from the beginning once more.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from streams.chain import is_sealed
from streams.decisions.authority.order import Order
from streams.decisions.authority.power_for import in_own_words
from streams.decisions.authority.powers import who_could
from streams.decisions.authority.presence import is_away
from streams.decisions.authority.turns import draft_of, may_answer, passed_over, power_of, writer
from streams.decisions.release import delegations
from streams.decisions.sign_off import closings, concern_words, concerns
from streams.decisions.stops import stop_orders
from streams.decisions.verdict import Refused
from streams.decisions.wording.renderer import MARKS, clock_time
from streams.moments import minute_in
from streams.subjects.incident import Incident, Status
from streams.subjects.state import State
from streams.values import cut_short, derive_id, is_drill, prose, sentence
from streams.why import because, kept, together, whys_of
from streams.words.facts import Fact, FactBody
from streams.words.register.entries import Contact, Register
from streams.words.release import Message
from streams.words.sign_off import (
    ATTEMPTS_MAX,
    Asked,
    Call,
    Page,
    PageRecorded,
    PersonPaged,
    PersonPassedOver,
    PersonTold,
    Search,
    SearchEnded,
    SearchOutcome,
    SearchPaused,
    SearchResumed,
)

PAGE_LASTS = timedelta(seconds=20)
REPORT_GRACE = timedelta(seconds=2)
ANEW_AFTER = timedelta(seconds=20)
"""If no contact could be reached, all are tried again after this time, in which a line may come back."""
WORDS_MAX, FOLLOWED_MAX = 300, 100
DOUBTS_SHOWN = 3
"""So many doubts does a page name; the status shows the others."""


def next_facts(order: Order, run: str) -> Sequence[FactBody]:
    """The next step that is due in any search of the incident, if one is. Fold its facts in, then ask again."""
    for search in order.state.searches.values():
        facts = closings.next_facts(search, order, run=run) if search.ended else _next(search, order, run)
        if facts:
            return facts
    return []


def is_open(fact: Fact, *, state: State | None) -> bool:
    """Whether the record has this very page and waits for its report: only then may it be made."""
    searches = state.searches.values() if state else ()
    return is_sealed(fact) and any(page.claim == fact.hash for search in searches for page in search.unreported)


def has_passed(fact: Fact, claimed: PersonPaged | PersonTold, *, state: State | None) -> bool:
    """Whether the record, which never lags behind a true page, may have had this one and settled it since."""
    search = state.searches.get(claimed.search_id) if state else None
    if state is None or search is None or not is_sealed(fact) or fact.sequence > state.sequence:
        return False
    return claimed.number <= search.paged and all(page.number != claimed.number for page in search.unreported)


def is_due(state: State, now: datetime, *, register: Register | None = None) -> bool:
    """Whether a tick would move a search, or begin one by this register; if not, the timer sends none."""
    if register and concerns.is_due(state, now, register=register):
        return True
    return any((moment := due_at(search)) is not None and moment <= now for search in state.searches.values())


def due_at(search: Search) -> datetime | None:
    """When time alone moves the search on; None if it is over."""
    if search.ended:
        return closings.due_at(search)
    if search.answer_by is None:
        return search.lapses_at if search.paused else None
    pending = [page.until + REPORT_GRACE for page in search.pages if page.outcome is None]
    if not pending and _all_failed(search):
        return _anew_at(search, search.answer_by)
    moments = pending or [search.answer_by, *_reminder_at(search)]
    return min([*moments, search.lapses_at or search.answer_by + REPORT_GRACE])


def _next(search: Search, order: Order, run: str) -> Sequence[FactBody]:
    if ended := _outside_end(search, order):
        return [ended]
    if stopped := _freeze_reason(search, order):
        return [] if search.paused else [stopped]
    if search.paused:
        return [SearchResumed(search_id=search.id)]
    if search.asks is None:
        return _in_vain(search, order)
    if not search.pages:
        skipped = _hindrance(search, search.asks, order)
        return [skipped] if skipped else _page(search, order, run)
    if pending := [page for page in search.pages if page.outcome is None]:
        return [] if order.now < pending[0].until + REPORT_GRACE else [_unreported(search, pending[0])]
    if search.answer_by and order.now >= search.answer_by and any(page.outcome == "sent" for page in search.pages):
        return [passed_over(search, "silent", reason=f"{search.asks.name} did not answer in time")]
    return _after_a_page(search, order, run)


def _after_a_page(search: Search, order: Order, run: str) -> Sequence[FactBody]:
    """After a page: wait for an answer to a sent one, else page the next contact at once; remind when it is due."""
    if search.answer_by is None or order.now >= search.answer_by:
        return _after_silence(search, order, run)
    if search.pages[-1].outcome != "sent" and (facts := _page(search, order, run)):
        return facts
    if _all_failed(search):
        return _after_silence(search, order, run) if _anew_at(search, search.answer_by) <= order.now else []
    if any(moment <= order.now for moment in _reminder_at(search)):
        return _page(search, order, run, reminds=True)
    return []


def _after_silence(search: Search, order: Order, run: str) -> Sequence[FactBody]:
    """No page is known to have come: ask from the beginning once more, then pass the person over as unreachable."""
    if search.attempt < ATTEMPTS_MAX:
        afresh = search.model_copy(update={"attempt": search.attempt + 1, "pages": (), "answer_by": None})
        return _page(afresh, order, run)
    who = search.asked[search.step].name
    reason = f"{who} could not be reached: no page of {ATTEMPTS_MAX} attempts is known to have come, so ring them"
    return [passed_over(search, "unreachable", reason=reason)]


def _all_failed(search: Search) -> bool:
    return all(page.outcome == "failed" for page in search.pages)


def _anew_at(search: Search, answer_by: datetime) -> datetime:
    """When the contacts that were surely not reached are tried again; at once if they were tried twice already."""
    last = search.pages[-1].at
    return min(last + ANEW_AFTER, answer_by) if search.attempt < ATTEMPTS_MAX else last


def _page(search: Search, order: Order, run: str, *, reminds: bool = False) -> Sequence[FactBody]:
    """Claim a page to the next contact of the person who is asked; empty if no contact is left in this round."""
    asked, round_number = search.asked[search.step], _round(search) + reminds
    contact = _contact(search, round_number)
    if contact is None or asked.person is None:
        return []
    step, number = search.chain.steps[search.step], search.paged + 1
    answer_by = search.answer_by or order.now + timedelta(seconds=step.answer_within_seconds)
    call = Call(
        key=derive_id("page", search.id, number),
        mode=order.state.mode,
        incident_id=order.state.id,
        person=asked.person,
        name=asked.name,
        contact=contact,
        text=_text(search, order, answer_by),
        answer_by=answer_by,
    )
    claimed = PersonPaged(
        search_id=search.id,
        step=search.step,
        number=number,
        attempt=search.attempt or 1,
        round=round_number,
        run=run,
        until=min(order.now + PAGE_LASTS, answer_by),
        answer_by=answer_by,
        call=call,
    )
    return [claimed]


def _round(search: Search) -> int:
    return search.pages[-1].round if search.pages else 1


def _contact(search: Search, round_number: int) -> Contact | None:
    """The next contact of this round. Each round begins one contact further on and skips those with an unknown page."""
    contacts = search.asked[search.step].contacts
    first = (round_number - 1) % max(len(contacts), 1)
    in_turn = [*contacts[first:], *contacts[:first]]
    return next((one for one in in_turn if not _is_used(one, search.pages, round_number)), None)


def _is_used(contact: Contact, pages: Sequence[Page], round_number: int) -> bool:
    mine = [page for page in pages if page.contact == contact]
    return any(page.round == round_number or page.outcome == "unknown" for page in mine)


def _reminder_at(search: Search) -> Iterator[datetime]:
    """When the next reminder is due, if one and a contact are left; reminders are spread over the time to answer."""
    step, rounds = search.chain.steps[search.step], _round(search)
    if search.answer_by and rounds <= step.reminders and _contact(search, rounds + 1):
        left = (step.reminders + 1 - rounds) / (step.reminders + 1)
        yield search.answer_by - timedelta(seconds=step.answer_within_seconds) * left


def _hindrance(search: Search, asked: Asked, order: Order) -> PersonPassedOver | None:
    """The fact that passes this person over, if it is no use to ask them now; else None."""
    if asked.person is None:
        return passed_over(search, "nobody-on-rota", reason=f"{asked.name}: nobody is")
    person = order.register.people.get(asked.person)
    if person is None:
        return passed_over(search, "unregistered", reason=f"{asked.name} is not on the register any more")
    if search.concern is None and asked.person == writer(order, search):
        return passed_over(search, "own-words", reason=f"{asked.name} cannot say yes to their own words")
    if is_away(person, order.now):
        return passed_over(search, "away", reason=f"{asked.name} is marked away")
    verdict = None if search.concern else may_answer(asked.person, order, search=search)
    if isinstance(verdict, Refused):
        return passed_over(search, "no-power", reason="; ".join(verdict.reasons))
    if not asked.contacts:
        return passed_over(search, "no-contact", reason=f"{asked.name} has no contact on the register")
    return None


def _unreported(search: Search, page: Page) -> PageRecorded:
    words = because("page-lapsed", "it was claimed, and no report came before the claim lapsed")
    return PageRecorded(
        search_id=search.id, number=page.number, outcome="unknown", words=sentence(words), why=whys_of(words)
    )


def _outside_end(search: Search, order: Order) -> SearchEnded | None:
    """The end of the search from outside: a yes, a draft that no longer waits, an incident that is over, a lapse."""
    if search.concern:
        over = concerns.is_settled(search.concern, order)
        return _end(search, "settled", reason=concern_words.settled_by(search.concern, order)) if over else None
    if not isinstance(order.state, Incident):
        return None  # A matter of a case waits until it is decided.
    incident = order.incident
    if search.message_id and (yes := incident.authorisations.get(search.message_id)):
        said = f"{search.message_id} was signed off by {yes.person}"
        return _end(search, "answered", reason=said).model_copy(update={"person": yes.person, "rule": yes.rule})
    if search.message_id and search.message_id not in incident.drafts:
        return _end(search, "withdrawn", reason=stop_orders.gone(order, search.message_id))
    draft = draft_of(order, search)
    if incident.status is not Status.DECLARED and not search.matter and not (draft and in_own_words(draft)):
        # A matter, such as whether to go to the police, outlives the incident; and what is wrong is mended after it.
        return _end(search, "withdrawn", reason=f"the incident is {incident.status}")
    if search.lapses_at and search.lapses_at <= order.now:
        return _end(
            search,
            "lapsed",
            reason=f"the draft expired at {minute_in(order.zone, search.lapses_at)}: hand in a fresh one",
        )
    return None


def _freeze_reason(search: Search, order: Order) -> SearchPaused | None:
    """Why a yes would release nothing now, so that no one need be woken: a freeze that stops this draft."""
    draft = draft_of(order, search)
    frozen = stop_orders.frozen(order, draft.purpose) if draft else None
    if frozen is None:
        return None
    return SearchPaused(search_id=search.id, **kept(together(*frozen.reasons)))


def _in_vain(search: Search, order: Order) -> Sequence[FactBody]:
    """The end after everybody was passed over: the delegated message goes out, or the commander learns who is left."""
    # What was delegated is for a running incident; a matter may be decided after it.
    declared = isinstance(order.state, Incident) and order.state.status is Status.DECLARED
    runs = search.concern is None and declared
    delegated = delegations.carried_out(search, order) if runs else None
    if delegated and not isinstance(delegated, Refused):
        yes = delegated[0].authorisation
        said = (
            f"nobody answered: {delegated[0].message.template} went out, as {yes.person} had delegated{search.missed}"
        )
        ended = _end(search, "delegated", reason=said).model_copy(update={"person": yes.person, "rule": yes.rule})
        return [ended, *delegated]
    why = f"; what was delegated did not go out: {'; '.join(delegated.reasons)}" if delegated else ""
    message = draft_of(order, search)
    channels = message.channels if message else ()
    act = order.act(power_of(search, message))
    author = None if search.concern else writer(order, search)
    could = who_could(act, order.register, channels=channels, but=author)
    # Those who were just silent or declined are not left: to name them would send the commander round in a circle.
    heard = {
        order.register.called(one.person)
        for one, why in zip(search.asked, search.passed, strict=False)
        if one.person and why in {"silent", "declined"}
    }
    left = [one for one in could if one not in heard]
    ended = _end(search, "nobody", reason=f"nobody of {search.chain.title} answered{search.missed}{why}")
    return [ended.model_copy(update={"left": tuple(sentence(one) for one in left)})]


def _end(search: Search, outcome: SearchOutcome, *, reason: str) -> SearchEnded:
    return SearchEnded(search_id=search.id, outcome=outcome, reason=sentence(reason))


def _text(search: Search, order: Order, answer_by: datetime) -> str:
    """The text of the page: what for, by when, how to answer. In a drill the mark comes first."""
    state, draft = order.state, draft_of(order, search)
    mark = f"{MARKS['en']}: " if is_drill(state.mode) else ""
    # A bare name is an incident's.
    name = state.id if isinstance(state, Incident) else state.subject.key
    head = f"{mark}{order.register.trust}, {concern_words.called(state)}"
    if search.concern:
        return prose(
            f"{head}: {search.concern.words}.\n"
            f"To do: {concern_words.to_do(search.concern, state)}\n"
            f"I have it: holdingline acknowledge {name} {search.id}\n"
            f"Not me: holdingline decline {name} {search.id} 'why'\n"
            f"The next person is asked at {clock_time(answer_by, order.register)}."
        )
    words = draft.texts[next(iter(draft.texts))] if draft else search.matter or ""
    # Indented, a draft's words cannot look like the commands below, which could name another draft.
    words = cut_short(words, WORDS_MAX).replace("\n", "\n    ")
    subject = draft.id if draft else search.id
    yes = f"sign-off {name} {subject}" if isinstance(state, Incident) else f"report-to-police {state.id}"
    return prose(
        f"{head}: your yes is needed by {clock_time(answer_by, order.register)}.\n"
        f"{words}\n{_corrects(draft, order)}{_answers_story(draft, order)}{_doubts(draft)}"
        f"Yes: holdingline {yes}\n"
        f"Not me: holdingline decline {name} {search.id} 'why'"
    )


def _corrects(draft: Message | None, order: Order) -> str:
    """The beginning of the words that a draft corrects, where the record still has them."""
    followed = order.outgoing.messages.get(draft.follows) if draft and draft.follows else None
    if followed is None:
        return ""
    words = " ".join(next(iter(followed.texts.values())).split())
    return f"In place of {followed.id}: {cut_short(words, FOLLOWED_MAX)}\n"


def _answers_story(draft: Message | None, order: Order) -> str:
    """Which story a draft answers, and how its author knows that it is so."""
    found = order.incident.stories.answered_by(draft.id) if draft and isinstance(order.state, Incident) else None
    return f"Answers story {found.story}. Evidence: {found.evidence}\n" if found else ""


def _doubts(draft: Message | None) -> str:
    """What is suspected of the words, a line each: the yes is given in view of it."""
    doubts = draft.doubts if draft else ()
    left = len(doubts) - DOUBTS_SHOWN
    more = [f"In doubt: {left} more, see the status\n"] if left > 0 else []
    return "".join([*(f"In doubt: {doubt}\n" for doubt in doubts[:DOUBTS_SHOWN]), *more])
