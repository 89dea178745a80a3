"""Posts of listed authors are told at once by their number; no author, no account and no word of them is in a fact."""

from datetime import UTC, date, timedelta

import pytest
from pydantic import ValidationError

from streams.decisions.desk.order_table import answer
from streams.decisions.listening.influence import ListedHeard, of_listed
from streams.decisions.listening.keep import WATCH
from streams.decisions.listening.vocabulary import vocabulary
from streams.telling.brief import brief
from streams.telling.facts import told
from streams.telling.listening.influence import author_line
from streams.words.influence.entries import InfluenceCategory, ListedAccount, ListedAuthor
from streams.words.listening.influence import ListedNoted, NoteListed
from streams.words.posts import ListedPosts, Mention
from streams.words.register.changes import content_hash, differences, in_force
from tests import builders, changing
from tests.builders import INCIDENT, LIVE, NOW

MEDIA, MP = InfluenceCategory.LOCAL_MEDIA, InfluenceCategory.MP
PAPER = ListedAuthor(
    id="helyg-herald",
    name="Helyg Herald",
    category=MEDIA,
    accounts=(ListedAccount(network="bluesky", account_id="did:herald:1"),),
    vouched_by="writer",
    evidence="Their editor told us.",
    review_on=date(2026, 12, 1),
)
REGISTER = builders.register(influence={PAPER.id: PAPER})
KNOWN = vocabulary([(INCIDENT, ("ashby",)), (WATCH, ("helyg hospital",))])


def post(text: str, author: str = "did:herald:1", minutes: int = 0) -> Mention:
    at = NOW + timedelta(minutes=minutes)
    return Mention(id=f"m-{author}-{minutes}", mode=LIVE, author_id=author, at=at, text=text)


def test_posts_of_listed_accounts_are_counted_by_category_and_no_others() -> None:
    batch = [
        post("Ashby is shut", minutes=2),
        post("More of Ashby", minutes=1),
        post("The weather"),
        post("Ashby!", author="did:other:1"),
        post("At Helyg Hospital", minutes=3),
    ]
    now = NOW + timedelta(minutes=2)
    found = of_listed(batch, KNOWN, register=REGISTER, now=now)
    assert found == {
        INCIDENT: [ListedPosts(MEDIA, 1, now), ListedPosts(MEDIA, 1, NOW + timedelta(minutes=1))],
        WATCH: [ListedPosts(MEDIA, 1, now)],
    }
    assert of_listed(batch, KNOWN, register=builders.register(), now=NOW) == {}


def test_a_post_that_names_us_is_about_each_incident_that_goes_on_and_counts_once() -> None:
    """Also if it uses the words of one of them."""
    batch = [post("Ashby and Helyg Hospital"), post("At Helyg Hospital", minutes=-1)]
    found = of_listed(batch, KNOWN, register=REGISTER, now=NOW, live=[INCIDENT, "inc-2"])
    posts = [ListedPosts(MEDIA, 1, NOW), ListedPosts(MEDIA, 1, NOW - timedelta(minutes=1))]
    assert found == {INCIDENT: posts, "inc-2": posts}


def test_each_of_the_first_posts_is_told_and_then_only_twice_as_many() -> None:
    """Somebody who posts without end does not fill the record."""
    heard, told_counts = ListedHeard(), []
    for _ in range(1_000):
        heard, notes = heard.with_posts([ListedPosts(MEDIA, 1, NOW)])
        told_counts += [one.posts for one in notes]
    assert told_counts == [1, 2, 3, 4, 5, 10, 20, 40, 80, 160, 320, 640]


def test_what_is_noted_is_a_line_of_the_incident_and_names_nobody() -> None:
    body = NoteListed(category=MEDIA, posts=2, since=NOW)
    facts = answer(builders.order(body, builders.declared(), "mentions-agent", register=REGISTER))
    assert facts == [ListedNoted(category=MEDIA, posts=2, since=NOW)]
    said = "local media on your list post about this: 2 posts since 14 Jan 2026 22:31 UTC"
    assert told(facts[0]) == said
    incident = builders.after(builders.declared(), [*facts, ListedNoted(category=MP, posts=1, since=NOW)])
    incident = builders.after(incident, [ListedNoted(category=MEDIA, posts=3, since=NOW)])
    lines = [*brief(incident, NOW, zone=UTC)]
    assert f"  {said.replace('2 posts', '3 posts')}" in lines
    assert "  members of parliament on your list post about this: 1 post since 14 Jan 2026 22:31 UTC" in lines
    assert "herald" not in "".join(lines).casefold()


def test_an_entry_says_who_vouched_for_it_and_when_to_look_again() -> None:
    due, over = author_line(PAPER, date(2026, 11, 30)), author_line(PAPER, date(2026, 12, 2))
    assert due == (
        "Helyg Herald (helyg-herald), local media: did:herald:1 on bluesky; writer vouched: Their editor told us.; "
        "look again on 2026-12-01"
    )
    assert over.endswith("OVERDUE since 2026-12-01")
    with pytest.raises(ValidationError):
        ListedAuthor.model_validate({**PAPER.model_dump(), "followers": 9_000})


def test_once_the_register_is_founded_an_author_counts_only_when_two_people_said_so() -> None:
    """The file alone puts nobody on the list, and takes somebody off it at once."""
    files = changing.register()
    founded = changing.founded(files)
    wanted = files.model_copy(update={"influence": {PAPER.id: PAPER}})
    assert in_force(wanted, founded.changes).influence == {}
    (difference,) = differences(wanted, founded.changes)
    assert (difference.section, difference.entry, difference.old) == ("influence", PAPER.id, None)
    assert difference.new is not None
    assert content_hash("influence", PAPER.id, content=difference.new)
    confirmed = {**founded.changes.confirmed, "influence": {PAPER.id: difference.new}}
    changes = founded.changes.model_copy(update={"confirmed": confirmed})
    assert in_force(wanted, changes).influence == {PAPER.id: PAPER}
    assert in_force(files, changes).influence == {}
