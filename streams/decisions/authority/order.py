"""An order to judge, with what all answers to commands share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from streams.decisions.authority.powers import Act
from streams.decisions.channels.budgets import NO_BUDGETS, Budgets
from streams.decisions.verdict import Refused
from streams.subjects import past
from streams.subjects.declared import NONE_DECLARED, Declared
from streams.subjects.incident import Incident
from streams.subjects.outgoing import Outgoing
from streams.subjects.past import NO_PAST, Past, Released
from streams.subjects.plan import Plan
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.values import Power
from streams.words.facts import FactBody
from streams.words.incident import Declare
from streams.words.orders import Command
from streams.words.register.entries import Register
from streams.words.release import Credit, newer
from streams.words.sign_off import Search


@dataclass(frozen=True, slots=True)
class Order:
    """A command with all that it is judged by: the incident's state, the register and the hour.

    `declared` counts the incidents of the mode, for a planned post; `budgets` say how much may go out on each account.
    """

    command: Command
    state: State
    register: Register
    now: datetime
    past: Past = NO_PAST
    declared: Declared = NONE_DECLARED
    budgets: Budgets = NO_BUDGETS

    @property
    def incident(self) -> Incident:
        """The incident that the order is about; `TypeError` for an order about anything else."""
        if not isinstance(self.state, Incident):
            raise TypeError(self.state.subject.called)
        return self.state

    @property
    def declaration(self) -> Declare:
        """What the incident is by now, as it was declared or changed since; `TypeError` before its declaration."""
        if self.incident.declaration is None:
            raise TypeError(self.state.subject.called)
        return self.incident.declaration

    @property
    def outgoing(self) -> Outgoing:
        """The subject whose words go out, an incident or a planned post; `TypeError` for an order about any other."""
        if not isinstance(self.state, Outgoing):
            raise TypeError(self.state.subject.called)
        return self.state

    @property
    def plan(self) -> Plan:
        """The planned post that the order is about; `TypeError` for an order about anything else."""
        if not isinstance(self.state, Plan):
            raise TypeError(self.state.subject.called)
        return self.state

    @property
    def log(self) -> RegisterLog:
        """The register's log, for an order about the register; `TypeError` for any other."""
        if not isinstance(self.state, RegisterLog):
            raise TypeError(self.state.subject.called)
        return self.state

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which a sentence to a person tells a moment: that of the trust."""
        return self.register.hours.zone

    def released(self) -> Iterator[Released]:
        """Every message of the incident that was let out, the newest first."""
        here = {one.number: one for one in past.released(self.incident)}
        for number in range(self.incident.released, 0, -1):
            if found := here.get(number) or self.past.numbered(number):
                yield found

    def carrying(self, account_id: str, post_id: str) -> Released | None:
        """The message of the incident that is this post of a partner; None if there is none."""
        here = ((one.message.credit, one) for one in past.released(self.incident))
        post = (account_id, post_id)
        found = next((one for credit, one in here if credit and (credit.account_id, credit.post_id) == post), None)
        return found or self.past.carrying(*post)

    def versions(self, account_id: str, post_id: str) -> Sequence[Released]:
        """The messages that are this post of a partner, and its newer words, the oldest first."""
        found: list[Released] = []
        while one := self.carrying(account_id, newer(post_id, len(found) + 1)):
            found.append(one)
        return found

    def carried(self, account_id: str, post_id: str) -> Credit | None:
        """Whose words a message of the incident carries that is this post of a partner; None if there is none."""
        found = self.carrying(account_id, post_id)
        return found.message.credit if found else None

    def search(self, search_id: str) -> Search | None:
        """The search of this identifier, also where it is long over."""
        return self.state.searches.get(search_id) or self.past.search(search_id)

    def act(self, power: Power) -> Act:
        """The use of a power now, in this incident; what is about no incident has neither type nor level."""
        declaration = self.state.declaration if isinstance(self.state, Incident) else None
        return Act(
            power,
            self.now,
            type=declaration.type if declaration else None,
            level=declaration.level if declaration else None,
        )

    def refused(self, *reasons: str, who_could: Sequence[str] | None = None) -> Sequence[FactBody]:
        """The refusal of this command, as the one fact it gives."""
        return [Refused(reasons, who_could).fact(self.command.body.kind)]
