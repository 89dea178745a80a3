"""Stories for tests: what the mentions agent notes of one, and an incident that has one."""

from datetime import datetime, timedelta
from typing import Any

from streams.subjects.incident import Incident
from streams.words.listening.stories import NoteStory, ProposeRebuttal, StoryCounts
from tests import builders
from tests.builders import NOW

AGENT = "mentions-agent"
EVIDENCE = "The ward manager rang at 22:40."


def counts(people: int = 24, at: datetime = NOW, **changes: Any) -> StoryCounts:
    plain = {"posts": 27, "wordings": 9, "people": people, "asking": 3, "since": at - timedelta(minutes=14), "at": at}
    return StoryCounts.model_validate({**plain, **changes})


def note(story: int = 3, people: int = 24, **changes: Any) -> NoteStory:
    return NoteStory(story=story, counts=counts(people), **changes)


def with_story(story: int = 3, people: int = 24) -> Incident:
    """A declared incident of which a story is noted."""
    return builders.carried_out(builders.declared(), note(story, people), by=AGENT, id=f"noted-{story}")


def rebuttal(story: int = 3, **changes: Any) -> ProposeRebuttal:
    return ProposeRebuttal(**{"story": story, "evidence": EVIDENCE, "answer": builders.line(), **changes})
