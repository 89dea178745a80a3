"""Every order has one row in the table, and is given by somebody: a person on the command line, or an agent."""

import inspect
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, get_args

import pytest
import typer

from agents import amplification, briefing, escalation, mentions, pausing, publishing
from agents.console import sessions
from agents.entrypoints.commands import MODULE_OF
from agents.exercise.play import player
from agents.listening import listed_authors, opened_cases, told_stories, used_tags
from agents.runtime.worker import feed_watch, timers
from streams.decisions.desk.order_kind import OrderKind
from streams.decisions.desk.order_table import ORDERS
from streams.decisions.desk.rows import DOMAINS
from streams.decisions.listening import influence
from streams.decisions.listening.routes import suggesting
from streams.decisions.listening.tags import offered
from streams.decisions.listening.watch import notes as watch_notes
from streams.decisions.partners import look_alikes
from streams.words.orders import CommandBody, Giver

MACHINES: Mapping[Giver, Sequence[ModuleType]] = {
    Giver.PUBLISHING: [publishing],
    Giver.ESCALATION: [escalation],
    Giver.AMPLIFICATION: [amplification, look_alikes],
    Giver.MENTIONS: [
        mentions,
        opened_cases,
        listed_authors,
        used_tags,
        told_stories,
        suggesting,
        watch_notes,
        offered,
        influence,
    ],
    Giver.BRIEFING: [briefing],
    Giver.PAUSING: [pausing],
    Giver.CLOCK: [timers, feed_watch],
    Giver.DIRECTOR: [player],
    Giver.CONSOLE: [sessions],
}
ROWS: list[OrderKind] = [row for domain in DOMAINS for row in domain.ROWS]


def kind_of(row: OrderKind) -> Any:
    return row.body.model_fields["kind"].default


def commands(app: typer.Typer, before: str = "") -> set[str]:
    """Everything that can be typed after `holdingline`."""
    own = {f"{before}{one.name or one.callback.__name__}" for one in app.registered_commands if one.callback}
    for group in app.registered_groups:
        assert group.typer_instance is not None
        name = group.name if isinstance(group.name, str) else group.typer_instance.info.name
        own |= commands(group.typer_instance, f"{before}{name} " if isinstance(name, str) else before)
    return own


COMMANDS = {command for module in {*MODULE_OF.values()} for command in commands(import_module(module).app)}


def test_every_body_of_a_command_has_exactly_one_row() -> None:
    bodies = set(get_args(get_args(CommandBody)[0]))
    assert [row.body for row in ROWS] == list(ORDERS)
    assert len(ROWS) == len(ORDERS)
    assert set(ORDERS) == bodies


@pytest.mark.parametrize("row", ROWS, ids=kind_of)
def test_every_order_can_be_given(row: OrderKind) -> None:
    """A person's order has a command; a machine's is made by the agent that the table names, and by no other."""
    assert row.given_by
    assert row.by_people is (row.command is not None)
    assert row.command is None or row.command in COMMANDS
    making = {
        giver
        for giver, modules in MACHINES.items()
        if any(f"{row.body.__name__}(" in inspect.getsource(module) for module in modules)
    }
    assert making == set(row.given_by) - {Giver.PERSON}


@pytest.mark.parametrize("row", ROWS, ids=kind_of)
def test_the_words_of_an_order_are_those_of_its_kind(row: OrderKind) -> None:
    """A refusal says what a person ordered in the words under which the record keeps it."""
    assert row.words == kind_of(row).replace("_", " ")
