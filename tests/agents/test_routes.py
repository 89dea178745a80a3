"""A post that a person may have to answer becomes a case; nothing of its text and no account leaves the agent."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.registers.folder import data_folder
from agents.adapters.registers.wording import read_wording
from agents.listening.listed_authors import InfluenceTables
from agents.listening.opened_cases import CASES_KEPT, CaseTables
from agents.listening.told_stories import StoryTables
from agents.listening.used_tags import TagTables
from agents.mentions import ENDED_KEPT, DayKey, Needs, handle, handle_counts
from streams.codec import encode
from streams.decisions.listening.keep import WATCH
from streams.decisions.listening.routes.gathering import BOUNDS, RoutesHeard
from streams.decisions.listening.routes.suggesting import KEPT
from streams.decisions.listening.stories import StoriesKept, StoryPosts
from streams.decisions.listening.surge import Counts
from streams.decisions.listening.wordings import WordingShelf
from streams.words.cases import CaseSort, GatherMore, OpenCase
from streams.words.influence.entries import InfluenceCategory, ListedAccount, ListedAuthor
from streams.words.listening.routes import CasePosts
from streams.words.orders import Command
from streams.words.posts import ROUTED_MAX, Mention, Signal
from tests import builders
from tests.agents.doubles import MemoryIncidents, MemoryStore, clock_at
from tests.builders import INCIDENT, LIVE, NOW

REGISTER = builders.register().model_copy(
    update={"trust": "Cwm Helyg Hospitals NHS Trust", "words": read_wording(data_folder()).words}
)
THREAT = "I will burn Cwm Helyg Hospitals down"
HELP = "my nan is trapped in Cwm Helyg Hospitals"
PRESS = "I'm a reporter, can I get a statement from Cwm Helyg Hospitals"


def needs(**changes: object) -> Needs:
    plain = Needs(
        mode=LIVE,
        clock=clock_at(NOW),
        incidents=MemoryIncidents((builders.declared(),)),
        counts=MemoryStore[Counts](),
        registers=lambda: REGISTER,
        keys=MemoryStore[DayKey](),
        new_key=lambda: bytes(range(32)),
        told=StoryTables(MemoryStore[StoriesKept](), MemoryStore[WordingShelf](), MemoryStore[StoryPosts]()),
        cases=CaseTables(MemoryStore[RoutesHeard](), MemoryStore[CasePosts]()),
        tags=TagTables(MemoryStore(), MemoryStore()),
        influence=InfluenceTables(MemoryStore(), MemoryStore(), MemoryStore()),
    )
    return replace(plain, **changes)  # type: ignore[arg-type] # the names are its own


def mentions(count: int, text: str, *, first: int = 0, **more: object) -> list[Mention]:
    each = range(first, first + count)
    plain = {"mode": LIVE, "at": NOW, "text": text, **more}
    return [Mention.model_validate({"id": f"post-{one}", "author_id": f"account-{one}", **plain}) for one in each]


async def cases(batch: Sequence[Mention], told: Needs) -> list[Command]:
    """The orders about cases that come of a batch."""
    found = await handle_counts(await handle(batch, told), told)
    return [one for one in found if isinstance(one, Command) and isinstance(one.body, OpenCase | GatherMore)]


def opened(orders: Sequence[Command]) -> list[OpenCase]:
    return [one.body for one in orders if isinstance(one.body, OpenCase)]


async def test_a_threat_opens_a_case_that_says_why() -> None:
    """By which rule and words of ours; which post it is stays in a table of its own."""
    told = needs()
    (order,) = await cases(mentions(1, THREAT), told)
    assert isinstance(order.body, OpenCase)
    assert (order.body.sort, order.body.by_rule) == (CaseSort.THREAT, "threat-will-place")
    assert order.body.words == ("i will", "burn", "hospitals")
    assert (order.body.incident, order.body.addressed, order.body.gathered) == (None, False, 1)
    kept = told.cases.posts.get(order.subject.id)
    assert kept is not None
    assert kept.posts == ("post-0",)
    assert kept.kept_until == NOW + KEPT


async def test_a_case_from_an_incident_names_it() -> None:
    """The incident that the post speaks of; a post of no incident that does not name us is none of our business."""
    (body,) = opened(await cases(mentions(1, "my nan is trapped #AshbyCrash"), needs()))
    assert body.incident == INCIDENT
    assert await cases(mentions(1, "my nan is trapped somewhere"), needs()) == []


async def test_calls_for_help_are_gathered_and_their_number_is_said() -> None:
    """Three cases of forty posts; of the last one three posts are kept."""
    told = needs()
    orders = await cases(mentions(40, HELP), told)
    assert len(opened(orders)) == 3
    assert [one.body.gathered for one in orders if isinstance(one.body, GatherMore)] == [2, 4, 8, 16, 32]
    kept = told.cases.posts.get(orders[-1].subject.id)
    assert kept is not None
    assert len(kept.posts) == len(set(kept.authors)) == 3


async def test_abuse_that_is_not_to_us_is_only_counted() -> None:
    """To us it is a case."""
    rude = "you lot at Cwm Helyg Hospitals are pathetic"
    told = needs()
    assert await cases(mentions(30, rude), told) == []
    heard = told.cases.routes.get("watch/trust")
    assert heard is not None
    assert sum(heard.sorts[CaseSort.ABUSE].hours.values()) == 30
    assert told.cases.posts.keys() == []
    channel = REGISTER.channels["social"].model_copy(update={"options": {"handle": "helyg@social.example"}})
    ours = REGISTER.model_copy(update={"channels": {"social": channel}})
    (body,) = opened(
        await cases(
            mentions(1, "you lot are pathetic", addressed=["helyg@social.example"]), needs(registers=lambda: ours)
        )
    )
    assert body.addressed


async def test_a_listed_reporter_who_writes_to_us_is_a_case() -> None:
    """Without a word of our lists."""
    channel = REGISTER.channels["social"].model_copy(update={"options": {"handle": "helyg@social.example"}})
    herald = ListedAuthor(
        id="herald",
        name="Helyg Herald",
        category=InfluenceCategory.LOCAL_MEDIA,
        accounts=(ListedAccount(network="mastodon", account_id="account-0"),),
        vouched_by="writer",
        evidence="Their editor told us.",
        review_on=NOW.date(),
    )
    ours = REGISTER.model_copy(update={"channels": {"social": channel}, "influence": {"herald": herald}})
    told = needs(registers=lambda: ours)
    (body,) = opened(await cases(mentions(2, "@helyg@social.example a word?"), told))
    assert (body.sort, body.words) == (CaseSort.MEDIA_ENQUIRY, ())


async def test_a_repost_is_about_the_post_that_it_repeats() -> None:
    """A threat that hundreds pass on is one case."""
    told = needs()
    batch = [*mentions(1, THREAT), *mentions(300, THREAT, first=1, repost_of="post-0")]
    assert len(opened(await cases(batch, told))) == 1


async def test_a_repost_that_another_worker_hears_or_the_next_day_is_about_the_same_post() -> None:
    """They hash its name with other keys; the case of the post says what its source calls it."""
    told = needs()
    another = needs(new_key=lambda: bytes(32))
    reposts = mentions(5, THREAT, first=1, repost_of="post-0")
    counts = [*await handle(mentions(1, THREAT), told), *await handle(reposts, another)]
    assert len({one.post for count in counts for one in count.routed}) == 2
    found = [*await handle_counts(counts, told), *await handle_counts(await handle(reposts, another), told)]
    assert len(opened([one for one in found if isinstance(one, Command)])) == 1


async def test_the_same_batch_cut_in_two_gives_the_same_cases() -> None:
    """And so does the same batch on another day's start with the same key."""
    batch = [*mentions(30, THREAT), *mentions(30, HELP, first=100), *mentions(10, PRESS, first=200)]
    whole, told = await cases(batch, needs()), needs()
    halves = [*await cases(batch[:33], told), *await cases(batch[33:], told)]
    assert {one.id for one in whole} == {one.id for one in halves}
    assert [one.id for one in await cases(batch, needs())] == [one.id for one in whole]


