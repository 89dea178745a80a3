"""A story is noted, answered through the normal sign-off, or left alone; nothing answers it by itself."""

from datetime import UTC

import pytest

from streams.decisions.desk.order_table import answer
from streams.subjects.attention import waiting
from streams.subjects.incident import Incident
from streams.telling.attention import told_content
from streams.telling.facts import told
from streams.telling.listening.stories import decision_lines, story_line
from streams.words.facts import CommandRefused
from streams.words.listening.stories import (
    DecideNotToAnswer,
    NoteStoryCourse,
    RebuttalProposed,
    StoryNoted,
)
from streams.words.release import LineDrafted, SignOff
from streams.words.stops import ReturnDraft
from tests import builders
from tests.builders import NOW, SIGNER, WRITER
from tests.storytelling import AGENT, counts, note, rebuttal, with_story

LEAVE = DecideNotToAnswer(story=3, reason="It says nothing of us.")


def waits(incident: Incident) -> list[str]:
    return [one.what for one in waiting(incident, NOW) if one.kind == "story"]


def proposed() -> tuple[Incident, str]:
    """The incident with an answer that waits for sign-off, and that draft."""
    incident = builders.carried_out(with_story(), rebuttal(), by=WRITER, id="proposed")
    (draft,) = incident.drafts
    return incident, draft


def test_a_story_that_nothing_answers_waits_for_a_person_from_twenty_people_on() -> None:
    assert waits(with_story(people=19)) == []
    assert waits(with_story(people=20)) == ["3"]


def test_a_commander_reads_the_counts_and_what_is_nearest() -> None:
    """In the list of what waits and in the record; nothing says whether it is true."""
    incident = builders.carried_out(builders.declared(), note(nearest="major-incident"), by=AGENT)
    (one,) = [one for one in waiting(incident, NOW) if one.kind == "story"]
    (line,) = told_content(one, incident, zone=UTC)
    assert line == (
        "story 3: 27 posts, 9 wordings, 24 people in 14 minutes, 3 ask whether it is true. Nothing of ours answers it. "
        "Nearest approved template: major-incident"
    )
    assert told(StoryNoted(story=3, counts=counts(asking=1, read_one_in=4))) == (
        "story 3: 27 posts, 9 wordings, 24 people in 14 minutes, 1 asks whether it is true (read: 1 in 4 posts)"
    )


def test_a_template_that_the_register_does_not_have_is_not_named() -> None:
    (noted,) = answer(builders.order(note(nearest="unknown"), builders.declared(), AGENT))
    assert isinstance(noted, StoryNoted)
    assert noted.nearest is None


@pytest.mark.parametrize("words", [builders.line(), builders.holding()], ids=["line", "template"])
def test_an_answer_is_a_draft_with_its_evidence_and_lets_nothing_out(words: object) -> None:
    """Whether it is a line or made from a template; the story waits no more."""
    facts = answer(builders.order(rebuttal(answer=words), with_story(), WRITER))
    drafted, found = (next(one for one in facts if isinstance(one, kind)) for kind in (LineDrafted, RebuttalProposed))
    assert isinstance(drafted, LineDrafted)
    assert isinstance(found, RebuttalProposed)
    assert found.message_id == drafted.message.id
    assert len(facts) == 2
    incident, _ = proposed()
    assert not incident.messages
    assert waits(incident) == []


def test_words_that_may_not_go_out_are_refused_as_an_answer_too() -> None:
    """By the rules of any line, under the name of the order that was given."""
    (refused,) = answer(builders.order(rebuttal(answer=builders.line(what={})), with_story(), WRITER))
    assert isinstance(refused, CommandRefused)
    assert refused.command_kind == "propose_rebuttal"


def test_an_answer_that_is_returned_or_lapses_leaves_the_story_open() -> None:
    incident, draft = proposed()
    returned = builders.carried_out(incident, ReturnDraft(message_id=draft, reason="say where"), by=SIGNER)
    assert waits(returned) == ["3"]
    assert incident.story_open(3, incident.drafts[draft].expires_at)
    assert not incident.story_open(3, NOW)


def test_once_the_answer_is_signed_off_it_is_told_how_the_story_went_on() -> None:
    incident, draft = proposed()
    yes = SignOff(message_id=draft, content_hash=incident.drafts[draft].content_hash)
    out = builders.carried_out(incident, yes, by=SIGNER, id="yes")
    found = out.stories.known[3]
    assert (found.answering, found.answers, found.answered_at) == ("answered", (draft,), NOW)
    course = NoteStoryCourse(story=3, message_id=draft, people_before=17, people_after=1, asking=3)
    told_on = builders.carried_out(out, course, by=AGENT, id="course").stories.known[3]
    assert story_line(told_on).endswith(f"Answered with {draft}")
    assert [*decision_lines(told_on, builders.register().hours.zone)][-1] == (
        "how it went on: 17 people in the quarter of an hour before it, 1 in the one after it; 3 ask whether it is true"
    )


def test_a_story_that_was_left_alone_comes_up_again_at_twice_the_people() -> None:
    """And not before; the record has who decided it, and why."""
    left = builders.carried_out(with_story(), LEAVE, id="left")
    assert waits(left) == []
    more = builders.carried_out(left, note(people=47), by=AGENT, id="more")
    assert waits(more) == []
    assert "It was decided not to answer it: It says nothing of us." in story_line(more.stories.known[3])
    again = builders.carried_out(more, note(people=48), by=AGENT, id="again")
    assert waits(again) == ["3"]


def test_a_story_of_an_incident_that_is_over_waits_for_no_person() -> None:
    over = with_story().model_copy(update={"status": "stood-down"})
    assert waits(over) == []


def test_a_state_without_stories_is_stored_as_it_always_was() -> None:
    """Facts and states of older releases keep their hashes."""
    assert "stories" not in builders.declared().model_dump()
