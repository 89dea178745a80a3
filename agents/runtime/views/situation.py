"""The situation of an incident as the worker knows it, and the briefing on it in words."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from agents.ports import Clock, Registers, Store
from agents.runtime.door.door import Door
from agents.runtime.views.console_words import LANGUAGES, console_says
from agents.runtime.views.incidents import SubjectsView
from infra.log import LogError
from streams.decisions.listening.surge import Counts
from streams.decisions.wording.renderer import MARKS
from streams.subjects.case import Case
from streams.subjects.incident import Incident
from streams.subjects.past import whole
from streams.subjects.state import State
from streams.telling.briefing.letter import briefing_lines
from streams.telling.briefing.sections import Situation
from streams.values import Identifier, Subject, is_drill, prose


class Rows(Protocol):
    """What left the incidents' records, by key."""

    def get(self, key: str) -> Any:  # noqa: ANN401 - each key has its own kind of row
        """The row of this key."""

    def keys(self, prefix: str = "") -> Any:  # noqa: ANN401 - any sequence of keys
        """Every key that begins so."""


def briefing_writer(  # budget: whose log and mode, the hour, the register, the tables, and the view of them
    mode: str,
    log_url: str,
    *,
    clock: Clock,
    registers: Registers,
    tables: tuple[Store[State], Rows],
    subjects: SubjectsView,
) -> Callable[[Identifier], Awaitable[str]]:
    """What writes the briefing on an incident as it is when it is called, in each language of the trust that we have.

    In a drill the mark of an exercise comes first. What was counted is left out, and that is said, if it cannot be
    read now.
    """

    async def write(incident_id: Identifier) -> str:
        register, now = registers(), clock.now()
        incident = _whole(incident_id, tables)
        counts, counted = await _counts(mode, log_url, incident_id=incident_id)
        cases = [one for one in subjects.states.values() if isinstance(one, Case)]
        known = Situation(incident, counts, now, cases, subjects.register_log, is_counted=counted)
        zone = register.hours.zone
        says = partial(console_says, is_live=not is_drill(mode))
        parts = [
            mark_in(mode, language) + "\n".join(briefing_lines(known, says(language), zone=zone))
            for language in [one for one in register.languages if one in LANGUAGES] or LANGUAGES[:1]
        ]
        return prose("\n\n".join(parts))

    return write


def mark_in(mode: str, language: str) -> str:
    """The mark of an exercise before the first line, in a drill."""
    return f"{MARKS[language]}: " if is_drill(mode) else ""


def _whole(incident_id: str, tables: tuple[Store[State], Rows]) -> Incident:
    """The incident with what left its record."""
    states, past = tables
    subject = Subject.incident(incident_id)
    state, prefix = states.get(subject.key), f"{subject.key}|"
    rows: Mapping[str, Any] = {key.removeprefix(prefix): past.get(key) for key in past.keys(prefix)}
    if not isinstance(state, Incident):
        raise TypeError(incident_id)
    return whole(state, rows)


async def _counts(mode: str, log_url: str, *, incident_id: str) -> tuple[Counts, bool]:
    """What the mention lane counted, and whether it could be read."""
    with suppress(LogError):
        async with Door(mode, log_url) as door:
            return await door.counts(incident_id), True
    return Counts(), False
