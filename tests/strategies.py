"""Hypothesis strategies read off the models themselves: every command and fact there is, and any that will come."""

import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le, MinLen
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, StringConstraints

ASCII = st.characters(codec="ascii")
PRINTED = st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" ")
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds have none
PLAIN: Mapping[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 10_000),
    float: st.floats(0.5, 100),
    str: st.text(PRINTED, max_size=20),
    datetime: MOMENTS,
    date: st.dates(date(1971, 1, 1), date(2998, 1, 1)),
    time: st.times(),
    type(None): st.none(),
}


def carried(carries: Any) -> st.SearchStrategy[Any]:
    """Any valid message of what a topic carries."""
    return _of(carries)


@cache
def built(model: type[BaseModel]) -> st.SearchStrategy[Any]:
    """Any valid value of a model."""
    fields = {name: _of(field.rebuild_annotation()) for name, field in model.model_fields.items()}
    return st.builds(model, **fields)


def _of(annotation: Any) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _constrained(arguments[0], arguments[1:])
    if origin in {Union, types.UnionType}:
        # What may be left out is left out in the smallest example: Hypothesis takes the first for it.
        return st.one_of([_of(one) for one in sorted(arguments, key=lambda one: one is not type(None))])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(_of(arguments[0]), max_size=3).map(tuple)
    if origin is Mapping:
        return st.dictionaries(_of(arguments[0]), _of(arguments[1]), max_size=3)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return built(annotation)
    if isinstance(annotation, type) and issubclass(annotation, tuple):
        hints = get_type_hints(annotation, include_extras=True)
        return st.builds(annotation, **{name: _of(one) for name, one in hints.items()})
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    return PLAIN.get(annotation, MOMENTS)


def _fits(metadata: tuple[Any, ...]) -> Callable[[str], bool]:
    """Whether a text that follows a pattern is as short as a narrower use of it wants."""
    bounds = [one.max_length for one in metadata if isinstance(one, StringConstraints) and one.max_length]
    return lambda text: all(len(text) <= bound for bound in bounds)


def _constrained(base: Any, metadata: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    if get_origin(base) is Annotated:
        return _constrained(get_args(base)[0], (*get_args(base)[1:], *metadata))
    if get_origin(base) in {Union, types.UnionType} and metadata:
        parts = sorted(get_args(base), key=lambda one: one is not type(None))
        return st.one_of([_of(one) if one is type(None) else _constrained(one, metadata) for one in parts])
    pattern, low, high, longest = None, 0, 20, 20
    for one in metadata:
        if isinstance(one, StringConstraints):
            low, longest = one.min_length or low, one.max_length or longest
        pattern = getattr(one, "pattern", None) or pattern
        low = one.min_length if isinstance(one, MinLen) else low
        low = int(str(one.ge)) if isinstance(one, Ge) else low
        high = int(str(one.le)) if isinstance(one, Le) else high
    if base is str:
        words = st.text(PRINTED, min_size=low, max_size=20) | st.just(longest).map("w".__mul__)
        mends: list[Any] = [one.func for one in metadata if isinstance(one, BeforeValidator)]
        if mends:
            # What nothing is left of, once it is mended, is as wrong as an empty text.
            words = words.filter(lambda text: all(len(mended(text)) >= low for mended in mends))
        return st.from_regex(pattern, fullmatch=True, alphabet=ASCII).filter(_fits(metadata)) if pattern else words
    if base is int:
        return st.integers(low, max(low, high))
    if get_origin(base) is tuple:
        return st.lists(_of(get_args(base)[0]), min_size=low, max_size=3).map(tuple)
    if get_origin(base) is Mapping:
        keys, values = get_args(base)
        return st.dictionaries(_of(keys), _of(values), min_size=low, max_size=3)
    return _of(base)
