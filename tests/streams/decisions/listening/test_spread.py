"""An account whose posts about us many people pass on is proposed for the list for two days, never by its followers."""

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest

from streams.decisions.listening.crowd import BIN_SECONDS
from streams.decisions.listening.spread import (
    PEOPLE_MAX,
    POSTS_KNOWN,
    PROPOSALS_MAX,
    PROPOSED_FROM,
    ROWS_MAX,
    AccountsShared,
    PeopleSharing,
    SharedLately,
    number_of,
)
from streams.telling.listening.influence import proposal_line
from streams.words.posts import Mention
from tests import builders
from tests.builders import LIVE, NOW

BIN = int(NOW.timestamp()) // BIN_SECONDS
HOUR = 60 * 60 // BIN_SECONDS
REGISTER = builders.register()
Heard = tuple[Mention, int, int]


def post(name: str, author: str, *, of: str | None = None, at: int = 0, person: int = 0) -> Heard:
    followers = 1_000_000 if author == "famous" else None
    mention = Mention(id=name, mode=LIVE, author_id=author, at=NOW, text="Ashby", repost_of=of, followers=followers)
    return mention, person, BIN + at


def shares(count: int, of: str = "p-1", *, first: int = 0, at: int = 0) -> list[Heard]:
    """Reposts by as many people."""
    return [post(f"r-{of}-{one}", f"a-{one}", of=of, at=at, person=one) for one in range(first, first + count)]


def after(*batches: Sequence[Heard], partitions: int = 1) -> SharedLately:
    """Each author is heard in a partition of its own, and what these count is added up; all is stored in between."""
    accounts, sharing = [AccountsShared()] * partitions, PeopleSharing()
    for batch in batches:
        for number, before in enumerate(accounts):
            heard = [one for one in batch if number_of(one[0].author_id) % partitions == number]
            known = before.with_posts(heard, now=BIN)
            accounts[number] = AccountsShared.model_validate_json(known.model_dump_json())
            added = sharing.with_people(known.passed_on(heard), now=BIN)
            sharing = PeopleSharing.model_validate_json(added.model_dump_json())
    return SharedLately(accounts, sharing)


def test_an_account_that_enough_people_pass_on_is_proposed() -> None:
    """Over several of its posts, and however they were cut; one person is one."""
    posts = [post("p-1", "blog"), post("p-2", "blog"), post("p-3", "famous")]
    one_short = after(posts, shares(PROPOSED_FROM - 1), shares(PROPOSED_FROM - 1, "p-2"))
    assert one_short.waiting(REGISTER, NOW) == {}
    shared = after(posts, shares(10), shares(PROPOSED_FROM - 10, "p-2", first=10))
    assert shared.waiting(REGISTER, NOW) == {"blog": PROPOSED_FROM}
    assert proposal_line("blog", 31).startswith("PROPOSED  blog was shared by 31 people in 2 hours: shall it be")


@pytest.mark.parametrize("partitions", [2, 4])
def test_the_same_is_proposed_from_one_partition_as_from_several(partitions: int) -> None:
    """In no partition alone are there enough people."""
    posts = [post("p-1", "blog"), post("p-2", "paper", at=3)]
    batches = [posts, shares(PROPOSED_FROM + 3), shares(PROPOSED_FROM, "p-2", first=10, at=5)]
    shared = after(*batches, partitions=partitions)
    assert shared.waiting(REGISTER, NOW) == after(*batches).waiting(REGISTER, NOW)
    assert shared.waiting(REGISTER, NOW) == {"blog": PROPOSED_FROM + 3, "paper": PROPOSED_FROM}
    assert max(len(one.posts) for one in shared.accounts) < len(posts) + partitions


