"""How many incidents were declared, and how many of them are over: one row of the desk's tables."""

from collections.abc import Iterable
from typing import Literal

from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.values import THE_REGISTER, Frozen, Identifier

DECLARED = f"{THE_REGISTER.key}|declared"
"""The key of the row. One desk judges everything in one order, so that no order falls between it and an incident."""


class Declared(Frozen):
    """`count` incidents were declared and `over` of them have ended; `latest` is the one that came last."""

    kind: Literal["declared"] = "declared"
    count: int = 0
    over: int = 0
    latest: Identifier | None = None

    @property
    def live(self) -> int:
        """How many go on."""
        return self.count - self.over

    def after(self, incident: Incident) -> "Declared":
        """The same once this incident was declared, or has ended."""
        if incident.is_live:
            return self.model_copy(update={"count": self.count + 1, "latest": incident.id})
        return self.model_copy(update={"over": self.over + 1})


NONE_DECLARED = Declared()


def declared_of(states: Iterable[State | None]) -> Declared:
    """The row of a log that has none yet, by the incidents that go on."""
    live = [one.id for one in states if isinstance(one, Incident) and one.is_live]
    return Declared(count=len(live), latest=live[-1] if live else None)
