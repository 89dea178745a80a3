"""Pausing agent: from `facts` to servers of channels and back to `commands`. It holds what other programs scheduled.

Consumes: the orders of an incident to hold the posts of a program that keeps them on the server of a channel.
Produces: commands that take each post over as a planned post, say that the server lost it, and record how far it is.

Each attempt looks at what the server has and goes on from there, so that a worker that dies loses nothing: a post is
removed only after the record has it, and what an attempt left is the next one's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agents.ports import Background, Channel, Clock, NotSent, Records, Registers
from agents.schedule_port import KeepsSchedule
from streams.chain import is_sealed
from streams.decisions.stops.shut_accounts import shut
from streams.errors import Forged
from streams.subjects.incident import Incident
from streams.subjects.plan import Plan
from streams.values import Identifier, Subject, SubjectKind, derive_id, prose, sentence
from streams.words.facts import Fact
from streams.words.network.orders import POSTS_MAX, PauseSought, RecordPause
from streams.words.network.state import Pause
from streams.words.orders import Command, CommandBody, Giver, command
from streams.words.plans import RecordUnscheduled, ScheduledPost, TakePostOver

NAME = Giver.PAUSING.value
SECONDS_MAX = 45.0
PUT_OFF, AWAY_FROM = timedelta(days=365), timedelta(days=180)
"""A post that we cannot send whole is put off so long; one that is that far off counts as held."""
NO_WORDS = "(no words)"


@dataclass(frozen=True, slots=True)
class Needs:
    """Channels by name; `records` is the desk's table, which has the incident and the planned posts."""

    clock: Clock
    registers: Registers
    channels: Mapping[str, Channel]
    background: Background
    records: Records


