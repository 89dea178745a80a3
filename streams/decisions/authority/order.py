"""What every answer to a command starts from, and the checks that all of them share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from streams.decisions.authority.powers import Act
from streams.decisions.verdict import Refused
from streams.incident import Incident
from streams.values import Power
from streams.words.facts import FactBody
from streams.words.orders import Command
from streams.words.register.entries import Register


@dataclass(frozen=True, slots=True)
class Order:
    """A command with all that it is judged by: the incident as it stands, the registers, the hour."""

    command: Command
    incident: Incident
    register: Register
    now: datetime

    def act(self, power: Power) -> Act:
        """The use of a power on this incident, now."""
        declaration = self.incident.declaration
        return Act(
            power,
            self.now,
            type=declaration.type if declaration else None,
            level=declaration.level if declaration else None,
        )

    def refused(self, *reasons: str, who_could: Sequence[str] | None = None) -> Sequence[FactBody]:
        """The refusal of this command, as the one fact it gives."""
        return [Refused(reasons, who_could).fact(self.command.body.kind)]
