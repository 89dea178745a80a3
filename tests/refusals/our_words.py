"""Our own words: what a rule or a page fills into a sentence, and what each language has to tell in its own way."""

import calendar
from collections.abc import Iterator
from enum import StrEnum

from streams.decisions.desk.order_table import ORDERS
from streams.subjects.case import CaseStatus
from streams.subjects.incident import Status
from streams.subjects.plan import PlanStatus
from streams.values import IncidentType, Power, Purpose
from streams.why import Phrase, Why
from streams.words.cases import CaseSort, Criterion, Nature, Treatment
from streams.words.delivery import DeliveryState
from streams.words.holds import HeldField
from streams.words.influence.entries import InfluenceCategory

KINDS: tuple[type[StrEnum], ...] = (
    *(IncidentType, Power, Purpose, Status, HeldField, DeliveryState),
    *(CaseStatus, CaseSort, Criterion, Nature, Treatment, PlanStatus, InfluenceCategory),
)
VALUES = frozenset(str(one) for kind in KINDS for one in kind)
AGENTS = frozenset({f"{one}-agent" for one in ("publishing", "mentions", "escalation", "amplification")})
DATES = frozenset({*calendar.month_name, *calendar.month_abbr, *calendar.day_name} - {"", "May"})
WHAT_ORDERS_DO = frozenset(kind.words for kind in ORDERS.values())
ALSO_WELSH = frozenset({"Mar", "post", "staff"})
"""Our words that are words of Welsh too."""
CALLED = frozenset({"chain", "hold", "known", "slot", "template"})
"""Gaps in which stands what the register or a person calls a thing, which may be a word of ours by chance."""
OURS = (VALUES | AGENTS | DATES | WHAT_ORDERS_DO | {"Error"}) - ALSO_WELSH


def gaps_in(why: Why | Phrase) -> Iterator[tuple[str, str]]:
    """The name of each gap, and each word that fills it, in the reasons inside it too."""
    for name, gap in why.gaps.items():
        for one in gap if isinstance(gap, tuple) else (gap,):
            if isinstance(one, Phrase):
                yield from gaps_in(one)
            else:
                yield name, one
