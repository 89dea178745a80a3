"""What leaves an incident's record once it is settled: rows of a table of their own, so that no record grows.

`set_aside` takes what is settled out of the record, `recall` puts back what an order names, `Past` finds the rest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import Field, TypeAdapter

from streams.subjects.account import Spent
from streams.subjects.attention import Waiting, waiting
from streams.subjects.case import Case, CaseStatus
from streams.subjects.declared import Declared
from streams.subjects.incident import OVER, Incident, Status
from streams.subjects.outgoing import Outgoing
from streams.subjects.plan import KEPT_FOR_PACE, Plan, PlanStatus
from streams.subjects.promises import promises
from streams.subjects.state import State
from streams.values import LATER, Frozen, Identifier, Utc
from streams.words.delivery import SETTLED, Delivery, DeliveryState
from streams.words.incident import Methane
from streams.words.release import Authorisation, Message
from streams.words.sign_off import Search, concern_key
from streams.words.stops import Stop

AnyState = TypeVar("AnyState", bound=State)
SEARCH_KEPT = timedelta(minutes=15)
"""So long an ended search stays in the record: the rules that keep people from being asked too often look at it."""
ENDED_KEPT = timedelta(hours=24)
"""How long an incident that is over, or a closed case, stays in memory, unless a setting says otherwise."""
POSTS = "post/"
"""How the keys of rows begin that say which post of a partner an incident carries."""
SLASH = "%2F"
"""In the keys of rows a slash of an account; no identifier has this sign."""
REPORTS = "report/"
"""How the keys of rows begin that each have a METHANE report, by its number."""
SPENT = "spent/"
"""How the keys of rows begin that say which code of a sheet proved an order."""
ENDED = "ended"
"""The key of the row that says that an incident left memory; of its other rows those of posts and of codes stay."""


class Released(Frozen):
    """A message that was let out, its yes, and its deliveries. `number` counts the incident's messages from 1."""

    kind: Literal["released"] = "released"
    number: int
    message: Message
    authorisation: Authorisation
    deliveries: tuple[Delivery, ...] = ()
    stop: Stop | None = None

    @property
    def is_shown(self) -> bool:
        """Whether it is public somewhere, or may become so."""
        return any(one.state is not DeliveryState.REFUSED for one in self.deliveries)


class EndedSearch(Frozen):
    """A search that is over."""

    kind: Literal["search"] = "search"
    search: Search


class StoppedDraft(Frozen):
    """A draft that a person returned or withdrew."""

    kind: Literal["draft"] = "draft"
    stop: Stop


class HandedIn(Frozen):
    """A METHANE report."""

    kind: Literal["report"] = "report"
    methane: Methane


class Ended(Frozen):
    """An incident or case that left memory: its `sequence` facts, the last with the hash `head`, are in the log."""

    kind: Literal["ended"] = "ended"
    status: Status | CaseStatus | PlanStatus
    name: str | None
    sequence: int
    head: str
    last_at: Utc


class Pointer(Frozen):
    """Under which identifier to look: that of a message, a search, or an order that was answered."""

    kind: Literal["pointer"] = "pointer"
    to: Identifier


Row = Annotated[
    Released | EndedSearch | StoppedDraft | HandedIn | Ended | Pointer | Declared | Spent, Field(discriminator="kind")
]
ROWS: TypeAdapter[Any] = TypeAdapter(Row, config=LATER)
"""How a row is written and read."""


