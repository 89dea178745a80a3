"""Refusals about stories: what was noted already, what no story is, and who may leave one alone."""

from streams.decisions.desk.story_orders import MAY_LEAVE, STORIES_MAX
from streams.words.incident import Cancel
from streams.words.listening.stories import DecideNotToAnswer, NoteStoryCourse
from streams.words.listening.stories_noted import NotedStories, NotedStory
from tests import builders
from tests.builders import NURSE, WRITER
from tests.refusals.case import Case, Could, case
from tests.storytelling import AGENT, counts, note, rebuttal, with_story

TOLD = with_story()
PROPOSED = builders.carried_out(TOLD, rebuttal(), by=WRITER, id="proposed")
LEAVE = DecideNotToAnswer(story=3, reason="It says nothing of us.")
LEFT = builders.carried_out(TOLD, LEAVE, id="left")
MANY = {number: NotedStory(story=number, counts=counts()) for number in range(1, STORIES_MAX + 1)}
FULL = builders.declared().model_copy(update={"stories": NotedStories(known=MANY)})
COURSE = NoteStoryCourse(story=3, message_id="msg-1", people_before=9, people_after=2)
ANSWERED = TOLD.stories.known[3].model_copy(update={"answers": ("msg-1",), "course": None})
OUT = TOLD.model_copy(update={"stories": NotedStories(known={3: ANSWERED})})
NOTED = builders.carried_out(OUT, COURSE, by=AGENT, id="course")
STORIES: tuple[Case, ...] = (
    case("story 3 is noted with 24 people: nothing", note(people=24), TOLD, by=AGENT, id="again"),
    case(f"{STORIES_MAX} stories of inc-1 are noted: look", note(STORIES_MAX + 1), FULL, by=AGENT),
    case("msg-1 is not the last answer to story 3: nothing", COURSE, TOLD, by=AGENT),
    case("how story 3 went on after msg-1 is noted: nothing", COURSE, NOTED, by=AGENT, id="again"),
    case("there is no story 9 of inc-1: those noted: 3", rebuttal(9), TOLD, by=WRITER),
    case("there is no story 3 of inc-1: those noted: none", LEAVE),
    case("waits for sign-off as the answer to story 3: sign it off", rebuttal(), PROPOSED, by=WRITER, id="again"),
    case("waits for sign-off as its answer: return or withdraw", LEAVE, PROPOSED),
    case("it is decided already that story 3 is not answered", LEAVE, LEFT, id="again"),
    case(f"has no power to {MAY_LEAVE[0]}", LEAVE, TOLD, by=NURSE, could=Could(MAY_LEAVE)),
    case("cannot propose rebuttal", rebuttal(), builders.carried_out(TOLD, Cancel(reason="it never was")), by=WRITER),
)
