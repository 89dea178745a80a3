"""The facts about the responders' network in words."""

from streams.words.network.orders import (
    LeadSet,
    NetworkFact,
    PauseRecorded,
    PauseSought,
    ResponderJoined,
    ResponderLeft,
    StepTicked,
    StepUnticked,
)


def told_network(body: NetworkFact) -> str:
    """One line for one fact about responders or steps."""
    match body:
        case ResponderJoined():
            return f"responder in: {body.name}, by rule {body.rule}"
        case ResponderLeft():
            return f"responder out: {body.name}: {body.reason}"
        case LeadSet():
            before = f", before {body.before}" if body.before else ""
            return f"LEADS: {body.name}{before}"
        case StepTicked():
            return f"step done: {body.title} ({body.step})"
        case StepUnticked():
            return f"step NOT done after all: {body.title} ({body.step}): {body.reason}"
        case PauseSought():
            again = f", attempt {body.attempt}" if body.attempt > 1 else ""
            return f"asked the server of {body.channel} to hold what {body.scheduler} has scheduled there{again}"
        case PauseRecorded():
            return told_pause(body.name, len(body.posts), is_done=body.is_done, reason=body.reason)


def told_pause(name: str, posts: int, *, is_done: bool, reason: str | None) -> str:
    """How far the posts are held that a program has scheduled on the server of a channel."""
    held = f"{posts} scheduled post{'' if posts == 1 else 's'}"
    if is_done:
        kept = f"{held} HELD, to be looked at one by one after the end" if posts else "nothing is scheduled there"
        return f"{name}: {kept}"
    if reason:
        return f"{name}: NOT all held ({held} so far): {reason}"
    return f"{name}: {held} taken over, and not yet off its server"
