"""Marks planted in every string of orders, posts and register entries, to see which of them the public can read."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Literal, get_origin

from pydantic import BaseModel

KEPT = frozenset({"kind", "mode", "language", "languages", "timezone", "category", "words"})
"""Fields whose values are of a list or a form of their own: a mark in them would be refused, not published."""
FIXED = re.compile(r"[a-z]{2}|\d\d:\d\d|[0-9a-f]{64}|place|time")
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
            names = {name for name, field in fields if name not in KEPT and get_origin(field.annotation) is not Literal}
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
        known = self._known.get(given) if " " not in given or given in self._names else None
        if known is None:
            mark = f"Zq{len(self.where)}xq"
            known = self._known[given] = f"{given}{'' if ' ' not in given else ' '}{mark}"
            self.where[mark.casefold()] = set()
        (mark,) = MARK.findall(known)
        self.where[mark.casefold()].add(place)
        return known

    def seen(self, text: str) -> Mapping[str, set[str]]:
        """The marks in a text, with the fields that they were put in."""
        return {mark: self.where[mark] for mark in {found.casefold() for found in MARK.findall(text)}}
