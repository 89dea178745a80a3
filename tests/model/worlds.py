"""The small worlds of the model search: who may what, at which hour, who is away, whom a chain asks, who signs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Literal

from streams.subjects.incident import Incident
from streams.values import LIVE, Power
from streams.words.register.entries import (
    Absence,
    Chain,
    Contact,
    Delegation,
    Hours,
    Person,
    Register,
    Shift,
    WorkingHours,
)
from tests import builders, keyring, searches
from tests.builders import COMMANDER, INCIDENT, NURSE, OFFICER, SIGNER, WRITER, person

CHAIR = "chair"
STEPS = (COMMANDER, OFFICER, CHAIR)
"""Whom the chains ask, in this order."""
WAIT = timedelta(minutes=5)
NIGHT = datetime(2026, 1, 14, 22, 31, tzinfo=UTC)
DAY = datetime(2026, 1, 15, 11, 0, tzinfo=UTC)
Hour = Literal["night", "day", "bank-holiday"]
Gone = Literal["nobody", "the first", "all"]
Asks = Literal["no chain", "a chain", "an ordered chain", "a chain with a delegation"]
HOURS: Sequence[Hour] = ("night", "day", "bank-holiday")
GONE: Sequence[Gone] = ("nobody", "the first", "all")
ASKS: Sequence[Asks] = ("no chain", "a chain", "an ordered chain", "a chain with a delegation")


@dataclass(frozen=True)
class World:
    """One way in which everything that no order changes may stand."""

    hour: Hour
    gone: Gone
    asks: Asks
    level: Literal[1, 4] = 4
    signs: bool = False

    def __str__(self) -> str:
        """As the test is called."""
        return f"{self.hour}, {self.gone} away, {self.asks}, level {self.level}{', signed' * self.signs}"

    @property
    def now(self) -> datetime:
        """When the incident is declared."""
        return NIGHT if self.hour == "night" else DAY

    def register(self) -> Register:
        """Everybody, with the chains that ask them."""
        holidays = (DAY.date(),) if self.hour == "bank-holiday" else (date(2026, 12, 25),)
        template = builders.template(channels=("website",))
        return builders.register(
            people={one.id: one for one in self._people()},
            hours=WorkingHours(bank_holidays=holidays),
            rota=(Shift(rota="on-call", person=OFFICER, starts_at=NIGHT - WAIT, ends_at=DAY + timedelta(days=1)),),
            channels={"website": builders.channel("website")},
            templates={template.id: template},
            chains={one.id: one for one in self._chains()},
            holds={},
            partners={},
        )

    def _people(self) -> Iterator[Person]:
        """By night the commander, by day the officer, who must be on the rota; the chair signs off at high levels."""
        away = {"nobody": (), "the first": STEPS[:1], "all": STEPS}[self.gone]
        absence = Absence(starts_at=NIGHT - timedelta(days=9), ends_at=DAY + timedelta(days=9))
        for one in (
            person(COMMANDER, *builders.COMMAND_POWERS, hours=Hours.OUT_OF_HOURS, deputies=(OFFICER, CHAIR)),
            person(OFFICER, *builders.COMMAND_POWERS, hours=Hours.IN_HOURS, rota="on-call"),
            person(CHAIR, Power.SIGN_OFF_LINE, levels=(3, 4)),
            person(WRITER, Power.DRAFT_LINE, Power.SIGN_OFF_LINE, Power.WITHDRAW),
            person(SIGNER, Power.APPROVE_TEMPLATE, Power.DECLARE),
            person(NURSE),
            person(keyring.KEEPER, Power.ENROL_KEY),
        ):
            yield one.model_copy(
                update={
                    "contacts": (Contact(via="sms", address=f"01632 960{len(one.id):03}"),),
                    "away": (absence,) if one.id in away else (),
                    "keys": (keyring.key(one.id),) if self.signs and one.id == COMMANDER else (),
                }
            )

    def _chains(self) -> Iterator[Chain]:
        if self.asks == "no chain":
            return
        steps = tuple(searches.step(one, answer_within_seconds=int(WAIT.total_seconds()), reminders=0) for one in STEPS)
        lines = searches.chain(steps=steps, ordered=self.asks == "an ordered chain")
        if lines.ordered:
            yield lines.model_copy(update={"id": "first-words", "power": Power.RELEASE_HOLDING})
        yield delegating(lines) if self.asks == "a chain with a delegation" else lines


def delegating(chain: Chain) -> Chain:
    """The chain with what its first person lets out beforehand, and a second person's yes to that."""
    given = Delegation(template="major-incident", slots={"place": "Ashby General"}, delegated_by=COMMANDER)
    plain = chain.model_copy(update={"delegated": given})
    yes = builders.template().approval
    assert yes
    approval = yes.model_copy(update={"content_hash": plain.delegation_hash()})
    return plain.model_copy(update={"delegated": given.model_copy(update={"approval": approval})})


NEW = Incident(id=INCIDENT, mode=LIVE)
WORLDS: Sequence[World] = tuple(
    World(hour, gone, asks, level=1 if (h + 2 * g + a) % 3 == 1 else 4, signs=(h + g + a) % 2 == 1)
    for (h, hour), (g, gone), (a, asks) in product(enumerate(HOURS), enumerate(GONE), enumerate(ASKS))
)
"""Every hour with every absence and every chain; level and signatures go through them in turn."""
