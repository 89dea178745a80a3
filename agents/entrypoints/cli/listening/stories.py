"""`holdingline stories`: what people say of an incident, gathered by topic, and what we do about each."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from agents.entrypoints.cli.options import (
    DEFAULT_LOG,
    DEFAULT_MODE,
    AsJson,
    IncidentId,
    LogUrl,
    Misused,
    ModeName,
    RegisterFolder,
    say,
)
from agents.entrypoints.cli.record.doors import open_door
from agents.entrypoints.cli.register.in_force import standing_register
from agents.runtime.door.heard import StoriesHeard
from streams.decisions.listening.routes.suspected import ABOUT
from streams.subjects.incident import Incident
from streams.telling.facts import apart
from streams.telling.listening.stories import by_people, decision_lines, kept_lines, story_line
from streams.values import Subject
from streams.words.cases import CaseSort

app = typer.Typer()
NumberOfStory = Annotated[
    int | None, typer.Argument(min=1, help="One story, with posts that stand for it; all if none.")
]


@app.command()
def stories(  # budget: of which incident and story, and by which log and register
    incident: IncidentId,
    story: NumberOfStory = None,
    *,
    log: LogUrl = DEFAULT_LOG,
    mode: ModeName = DEFAULT_MODE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the stories that people tell of an incident: posts that say much the same. It judges none of them.

    Of one story, posts are shown that stand for it, while the log has them: they are what others say.
    It needs no running worker.
    """
    zone = standing_register(register, mode=mode, log=log).hours.zone
    found, heard, posts = asyncio.run(_read(mode, log, name=incident, story=story))
    known = found.stories.known
    if story is None:
        lines = [story_line(one) for one in by_people(found)]
        answer: Any = [one.model_dump(mode="json") for one in known.values()]
        say(answer, [*map(apart, lines)] or ["no story: fewer than 5 people, or all in one wording"], as_json=as_json)
        return
    if story not in known:
        raise Misused(f"there is no story {story} of {incident}: see `holdingline stories {incident}`")
    one = known[story]
    kept = heard.stories.story(story)
    lines = [story_line(one), *decision_lines(one, zone), *(kept_lines(kept, zone) if kept else ())]
    answer = {**one.model_dump(mode="json"), "says": list(posts.values()), "cases": list(posts)}
    say(answer, [*map(apart, (*lines, *_told(posts, incident)))], as_json=as_json)


def _told(posts: Mapping[str, str], incident: str) -> Iterator[str]:
    """The posts that stand for a story, as others wrote them, each with the order for one that may be a hate crime."""
    yield "what others say, as they wrote it:" if posts else "the log has no post any more that stands for it"
    for case, text in posts.items():
        yield f"  “{text}”"
        order = f"holdingline open-case {case} {CaseSort.HATE_CRIME} '{ABOUT}' --incident {incident} --to-desk"
        yield f"    if it may be a hate crime: {order}"


async def _read(
    mode: str, log: str, *, name: str, story: int | None
) -> tuple[Incident, StoriesHeard, Mapping[str, str]]:
    """The incident, its stories, and the posts of one of them by what a case for each would be called."""
    async with open_door(mode, log) as door:
        found = await door.state(Subject.incident(name))
        if not isinstance(found, Incident) or not found.is_begun:
            raise Misused(f"there is no incident {name}: see `holdingline status`")
        heard = await door.stories(name)
        cases = heard.standing_for(story, mode=mode, about=name) if story else {}
        posts = await door.posts_called([*cases]) if cases else {}
        return found, heard, {cases[name]: one.text for name, one in posts.items()}
