"""From plain values to the models of the registers; every mistake becomes a sentence at its own line."""

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from agents.adapters.registers.faults import NOT_SHOWN, Fault
from agents.adapters.registers.source import FileSource, Step, Trail

Model = TypeVar("Model", bound=BaseModel)

_SECRET = re.compile("credential|secret|password|passphrase|passwd|token|key|auth", re.IGNORECASE)
"""A field of such a name may hold what nobody else should read."""
QUOTE = "put it in quotes if it is meant as text"
ADVICE = {
    "missing": "{field} is missing: add it",
    "extra_forbidden": "there is no field {field} here: take it out, or mend its spelling",
    "string_type": "{field} must be text, this is {value}: " + QUOTE,
    "int_type": "{field} must be a whole number, this is {value}",
    "tuple_type": "{field} must be a list, this is {value}: begin each line with a dash",
    "too_short": "{field} must have an entry: add one",
    "dict_type": "{field} must be a set of fields, this is {value}",
    "model_type": "{field} must be a set of fields, this is {value}",
    "json_invalid": "this cannot be read: write it anew",
    "timezone_aware": "{field} needs its time zone, this is {value}: end it with Z, or with +01:00 in summer",
    "date_from_datetime_parsing": "{field} must be a date like 2027-01-31, this is {value}",
    "date_type": "{field} must be a date like 2027-01-31, this is {value}",
    "datetime_type": "{field} must be a time like 2027-01-31T09:00:00Z, this is {value}",
    "datetime_parsing": "{field} must be a time like 2027-01-31T09:00:00Z, this is {value}",
    "datetime_from_date_parsing": "{field} must be a time like 2027-01-31T09:00:00Z, this is {value}",
}


def validate(model: type[Model], source: FileSource, *, trail: Trail, faults: list[Fault]) -> Model | None:
    """The model of the part at `trail`, or None and its faults; every type is strict, nothing is guessed."""
    try:
        return model.model_validate_json(json.dumps(_part(source, trail)), strict=True)
    except ValidationError as error:
        faults.extend(_explain_fault(error, source, trail))
    except OverflowError:
        faults.append(source.fault(trail, "a time in this entry lies outside the calendar: mend its year"))
    return None


def _part(source: FileSource, trail: Trail) -> Any:  # noqa: ANN401 - any part of a file
    value = source.value
    for step in trail:
        value = value[step]
    return value


def _explain_fault(error: ValidationError, source: FileSource, trail: Trail) -> Iterator[Fault]:
    details = error.errors(include_url=False)
    for detail in details:
        inner = _inner(detail)
        if detail["type"] == "too_short" and any(
            _inner(one)[: len(inner)] == inner for one in details if one is not detail
        ):
            continue  # The list has entries, but they could not be read, and that is said.
        hidden = source.hash_at((*trail, *inner)) if detail["input"] is None else None
        yield source.fault((*trail, *inner), hidden or explain(detail))


def explain(detail: ErrorDetails) -> str:
    """A mistake as a sentence that names the field and says what to do."""
    inner = _inner(detail)
    field = next((step for step in reversed(inner) if isinstance(step, str)), "this entry")
    value = NOT_SHOWN if any(_SECRET.search(str(step)) for step in inner) else _shown(detail["input"])
    if advice := ADVICE.get(detail["type"]):
        return advice.format(field=field, value=value)
    problem = detail["msg"].removeprefix("Value error, ")
    problem = problem[:1].lower() + problem[1:]
    return f"{field} is {value}: {problem}" if inner else problem


def _inner(detail: ErrorDetails) -> tuple[Step, ...]:
    """The trail inside the part; a mistake in a key is reported at that key."""
    return tuple(step for step in detail["loc"] if step != "[key]")


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "a set of fields" if isinstance(value, dict) else "a list"
    text = "".join(character if character.isprintable() else "?" for character in str(value))
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"  # noqa: PLR2004 - what fits into a sentence
