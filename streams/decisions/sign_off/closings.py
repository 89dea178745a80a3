"""Closings: each person who got a page of a search is told once how it was settled; a closing asks for nothing.

One of which it is not known whether it came, as after a worker died, is sent once more: to hear it twice does no harm.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from streams.decisions.authority.order import Order
from streams.decisions.sign_off import concern_words, concerns
from streams.decisions.stops import stop_orders
from streams.decisions.wording.renderer import MARKS, beginning, clock_time, unmarked
from streams.subjects.incident import Incident
from streams.values import derive_id, is_drill, prose
from streams.words.facts import FactBody
from streams.words.sign_off import Call, Heard, PageRecorded, PersonTold, Search, SearchEnded

LASTS = timedelta(seconds=20)
REPORT_GRACE = timedelta(seconds=2)


def next_facts(search: Search, order: Order, *, run: str) -> Sequence[FactBody]:
    """The pages that tell everybody who was asked of the end; and what is known of one whose report never came."""
    lost = next((page for page in search.told if page.outcome is None and _lapses_at(page.until) <= order.now), None)
    if lost:
        words = "it was claimed, and no report came before the claim lapsed"
        return [PageRecorded(search_id=search.id, number=lost.number, outcome="unknown", words=words)]
    untold = [one for one in search.heard if _is_untold(one, search)]
    if not untold or (words_now := settled(search, order)) is None:
        return []
    numbered = enumerate(untold, search.paged + 1)
    return [_told(search, one, order, run=run, number=number, words=words_now) for number, one in numbered]


def _is_untold(heard: Heard, search: Search) -> bool:
    """Whether no closing was sent to this person, or one alone of which it is not known whether it came."""
    sent = [page.outcome for page in search.told if page.contact == heard.contact]
    return not search.told or sent == ["unknown"]


def due_at(search: Search) -> datetime | None:
    """When a closing whose report has not come is given up; None if none is waited for."""
    return min((_lapses_at(page.until) for page in search.told if page.outcome is None), default=None)


def settled(search: Search, order: Order) -> str | None:
    """How what the search asked about was settled, in a sentence or two; None while it is open."""
    ended = search.ended
    if ended is None:
        return None
    incident = order.state if isinstance(order.state, Incident) else None
    draft = search.message_id or ""
    if incident and (yes := incident.authorisations.get(draft)):
        message = incident.messages[draft]
        words = unmarked(next(iter(message.texts.values()), ""))
        begins = f"“{beginning(words)}” " if words else "What you were asked about "
        signed = f"{begins}was signed off by {order.register.called(yes.person)}"
        on = ", ".join(map(order.register.place, message.channels))
        return f"{signed} at {_at(yes.at, order)}. It goes out on {on}."
    if incident and draft in incident.stops.drafts:
        gone = stop_orders.gone(order, draft).partition(": ")[0].replace("this draft", "the draft")
        return f"{gone[:1].upper()}{gone[1:]}. It does not go out."
    return _settled_concern(search, ended, order) if search.concern else _settled_matter(search, ended, order)


def _settled_concern(search: Search, ended: SearchEnded, order: Order) -> str | None:
    """A search in vain is settled once what it asked about waits no more."""
    concern = search.concern
    if concern is None or (ended.outcome == "nobody" and not concerns.is_settled(concern, order)):
        return None
    if ended.outcome == "answered":
        return f"{ended.reason}. That was at {_at(search.ended_at, order)}."
    late = ended.outcome == "nobody"
    reason, at = (concern_words.settled_by(concern, order), order.now) if late else (ended.reason, search.ended_at)
    return f"{concern.words}. Settled at {_at(at, order)}: {reason}."


def _settled_matter(search: Search, ended: SearchEnded, order: Order) -> str | None:
    if ended.outcome == "nobody":
        return None
    about = f"“{search.matter}”: " if search.matter else ""
    return f"{about}{ended.reason}, at {_at(search.ended_at, order)}."


def _at(moment: datetime | None, order: Order) -> str:
    return clock_time(moment or order.now, order.register)


def _lapses_at(until: datetime) -> datetime:
    return until + REPORT_GRACE


def _told(  # budget: what is told, to whom, and by which run
    search: Search, heard: Heard, order: Order, *, run: str, number: int, words: str
) -> PersonTold:
    state = order.state
    mark = f"{MARKS['en']}: " if is_drill(state.mode) else ""
    call = Call(
        key=derive_id("page", search.id, number),
        mode=state.mode,
        incident_id=state.id,
        person=heard.person,
        name=heard.name,
        contact=heard.contact,
        text=prose(
            f"{mark}{order.register.trust}, {concern_words.called(state)}: {words}\nNothing more is asked of you."
        ),
        answer_by=None,
    )
    return PersonTold(search_id=search.id, number=number, run=run, until=order.now + LASTS, call=call)
