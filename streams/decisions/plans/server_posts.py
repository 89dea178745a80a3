"""Posts that another program has scheduled on the server of a channel: an incident takes them over, one by one.

Each becomes our own held planned post first, and only then does the server lose it, so that nothing is lost and
nothing goes out twice. The pausing agent asks the server; what it reports decides whether it is asked once more.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from streams.decisions.authority.order import Order
from streams.decisions.plans.plan_orders import LASTS
from streams.subjects.incident import Incident
from streams.subjects.plan import PlanStatus
from streams.values import Purpose, derive_id
from streams.words.facts import FactBody
from streams.words.network.entries import SchedulerOn
from streams.words.network.orders import PauseRecorded, PauseSought, RecordPause, StepTicked
from streams.words.network.state import Pause
from streams.words.plans import PostTakenOver, PostUnscheduled, RecordUnscheduled, TakePostOver
from streams.words.release import Message

AGAIN = timedelta(seconds=30)
"""So long after an attempt that failed, or whose report never came, the server is asked once more."""
ATTEMPTS_MAX = 20
"""After as many a person does by hand what is left: they were asked after the first that failed."""
RULE = "planned-posts/held-by-an-incident"


def begin(schedulers: Sequence[SchedulerOn]) -> Iterator[PauseSought]:
    """What the servers are asked for as soon as an incident is declared."""
    for one in schedulers:
        if one.scheduler.on_server:
            yield PauseSought(scheduler=one.scheduler.id, channel=one.channels[0], attempt=1)


def is_due(incident: Incident, now: datetime) -> bool:
    """Whether a tick would have a server asked once more."""
    return incident.is_live and any(_is_to_ask(incident, name, now) for name in incident.network.pauses)


def tick(order: Order) -> Iterator[PauseSought]:
    """The servers that are asked once more."""
    for name, pause in order.incident.network.pauses.items() if order.incident.is_live else ():
        if _is_to_ask(order.incident, name, order.now):
            yield _next(name, pause)


def record_pause(order: Order, body: RecordPause) -> Sequence[FactBody]:
    """Record what an attempt found; one that is settled, or a newer one has begun, changes nothing."""
    network = order.incident.network
    pause = network.pauses.get(body.scheduler)
    one = next((known for known in network.schedulers if known.scheduler.id == body.scheduler), None)
    if pause is None or one is None or pause.is_done or pause.attempt != body.attempt:
        return []
    recorded = PauseRecorded(
        scheduler=body.scheduler, name=one.scheduler.name, posts=body.posts, is_done=body.is_done, reason=body.reason
    )
    if body.is_done:
        step = one.pausing
        is_ticked = step.id in network.ticked
        title = step.title_in(order.register.languages[0])
        return [recorded, *([] if is_ticked else [StepTicked(step=step.id, title=title, rule=RULE)])]
    # What was just taken over is to leave the server at once.
    goes_on = body.reason is None and pause.attempt < ATTEMPTS_MAX and order.incident.is_live
    return [recorded, *([_next(body.scheduler, pause)] if goes_on else [])]


def take_over(order: Order, body: TakePostOver) -> Sequence[FactBody]:
    """The post is our own held planned post; one that is known already stays as it is."""
    if order.plan.status is not PlanStatus.NONE:
        return []
    message = Message(
        id=derive_id("msg", order.command.id),
        purpose=Purpose.PLANNED,
        texts=body.texts,
        channels=(body.channel,),
        expires_at=body.at + LASTS,
    )
    taken = PostTakenOver(
        message=message.sealed(), at=body.at, scheduler=body.scheduler, reference=body.reference, lacks=body.lacks
    )
    return [taken]


def record_unscheduled(order: Order, body: RecordUnscheduled) -> Sequence[FactBody]:
    """The post goes out from the server no more; that it is said twice changes nothing."""
    origin = order.plan.origin
    if origin is None or origin.settled:
        return []
    return [PostUnscheduled(put_off_to=body.put_off_to, perhaps_public=body.perhaps_public)]


def _is_to_ask(incident: Incident, name: str, now: datetime) -> bool:
    pause = incident.network.pauses[name]
    return not pause.is_done and pause.attempt < ATTEMPTS_MAX and pause.at + AGAIN <= now


def _next(name: str, pause: Pause) -> PauseSought:
    return PauseSought(scheduler=name, channel=pause.channel, attempt=pause.attempt + 1)
