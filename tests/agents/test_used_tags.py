"""Which hashtags people use of an incident, and that listed authors post about it, is put before the commander."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from agents.mentions import Needs
from streams.decisions.listening.keep import UNMATCHED
from streams.words.influence.entries import InfluenceCategory, ListedAccount, ListedAuthor
from streams.words.listening.influence import NoteListedOfUs
from streams.words.listening.stories import NoteStory
from streams.words.listening.tags import NoteTags, TagUse
from streams.words.listening.watch import THE_WATCH
from streams.words.orders import Command
from streams.words.posts import Mention, Signal
from tests.agents.doubles import MemoryIncidents, clock_at
from tests.agents.hearing import TRUST, heard, mentions, needs
from tests.builders import INCIDENT, LIVE, NOW


def tagged(count: int, tag: str, at: datetime = NOW, *, first: int = 0) -> list[Mention]:
    """Posts of as many people, each in words of its own."""
    numbers = range(first, first + count)
    texts = [f"Smoke number{number} at Ashby Junction {tag}" for number in numbers]
    return [
        Mention(id=f"t-{number}", mode=LIVE, author_id=f"a-{number}", at=at, text=text)
        for number, text in zip(numbers, texts, strict=True)
    ]


async def of_tags(batch: Sequence[Mention], told: Needs) -> Sequence[Signal | Command]:
    """What comes of a batch for its hashtags: posts that are much the same are a story too."""
    events = await heard(batch, told)
    return [one for one in events if isinstance(one, Signal) or not isinstance(one.body, NoteStory)]


async def test_a_hashtag_of_five_people_is_put_before_the_commander() -> None:
    """The order names the tag, how many people, and in how many minutes; what comes again says the same again."""
    told = needs()
    signal, order = await of_tags(tagged(5, "#AshbyFire"), told)
    assert isinstance(signal, Signal)
    assert (signal.signal, signal.count, signal.incident_id) == ("tag", 5, INCIDENT)
    assert isinstance(order, Command)
    assert order.body == NoteTags(tags=(TagUse(tag="#ashbyfire", people=5, minutes=1),))
    assert [one.id for one in await of_tags(tagged(5, "#AshbyFire"), needs())] == [signal.id, order.id]
    assert "#" not in signal.model_dump_json()


async def test_a_hashtag_that_names_somebody_is_not_named_in_any_order() -> None:
    """Only how many people use it, and why it is not offered."""
    signal, order = await of_tags(tagged(5, "#MrBoland"), needs())
    assert isinstance(order, Command)
    assert isinstance(order.body, NoteTags)
    assert order.body.tags == ()
    assert [one.people for one in order.body.withheld] == [5]
    assert "boland" not in f"{signal.model_dump_json()}{order.model_dump_json()}".casefold()


async def test_another_hashtag_that_overtakes_is_told_a_quarter_of_an_hour_later() -> None:
    told = needs()
    await of_tags(tagged(5, "#AshbyFire"), told)
    later = NOW + timedelta(minutes=20)
    told = replace(told, clock=clock_at(later))
    assert await of_tags(tagged(9, "#AshbyRescue", later, first=100), told) == [], "they come after the look"
    after = later + timedelta(minutes=15)
    told = replace(told, clock=clock_at(after))
    orders = await of_tags(tagged(2, "#AshbyRescue", after, first=200), told)
    noted = [one.body for one in orders if isinstance(one, Command) and isinstance(one.body, NoteTags)]
    assert [one.overtook for one in noted] == ["#ashbyfire"]


async def test_hashtags_of_other_posts_are_remembered_as_a_sample_by_day_and_name_nobody() -> None:
    """One in a hundred of the posts that speak of no incident; tomorrow they are what was seen before."""
    told = needs()
    await heard(mentions(3_000, "nothing of ours #Monday"), told)
    usual = told.tags.usual.get(UNMATCHED)
    assert usual is not None
    (today,) = usual.days.values()
    assert 10 < today["#monday"] == today[""] < 60
    tomorrow = NOW + timedelta(days=1)
    _, order = await of_tags(tagged(5, "#Monday", tomorrow), replace(told, clock=clock_at(tomorrow)))
    assert isinstance(order, Command)
    assert isinstance(order.body, NoteTags)
    assert order.body.tags[0].before == today["#monday"]


async def test_the_hashtags_of_an_incident_that_is_over_are_forgotten() -> None:
    told = needs()
    await of_tags(tagged(5, "#AshbyFire"), told)
    assert told.tags.heard.keys() == [INCIDENT]
    await heard(mentions(1, "nothing of ours"), replace(told, incidents=MemoryIncidents(())))
    assert told.tags.heard.keys() == []


HERALD = ListedAuthor(
    id="herald",
    name="Helyg Herald",
    category=InfluenceCategory.LOCAL_MEDIA,
    accounts=(ListedAccount(network="bluesky", account_id="did:herald:1"),),
    vouched_by="writer",
    evidence="Their editor told us.",
    review_on=NOW.date(),
)


async def test_a_post_of_a_listed_author_is_told_at_once_and_is_no_surge() -> None:
    """One of the incident, and one that only names us: both are about what goes on. Nothing names the author."""
    told = replace(needs(), registers=lambda: TRUST.model_copy(update={"influence": {"herald": HERALD}}))
    theirs = [
        one.model_copy(update={"author_id": "did:herald:1"})
        for one in (*mentions(1), *mentions(1, "Cwm Helyg Hospitals are busy", first=1))
    ]
    first, again = await heard(theirs[:1], told), await heard(theirs[1:], told)
    assert [one.body.model_dump() for one in (*first, *again) if isinstance(one, Command)] == [
        {"kind": "note_listed", "category": "local-media", "posts": count, "since": NOW} for count in (1, 2)
    ]
    assert not [one for one in (*first, *again) if isinstance(one, Signal)]
    assert "herald" not in "".join(one.model_dump_json() for one in (*first, *again)).casefold()


async def test_while_no_incident_goes_on_a_listed_author_s_post_is_told_of_the_watch_by_its_number() -> None:
    """It pages nobody; a day after the first it counts from one again, and so does the order's identifier."""
    told = replace(needs(), registers=lambda: TRUST.model_copy(update={"influence": {"herald": HERALD}}))
    told = replace(told, incidents=MemoryIncidents(()))
    orders: list[Command] = []
    for number, hours in enumerate((0, 1, 25)):
        at = NOW + timedelta(hours=hours)
        post = mentions(1, "Cwm Helyg Hospitals are busy", at, first=number)[0]
        heard_then = replace(told, clock=clock_at(at))
        found = await heard([post.model_copy(update={"author_id": "did:herald:1"})], heard_then)
        orders += [one for one in found if isinstance(one, Command)]
    later = NOW + timedelta(hours=25)
    assert [one.body for one in orders] == [
        NoteListedOfUs(category=InfluenceCategory.LOCAL_MEDIA, posts=posts, since=since)
        for posts, since in ((1, NOW), (2, NOW), (1, later))
    ]
    assert {one.subject for one in orders} == {THE_WATCH}
    assert len({one.id for one in orders}) == 3
    assert "herald" not in "".join(one.model_dump_json() for one in orders).casefold()
