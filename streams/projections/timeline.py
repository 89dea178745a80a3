"""Timeline: the moments that somebody who comes later asks about, out of all facts."""

from streams.values import Frozen, Identifier, Utc
from streams.words.facts import Fact

KEPT = 100
MOMENTS = frozenset(
    {
        "exercise_begun",
        "report_received",
        "incident_declared",
        "incident_renamed",
        "incident_reclassified",
        "incident_stood_down",
        "incident_cancelled",
        "message_authorised",
        "delivery_confirmed",
        "delivery_refused",
        "release_cancelled",
        "incident_frozen",
        "incident_resumed",
        "hold_placed",
        "hold_lifted",
        "amplified_post_changed",
        "signal_noted",
        "story_noted",
        "story_left_alone",
    }
)
"""The kinds of facts that change what the public may read, or what the trust is in."""


class KeyMoment(Frozen):
    """One fact by its place in the record, in which its words are found."""

    sequence: int
    at: Utc
    kind: str
    by: Identifier


class Timeline(Frozen):
    """The last moments of one subject; `earlier` counts those before them."""

    moments: tuple[KeyMoment, ...] = ()
    earlier: int = 0

    def after(self, fact: Fact) -> "Timeline":
        """The timeline after this fact; a fact that is in already changes nothing."""
        seen = self.moments[-1].sequence if self.moments else 0
        if fact.body.kind not in MOMENTS or fact.sequence <= seen:
            return self
        moments = (*self.moments, KeyMoment(sequence=fact.sequence, at=fact.at, kind=fact.body.kind, by=fact.by))
        return Timeline(moments=moments[-KEPT:], earlier=self.earlier + max(0, len(moments) - KEPT))
