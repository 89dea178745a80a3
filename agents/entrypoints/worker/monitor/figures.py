"""Figures for an operator, in the form of Prometheus: docs/operating.md says what each means and when it alarms.

No label has a person's name or a word that anybody wrote: kinds, states, channels, lanes and topics only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import get_args

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from agents.entrypoints.worker.monitor.counts import ANSWERS, OUTCOMES, FactCounts
from agents.entrypoints.worker.monitor.readings import Condition, LaneReading, Readiness, Readings
from infra.addresses import ALONE, scheme_of
from infra.log import LogError
from infra.operating import free_bytes
from streams.decisions.accounts.secret_age import age_of
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.subjects.outgoing import Outgoing
from streams.subjects.state import State
from streams.words.orders import Giver
from streams.words.register.entries import Register
from streams.words.sign_off import PageOutcome

PREFIX = "holdingline_"
DAY = timedelta(days=1)
Rows = Iterable[tuple[tuple[str, ...], float]]

GAUGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ready": ("1 if a word could go out now, else 0: what /ready says.", ()),
    "log_answers": ("1 if the log of the control lane answers this process.", ()),
    "loop_late_seconds": ("By how much this process was late at most, within the last minute.", ()),
    "lane_runs": ("1 if a worker of the lane runs and goes on.", ("lane",)),
    "lane_waiting_records": ("What the lane has not handled yet.", ("lane", "topic")),
    "lane_oldest_waiting_seconds": ("For how long the oldest of it has waited.", ("lane",)),
    "dead_letters": ("Records that could not be handled.", ("lane",)),
    "log_free_bytes": ("Free room on the disk under an embedded log.", ()),
    "sends_running": ("Sends and pages that are under way in this process.", ()),
    "incidents": ("Incidents in memory.", ("status",)),
    "deliveries": ("Deliveries of what is in memory.", ("channel", "state")),
    "attention": ("Things that wait for a person.", ("kind",)),
    "channel_failing": ("1 if the last self-test of the channel found a fault.", ("channel",)),
    "account_shut": ("1 if a person shut the account.", ("channel",)),
    "secret_age_days": ("Days since the secret of the account was changed.", ("channel",)),
    "secret_overdue": ("1 if it should have been changed by now.", ("channel",)),
    "register_info": ("1, with the version of the register in force.", ("version",)),
    "register_faults": ("Places that keep the files of the register from being used.", ()),
}
"""Every gauge: its help and its labels."""
COUNTERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "facts": ("Facts written.", ("kind",)),
    "orders": ("Orders judged, by who gave them and how they were answered.", ("giver", "answer")),
    "pages": ("Pages to people, by what became of them.", ("outcome",)),
    "delivery_outcomes": ("What became of deliveries.", ("channel", "outcome")),
}
"""Every counter, since this process started."""


class Figures:
    """All figures of one worker; `unusable` answers with the places of the register's files that need mending."""

    def __init__(self, readings: Readings, counts: FactCounts, *, unusable: Callable[[], Sequence[str]]) -> None:
        self.readings, self._counts, self._unusable = readings, counts, unusable

    async def page(self) -> bytes:
        """The figures as they are now, in the text format of Prometheus."""
        readiness, condition = await self.readings.readiness(), await self.readings.now()
        registry = CollectorRegistry()
        registry.register(_Now([*self._gauges(readiness, condition), *self._counters(readiness.channels)]))
        ProcessCollector(registry=registry)
        return generate_latest(registry)

    def _gauges(self, readiness: Readiness, condition: Condition) -> Iterator[Metric]:
        """A state that cannot be read hides no other figure."""
        worker = self.readings.worker
        rows: dict[str, Rows] = {
            "ready": [((), float(readiness.is_ready))],
            "log_answers": [((), float(condition.log is None))],
            "loop_late_seconds": [((), self.readings.late_seconds)],
            "sends_running": [((), float(worker.background.running))],
            "register_faults": [((), float(len(self._unusable())))],
            "channel_failing": [((name,), float(fault is not None)) for name, fault in readiness.channels.items()],
            **_of_lanes(condition.lanes),
            **_of_states([*worker.incidents.states.values()], self.readings.clock.now()),
        }
        with suppress(OSError):
            if scheme_of(self.readings.log_url) == ALONE:
                rows["log_free_bytes"] = [((), float(free_bytes(self.readings.log_url)))]
        with suppress(LogError):
            if worker.registers is not None:
                rows |= self._of_register(worker.registers())
        for name, (about, labels) in GAUGES.items():
            yield _with(GaugeMetricFamily(PREFIX + name, about, labels=labels), rows.get(name, ()))

    def _counters(self, channels: Iterable[str]) -> Iterator[Metric]:
        """What an alarm waits for is there as a 0 from the start: the first one would else be no increase."""
        counts = self._counts
        answers = {(Giver.PERSON.value, answer): 0 for answer in ANSWERS}
        outcomes = {(name, outcome): 0 for name in channels for outcome in OUTCOMES}
        rows: dict[str, Rows] = {
            "facts": [((kind,), count) for kind, count in counts.facts.items()],
            "orders": {**answers, **counts.orders}.items(),
            "pages": [((outcome,), counts.pages[outcome]) for outcome in get_args(PageOutcome)],
            "delivery_outcomes": {**outcomes, **counts.outcomes}.items(),
        }
        for name, (about, labels) in COUNTERS.items():
            yield _with(CounterMetricFamily(PREFIX + name, about, labels=labels), rows[name])

    def _of_register(self, register: Register) -> Mapping[str, Rows]:
        now, incidents = self.readings.clock.now(), self.readings.worker.incidents
        ages = {
            name: age
            for name, entry in register.channels.items()
            if (age := age_of(entry, incidents.account(name), register=register))
        }
        days = {name: (now - age.changed_at) / DAY for name, age in ages.items() if age.changed_at}
        return {
            "account_shut": [((name,), float(name in register.shut)) for name in register.channels],
            "secret_age_days": [((name,), age) for name, age in days.items()],
            "secret_overdue": [((name,), float(one.is_overdue(now))) for name, one in ages.items()],
            "register_info": [((register.version(),), 1.0)],
        }