@dataclass(slots=True)
class _Attempt:
    """What one attempt found: the planned posts that are the server's, what is to be ordered, and what went wrong."""

    posts: dict[Identifier, None]
    orders: list[tuple[Identifier | None, CommandBody]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    is_done: bool = False


async def handle(fact: Fact, needs: Needs) -> Sequence[Command]:
    """Ask the server that this fact names; that runs beside the stream."""
    if isinstance(fact.body, PauseSought):
        sought, state = fact.body, needs.records.get(fact.subject.key)
        pause = state.network.pauses.get(sought.scheduler) if isinstance(state, Incident) else None
        if pause is None or not isinstance(state, Incident) or not is_sealed(fact) or fact.sequence > state.sequence:
            raise Forged
        if pause.attempt == sought.attempt and not pause.is_done:
            needs.background.start(fact.id, lambda: _pause(fact, sought, pause, needs))
    return []


async def _pause(fact: Fact, sought: PauseSought, pause: Pause, needs: Needs) -> Sequence[Command]:
    """Hold what can be held now, and report it, whatever went wrong."""
    attempt = _Attempt(dict.fromkeys(pause.posts))
    try:
        async with needs.clock.timeout(SECONDS_MAX):
            await _hold(attempt, sought, _place(fact, sought.channel, needs), needs)
    except NotSent as hindrance:
        attempt.troubles.append(str(hindrance))
    except TimeoutError:
        attempt.troubles.append(f"the server of {sought.channel} gave no answer in time")
    except Exception as error:  # noqa: BLE001 - whatever it was, a person has to hold what is there
        attempt.troubles.append(f"the server of {sought.channel} gave no clear answer ({type(error).__name__})")
    report = RecordPause(
        scheduler=sought.scheduler,
        attempt=sought.attempt,
        posts=tuple(attempt.posts),
        is_done=attempt.is_done and not attempt.troubles,
        reason=sentence("; ".join(dict.fromkeys(attempt.troubles))) if attempt.troubles else None,
    )
    now = needs.clock.now()
    return [
        command(body, cause=fact.id, mode=fact.mode, subject=_post(name) if name else fact.subject, at=now, by=NAME)
        for name, body in [*attempt.orders, (None, report)]
    ]


def _place(fact: Fact, channel: str, needs: Needs) -> KeepsSchedule:
    """The channel whose server is asked; `NotSent` if it cannot be, or belongs to another mode."""
    found = needs.channels.get(channel)
    if found is None or found.mode != fact.mode:
        raise NotSent(f"this worker has no channel {channel} of its mode: hold by hand what is scheduled there")
    if reason := shut(channel, needs.registers()):
        raise NotSent(reason)
    if not isinstance(found, KeepsSchedule):
        raise NotSent(f"{channel} cannot be asked what is scheduled there: hold it by hand")
    return found


async def _hold(attempt: _Attempt, sought: PauseSought, place: KeepsSchedule, needs: Needs) -> None:
    """Take over what is new, remove what the record has, and look again."""
    listed = await _list(sought, place)
    now = needs.clock.now()
    new = {name: one for name, one in listed.items() if _plan(name, needs) is None and not _is_away(one, now)}
    if len(listed) > POSTS_MAX:
        attempt.troubles.append(f"{len(listed)} posts are scheduled there, and {POSTS_MAX} are held: hold the others")
    for name, one in [*new.items()][: POSTS_MAX - len(attempt.posts)]:
        attempt.posts[name] = None
        attempt.orders.append((name, _taking(sought, one)))
    known = {name: one for name, one in listed.items() if name not in new}
    removed = await _remove(attempt, known, place, now=now)
    left, now = await _list(sought, place) if known else listed, needs.clock.now()
    for name in attempt.posts:
        plan = _plan(name, needs)
        if plan is None or plan.origin is None or plan.origin.settled:
            continue
        there = left.get(name)
        if there is None:
            perhaps = name not in removed and plan.origin.at <= now
            attempt.orders.append((name, RecordUnscheduled(perhaps_public=perhaps)))
        elif _is_away(there, now):
            attempt.orders.append((name, RecordUnscheduled(put_off_to=there.at)))
    open_still = [name for name, one in left.items() if not _is_away(one, now)]
    attempt.is_done = not new and not open_still
    if stuck := [name for name in open_still if name in known]:
        attempt.troubles.append(f"the server of {sought.channel} still has {len(stuck)} of them: hold them by hand")


async def _list(sought: PauseSought, place: KeepsSchedule) -> Mapping[Identifier, ScheduledPost]:
    """What the server has, by the name of the planned post that each becomes; words that we would change stay there."""
    found = dict[Identifier, ScheduledPost]()
    for one in await place.list_scheduled():
        whole = prose(one.text) == one.text.strip() != ""
        lacks = one.lacks or (None if whole else "its words as they are")
        found[post_id(sought.channel, one)] = one.model_copy(update={"lacks": lacks})
    return found


async def _remove(
    attempt: _Attempt, known: Mapping[str, ScheduledPost], place: KeepsSchedule, *, now: datetime
) -> set[str]:
    """Have the server send no more what the record has; the names of those that it had until then."""
    removed = set[str]()
    for name, one in known.items():
        attempt.posts[name] = None
        if _is_away(one, now):
            continue
        try:
            if await place.unschedule(one, put_off_to=now + PUT_OFF if one.lacks else None):
                removed.add(name)
        except NotSent as hindrance:
            attempt.troubles.append(str(hindrance))
    return removed


def _is_away(one: ScheduledPost, now: datetime) -> bool:
    """Whether the post stays on the server and goes out only long after."""
    return one.lacks is not None and one.at > now + AWAY_FROM


def _taking(sought: PauseSought, one: ScheduledPost) -> TakePostOver:
    return TakePostOver(
        scheduler=sought.scheduler,
        channel=sought.channel,
        reference=one.reference,
        at=one.at,
        texts={one.language: prose(one.text) or NO_WORDS},
        lacks=one.lacks,
    )


def post_id(channel: str, one: ScheduledPost) -> Identifier:
    """What the planned post is called that this one becomes: the same for each attempt."""
    return derive_id("scheduled", channel, one.reference)


def _post(name: Identifier) -> Subject:
    return Subject(kind=SubjectKind.PLAN, id=name)


def _plan(name: Identifier, needs: Needs) -> Plan | None:
    state = needs.records.get(_post(name).key)
    return state if isinstance(state, Plan) else None
