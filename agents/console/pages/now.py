"""The first page: what waits for the person who looks, then what goes on."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from agents.console.pages.listening.watch import declare_link, heard_says
from agents.console.signing import as_order
from agents.console.visits import Visit
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.sign_off.concern_words import words_of
from streams.decisions.sign_off.links import page_of, path_to
from streams.decisions.wording.renderer import beginnings
from streams.projections.case_list import by_clock
from streams.projections.inbox import inbox
from streams.subjects.attention import BY, OVERDUE, Waiting, waiting
from streams.subjects.case import Case
from streams.subjects.incident import OVER, Incident
from streams.subjects.listening.watch import TrustWatch, WatchStatus
from streams.subjects.state import State
from streams.telling.names import name_of
from streams.words.attention import Kind
from streams.words.influence.entries import InfluenceCategory
from streams.words.network.entries import Step
from streams.words.network.state import Pause
from streams.words.register.partners import OURSELVES
from streams.words.release import Credit
from streams.words.stops import Resume, Stop

OF_CHANNELS = frozenset[Kind]({"route", "paced", "shut", "secret"})
URGENT = frozenset[Kind]({"promise", "amiss", "unknown", "shut", "unanswered", "changed-post", "watch"})
NEXT_WORD = frozenset[Kind]({"promise", "reminder"})
OF_CASES = frozenset[Kind]({"case", "untaken"})
SENT_BACK_TOLD = timedelta(hours=1)
"""So long the first page tells that words were sent back."""
OF_POSTS = frozenset[Kind]({"draft", "changed-post"})
SCHEDULED = frozenset[Kind]({"scheduler", "resume-scheduler"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits, in a sentence; about what, until when, where it is settled, and by this person or not.

    `links` lead to what may be done about it, each with what it is called.
    `why` says, in English, why a person is asked.
    """

    waits: Waiting
    says: str
    about: str
    when: str
    link: str
    mine: bool
    urgent: bool
    links: Sequence[tuple[str, str]] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class FrozenNow:
    """An incident of which nothing goes out; by whom, who could end that now, and whether this person could."""

    incident: Incident
    stop: Stop
    could: Sequence[str]
    mine: bool


async def page(visit: Visit) -> web.Response:
    """What waits for me, and every incident that goes on."""
    # What waits is listed here, and lives.
    return visit.page("now", live=await part(visit), drills_at=visit.house.looks.drills_at, waits=0)


async def part(visit: Visit) -> str:
    """The live part of it."""
    seen = visit.house.board.overview
    log = seen.register_log
    going_on = [one for one in seen.incidents if one.status not in OVER]
    over = [one for one in seen.incidents if one.status in OVER]
    mine = [one for state in seen.states for one in items(visit, state)]
    own_cases = _own_cases(visit)
    return visit.part(
        "now-live",
        own_cases=len(own_cases),
        first_case=next((one.answer_by for one in own_cases if one.answer_by), None),
        freezes=frozen_now(visit, going_on),
        items=sorted(mine, key=first),
        incidents=going_on,
        sent_back={one.id for one in going_on if _has_words_back(one, visit)},
        over=over,
        pack=None if log and log.waits_for_pack else visit.house.looks.pack(visit.register, visit.now),
    )


def _has_words_back(incident: Incident, visit: Visit) -> bool:
    """Whether words were sent back a short while ago, which their author is to read on the incident's page."""
    return any(one.what == "returned" and visit.now - one.at < SENT_BACK_TOLD for one in incident.stops.drafts.values())


async def own(visit: Visit) -> Hashable:
    """What of the page is this person's alone."""
    seen = visit.house.board.overview
    cases = tuple((one.id, one.answer_by) for one in _own_cases(visit))
    return could_settle(visit, seen.states), _could_resume(visit, seen.incidents), cases


def _own_cases(visit: Visit) -> Sequence[Case]:
    """The cases that this person took or was handed, and that still wait for an answer, by the clock."""
    cases = by_clock(visit.house.board.overview.cases)
    return [one for one in cases if one.waits and one.holder == visit.me.id]


def frozen_now(visit: Visit, incidents: Iterable[Incident]) -> Sequence[FrozenNow]:
    """Those of these incidents that are frozen."""
    return [_frozen(visit, one, stop) for one in incidents if (stop := one.stops.frozen)]


def _frozen(visit: Visit, incident: Incident, stop: Stop) -> FrozenNow:
    body = Resume(reason=visit.says("reason-resume"))
    could = [*dict.fromkeys(ORDERS[Resume].who_could(as_order(visit, body, on=incident), body))]
    return FrozenNow(incident, stop, could, mine=visit.me.called in could)


def _could_resume(visit: Visit, incidents: Iterable[Incident]) -> Hashable:
    return tuple(one.mine for one in frozen_now(visit, incidents))


def own_in(visit: Visit, incident: Incident) -> Hashable:
    """What of an incident's page is this person's alone."""
    return could_settle(visit, [incident]), _could_resume(visit, [incident]), elsewhere(visit, incident)


def elsewhere(visit: Visit, incident: Incident) -> int:
    """How many things this person could settle that are of no concern to this incident."""
    return max(0, visit.waits - len(_mine(visit, incident)))


def could_settle(visit: Visit, states: Iterable[State]) -> Hashable:
    """What waits in these subjects that this person could settle now: all that `items` has of who looks."""
    return tuple((state.subject.key, *sorted(_mine(visit, state))) for state in states)


def _mine(visit: Visit, state: State) -> frozenset[str]:
    return frozenset(one.key for one in inbox(visit.me.id, state, register=visit.register, now=visit.now))


