"""What may wait for a person, and the register's rule for each kind: which chain is asked, and how urgently."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from streams.values import Frozen, Identifier

Kind = Literal[
    "draft",
    "post",
    "held-post",
    "post-correction",
    "matter",
    "held",
    "by-hand",
    "amiss",
    "unknown",
    "unanswered",
    "changed-post",
    "stopped-partner",
    "stopped-account",
    "look-alike",
    "promise",
    "reminder",
    "reclassified",
    "change",
    "unconfirmed",
    "risk",
    "files",
    "route",
    "feed",
    "page",
    "pack",
    "case",
    "untaken",
    "paced",
    "shut",
    "secret",
    "step",
    "scheduler",
    "resume-scheduler",
    "watch",
    "listed",
    "story",
    "briefing",
]
Pages = Literal["now", "in-hours", "never"]
"""When people are paged about it: at once, in the trust's working hours, or never: then it is only shown."""

PAGES: Mapping[Kind, Pages] = {
    "promise": "now",
    "reminder": "now",
    "by-hand": "now",
    "amiss": "now",
    "unknown": "now",
    "route": "now",
    "feed": "now",
    "unanswered": "now",
    "changed-post": "now",
    "stopped-partner": "now",
    "stopped-account": "now",
    "look-alike": "now",
    "reclassified": "now",
    "draft": "now",
    "case": "now",
    "untaken": "now",
    "paced": "now",
    "shut": "now",
    "watch": "now",
    "held": "in-hours",
    "files": "in-hours",
    "page": "in-hours",
    "pack": "in-hours",
    "secret": "in-hours",
    "change": "in-hours",
    "unconfirmed": "never",
    "risk": "never",
    "matter": "never",
    "post": "in-hours",
    "held-post": "never",
    "post-correction": "now",
    "step": "never",
    "scheduler": "now",
    "resume-scheduler": "in-hours",
    "listed": "never",
    "story": "now",
    "briefing": "in-hours",
}
"""What holds where the register says nothing else. A matter is asked of its own chain.

An incident may hold many posts, and none of them is in a hurry."""
PART_OF: Mapping[Kind, Kind] = {"stopped-account": "stopped-partner"}
"""Where a register has no rule for the first, its rule for the second holds: it was written before they were two."""


class AttentionRule(Frozen):
    """The rule for one kind of thing that waits, which is its `id`.

    Without a `chain`, the people are asked who are asked for a first word.
    """

    id: Kind
    pages: Pages = "now"
    chain: Identifier | None = None


Addressed = Literal["media-enquiry", "complaint", "call-for-help", "abuse", "threat", "hate-crime"]
"""The sorts of cases, as `cases.CaseSort` has them."""
MINUTES_MAX = 30 * 24 * 60
AnswerMinutes = Annotated[int, Field(ge=1, le=MINUTES_MAX)]


class CaseRule(Frozen):
    """The rule for one sort of case, which is its `id`: who has it, how soon it is answered, and whom it pages.

    Its desk is the `person`, or the one on call on the `rota`; then the people of the `chain` are asked, or those who
    are asked for a first word. Where it `counts` in hours, the minutes count in the trust's working hours alone.
    """

    id: Addressed
    rota: Identifier | None = None
    person: Identifier | None = None
    chain: Identifier | None = None
    answer_minutes: AnswerMinutes = 60
    counts: Literal["always", "in-hours"] = "always"
    pages: Pages = "now"


CASES: Mapping[Addressed, CaseRule] = {
    one.id: one
    for one in (
        CaseRule(id="media-enquiry", answer_minutes=30),
        CaseRule(id="complaint", answer_minutes=24 * 60, counts="in-hours", pages="in-hours"),
        CaseRule(id="call-for-help", answer_minutes=15),
        CaseRule(id="abuse", answer_minutes=8 * 60, counts="in-hours", pages="never"),
        CaseRule(id="threat", answer_minutes=10),
        CaseRule(id="hate-crime", answer_minutes=15),
    )
}
"""What holds where the register says nothing else. A complaint has three working days of eight hours."""
