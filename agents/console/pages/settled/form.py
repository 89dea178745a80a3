"""A page that settles one thing: what it is, what a person types, and a button for each order that it could lead to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from agents.console.drawing import beside
from agents.console.pages.answers import Choice
from agents.console.pages.overviews.sentences import sentence
from agents.console.pages.shown import ReadText
from agents.console.signing import offer, telephone
from agents.console.visits import Visit
from agents.runtime.views.console_words import ToldReason
from streams.coming_times import NoSuchTime
from streams.subjects.state import State
from streams.telling.briefing.sections import BriefingLine
from streams.words.facts import CommandRefused
from streams.words.orders import CommandBody

Made = Callable[[], CommandBody]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its name, what is in it, how many `rows` it has, and the values to choose from, if it has such.

    `part` is what the order calls it, where that is another name; `label` says what it is for, where no sentence of the
    console does. A field that `is_time` takes a time to come, and one
    that `is_hidden` only carries what was chosen before.
    """

    name: str
    value: str
    rows: int = 1
    choices: Sequence[tuple[str, str]] = ()
    part: str | None = None
    is_time: bool = False
    is_hidden: bool = False
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What is settled: its heading, what is known of it, and where the page leads back to.

    `lines` and what `links` say are in English, as the record has them, unless they say their language; `told` is in
    the language of the page.
    `by_post` keeps what is typed out of links.

    `shown` is how words that are to go out are read on each channel, below the sentence `over_words`.
    A `page` of its own shows what is `given` too.
    `by_telephone` says that another person may say its orders on the telephone.
    `refusal` is why no order can be made of what was typed.
    """

    heading: str
    lines: Sequence[str | ToldReason]
    back: str
    state: State
    links: Sequence[tuple[str, str | ToldReason]] = ()
    shown: Sequence[ReadText] = ()
    by_post: bool = False
    page: str = "settle"
    given: Mapping[str, Any] = field(default_factory=dict)
    by_telephone: bool = True
    told: str = ""
    over_words: str = "reads"
    refusal: CommandRefused | None = None


def settling(visit: Visit, matter: Matter, *, typed: Sequence[FormField], acts: Mapping[str, Made]) -> web.Response:
    """The page; where no order can be made of what was typed, its fault is beside the field, else beside the last."""
    choices: list[Choice] = []
    faults: dict[str, str] = {}
    parts = {one.part or one.name: one.name for one in typed}
    usual = typed[-1].name if typed else ""
    for name, made in acts.items():
        try:
            choices.append(Choice(name, offer(visit, made(), on=matter.state)))
        except ValidationError as error:
            faults |= beside(error, lambda part: parts.get(str(part[0]) if part else "", usual))
        except NoSuchTime as error:
            faults |= {one.name: visit.words.misfit(error.reason) for one in typed if one.is_time}
    done = visit.was_heard(matter.state)
    said = telephone(visit) if matter.by_telephone and (typed or acts) else {"callers": [], "said_by": ""}
    given = {**matter.given, **said}
    return visit.page(matter.page, matter=matter, typed=typed, choices=choices, faults=faults, done=done, **given)


def told(visit: Visit, name: str, /, **gaps: object) -> ToldReason:
    """A line in the language of the page; what is written in another one is marked in it."""
    line = sentence(BriefingLine(name, gaps), visit.words, zone=visit.house.zone, now=visit.now)
    return ToldReason(line, visit.language)


def reason(visit: Visit, usual: str) -> FormField:
    """The field for a reason; a usual one is there."""
    return FormField("reason", visit.field("reason") or visit.says(usual), rows=2)


def people(visit: Visit) -> Sequence[tuple[str, str]]:
    """Everybody on the register, to choose one of."""
    found = sorted(visit.register.people.values(), key=lambda one: one.name)
    return [("", ""), *((one.id, f"{one.name}, {one.role}") for one in found)]
