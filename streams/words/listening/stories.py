"""Stories that go round in public posts: the orders and facts about them. They hold counts, and no word of any post."""

import operator
from typing import Annotated, Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Reason, Sentence, Utc
from streams.words.release import DraftLine, Release

StoryNumber = Annotated[int, Field(ge=1, description="The story, as `holdingline stories` numbers it.")]
Count = Annotated[int, Field(ge=0)]


class StoryCounts(Frozen):
    """How far a story has come: posts, wordings, people, and how many of these ask whether it is true.

    `since` is when its first post came and `at` its last one, to fifteen seconds. `before` is how many people there
    were at its last notice. `is_estimate` says that the people are counted by a sample. Of the wordings that came
    with it one in `read_one_in` was read.
    """

    posts: Count
    wordings: Count
    people: Count
    asking: Count = 0
    since: Utc
    at: Utc
    before: int = Field(default=0, ge=0, exclude_if=operator.not_)
    is_estimate: bool = Field(default=False, exclude_if=operator.not_)
    read_one_in: int = Field(default=1, ge=1, exclude_if=(1).__eq__)

    @property
    def minutes(self) -> int:
        """How many minutes it took, a begun one counts."""
        return max(1, -(-int((self.at - self.since).total_seconds()) // 60))


class NoteStory(Frozen):
    """Put a story before the commander: what it counts, and the approved template whose words are nearest to it."""

    kind: Literal["note_story"] = "note_story"
    story: StoryNumber
    counts: StoryCounts
    nearest: Identifier | None = Field(default=None, exclude_if=operator.not_)


class NoteStoryCourse(Frozen):
    """Say how a story went on once our answer was out: people in the quarters of an hour before and after it."""

    kind: Literal["note_story_course"] = "note_story_course"
    story: StoryNumber
    message_id: Identifier
    people_before: Count
    people_after: Count
    asking: Count = 0


class ProposeRebuttal(Frozen):
    """Propose an answer to a story, from a template or as a line; another person signs it off as any other draft.

    `evidence` is how we know what we say; it is kept for ever, so it names nobody.
    """

    kind: Literal["propose_rebuttal"] = "propose_rebuttal"
    story: StoryNumber
    evidence: Sentence = Field(description="How we know, in a sentence; it is kept for ever, so name nobody.")
    answer: Annotated[Release | DraftLine, Field(discriminator="kind")]


class DecideNotToAnswer(Frozen):
    """Decide that we do not answer a story; it comes up again if twice as many people tell it."""

    kind: Literal["decide_not_to_answer"] = "decide_not_to_answer"
    story: StoryNumber
    reason: Reason


StoryOrder = NoteStory | NoteStoryCourse | ProposeRebuttal | DecideNotToAnswer


class StoryNoted(Frozen):
    """The commander was shown a story, see `NoteStory`."""

    kind: Literal["story_noted"] = "story_noted"
    story: int
    counts: StoryCounts
    nearest: Identifier | None = Field(default=None, exclude_if=operator.not_)


class StoryCourseNoted(Frozen):
    """How a story went on after our answer, see `NoteStoryCourse`."""

    kind: Literal["story_course_noted"] = "story_course_noted"
    story: int
    message_id: Identifier
    people_before: int
    people_after: int
    asking: int = 0


class RebuttalProposed(Frozen):
    """An answer to a story waits for sign-off as the draft `message_id`; `evidence` is how we know what it says."""

    kind: Literal["rebuttal_proposed"] = "rebuttal_proposed"
    story: int
    message_id: Identifier
    evidence: Sentence
    template: Identifier | None = Field(default=None, exclude_if=operator.not_)


class StoryLeftAlone(Frozen):
    """It was decided not to answer a story that so many people told."""

    kind: Literal["story_left_alone"] = "story_left_alone"
    story: int
    people: int
    reason: Sentence
    rule: Sentence


StoryFact = StoryNoted | StoryCourseNoted | RebuttalProposed | StoryLeftAlone
