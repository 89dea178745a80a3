"""The register's own log: the sum of its facts, which are changes of power."""

from typing import Any, Literal

from streams.subjects.state import KEPT, State
from streams.values import THE_REGISTER, Subject
from streams.words.facts import Fact
from streams.words.register.changes import Changes
from streams.words.register.files import FilesNoted


class RegisterLog(State):
    """All changes of the register: what was confirmed, and what waits.

    `unusable` is set while the files cannot be used, and the last good register stays in force.
    """

    kind: Literal["register"] = "register"
    id: str = THE_REGISTER.id
    changes: Changes = Changes()
    unusable: FilesNoted | None = None

    @property
    def subject(self) -> Subject:
        """The register."""
        return THE_REGISTER

    def changed_by(self, fact: Fact) -> dict[str, Any]:
        """What this fact changes among the changes."""
        if isinstance(fact.body, FilesNoted):
            return {"unusable": fact.body if fact.body.faults else None}
        return {"changes": self.changes.after(fact.body, at=fact.at)}

    def remembers(self, order_ids: tuple[str, ...]) -> tuple[str, ...]:
        """The last thousand: this log goes on for years, and an older order is refused for its age."""
        return order_ids[-KEPT:]
