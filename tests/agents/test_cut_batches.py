"""However posts and counts are cut into batches, and whoever counts them, the mentions agent says the same."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents.mentions import Needs, handle, handle_counts
from streams.words.influence.entries import InfluenceCategory, ListedAccount, ListedAuthor
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from tests import builders
from tests.agents.test_routes import HELP, PRESS, REGISTER, THREAT, needs
from tests.builders import LIVE, NOW

HERALD = ListedAuthor(
    id="herald",
    name="Helyg Herald",
    category=InfluenceCategory.LOCAL_MEDIA,
    accounts=(ListedAccount(network="mastodon", account_id="listed"),),
    vouched_by="writer",
    evidence="Their editor told us.",
    review_on=NOW.date(),
)
PARTNER = builders.partner()
OURS = REGISTER.model_copy(update={"influence": {HERALD.id: HERALD}, "partners": {PARTNER.id: PARTNER}})
TEXTS = (
    "so loud #AshbyCrash",
    "#AshbyCrash #AshbyFire ward nine is shut",
    "they shut ward nine #AshbyCrash",
    "ward nine shut, is it true #AshbyCrash #AshbyFire",
    "the road is closed #AshbyCrash #Diversion",
    "smoke over Cwm Helyg Hospitals",
    f"{THREAT} #AshbyCrash",
    HELP,
    f"{HELP} #AshbyCrash",
    PRESS,
    "Of nothing",
)
AUTHORS = ("listed", PARTNER.account_id, *(f"a-{number}" for number in range(24)))
EARLIER = 20
POSTS = st.lists(
    st.tuples(st.sampled_from(AUTHORS), st.sampled_from(TEXTS), st.integers(0, EARLIER), st.booleans()), max_size=60
)
CUTS = st.lists(st.integers(0, 60), max_size=5)


def cut(things: Sequence[object], places: Sequence[int]) -> list[list[object]]:
    """The same things in their order, cut at these places."""
    ends = sorted({min(one, len(things)) for one in places} | {len(things)})
    return [list(things[begin:end]) for begin, end in zip([0, *ends], ends, strict=False)]


async def said(batches: Sequence[Sequence[object]], places: Sequence[int]) -> list[str]:
    """All that is said of batches of posts, where their counts are cut at these places."""
    told: Needs = needs(registers=lambda: OURS)
    counts = [one for batch in batches for one in await handle(batch, told)]  # type: ignore[arg-type] # They are posts.
    found: list[Signal | Command] = []
    for batch in cut(counts, places):
        found += await handle_counts(batch, told)  # type: ignore[arg-type] # They are counts.
    return sorted(one.model_dump_json() for one in found)


LATE = [("listed", "so loud #AshbyCrash", minutes, False) for minutes in (0, 0, 0, 0, 1)]
"""A listed author's older post comes last."""


@settings(max_examples=200)
@example(posts=LATE, posts_cut=[4], counts_cut=[])
@given(posts=POSTS, posts_cut=CUTS, counts_cut=CUTS)
async def test_the_same_posts_cut_otherwise_give_the_same_signals_and_orders(
    posts: list[tuple[str, str, int, bool]], posts_cut: list[int], counts_cut: list[int]
) -> None:
    """To the last field: surges, stories, hashtags, listed authors and cases."""
    batch = [
        Mention(
            id=f"m-{number}",
            mode=LIVE,
            author_id=author,
            at=NOW - timedelta(minutes=minutes),
            text=text,
            repost_of="m-0" if repeats and number else None,
        )
        for number, (author, text, minutes, repeats) in enumerate(posts)
    ]
    assert await said(cut(batch, posts_cut), counts_cut) == await said([batch], [])
