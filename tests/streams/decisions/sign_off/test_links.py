"""A link opens one decision for one person, and no other text opens anything."""

from hypothesis import given
from hypothesis import strategies as st

from streams.decisions.sign_off.links import Ticket, ticket_of
from streams.values import Subject

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