class _Now:
    """A collector for one page."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _with(family: GaugeMetricFamily | CounterMetricFamily, rows: Rows) -> Metric:
    for labels, value in rows:
        family.add_metric(labels, value)
    return family


def _of_lanes(lanes: Mapping[str, LaneReading]) -> Mapping[str, Rows]:
    return {
        "lane_runs": [((name,), float(one.runs)) for name, one in lanes.items()],
        "lane_waiting_records": [
            ((name, topic), float(count)) for name, one in lanes.items() for topic, count in (one.places or {}).items()
        ],
        "lane_oldest_waiting_seconds": [
            ((name,), one.waited_seconds) for name, one in lanes.items() if one.waited_seconds is not None
        ],
        "dead_letters": [((name,), float(one.dead_letters)) for name, one in lanes.items()],
    }


def _of_states(states: Sequence[State], now: datetime) -> Mapping[str, Rows]:
    statuses = Counter((one.status.value,) for one in states if isinstance(one, Incident))
    deliveries = Counter(
        (delivery.channel, delivery.state.value)
        for one in states
        if isinstance(one, Outgoing)
        for delivery in one.deliveries.values()
    )
    waits = Counter((kind,) for state in states for kind in _waits(state, now))
    return {"incidents": statuses.items(), "deliveries": deliveries.items(), "attention": waits.items()}


def _waits(state: State, now: datetime) -> Sequence[str]:
    """The kinds of what waits; none if the rules fail at the state, which the desk did not write then."""
    try:
        return [one.kind for one in waiting(state, now)]
    except Exception:  # noqa: BLE001 - the worker's timers tell of it
        return []
