"""Orders about the watch: what is heard is noted, and a person who may declare an incident answers it."""

from collections.abc import Iterator, Sequence

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may
from streams.decisions.verdict import Refused
from streams.decisions.wording.personal_data import personal_data
from streams.subjects.declared import Declared
from streams.subjects.listening.watch import TrustWatch, WatchStatus
from streams.values import Power
from streams.why import because
from streams.words.facts import FactBody
from streams.words.listening.watch import (
    CLOSER,
    FoundNotOurs,
    NoteWatch,
    NotOurs,
    WatchCloser,
    WatchedCloser,
    WatchNoted,
    WatchSettled,
)

ANSWERED = {WatchStatus.CLOSER, WatchStatus.NOT_OURS, WatchStatus.SETTLED}
STILL_PEOPLE, STILL_FACTOR = 3, 2
"""So many people, and so many times the usual, are still more than usual when it is looked at again."""


def note(order: Order, body: NoteWatch) -> Sequence[FactBody]:
    """Note what is heard; it waits for a person unless it was settled, see `TrustWatch.is_quiet`.

    Word of what became of it counts only while the person who wanted it still waits for it.
    """
    watch, declared = _watch(order), order.declared
    if body.looked and (body.looked != watch.until or not watch.is_to_look(order.now)):
        return []
    if body.looked:
        waits, is_other = body.people >= max(STILL_PEOPLE, STILL_FACTOR * body.usual), False
    else:
        waits = not watch.is_quiet(body, order.now, declared=declared)
        is_other = waits and watch.status in ANSWERED and bool(watch.others(body, order.now))
    return [
        WatchNoted(
            **body.model_dump(exclude={"kind"}),
            trust=order.register.trust,
            waits=waits,
            is_other=is_other,
            declared=declared.count,
            incident=declared.latest if declared.live else None,
        )
    ]


def closer(order: Order, body: WatchCloser) -> Sequence[FactBody]:
    """Only look on; the time begins again if it is given again."""
    verdict = may(order.command.by, order.act(Power.DECLARE), register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [WatchedCloser(until=order.now + CLOSER, rule=verdict.rule)]


def not_ours(order: Order, body: NotOurs) -> Sequence[FactBody]:
    """Settle it, for a reason that is kept for ever."""
    verdict = may(order.command.by, order.act(Power.DECLARE), register=order.register)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    if reasons := [*_personal(order, body.reason)]:
        return order.refused(*reasons)
    return [FoundNotOurs(reason=body.reason, rule=verdict.rule)]


def settle(order: Order) -> Sequence[FactBody]:
    """The fact that an incident settles what waits, if one was declared since it came up; else none."""
    watch, declared = order.state, order.declared
    if not isinstance(watch, TrustWatch) or declared.latest is None or not watch.is_overtaken(declared):
        return []
    return [WatchSettled(incident=declared.latest, declared=declared.count)]


def declared_by(facts: Sequence[FactBody]) -> Declared | None:
    """What must have been known of the incidents, by what was noted or settled: to judge it again; None if neither."""
    found = next((one for one in facts if isinstance(one, WatchNoted | WatchSettled)), None)
    if found is None:
        return None
    over = found.declared - 1 if found.incident else found.declared
    return Declared(count=found.declared, over=over, latest=found.incident)


def _personal(order: Order, words: str) -> Iterator[str]:
    for found in personal_data(words, order.register, year=order.now.year):
        yield because(
            "reason-personal", "the reason is kept for ever and holds {found}: say it without", found=found.kind
        )


def _watch(order: Order) -> TrustWatch:
    """The watch that the order is about; `TypeError` for an order about anything else."""
    if not isinstance(order.state, TrustWatch):
        raise TypeError(order.state.subject.called)
    return order.state