@pytest.mark.parametrize("turn", range(5))
def test_the_order_of_posts_their_cut_and_a_replay_change_nothing(turn: int) -> None:
    """A repost may be heard before the post that it passes on, and a batch may come again."""
    each = [post("p-1", "blog"), post("p-2", "blog"), *shares(20), *shares(20, "p-2", first=12, at=30)]
    shuffled = random.Random(turn).sample(each, len(each))
    cut = turn * 8
    again = after(shuffled[:cut], shuffled[cut:], shuffled[: cut // 2], partitions=turn % 4 + 1)
    assert again.people == after(each).people
    assert again.waiting(REGISTER, NOW) == after(each).waiting(REGISTER, NOW) == {"blog": 32}


def test_what_is_not_known_and_ones_own_posts_propose_nothing() -> None:
    own = [post(f"o-{one}", "blog", of="p-1", person=one) for one in range(60)]
    assert after([post("p-1", "blog")], own, shares(60, "p-unknown")).waiting(REGISTER, NOW) == {}


def test_people_of_more_than_two_hours_do_not_count_together_and_a_proposal_expires_after_two_days() -> None:
    spread_out = [one for part in range(10) for one in shares(5, first=part * 5, at=-part * HOUR)]
    assert after([post("p-1", "blog")], *([one] for one in spread_out)).waiting(REGISTER, NOW) == {}
    shared = after([post("p-1", "blog")], shares(40))
    assert shared.waiting(REGISTER, NOW + timedelta(days=1)) == {"blog": 40}
    assert shared.waiting(REGISTER, NOW + timedelta(days=3)) == {}
    later = shared.people.with_people([], now=BIN + 2 * 24 * HOUR)
    assert later.people == {}


@pytest.mark.parametrize("begins", range(0, HOUR, 40))
def test_any_two_hours_count_wherever_the_hour_of_the_clock_begins(begins: int) -> None:
    """People over 110 minutes are together, and those of 130 minutes are not."""
    for minutes, proposed in ((110, {"blog": PROPOSED_FROM}), (130, {})):
        last = minutes * HOUR // 60
        each = (begins + turn * last // (PROPOSED_FROM - 1) for turn in range(PROPOSED_FROM))
        shared = [one for turn, at in enumerate(each) for one in shares(1, first=turn, at=at)]
        assert after([post("p-1", "blog")], shared).waiting(REGISTER, NOW) == proposed


def test_what_was_stored_without_minutes_is_read() -> None:
    """As by the release before: then all of an hour passed it on at its beginning."""
    people = after([post("p-1", "blog")], shares(40)).people
    stored = PeopleSharing.model_validate({"people": people.people})
    accounts = after([post("p-1", "blog")]).accounts
    assert SharedLately(accounts, stored).waiting(REGISTER, NOW) == {"blog": 40}
    assert len(next(iter(stored.with_people([], now=BIN).minutes.values()))) == 40


@pytest.mark.parametrize("known", ["partner"])
def test_an_account_that_is_known_already_is_not_proposed(known: str) -> None:
    partner = builders.partner(account_id="blog")
    shared = after([post("p-1", "blog")], shares(40))
    assert shared.waiting(builders.register(partners={known: partner}), NOW) == {}


def test_a_flood_is_kept_within_bounds() -> None:
    """What most people passed on stays."""
    posts = [post(f"p-{one}", f"author-{one}") for one in range(2 * POSTS_KNOWN)]
    flood = [one for number in range(POSTS_KNOWN, POSTS_KNOWN + 500) for one in shares(30, f"p-{number}")]
    shared = after([*posts, post("p-most", "most", at=1)], shares(3 * PEOPLE_MAX, "p-most"), flood)
    (accounts,) = shared.accounts
    assert len(accounts.posts) == POSTS_KNOWN
    assert len(shared.people.people) == ROWS_MAX
    assert max(map(len, shared.people.people.values())) == PEOPLE_MAX
    assert len(shared.proposals(NOW)) <= PROPOSALS_MAX
    assert shared.waiting(REGISTER, NOW)["most"] == PEOPLE_MAX
    assert len(accounts.model_dump_json()) + len(shared.people.model_dump_json()) < 600_000


def test_which_account_wrote_a_post_is_forgotten_after_two_days_also_if_nobody_speaks_of_us() -> None:
    """Any post that comes is enough; it need not be about us."""
    (shared,) = after([post("p-1", "blog")], shares(3)).accounts
    assert shared.with_posts([], now=BIN + 2 * 24 * HOUR - 1) is shared
    assert "blog" in shared.model_dump_json()
    assert "blog" not in shared.with_posts([], now=BIN + 2 * 24 * HOUR).model_dump_json()
