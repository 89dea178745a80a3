"""Stories that go round: noted with their counts, answered through the normal sign-off, or left alone with a reason."""

from collections.abc import Sequence

from streams.decisions.authority.order import Order
from streams.decisions.desk.network_orders import may_with_any
from streams.decisions.release import lines, release_orders
from streams.decisions.verdict import Refused
from streams.decisions.wording.renderer import quote
from streams.values import Power
from streams.why import because
from streams.words.facts import CommandRefused, FactBody
from streams.words.listening.stories import (
    DecideNotToAnswer,
    NoteStory,
    NoteStoryCourse,
    ProposeRebuttal,
    RebuttalProposed,
    StoryCourseNoted,
    StoryLeftAlone,
    StoryNoted,
)
from streams.words.release import DraftLine, LineDrafted, Propose

STORIES_MAX = 200
"""So many stories of one incident are noted: no person could read more."""
MAY_LEAVE = (Power.DECLARE, Power.DRAFT_LINE, Power.SIGN_OFF_LINE)
"""Those who command and those who write: any of these powers is enough to decide that a story is not answered."""


def note_story(order: Order, body: NoteStory) -> Sequence[FactBody]:
    """A story is noted with its counts; a number that is noted already changes nothing."""
    known = order.incident.stories.known
    before = known.get(body.story)
    if before is None and len(known) >= STORIES_MAX:
        form = "{count} stories of {incident} are noted: look at those with most people"
        return order.refused(because("stories-full", form, count=STORIES_MAX, incident=order.incident.id))
    if before and body.counts.people <= before.counts.people:
        form = "story {story} is noted with {people} people: nothing is to be done"
        return order.refused(because("story-noted", form, story=body.story, people=before.counts.people))
    nearest = body.nearest if body.nearest in order.register.templates else None
    return [StoryNoted(story=body.story, counts=body.counts, nearest=nearest)]


def note_story_course(order: Order, body: NoteStoryCourse) -> Sequence[FactBody]:
    """How a story went on after an answer is noted once for each answer."""
    found = order.incident.stories.known.get(body.story)
    if found is None or not found.answers or found.answers[-1] != body.message_id:
        form = "{message} is not the last answer to story {story}: nothing is to be done"
        return order.refused(because("not-last-answer", form, message=body.message_id, story=body.story))
    if found.course:
        form = "how story {story} went on after {message} is noted: nothing is to be done"
        return order.refused(because("course-noted", form, story=body.story, message=body.message_id))
    return [StoryCourseNoted(**body.model_dump(exclude={"kind"}))]


def propose_rebuttal(order: Order, body: ProposeRebuttal) -> Sequence[FactBody]:
    """An answer becomes a draft, as if it had been proposed or drafted by itself: it says nothing by itself."""
    if refused := _unknown(order, body.story):
        return refused
    found = order.incident.stories.known[body.story]
    if found.proposed and not order.incident.story_open(body.story, order.now):
        form = "{message} waits for sign-off as the answer to story {story}: sign it off or return it first"
        return order.refused(
            because("answer-waits-on", form, message=_words_of(order, found.proposed), story=body.story)
        )
    answer = body.answer
    if isinstance(answer, DraftLine):
        given = lines.draft_line(order, answer)
    else:
        given = release_orders.propose(order, Propose(release=answer))
    drafted = next((one.message for one in given if isinstance(one, LineDrafted)), None)
    if drafted is None:
        return [_as_rebuttal(one) for one in given]
    proposed = RebuttalProposed(
        story=body.story, message_id=drafted.id, evidence=body.evidence, template=drafted.template
    )
    return [*given, proposed]


def _words_of(order: Order, message_id: str) -> str:
    draft = order.incident.drafts.get(message_id)
    return quote(draft) if draft else message_id


def decide_not_to_answer(order: Order, body: DecideNotToAnswer) -> Sequence[FactBody]:
    """A story is left alone by a person who commands or writes, with a reason."""
    if refused := _unknown(order, body.story):
        return refused
    found = order.incident.stories.known[body.story]
    if found.answering == "left-alone":
        form = "it is decided already that story {story} is not answered: nothing is to be done"
        return order.refused(because("left-alone-already", form, story=body.story))
    if found.proposed and not order.incident.story_open(body.story, order.now):
        form = "{message} waits for sign-off as its answer: return or withdraw that first"
        return order.refused(because("answer-waits", form, message=_words_of(order, found.proposed)))
    verdict = may_with_any(order, MAY_LEAVE)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    left = StoryLeftAlone(story=body.story, people=found.counts.people, reason=body.reason, rule=verdict.rule)
    return [left]


def _unknown(order: Order, number: int) -> Sequence[FactBody]:
    """The refusal where no story has this number; empty where one has it."""
    known = order.incident.stories.known
    if number in known:
        return ()
    listed = ", ".join(map(str, known)) or "none"
    form = "there is no story {story} of {incident}: those noted: {known}"
    return order.refused(because("no-story", form, story=number, incident=order.incident.id, known=listed))


def _as_rebuttal(one: FactBody) -> FactBody:
    """A refusal of the draft is a refusal of the order that asked for it."""
    return one.model_copy(update={"command_kind": "propose_rebuttal"}) if isinstance(one, CommandRefused) else one
