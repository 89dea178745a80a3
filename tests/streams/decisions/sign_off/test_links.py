"""A link opens one decision for one person, and no other text opens anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.sign_off.concern_words import COMMANDS
from streams.decisions.sign_off.links import Ticket, linked, ticket_of
from streams.values import Subject
from streams.words.attention import Kind

SECRET = "what worker and console share"
TICKET = Ticket(Subject.incident("inc-1"), "srch-1", "ifor.brynllwyd")


def test_a_link_gives_back_what_it_was_made_of() -> None:
    assert ticket_of(TICKET.token(SECRET), SECRET) == TICKET


@given(st.integers(0, len(TICKET.token(SECRET)) - 1), st.characters(codec="ascii", categories=("L", "N", "P")))
def test_a_link_with_one_sign_changed_opens_nothing(place: int, sign: str) -> None:
    token = TICKET.token(SECRET)
    changed = token[:place] + sign + token[place + 1 :]
    assert changed == token or ticket_of(changed, SECRET) is None


@given(st.text())
def test_any_other_text_opens_nothing(text: str) -> None:
    assert ticket_of(text, SECRET) is None


def test_a_link_of_another_service_opens_nothing() -> None:
    assert ticket_of(TICKET.token("another secret"), SECRET) is None


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_page_with_a_link_has_a_command_only_for_what_no_page_of_the_console_does(kind: Kind) -> None:
    command = COMMANDS[kind].format(about="inc-1", what="fire", time="--at 22:31")
    page = linked(f"Our trust, the watch: six people speak of it.\nTo do: {command}\nThe next is asked at 22:34.", "L")
    kept = kind in {"files", "page", "pack", "route", "feed"}
    assert page.split("\n") == [
        "Our trust, the watch: six people speak of it.",
        *([f"To do: {command}"] if kept else []),
        "The next is asked at 22:34.",
        "Open: L",
    ]
