"""Rows of an agent's own tables."""

from typing import TypeVar

from agents.ports import Store
from streams.errors import MessageError

Value = TypeVar("Value")
Nothing = TypeVar("Nothing")


def row(store: Store[Value], key: str, *, nothing: Nothing) -> Value | Nothing:
    """What was kept before. What cannot be read is counted from nothing: nothing public rests on it alone."""
    try:
        return store.get(key) or nothing
    except MessageError:
        return nothing