class Past:
    """What left the record of one incident; `row` finds a row by its key, see `set_aside`.

    `elsewhere` says whether a code of a sheet proved an order about anything else.
    """

    def __init__(
        self, row: Callable[[str], Any] = lambda _: None, *, elsewhere: Callable[[str], bool] = lambda _: False
    ) -> None:
        self._row = row
        self._elsewhere = elsewhere

    def ended(self) -> Ended | None:
        """What is known of an incident or case that left memory; None if it did not."""
        found = self._row(ENDED)
        return found if isinstance(found, Ended) else None

    def has_heard(self, order_id: str) -> bool:
        """Whether this order was answered."""
        return self._row(f"order/{order_id}") is not None

    def has_changed(self, post_id: str) -> bool:
        """Whether a partner edited or deleted this post."""
        return self._row(f"changed/{post_id}") is not None

    def has_spent(self, code: str) -> bool:
        """Whether this code of a sheet proved an order, whatever that was about."""
        return self._row(f"{SPENT}{code}") is not None or self._elsewhere(code)

    def has_said(self, message: Message, channel: str) -> bool:
        """Whether a message that says and does the same is public on this channel."""
        followed = self.released(message.follows) if message.follows else None
        if followed and message.says_again(followed.message) and followed.is_shown:
            return True
        return self._row(f"said/{channel}/{message.act()}") is not None

    def released(self, message_id: str) -> Released | None:
        """The message of this identifier."""
        found = self._row(f"message/{message_id}")
        return found if isinstance(found, Released) else None

    def numbered(self, number: int) -> Released | None:
        """The message of this number."""
        return self._point(f"number/{number}")

    def carrying(self, account_id: str, post_id: str) -> Released | None:
        """The message that carries this post of a partner's account."""
        keys = dict.fromkeys([carried(account_id, post_id), carried_before(account_id, post_id)])
        found = (one for key in keys if (one := self._point(key)))
        return next((one for one in found if _is_of(one.message, account_id, post_id=post_id)), None)

    def search_for(self, subject: str) -> Search | None:
        """The last search for a draft or a matter."""
        pointer = self._row(f"searched/{subject}")
        return self.search(pointer.to) if isinstance(pointer, Pointer) else None

    def search(self, search_id: str) -> Search | None:
        """The search of this identifier."""
        found = self._row(f"search/{search_id}")
        return found.search if isinstance(found, EndedSearch) else None

    def recall(self, incident: Incident, names: Iterable[str]) -> Incident:
        """The incident with what these identifiers of messages, deliveries and drafts name."""
        for name in names:
            released = self.released(name) or self._point(f"delivery/{name}")
            incident = with_released(incident, released) if released else incident
            draft = self._row(f"draft/{name}")
            if isinstance(draft, StoppedDraft):
                stops = incident.stops.model_copy(update={"drafts": {**incident.stops.drafts, name: draft.stop}})
                incident = incident.model_copy(update={"stops": stops})
        return incident

    def _point(self, key: str) -> Released | None:
        pointer = self._row(key)
        return self.released(pointer.to) if isinstance(pointer, Pointer) else None


NO_PAST = Past()
"""For an incident whose record is whole."""


def set_aside(state: AnyState, *, at: datetime) -> tuple[AnyState, Mapping[str, Any]]:
    """The record without what is settled at this moment, and the rows for that by their keys.

    The same rows follow from the same facts, however often a record was thinned on the way.
    A code that was said leaves the record of every subject; the rest is an incident's.
    """
    codes = {f"{SPENT}{code}": Pointer(to=code) for code in state.spent}
    state = state.model_copy(update={"spent": ()}) if codes else state
    if not isinstance(state, Incident):
        return state, codes
    thinned, rows = _set_aside(state, at=at)
    return cast("AnyState", thinned), {**rows, **codes}


