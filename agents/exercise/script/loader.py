"""A scenario file as a `Scenario`, or every mistake in it as `file:line: sentence`."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agents.adapters.registers.faults import report as told
from agents.adapters.registers.source import FileSource, Trail, read_source
from agents.adapters.registers.validation import validate
from agents.exercise.script.scenario import (
    CLAIMS,
    DOINGS,
    INJECT_REFERENCES,
    OF_CASES,
    PLAYED,
    Scenario,
    offset,
)
from streams.values import Utc
from streams.words.cases import OpenCase

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Utc)
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


class UnusableScenario(ValueError):
    """The scenario cannot be played: mend every fault that is named."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([self.__doc__ or "", *self.faults]))


def load(path: Path) -> Scenario:
    """Read and check a scenario file."""
    source = read_source(path, path.name)
    faults = list(source.faults)
    scenario = None if faults else validate(Scenario, _with_moments(source), trail=(), faults=faults)
    if scenario is not None:
        faults += [source.fault(trail, sentence) for trail, sentence in _misfits(scenario)]
    if scenario is None or faults:
        raise UnusableScenario(told(faults))
    return scenario


def _with_moments(source: FileSource) -> FileSource:
    """Turn times that are written from the start (`+59:00`) into moments."""
    if not isinstance(source.value, dict):
        return source
    try:
        start = _MOMENT.validate_python(source.value.get("start"))
    except ValidationError:
        start = _ANY_TIME
    return replace(source, value=_moments(source.value, start))


def _moments(value: Any, start: datetime) -> Any:  # noqa: ANN401 - any part of a file
    if isinstance(value, list):
        return [_moments(one, start) for one in value]
    if isinstance(value, dict):
        return {key: _moment(key, one, start) for key, one in value.items()}
    return value


def _moment(key: str, value: Any, start: datetime) -> Any:  # noqa: ANN401 - any part of a file
    if not (key.endswith(("_at", "_by")) and isinstance(value, str) and value.startswith("+")):
        return _moments(value, start)
    try:
        return (start + offset(value)).isoformat()
    except ValueError:
        return value


def _misfits(scenario: Scenario) -> Iterator[tuple[Trail, str]]:
    """Mistakes that show only when several parts are read together."""
    yield from _inject_misfits(scenario)
    names = {inject.name for inject in scenario.injects}
    for number, expectation in enumerate(scenario.expectations):
        trail: Trail = ("expectations", number)
        if len(_given(expectation, CLAIMS)) != 1:
            yield trail, f"an expectation expects exactly one thing: give one of {', '.join(CLAIMS)}"
        references = {field: getattr(expectation, field) for field in INJECT_REFERENCES}
        if expectation.refused:
            references["refused"] = expectation.refused.inject
        for field, name in references.items():
            if name is not None and name not in names:
                yield (*trail, field), f"no inject is named {name}: name one, or mend the spelling"


def _inject_misfits(scenario: Scenario) -> Iterator[tuple[Trail, str]]:
    seen: set[str] = set()
    for number, inject in enumerate(scenario.injects):
        trail: Trail = ("injects", number)
        done = _given(inject, DOINGS)
        if len(done) != 1:
            yield trail, f"an inject does exactly one thing: give one of {', '.join(DOINGS)}"
        elif done[0] in PLAYED and inject.by is None:
            yield trail, "nobody gives this order: say who does with `by`"
        elif (inject.case is not None) != (done[0] in OF_CASES and not isinstance(inject.order, OpenCase)):
            yield trail, "an order about a case says which with `case`, as in complaint 1, and no other inject has one"
        if inject.at > scenario.lasts:
            yield (*trail, "at"), "this lies after the end: let the exercise last longer, or play it sooner"
        if inject.name is not None and inject.name in seen:
            yield (*trail, "name"), f"the name {inject.name} is taken: give this inject another"
        seen.add(inject.name or "")


def _given(part: object, fields: Iterable[str]) -> list[str]:
    return [field for field in fields if getattr(part, field) is not None]
