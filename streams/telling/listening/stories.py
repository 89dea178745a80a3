"""Stories in words: how far each has come, and what we do about it. A story is a topic, and no sentence judges it."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from streams.decisions.listening.crowd import moment_of
from streams.decisions.listening.stories import StoryKept, counts_of
from streams.decisions.listening.usual import QUARTER_BINS
from streams.moments import told_in
from streams.subjects.incident import Incident
from streams.words.listening.stories import (
    RebuttalProposed,
    StoryCounts,
    StoryCourseNoted,
    StoryFact,
    StoryLeftAlone,
    StoryNoted,
)
from streams.words.listening.stories_noted import NotedStory

STORIES_SHOWN = 3
QUARTERS_SHOWN = 8


def told_story_fact(body: StoryFact) -> str:
    """One line for one fact about a story."""
    match body:
        case StoryNoted():
            return f"{_counted(body.story, body.counts)}{_nearest(body.nearest)}"
        case RebuttalProposed():
            return f"an answer to story {body.story} waits for sign-off: {body.message_id}; evidence: {body.evidence}"
        case StoryLeftAlone():
            people = _people(body.people)
            return f"story {body.story} ({people}) is NOT ANSWERED: {body.reason}, by rule {body.rule}"
        case StoryCourseNoted():
            return f"story {body.story}, answered with {body.message_id}: {told_course(body)}"


def story_line(one: NotedStory) -> str:
    """One story in a line: its counts, what we do about it, and the template whose words are nearest."""
    nearest = _nearest(one.nearest) if one.answering == "open" else ""
    return f"{_counted(one.story, one.counts)}. {_answering(one)}{nearest}"


def told_course(body: StoryCourseNoted) -> str:
    """How it went on after the answer."""
    more = f"; {_asking(body.asking)}" if body.asking else ""
    before = f"{_people(body.people_before)} in the quarter of an hour before it"
    return f"{before}, {body.people_after} in the one after it{more}"


def by_people(incident: Incident) -> Sequence[NotedStory]:
    """The stories of an incident, those with most people first."""
    return sorted(incident.stories.known.values(), key=lambda one: (-one.counts.people, one.story))


def story_lines(incident: Incident) -> Iterator[str]:
    """The stories of an incident, those with most people first: the first few, and how many more there are."""
    found = by_people(incident)
    yield from (story_line(one) for one in found[:STORIES_SHOWN])
    if len(found) > STORIES_SHOWN:
        yield f"and {len(found) - STORIES_SHOWN} more stories: `holdingline stories {incident.id}`"


def decision_lines(one: NotedStory, zone: tzinfo) -> Iterator[str]:
    """What was done about a story, in lines."""
    if one.answered_at:
        yield f"answered with {one.answers[-1]}, let out at {told_in(zone, one.answered_at)}"
    if one.proposed:
        yield f"an answer waits for sign-off: {one.proposed}"
    if one.evidence:
        yield f"evidence: {one.evidence}"
    if one.left_because:
        yield f"decided by {one.left_by} not to answer, when {_people(one.left_at)} told it: {one.left_because}"
    if one.course:
        yield f"how it went on: {told_course(one.course)}"


def kept_lines(story: StoryKept, zone: tzinfo) -> Iterator[str]:
    """How far a story is now, and its people by quarter of an hour, in lines."""
    yield f"now: {_counted(story.called, counts_of(story))}"
    for quarter, people in sorted(story.quarters.items())[-QUARTERS_SHOWN:]:
        yield f"from {told_in(zone, moment_of(quarter * QUARTER_BINS))}: {_people(people)} in 15 minutes"


def _counted(number: int, counts: StoryCounts) -> str:
    about = "about " if counts.is_estimate else ""
    read = f" (read: 1 in {counts.read_one_in} posts)" if counts.read_one_in > 1 else ""
    posts = f"{counts.posts} posts, {counts.wordings} wordings, {about}{_people(counts.people)}"
    asking = f", {_asking(counts.asking)}" if counts.asking else ""
    again = f", again: {counts.before} people before" if counts.before else ""
    minutes = "1 minute" if counts.minutes == 1 else f"{counts.minutes} minutes"
    return f"story {number}: {posts} in {minutes}{asking}{again}{read}"


def _asking(count: int) -> str:
    return f"{count} {'asks' if count == 1 else 'ask'} whether it is true"


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def _answering(one: NotedStory) -> str:
    match one.answering:
        case "answered":
            return f"Answered with {one.answers[-1]}"
        case "proposed":
            return f"An answer waits for sign-off: {one.proposed}"
        case "left-alone":
            return f"It was decided not to answer it: {one.left_because}"
        case _:
            return "Nothing of ours answers it"


def _nearest(template: str | None) -> str:
    return f". Nearest approved template: {template}" if template else ""