def _set_aside(incident: Incident, *, at: datetime) -> tuple[Incident, Mapping[str, Any]]:
    let_out = released(incident)
    waits = [*waiting(incident, at)]
    # What waits for a person stays: a promise until the next word, a changed post until a later message mends it.
    kept = {one.what for one in waits} | {one.message_id for one in promises(incident, at) if one.is_open}
    unsettled = {one.message.id for one in let_out if one.message.id in kept or not _is_settled(one, incident)}
    # Later words keep those that they mend from being sent again, so they stay as long as these, and so on.
    for one in let_out:
        if one.message.follows in unsettled:
            unsettled.add(one.message.id)
    settled = [one for one in let_out if one.message.id not in unsettled]
    over = [one for one in incident.searches.values() if _is_over(one, waits, at)]
    rows: dict[str, Any] = {f"order/{name}": Pointer(to=name) for name in incident.answered}
    for one in settled:
        rows.update(_rows_of(one))
    for search in over:
        rows[f"search/{search.id}"] = EndedSearch(search=search)
        rows[f"searched/{search.subject}"] = Pointer(to=search.id)
    rows.update({f"draft/{name}": StoppedDraft(stop=stop) for name, stop in incident.stops.drafts.items()})
    numbered = enumerate(incident.reports, incident.reported - len(incident.reports) + 1)
    rows.update({f"{REPORTS}{number}": HandedIn(methane=methane) for number, methane in numbered})
    rows.update({f"changed/{post}": Pointer(to=post) for post in incident.holds.changed})
    thinned = _thin(incident, messages={one.message.id for one in settled}, searches={one.id for one in over})
    return thinned, rows


def ended(state: State, now: datetime, *, kept: timedelta) -> Ended | None:
    """What stays of an incident, case or planned post; None while it goes on, waits, or ended less than `kept` ago."""
    last_at, name = state.last_at, None
    if last_at is None or now < last_at + kept:
        return None
    match state:
        case Incident(status=status, declaration=declaration) if status in OVER and not _waits(state):
            name = declaration.name if declaration else None
        case Case(status=CaseStatus.CLOSED as status):
            pass
        case Plan(status=status) if not (state.is_open or _waits(state) or now < last_at + KEPT_FOR_PACE):
            pass
        case _:
            return None
    return Ended(status=status, name=name, sequence=state.sequence, head=state.head, last_at=last_at)


def stays(key: str) -> bool:
    """Whether the row of this key stays when its incident leaves memory.

    A partner may still change such a post, and a code that was said counts nowhere else.
    """
    return key.startswith((POSTS, SPENT))


def spent_in(keys: Iterable[str]) -> frozenset[str]:
    """The codes of sheets that proved an order, by the keys of the rows of all subjects."""
    rows = (key.partition("|")[2] for key in keys)
    return frozenset(row.removeprefix(SPENT) for row in rows if row.startswith(SPENT))


def carried(account_id: str, post_id: str) -> str:
    """The key of the row of an incident that carries this post of a partner; no other post has the same."""
    return f"{POSTS}{account_id.replace('/', SLASH)}/{post_id}"


def carried_before(account_id: str, post_id: str) -> str:
    """The same as tables of older releases have it, where a slash in an account may make it that of another post."""
    return f"{POSTS}{account_id}/{post_id}"


def _is_of(message: Message, account_id: str, *, post_id: str) -> bool:
    credit = message.credit
    return credit is not None and (credit.account_id, credit.post_id) == (account_id, post_id)


def whole(incident: Incident, rows: Mapping[str, Any]) -> Incident:
    """The incident with everything that left its record, as a fold of all its facts has it."""
    there = sorted((row for row in rows.values() if isinstance(row, Released)), key=lambda row: -row.number)
    for one in there:
        incident = with_released(incident, one)
    over = {row.search.id: row.search for row in rows.values() if isinstance(row, EndedSearch)}
    drafts = {_name(key): row.stop for key, row in rows.items() if isinstance(row, StoppedDraft)}
    reports = {int(_name(key)): row.methane for key, row in rows.items() if isinstance(row, HandedIn)}
    changed = [_name(key) for key in rows if key.startswith("changed/")]
    stops, holds = incident.stops, incident.holds
    return incident.model_copy(
        update={
            "searches": {**over, **incident.searches},
            "stops": stops.model_copy(update={"drafts": {**drafts, **stops.drafts}}),
            "holds": holds.model_copy(update={"changed": tuple(dict.fromkeys([*changed, *holds.changed]))}),
            "reports": tuple(reports[number] for number in sorted(reports)),
            "answered": tuple(_name(key) for key in rows if key.startswith("order/")),
            "spent": tuple(_name(key) for key in rows if key.startswith(SPENT)),
        }
    )


