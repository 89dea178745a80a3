"""The facts about the briefing by mail, in words."""

from collections import Counter

from streams.words.briefings.letters import BriefingClaimed, BriefingFact


def told_briefing(body: BriefingFact) -> str:
    """The sentence for this fact."""
    if isinstance(body, BriefingClaimed):
        return f"briefing {body.number} goes by mail to {len(body.people)} people"
    counts = Counter(one.outcome for one in body.results.values())
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    missed = "".join(f"; {name}: {body.results[name].words}" for name in body.missed)
    return f"briefing {body.number} by mail: {told or 'to nobody'}{missed}"
