"""The facts about the responders' network in words."""

from streams.words.network.orders import (
    LeadSet,
    NetworkFact,
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
