"""How messages are written: UTF-8 JSON with a `version`; older versions are lifted to today's before validation."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from streams.errors import Oversize, Undecodable
from streams.topics import Event, TopicPlan, plan_of
from streams.upcasts import Upcast, second_fact, second_order
from streams.values import HASHTAG, IDENTIFIER
from streams.words.facts import Fact
from streams.words.orders import Command
from streams.words.posts import TAGS

NO_NAMES: Mapping[str, str] = {}

Upcasts = Mapping[tuple[str, int], Upcast]
UPCASTS: Upcasts = {("commands", 1): second_order, ("facts", 1): second_fact}
"""(topic name, version found) to the function that lifts a message by one version."""


def encode(message: Event) -> bytes:
    """Write a message; `Oversize` where it is larger than its topic's `bytes_max`."""
    written = message.model_dump_json().encode()
    _check_bounds(plan_of(message), written)
    return written


def decode(plan: TopicPlan, value: bytes | None, *, upcasts: Upcasts = UPCASTS) -> Any:  # noqa: ANN401 - the plan names the type
    """Read a message of this topic, or raise `Undecodable` or `Oversize` with what is wrong and what to do."""
    _check_bounds(plan, value or b"")
    try:
        # One pass, half the time, for nearly all there is.
        return adapter(plan).validate_json(value or b"", strict=False)
    except ValidationError:
        # It may be of an older version; if not, the error names what is wrong with it.
        return _decode_slowly(plan, value or b"", upcasts)


def _decode_slowly(plan: TopicPlan, value: bytes, upcasts: Upcasts) -> Any:  # noqa: ANN401 - as above
    try:
        stored = from_json(value, allow_inf_nan=False)
    except ValueError as error:
        raise Undecodable(f"not JSON ({error}): send UTF-8 JSON") from None
    try:
        message = adapter(plan).validate_python(_lift(plan, stored, upcasts), strict=False)
    except ValidationError as error:
        raise Undecodable(f"not a message of {plan.name}: {says(error)}") from None
    # An order's hash and signature are over what was stored, not over what it was lifted to.
    return message.stored_as(stored) if isinstance(message, Command | Fact) else message


@cache
def adapter(plan: TopicPlan) -> TypeAdapter[Any]:
    """The validator of a topic's type, built once."""
    return TypeAdapter(plan.carries)


def _check_bounds(plan: TopicPlan, value: bytes) -> None:
    if len(value) > plan.bytes_max:
        raise Oversize(f"{len(value)} bytes are more than the {plan.bytes_max} a message may have: shorten it")


def _lift(plan: TopicPlan, stored: Any, upcasts: Upcasts) -> Any:  # noqa: ANN401 - any JSON
    while isinstance(stored, dict) and type(stored.get("version")) is int:
        upcast = upcasts.get((plan.name, stored["version"]))
        if upcast is None:
            break
        stored = upcast(dict(stored))
    return stored


PATTERNS_TOLD: Mapping[str, str] = {
    IDENTIFIER: "take letters, digits and . _ : @ / - without spaces, 120 at most, a letter or digit first",
    HASHTAG: "a hashtag is # and then letters and digits without a space between, 60 at most, such as #PontDdu",
}
"""What to write, by the pattern that it did not follow."""


def says(error: ValidationError, names: Mapping[str, str] = NO_NAMES) -> str:
    """Name the places that are wrong, never what is written there: that may be somebody's words.

    `names` are what the reader calls the outermost fields.
    """
    return "; ".join(f"{_place(one, names)}: {told_fault(one)}" for one in error.errors()[:5])


def _place(one: ErrorDetails, names: Mapping[str, str]) -> str:
    outer, *inner = [str(part) for part in one["loc"] if part not in TAGS] or ["message"]
    return ".".join([names.get(outer, outer), *inner])


def first_fault(error: ValidationError) -> str:
    """The first thing that is wrong with one answer."""
    return told_fault(error.errors()[0])


def told_fault(one: ErrorDetails) -> str:
    """What is wrong in one place and what to do: the same sentence beside a field of the console and at a prompt."""
    given = one.get("ctx", {})
    match one["type"]:
        case "string_pattern_mismatch" if told := PATTERNS_TOLD.get(given["pattern"]):
            return told
        case "string_too_long":
            return f"it is longer than {given['max_length']} characters: shorten it"
        case "string_too_short":
            return "it is empty: write it in a few words"
        case "too_long":
            return f"there are more than {given['max_length']}: leave some out"
        case "enum" | "literal_error":
            return f"choose one of these: {given['expected']}"
        case _:
            return one["msg"].removeprefix("Value error, ")
