"""The watch: what is heard of the trust, with its figures, and a person's answer to it."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from aiohttp import web
from pydantic import ValidationError

from agents.console.drawing import misfit_of
from agents.console.pages.answers import Choice
from agents.console.signing import offer, telephone
from agents.console.visits import Visit
from streams.subjects.listening.figures import usual_a_day
from streams.subjects.listening.watch import TrustWatch, WatchStatus, the_watch
from streams.telling.listening.counts import heard_lately
from streams.words.listening.watch import THE_WATCH, NotOurs, WatchCloser, WatchNoted
from streams.words.sign_off import Acknowledge

ANSWERED = frozenset({WatchStatus.OPEN, WatchStatus.CLOSER})


async def page(visit: Visit) -> web.Response:
    """What is heard now, the three answers to it, how many spoke in the last hours, and what was settled."""
    found = await visit.state_of(THE_WATCH)
    watch = found if isinstance(found, TrustWatch) else the_watch(visit.house.mode)
    reason, misfit = visit.field("reason") or visit.says("reason-not-ours"), None
    choices: list[Choice] = []
    if watch.status in ANSWERED:
        choices.append(Choice("watch-closer", offer(visit, WatchCloser(), on=watch)))
        try:
            choices.append(Choice("not-ours", offer(visit, NotOurs(reason=reason), on=watch)))
        except ValidationError as error:
            misfit = misfit_of(error)
    choices += [Choice("acknowledge", offer(visit, Acknowledge(search_id=name), on=watch)) for name in _asking(watch)]
    counts = await visit.house.board.door.counts(THE_WATCH.key)
    return visit.page(
        "watch",
        watch=watch,
        says=heard_says(visit, watch.noted) if watch.noted else None,
        choices=choices,
        reason=reason,
        misfit=misfit,
        declare=declare_link(watch),
        quarters=heard_lately(counts, visit.now),
        listed=[*watch.listed_now(visit.now)],
        called=visit.register.called,
        done=visit.was_heard(watch),
        **telephone(visit),
    )


def _asking(watch: TrustWatch) -> Sequence[str]:
    """The searches that still ask people to take it on: while a person fills in a form, no other needs to be paged."""
    return [one.id for one in watch.searches.values() if one.concern and one.ended is None]


def heard_says(visit: Visit, noted: WatchNoted) -> str:
    """What is heard, in a sentence in the language of the page."""
    return " ".join(visit.says(name, **gaps) for name, gaps in _sentences(visit, noted).items())


def _sentences(visit: Visit, noted: WatchNoted) -> Mapping[str, Mapping[str, object]]:
    """The parts of the sentence, each with what fills its gaps."""
    words = f" {visit.says('or')} ".join(noted.words)
    told = "watch-heard-words" if noted.words else "watch-heard"
    gaps = {"people": noted.people, "minutes": noted.minutes, "trust": noted.trust, "words": words}
    a_day = usual_a_day(noted)
    usual = "watch-usual" if noted.usual >= 1 else "watch-usual-day" if a_day else "watch-usual-none"
    names = {one.id: one.declaration.name for one in visit.house.board.overview.incidents if one.declaration}
    beside = names.get(noted.incident or "", noted.incident)
    incident = {"watch-beside": {"incident": beside}} if noted.incident else {"watch-undeclared": {}}
    twice = {"watch-twice": {"peak": noted.peak}} if noted.peak else {}
    about: Mapping[str, Mapping[str, object]] = {"watch-estimate": {}} if noted.is_estimate else {}
    other: Mapping[str, Mapping[str, object]] = {"watch-other": {}} if noted.is_other else {}
    return {
        told: gaps,
        **twice,
        **other,
        usual: {"usual": round(noted.usual) or a_day, "day": a_day},
        **about,
        **incident,
    }


def declare_link(watch: TrustWatch) -> str:
    """The form that declares an incident, with the hazards that people name."""
    hazards = ", ".join(watch.noted.words) if watch.noted else ""
    return f"/declare?{urlencode({'hazards': hazards})}" if hazards else "/declare"
