"""An account whose posts about us many people pass on is proposed for the list for two days, never by its followers."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from streams.decisions.listening.crowd import BIN_SECONDS
from streams.decisions.listening.spread import (
    ACCOUNTS_MAX,
    PEOPLE_MAX,
    POSTS_KNOWN,
    PROPOSALS_MAX,
    PROPOSED_FROM,
    AccountsShared,
)
from streams.telling.listening.influence import proposal_line
from streams.words.posts import Mention
from tests import builders
from tests.builders import LIVE, NOW

BIN = int(NOW.timestamp()) // BIN_SECONDS
REGISTER = builders.register()
Heard = tuple[Mention, int, int]


def post(name: str, author: str, *, of: str | None = None, at: int = 0, person: int = 0) -> Heard:
    followers = 1_000_000 if author == "famous" else None
    mention = Mention(id=name, mode=LIVE, author_id=author, at=NOW, text="Ashby", repost_of=of, followers=followers)
    return mention, person, BIN + at


def shares(count: int, of: str = "p-1", *, first: int = 0, at: int = 0) -> list[Heard]:
    """Reposts by as many people."""
    return [post(f"r-{of}-{one}", f"a-{one}", of=of, at=at, person=one) for one in range(first, first + count)]


def after(*batches: Sequence[Heard]) -> AccountsShared:
    shared = AccountsShared()
    for batch in batches:
        shared = AccountsShared.model_validate_json(shared.with_posts(batch).model_dump_json())
    return shared


def test_an_account_that_enough_people_pass_on_is_proposed() -> None:
    """Over several of its posts, and however they were cut; one person is one."""
    posts = [post("p-1", "blog"), post("p-2", "blog"), post("p-3", "famous")]
    one_short = after(posts, shares(PROPOSED_FROM - 1), shares(PROPOSED_FROM - 1, "p-2"))
    assert one_short.waiting(REGISTER, NOW) == {}
    shared = after(posts, shares(10), shares(PROPOSED_FROM - 10, "p-2", first=10))
    assert shared.waiting(REGISTER, NOW) == {"blog": PROPOSED_FROM}
    assert proposal_line("blog", 31).startswith("PROPOSED  blog was shared by 31 people in 2 hours: shall it be")


def test_what_is_not_known_and_ones_own_posts_propose_nothing() -> None:
    own = [post(f"o-{one}", "blog", of="p-1", person=one) for one in range(60)]
    assert after([post("p-1", "blog")], own, shares(60, "p-unknown")).waiting(REGISTER, NOW) == {}


def test_people_of_more_than_two_hours_ago_do_not_count_and_a_proposal_expires_after_two_days() -> None:
    spread_out = [one for part in range(10) for one in shares(5, first=part * 5, at=part * 240)]
    assert after([post("p-1", "blog")], *([one] for one in spread_out)).waiting(REGISTER, NOW) == {}
    shared = after([post("p-1", "blog")], shares(40))
    assert shared.waiting(REGISTER, NOW + timedelta(days=1)) == {"blog": 40}
    assert shared.waiting(REGISTER, NOW + timedelta(days=3)) == {}
    later = shared.with_posts([post("p-9", "other", at=3 * 24 * 240)])
    assert "blog" not in f"{later.proposals} {later.people}"


@pytest.mark.parametrize("known", ["partner"])
def test_an_account_that_is_known_already_is_not_proposed(known: str) -> None:
    partner = builders.partner(account_id="blog")
    shared = after([post("p-1", "blog")], shares(40))
    assert shared.waiting(builders.register(partners={known: partner}), NOW) == {}


def test_a_flood_is_kept_within_bounds() -> None:
    posts = [post(f"p-{one}", f"author-{one}") for one in range(2 * POSTS_KNOWN)]
    flood = [one for number in range(POSTS_KNOWN, POSTS_KNOWN + 300) for one in shares(30, f"p-{number}")]
    shared = after(posts, shares(3 * PEOPLE_MAX, f"p-{2 * POSTS_KNOWN - 1}"), flood)
    assert len(shared.posts) == POSTS_KNOWN
    assert len(shared.people) <= ACCOUNTS_MAX
    assert max(map(len, shared.people.values())) <= PEOPLE_MAX
    assert len(shared.proposals) <= PROPOSALS_MAX
    assert len(shared.model_dump_json()) < 600_000


def test_which_account_wrote_a_post_is_forgotten_after_two_days_also_if_nobody_speaks_of_us() -> None:
    """Any post that comes is enough; it need not be about us."""
    shared = after([post("p-1", "blog")], shares(3))
    two_days = 2 * 24 * 60 * 60 // BIN_SECONDS
    assert "blog" in shared.with_posts([], now=BIN + two_days - 1).model_dump_json()
    assert "blog" not in shared.with_posts([], now=BIN + two_days).model_dump_json()
