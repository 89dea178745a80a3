"""The row that says which post of a partner an incident carries is that of no other post, also with slashes."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.subjects.past import Past, carried, carried_before, set_aside
from streams.words.release import Amplify
from tests import builders
from tests.builders import NOW
from tests.streams.decisions.release.test_partner_posts import after, public

NAMES = st.from_regex(r"\A[a-c][a-c/.:]{0,5}\Z")
POSTS = st.tuples(NAMES, NAMES)


@given(one=POSTS, other=POSTS)
def test_two_posts_never_share_a_row(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (carried(*one) == carried(*other)) is (one == other)


@given(one=POSTS)
def test_of_accounts_without_a_slash_the_rows_are_those_that_were(one: tuple[str, str]) -> None:
    """Nothing has to be written again for them."""
    assert (carried(*one) == carried_before(*one)) is ("/" not in one[0])


def rows_of(account_id: str, post_id: str) -> Mapping[str, Any]:
    partner = builders.partner(account_id=account_id)
    body = Amplify(credit=builders.credit(account_id=account_id, post_id=post_id), text="Keep away.", posted_at=NOW)
    register = builders.register(partners={"ambulance": partner})
    _, incident = after(builders.declared(), body, register=register)
    return set_aside(public(incident), at=NOW)[1]


def test_a_table_of_an_older_release_is_read_and_its_rows_are_taken_for_no_other_post() -> None:
    """There the row of an account with a slash may be that of another account: what the message itself says counts."""
    rows = rows_of("a/b", "c")
    old = {key: row for key, row in rows.items() if not key.startswith("post/")}
    old |= {carried_before("a/b", "c"): rows[carried("a/b", "c")]}
    for table in (rows, old):
        found = Past(table.get).carrying("a/b", "c")
        assert found is not None
        assert found.message.credit is not None
        assert found.message.credit.account_id == "a/b"
        assert Past(table.get).carrying("a", "b/c") is None
