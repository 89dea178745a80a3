"""What may wait for a person, and the register's rule for each kind: which chain is asked, and how urgently."""

from collections.abc import Mapping
from typing import Literal

from streams.values import Frozen, Identifier

Kind = Literal[
    "draft",
    "post",
    "held-post",
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
    "files",
    "route",
    "feed",
    "page",
    "case",
    "paced",
    "shut",
    "secret",
    "step",
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
    "paced": "now",
    "shut": "now",
    "held": "in-hours",
    "files": "in-hours",
    "page": "in-hours",
    "secret": "in-hours",
    "change": "in-hours",
    "matter": "never",
    "post": "in-hours",
    "held-post": "never",
    "step": "never",
}
"""What holds where the register says nothing else. A matter is asked of its own chain.

An incident may hold many posts, and none of them is in a hurry."""


class AttentionRule(Frozen):
    """The rule for one kind of thing that waits, which is its `id`.

    Without a `chain`, the people are asked who are asked for a first word.
    """

    id: Kind
    pages: Pages = "now"
    chain: Identifier | None = None