async def test_several_partitions_give_what_one_gives() -> None:
    """What each worker found is put together in the order in which it came."""
    told = needs()
    batch = mentions(2 * ROUTED_MAX + 1, THREAT)
    counts = await handle(batch, told)
    assert [len(one.routed) for one in counts if one.routed] == [ROUTED_MAX, ROUTED_MAX, 1]
    orders = await handle_counts(counts, told)
    assert sum(isinstance(one, Command) and isinstance(one.body, OpenCase) for one in orders) == (
        BOUNDS[CaseSort.THREAT].single + 1
    )


async def test_a_hostile_flood_opens_few_cases_and_says_how_many_posts_there_were() -> None:
    """10,000 accounts in a minute, each with a threat of its own: all are read, and the last case has their number."""
    told, orders = needs(), list[Command]()
    for first in range(0, 10_000, 2_500):
        batch = [
            one.model_copy(update={"text": f"{THREAT} {number}"})
            for number, one in enumerate(mentions(2_500, "", first=first))
        ]
        orders += await cases(batch, told)
    most = BOUNDS[CaseSort.THREAT].single + 1
    assert len(opened(orders)) == most
    assert len(orders) < most + 20
    assert max(one.body.gathered for one in orders if isinstance(one.body, GatherMore)) >= 8_192
    heard = told.cases.routes.get("watch/trust")
    assert heard is not None
    assert len(heard.model_dump_json()) < 5_000
    assert len(told.cases.posts.keys()) == most


async def test_of_so_many_cases_only_the_newest_are_known() -> None:
    """The table has its bound."""
    told = needs()
    for number in range(CASES_KEPT):
        told.cases.posts.put(f"case-{number}", CasePosts(case_id=f"case-{number}", kept_until=NOW + KEPT, about=WATCH))
    await cases(mentions(1, THREAT), told)
    assert len(told.cases.posts.keys()) == CASES_KEPT
    assert told.cases.posts.get("case-0") is None


@given(planted=st.text(st.characters(codec="ascii", categories=["L"]), min_size=12, max_size=40))
async def test_no_text_and_no_account_of_a_post_is_in_any_event(planted: str) -> None:
    """In no order, no signal; and no text in a count. Whatever is written around the words of our lists."""
    told = needs()
    batch = [
        one.model_copy(update={"author_id": f"{planted}-account", "text": f"{planted} {text} {planted}"})
        for number, text in enumerate([THREAT, HELP, PRESS, "foreign nurses go home from Cwm Helyg Hospitals"])
        for one in mentions(4, text, first=number * 10)
    ]
    counts = await handle(batch, told)
    events = await handle_counts(counts, told)
    assert any(isinstance(one, Command) for one in events)
    for event in [*counts, *events]:
        assert planted.casefold() not in encode(event).decode().casefold()
    for event in events:
        assert isinstance(event, Command | Signal)
        assert "post-" not in encode(event).decode()


async def test_what_came_of_incidents_that_are_over_does_not_pile_up() -> None:
    """Over the years; of the newest it stays."""
    told = needs()
    for number in range(ENDED_KEPT + 20):
        told.cases.routes.put(f"inc-{number}-over", RoutesHeard())
    await cases(mentions(1, THREAT), told)
    assert len(told.cases.routes.keys()) == ENDED_KEPT + 1
