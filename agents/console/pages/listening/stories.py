"""One story: how far it has come, what others say, and the two things that we may do: answer it, or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from pydantic import ValidationError

from agents.console.drawing import misfit_of
from agents.console.pages.answers import Choice
from agents.console.pages.settled.form import FormField, reason
from agents.console.signing import Offer, offer, telephone
from agents.console.visits import Visit
from streams.decisions.listening.routes.suspected import suspecting
from streams.subjects.case import Case, CaseStatus
from streams.subjects.incident import Incident
from streams.telling.listening.stories import decision_lines, kept_lines, story_line
from streams.values import Subject, SubjectKind
from streams.words.listening.stories import DecideNotToAnswer, ProposeRebuttal
from streams.words.release import DraftLine, Release


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post as its author wrote it; the order that opens a case for it, as suspected hate crime; None: it has one."""

    text: str
    case: str
    suspect: Offer | None


async def one(visit: Visit) -> web.Response:
    """The story of this number, with posts that stand for it while the log has them."""
    incident, number = await visit.incident(), visit.request.match_info["story"]
    found = next((one for one in incident.stories.known.values() if str(one.story) == number), None)
    if found is None:
        raise web.HTTPNotFound
    door, zone = visit.house.board.door, visit.house.zone
    heard = await door.stories(incident.id)
    kept = heard.stories.story(found.story)
    why, misfit = reason(visit, "reason-not-answered"), None
    choices: list[Choice] = []
    try:
        left = DecideNotToAnswer(story=found.story, reason=why.value)
        choices = [Choice("not-answered", offer(visit, left, on=incident))]
    except ValidationError as error:
        misfit = misfit_of(error)
    return visit.page(
        "story",
        incident=incident,
        story=found,
        is_open=incident.story_open(found.story, visit.now),
        lines=[story_line(found), *decision_lines(found, zone), *(kept_lines(kept, zone) if kept else ())],
        says=await _posts(
            visit, incident, cases=heard.standing_for(found.story, mode=incident.mode, about=incident.id)
        ),
        nearest=visit.register.templates.get(found.nearest or ""),
        why=why,
        misfit=misfit,
        choices=choices,
        **telephone(visit),
        done=visit.was_heard(incident),
    )


async def _posts(visit: Visit, incident: Incident, *, cases: Mapping[str, str]) -> Sequence[ShownPost]:
    """The posts while the log has them; `cases` has what the case of each is called."""
    shown: list[ShownPost] = []
    for name, post in (await visit.house.board.door.posts_called([*cases])).items():
        about = Subject(kind=SubjectKind.CASE, id=cases[name])
        case = await visit.house.board.state(about) or Case(id=about.id, mode=visit.house.mode)
        is_open = isinstance(case, Case) and case.status is not CaseStatus.NONE
        suspect = None if is_open else offer(visit, suspecting(incident.id), on=case)
        shown.append(ShownPost(post.text, about.id, suspect))
    return shown


def rebuttal(visit: Visit, incident: Incident, *, answer: Release | DraftLine) -> Offer | None:
    """These words as an answer to the story that the page is about, once it is said how we know; else None."""
    try:
        body = ProposeRebuttal(story=int(visit.field("story")), evidence=visit.field("evidence"), answer=answer)
    except ValueError:
        return None
    return offer(visit, body, on=incident)


def answering(visit: Visit) -> Sequence[FormField]:
    """What a page of words asks beside them, where they are to answer a story: the story, and how we know."""
    story = visit.field("story")
    return [FormField("story", story), FormField("evidence", visit.field("evidence"), rows=2)] if story else []
