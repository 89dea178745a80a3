"""Drills: what goes on in this one, what its public would see, and the scripted exercises. None in live."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from agents.console.looks import DrillRun, Drills
from agents.console.pages.shown import ReadText, shown_on
from agents.console.visits import Visit
from streams.words.release import Message

NEWEST = 10
"""So many of the last moments are shown while an exercise is played."""


async def page(visit: Visit) -> web.Response:
    """The drill that runs here, and the exercises that may be started; a page of live has none."""
    drills = _drills(visit)
    seen = visit.house.board.overview
    begun = [one for one in seen.incidents if one.is_live or one.status == "standby"]
    run = drills.latest if drills else None
    name = _name(run, visit) if run else ""
    return visit.page("exercises", scenarios=visit.house.looks.scenarios, incidents=begun, run=run, name=name)


async def begin(visit: Visit) -> web.Response:
    """Start an exercise. Everybody on the register may, since it reaches no channel, no pager and no other drill."""
    drills, scenario = _drills(visit), visit.request.match_info["scenario"]
    if drills is None or scenario not in visit.house.looks.scenarios:
        raise web.HTTPNotFound
    if not await drills.begin(scenario, by=visit.me.called, now=visit.now):
        heading, text = visit.says("exercise-runs"), visit.says("exercise-runs-about")
        return visit.page("error", status=409, heading=heading, help=text)
    raise web.HTTPSeeOther("/exercises/run")


async def watch(visit: Visit) -> web.Response:
    """The exercise that is played, or was last."""
    run = _run(visit)
    return visit.page("exercise-run", run=run, name=_name(run, visit), live=await part(visit))


async def part(visit: Visit) -> str:
    """The live part of it: the verdict, then what was not as expected; all else is folded away once it is over."""
    run, zone = _run(visit), visit.house.zone
    lines = [(f"{at.astimezone(zone):%H:%M:%S}", text) for at, text in reversed(run.lines)]
    open_now = 0 if run.is_over else NEWEST
    return visit.part("exercise-run-live", run=run, newest=lines[:open_now], earlier=lines[open_now:])


async def report(visit: Visit) -> web.Response:
    """The scored report, as a file: it has a style of its own, which a page of the console may not have."""
    run = _run(visit)
    if run.report is None:
        raise web.HTTPNotFound
    name = f'attachment; filename="{run.scenario}.html"'
    return web.Response(
        body=run.report, content_type="text/html", charset="utf-8", headers={"Content-Disposition": name}
    )


async def practice(visit: Visit) -> web.Response:
    """What the public of one channel would see, had the practice been the night itself: in the form of that channel."""
    pages, name = visit.house.looks.practice, visit.request.match_info["channel"]
    if visit.house.is_live or name not in pages.channels() or name not in visit.register.channels:
        raise web.HTTPNotFound
    found = await asyncio.to_thread(pages.posts, name)
    posts = [(one, _as_shown(one.message, name, visit)) for one in found or ()]
    return visit.page("practice", channel=visit.house.place(name), posts=posts, is_read=found is not None)


def _as_shown(message: Message, channel: str, visit: Visit) -> Sequence[ReadText]:
    there = message.model_copy(update={"channels": (channel,)})
    return [*shown_on(there, visit.register, mode=visit.house.mode)]


def _name(run: DrillRun, visit: Visit) -> str:
    """The title of the exercise."""
    return visit.house.looks.scenarios.get(run.scenario, run.scenario)


def _drills(visit: Visit) -> Drills | None:
    if visit.house.is_live:
        raise web.HTTPNotFound
    return visit.house.looks.drills


def _run(visit: Visit) -> DrillRun:
    drills = _drills(visit)
    if drills is None or drills.latest is None:
        raise web.HTTPNotFound
    return drills.latest
