"""Marks planted in every string of orders, posts and register entries, to see which of them the public can read."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

KEPT = frozenset({"kind", "mode", "credential_mode", "domain", "language", "languages", "timezone", "category"})
"""Fields whose values are of a list or a form of their own: a mark in them would be refused, not published."""
LEFT = frozenset({"Register.words", "Register.attention", "ProposeChange.content"})
"""Word lists and rules that have no words of an incident, and an entry as text, which has its own marks."""
FIXED = re.compile(r"[a-z]{2}|\d\d:\d\d|[0-9a-f]{64}|[a-z]+-[0-9a-f]{20}|place|time")
"""What a mark would make unreadable, the identifiers that derive from their cause among it."""
MARK = re.compile(r"zq\d+xq", re.IGNORECASE)


class Planter:
    """Puts a mark into each string it meets; `where` says of each mark in which fields it was put.

    One name is marked alike wherever it stands, so that what refers to an entry still does.
    """

    def __init__(self, *names: str) -> None:
        self.where: defaultdict[str, set[str]] = defaultdict(set)
        self._names, self._known = names, dict[str, str]()

    def planted(self, given: Any, place: str = "") -> Any:
        """The value with marks; a model stays one of its kind, and is not validated again."""
        if isinstance(given, BaseModel):
            kind = type(given).__name__
            fields = type(given).model_fields.items()
            free = (name for name, field in fields if name not in KEPT and not _is_listed(field.annotation))
            names = {name for name in free if f"{kind}.{name}" not in LEFT}
            return given.model_copy(
                update={name: self.planted(getattr(given, name), f"{kind}.{name}") for name in names}
            )
        if isinstance(given, Mapping):
            return {self.planted(key, place): self.planted(value, place) for key, value in given.items()}
        if isinstance(given, tuple):
            return tuple(self.planted(one, place) for one in given)
        if type(given) is not str or FIXED.fullmatch(given):
            return given
        return self._marked(given, place)

    def _marked(self, given: str, place: str) -> str:
        for mark in (marks := MARK.findall(given)):
            self.where[mark.casefold()].add(place)
        if marks:
            return given
        known = self._known.get(given) if " " not in given or given in self._names else None
        if known is None:
            mark = f"zq{len(self.where)}xq"
            known = self._known[given] = f"{given}{'' if ' ' not in given else ' '}{mark}"
            self.where[mark.casefold()] = set()
        (mark,) = MARK.findall(known)
        self.where[mark.casefold()].add(place)
        return known

    def seen(self, text: str) -> Mapping[str, set[str]]:
        """The marks in a text, with the fields that they were put in."""
        return {mark: self.where[mark] for mark in {found.casefold() for found in MARK.findall(text)}}


def strings(model: type[BaseModel]) -> set[str]:
    """Every field of the model, and of the models in it, that holds text of somebody's own."""
    return {place for name, field in model.model_fields.items() for place in _in(field.annotation, model, name)}


def _is_listed(annotation: Any) -> bool:
    """Whether its values, or those of a tuple in it, are of a list of ours."""
    return any(get_origin(one) is Literal for one in (annotation, *get_args(annotation)))


def _in(annotation: Any, model: type[BaseModel], name: str) -> Iterator[str]:
    if annotation is str:
        yield f"{model.__name__}.{name}"
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from strings(annotation)
    elif get_origin(annotation) is not Literal:
        yield from (place for one in get_args(annotation) for place in _in(one, model, name))


def filled(given: Any, place: str = "") -> Iterator[str]:
    """Every field of the value, and of the values in it, that holds any text."""
    if isinstance(given, BaseModel):
        yield from (found for name, one in given for found in filled(one, f"{type(given).__name__}.{name}"))
    elif isinstance(given, Mapping):
        yield from (found for pair in given.items() for one in pair for found in filled(one, place))
    elif isinstance(given, tuple):
        yield from (found for one in given for found in filled(one, place))
    elif isinstance(given, str) and given:
        yield place