def _name(key: str) -> str:
    return key.partition("/")[2]


def released(incident: Incident) -> Sequence[Released]:
    """Every message of the record that was let out, in order."""
    deliveries: defaultdict[str, list[Delivery]] = defaultdict(list)
    for delivery in incident.deliveries.values():
        deliveries[delivery.message_id].append(delivery)
    return [
        Released(
            number=incident.numbers[message_id],
            message=message,
            authorisation=incident.authorisations[message_id],
            deliveries=tuple(deliveries[message_id]),
            stop=incident.stops.releases.get(message_id),
        )
        for message_id, message in incident.messages.items()
    ]


def with_released(incident: Incident, one: Released) -> Incident:
    """The record with a message that had left it, in its place by number."""
    name, stops = one.message.id, incident.stops
    if one.stop:
        stops = stops.model_copy(update={"releases": {**stops.releases, name: one.stop}})
    return incident.model_copy(
        update={
            "messages": {name: one.message, **incident.messages},
            "authorisations": {name: one.authorisation, **incident.authorisations},
            "numbers": {name: one.number, **incident.numbers},
            "deliveries": {**{delivery.id: delivery for delivery in one.deliveries}, **incident.deliveries},
            "stops": stops,
        }
    )


def _waits(incident: Outgoing) -> bool:
    """Whether a channel or a person still has to answer, or a partner's post is to be taken back later."""
    open_search = any(search.ended is None for search in incident.searches.values())
    lapsing = isinstance(incident, Incident) and bool(incident.lapsing)
    return open_search or lapsing or any(one.state not in SETTLED for one in incident.deliveries.values())


def _is_over(search: Search, waits: Sequence[Waiting], at: datetime) -> bool:
    """Whether a search may leave: it ended a while ago, and what it asked about waits for a person no more."""
    if search.ended_at is None or at < search.ended_at + SEARCH_KEPT:
        return False
    about = {search.subject, concern_key("unanswered", search.id, time=0)}
    return about.isdisjoint(one.key for one in waits)


def _is_settled(one: Released, incident: Incident) -> bool:
    """Whether nothing is left to do about a message: asked for on every channel, and each answer is final."""
    asked = {delivery.channel for delivery in one.deliveries}
    waits = any(delivery.id in incident.stops.held or delivery.state not in SETTLED for delivery in one.deliveries)
    return asked == {*one.message.channels} and not waits


def _rows_of(one: Released) -> Iterator[tuple[str, Any]]:
    message, to = one.message, Pointer(to=one.message.id)
    yield f"message/{message.id}", one
    yield f"number/{one.number}", to
    if message.credit:
        yield carried(message.credit.account_id, message.credit.post_id), to
    for delivery in one.deliveries:
        yield f"delivery/{delivery.id}", to
        if delivery.state is not DeliveryState.REFUSED:
            yield from ((f"said/{delivery.channel}/{act}", to) for act in message.acts())


def _thin(incident: Incident, *, messages: set[str], searches: set[str]) -> Incident:
    """The record without these messages and searches, and without what is looked up by its own identifier."""
    kept = {name: one for name, one in incident.messages.items() if name not in messages}
    carried = {message.credit.post_id for message in kept.values() if message.credit}
    stops, holds = incident.stops, incident.holds
    return incident.model_copy(
        update={
            "messages": kept,
            "authorisations": _only(incident.authorisations, kept),
            "numbers": _only(incident.numbers, kept),
            "deliveries": {name: one for name, one in incident.deliveries.items() if one.message_id in kept},
            "searches": {name: one for name, one in incident.searches.items() if name not in searches},
            "stops": stops.model_copy(update={"drafts": {}, "releases": _only(stops.releases, kept)}),
            "holds": holds.model_copy(update={"changed": tuple(one for one in holds.changed if one in carried)}),
            "reports": (),
            "answered": (),
        }
    )


def _only(given: Mapping[str, Any], kept: Iterable[str]) -> Mapping[str, Any]:
    return {name: value for name, value in given.items() if name in kept}
