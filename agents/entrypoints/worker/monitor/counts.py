"""Counts of what was written since the worker started, from the facts as they were committed: kinds and places only."""

from collections import Counter, OrderedDict

from agents.runtime.door.reading import RecordReader
from infra.log import Record
from streams.words.delivery import DeliveryAsked, DeliveryClaimed, DeliveryConfirmed, DeliveryRefused, DeliveryUnknown
from streams.words.facts import CommandRefused, Fact
from streams.words.orders import Giver
from streams.words.sign_off import PageRecorded

DELIVERIES_KEPT = 10_000
"""So many deliveries are remembered with their channel, the newest."""
ANSWERED, REFUSED = ANSWERS = ("answered", "refused")
OUTCOMES = ("confirmed", "refused", "unknown")
MACHINES = frozenset(one.value for one in Giver) - {Giver.PERSON.value}


class FactCounts:
    """Counts facts in the order of the log. No label has a name of a person, or a word that anybody wrote."""

    def __init__(self) -> None:
        self.facts: Counter[str] = Counter()
        """By kind."""
        self.orders: Counter[tuple[str, str]] = Counter()
        """By who gave them (`person`, or the agent), and whether they were `answered` or `refused`."""
        self.pages: Counter[str] = Counter()
        """By outcome."""
        self.outcomes: Counter[tuple[str, str]] = Counter()
        """What became of deliveries, by channel and outcome: `confirmed`, `refused`, `unknown`."""
        self._channels: OrderedDict[str, str] = OrderedDict()
        self._answered: OrderedDict[str, str] = OrderedDict()

    def take(self, record: Record) -> None:
        """Count one record; what cannot be read is no fact."""
        for fact in RecordReader().facts([record]):
            self.facts[fact.body.kind] += 1
            self._count_order(fact)
            self._count_body(fact)

    def _count_order(self, fact: Fact) -> None:
        """All facts of one answer have one cause, and come together in their subject."""
        if self._answered.get(fact.subject.key) == fact.cause:
            return
        _keep(self._answered, fact.subject.key, value=fact.cause)
        giver = fact.by if fact.by in MACHINES else Giver.PERSON.value
        self.orders[giver, REFUSED if isinstance(fact.body, CommandRefused) else ANSWERED] += 1

    def _count_body(self, fact: Fact) -> None:
        match fact.body:
            case PageRecorded(outcome=outcome):
                self.pages[outcome] += 1
            case DeliveryAsked(delivery_id=name, channel=channel):
                _keep(self._channels, name, value=channel)
            case DeliveryClaimed(delivery_id=name, dispatch=dispatch):
                _keep(self._channels, name, value=dispatch.channel)
            case DeliveryConfirmed(delivery_id=name):
                self._count_outcome(name, "confirmed")
            case DeliveryRefused(delivery_id=name):
                self._count_outcome(name, "refused")
            case DeliveryUnknown(delivery_id=name, looks=0):
                self._count_outcome(name, "unknown")
            case _:
                pass

    def _count_outcome(self, delivery: str, outcome: str) -> None:
        """A delivery that was asked for before this worker started is counted without its channel."""
        self.outcomes[self._channels.get(delivery, ""), outcome] += 1


def _keep(kept: OrderedDict[str, str], key: str, *, value: str) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > DELIVERIES_KEPT:
        kept.popitem(last=False)