def items(visit: Visit, state: State) -> Sequence[Item]:
    """All that waits in one subject, what this person could settle first."""
    mine = _mine(visit, state)
    found = [_item(visit, state, one, mine=one.key in mine) for one in waiting(state, visit.now)]
    return sorted(found, key=first)


def first(one: Item) -> tuple[bool, bool, bool]:
    """The promise that the public waits for comes first, then what this person could settle, the urgent first."""
    return one.waits.kind != "promise", not one.mine, not one.urgent


def _item(visit: Visit, state: State, one: Waiting, *, mine: bool) -> Item:
    word = "since" if one.kind in OVERDUE else "by" if one.kind in BY else "until"
    return Item(
        one,
        _says(visit, state, one),
        _about(visit, state, one),
        f"waits-{word}",
        path_to("incidents", state.id, "resume")
        if isinstance(state, Incident) and _is_stuck(state, one)
        else page_of(one),
        mine,
        one.kind in URGENT,
        _links(state, one),
        _why(state, one),
    )


def _about(visit: Visit, state: State, one: Waiting) -> str:
    """What it is about; of words also how they begin, since several may wait for a yes, or for one channel."""
    if isinstance(state, TrustWatch):
        return visit.says("watch-heading")
    name = name_of(state).removesuffix(".")
    message = words_of(one, state)
    begins = beginnings(message) if message else {}
    words = begins.get(visit.language) or next(iter(begins.values()), "")
    return f"{name}: “{words}”" if words else name


def concerns(visit: Visit, state: State) -> Mapping[str, str]:
    """What of this waits now, by its key, in the language of the page."""
    return {one.key: _says(visit, state, one) for one in waiting(state, visit.now)}


def _says(visit: Visit, state: State, one: Waiting) -> str:
    """What waits, in the language of the page."""
    if isinstance(state, TrustWatch) and one.kind == "listed":
        found = state.listed[InfluenceCategory(one.what)]
        return visit.says("waits-listed", who=visit.says(f"influence-{found.category}"), posts=found.posts)
    if isinstance(state, TrustWatch) and state.noted:
        late = visit.says("waits-late") if state.status is WatchStatus.CLOSER else ""
        return f"{heard_says(visit, state.noted)} {late}".strip()
    if isinstance(state, Case) and one.kind in OF_CASES:
        sort = visit.says(f"sort-{state.sort}")
        return visit.says(f"waits-{one.kind}", sort=sort[:1].upper() + sort[1:])
    if isinstance(state, Incident) and one.kind in SCHEDULED:
        return _scheduled(visit, state, one)
    if (message := words_of(one, state)) and message.credit and one.kind in OF_POSTS:
        return _of_post(visit, message.credit, one)
    if one.kind == "look-alike" and one.what == OURSELVES:
        return visit.says("waits-look-alike-ours")
    house = visit.house
    if isinstance(state, Incident) and _is_stuck(state, one):
        return f"{visit.says(f'waits-{one.kind}')} {visit.says('waits-frozen')}"
    what = house.place(one.what) if one.kind in OF_CHANNELS else _called(one, visit)
    return visit.says(f"waits-{one.kind}", channel=house.place(one.channel or ""), what=what)


def _of_post(visit: Visit, credit: Credit, one: Waiting) -> str:
    """What waits about a partner's post: whose it is, and that another partner's that is out says otherwise."""
    name = f"waits-{one.kind}-post" if one.kind == "draft" else f"waits-{one.kind}"
    differs = visit.says("waits-differs") if one.beside else ""
    return f"{visit.says(name, what=credit.partner_name)} {differs}".strip()


def _is_stuck(incident: Incident, one: Waiting) -> bool:
    """Whether this waits for words that cannot go out, since everything is frozen."""
    return incident.stops.frozen is not None and one.kind in NEXT_WORD


def _scheduled(visit: Visit, state: Incident, one: Waiting) -> str:
    """What a person does about a program that posts for us; where the service holds its posts, that it could not."""
    step, pause = _step_of(state, one)
    found = "" if pause is None or one.kind != "scheduler" else "-failed" if pause.reason else "-late"
    return visit.says(f"waits-{one.kind}{found}", what=step.title_in(visit.language) if step else one.what)


def _step_of(state: Incident, one: Waiting) -> tuple[Step | None, Pause | None]:
    """The step that waits, and how far the service holds the program that it is about."""
    for each in state.network.schedulers:
        if found := next((step for step in (each.pausing, each.resuming) if step.id == one.what), None):
            return found, state.network.pauses.get(each.scheduler.id)
    return None, None


def _why(state: State, one: Waiting) -> str:
    """What kept the service from doing it by itself."""
    pause = _step_of(state, one)[1] if isinstance(state, Incident) and one.kind == "scheduler" else None
    return (pause.reason or "") if pause else ""


def _called(one: Waiting, visit: Visit) -> str:
    """What people call what waits, where the register has a name for it."""
    partner, step = visit.register.partners.get(one.what), visit.register.steps.get(one.what)
    if step and one.kind == "step":
        return step.title_in(visit.language)
    if one.kind == "risk" and (risk := visit.register.risks.get(one.what)):
        return risk.in_language(visit.language)[0]
    return partner.name if partner else visit.house.called(one.what)


def _links(state: State, one: Waiting) -> Sequence[tuple[str, str]]:
    """The answers to what is heard of us, each one link."""
    if not isinstance(state, TrustWatch) or one.kind != "watch":
        return ()
    answers = [("/watch", "choice-watch-closer"), ("/watch", "choice-not-ours")]
    return [(declare_link(state), "declare-heading"), *answers]
