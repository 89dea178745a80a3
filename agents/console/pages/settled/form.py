"""A page that settles one thing: what it is, what a person types, and a button for each order that it could lead to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from pydantic import ValidationError

from agents.console.pages.answers import Choice
from agents.console.signing import offer
from agents.console.visits import Visit
from streams.coming_times import NoSuchTime
from streams.subjects.state import State
from streams.words.orders import CommandBody

Made = Callable[[], CommandBody]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its name, what is in it, how many `rows` it has, and the values to choose from, if it has such."""

    name: str
    value: str
    rows: int = 1
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """What is settled: its heading, what is known of it, and where the page leads back to.

    `lines` are in English, as the record has them.
    """

    heading: str
    lines: Sequence[str]
    back: str
    state: State


def settling(visit: Visit, matter: Matter, *, typed: Sequence[FormField], acts: Mapping[str, Made]) -> web.Response:
    """The page; an order that cannot be made of what was typed has its fault in the place of its button."""
    choices: list[Choice] = []
    misfits: list[str] = []
    for name, made in acts.items():
        try:
            choices.append(Choice(name, offer(visit, made(), on=matter.state)))
        except ValidationError as error:
            misfits.append(str(error.errors()[0]["msg"]))
        except NoSuchTime as error:
            misfits.append(str(error))
    return visit.page(
        "settle",
        matter=matter,
        typed=typed,
        choices=choices,
        misfits=[*dict.fromkeys(misfits)],
        done=visit.was_heard(matter.state),
    )


def reason(visit: Visit, usual: str) -> FormField:
    """The field for a reason; a usual one is there."""
    return FormField("reason", visit.field("reason") or visit.says(usual), rows=2)


def people(visit: Visit) -> Sequence[tuple[str, str]]:
    """Everybody on the register, to choose one of."""
    found = sorted(visit.register.people.values(), key=lambda one: one.name)
    return [("", ""), *((one.id, f"{one.name}, {one.role}") for one in found)]
