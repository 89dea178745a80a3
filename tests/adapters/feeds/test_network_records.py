"""What servers of networks send, well-formed or not, read without a server: no form of it ends the reading."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.adapters.feeds.account_mark import KNOWN_MAX, AccountMark, NetworkPost, changes_of_posts, deletions
from agents.adapters.feeds.bluesky import records, settings
from agents.adapters.feeds.bluesky.frames import frame_of, state_of
from agents.adapters.feeds.mastodon import settings as mastodon_settings
from agents.adapters.feeds.mastodon import statuses
from agents.adapters.feeds.parsed import Source
from streams.values import LIVE
from streams.words.posts import PartnerPost
from streams.words.register.accounts import Credential
from streams.words.register.partners import PartnerAccount

NOW = datetime(2026, 11, 29, 22, 31, tzinfo=UTC)
DID = "did:plc:abcdefghijklmnopqrstuvwx"
OTHERS = {"uri": "at://did:plc:zzzzzzzzzzzzzzzzzzzzzzzz/app.bsky.feed.post/3kabc"}
OWN = {"uri": f"at://{DID}/app.bsky.feed.post/3kabc"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("text", "createdAt", "langs", "facets", "tags", "reply", "embed", "$type")
STATUS_FIELDS = ("id", "content", "created_at", "edited_at", "visibility", "tags", "quote", "spoiler_text", "url")


def account(**changes: Any) -> PartnerAccount:
    said = {
        "kind": "bluesky",
        "account_id": DID,
        "domain": "police.example",
        "address": "https://pds.example",
        "evidence": "Their duty officer read it out.",
    }
    return PartnerAccount.model_validate({**said, **changes})


SOURCE = Source(LIVE, account(), NOW)
THERE = Source(LIVE, account(kind="mastodon", account_id="102", address="https://social.police.example"), NOW)


def post(**fields: Any) -> NetworkPost:
    value = {"$type": records.POST, "text": "Fire", "createdAt": "2026-11-29T22:30:00.000Z", **fields}
    read = records.entry_of("3kabc", {"cid": "bafyrei", "value": value}, source=SOURCE)
    assert isinstance(read, NetworkPost)
    return read


def status(**fields: Any) -> NetworkPost:
    said = {"id": "7", "account": {"id": "102"}, "visibility": "public", "content": "<p>Fire</p>", **fields}
    read = statuses.entry_of(said, THERE)
    assert isinstance(read, NetworkPost)
    return read


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), JSON, st.text(max_size=20))
def test_no_record_ends_the_reading(value: dict[str, Any], cid: Any, key: str) -> None:
    read = records.entry_of(key, {"cid": cid, "value": value}, source=SOURCE)
    assert isinstance(read, str) or isinstance(read.post, PartnerPost)


@given(JSON, st.lists(st.fixed_dictionaries({"uri": JSON, "cid": JSON, "value": JSON}) | JSON, max_size=5))
def test_no_list_of_records_ends_the_reading(listed: Any, some: list[Any]) -> None:
    for one in (listed, {"records": listed}, {"records": some}):
        entries, faults = records.entries_of(one, SOURCE)
        assert all(isinstance(entry, NetworkPost) for entry in entries)
        assert all(isinstance(fault, str) for fault in faults)


@given(st.dictionaries(st.sampled_from(STATUS_FIELDS), JSON), JSON)
def test_no_status_ends_the_reading(said: dict[str, Any], whole: Any) -> None:
    for one in (said | {"account": {"id": "102"}}, said, whole):
        read = statuses.entry_of(one, THERE)
        assert isinstance(read, str) or isinstance(read.post, PartnerPost)
    statuses.entries_of([said, whole], THERE)
    statuses.profile_of(whole, "social.police.example")


@given(st.binary(max_size=200) | JSON.map(lambda one: json.dumps(one).encode()))
def test_no_frame_ends_the_reading(body: bytes) -> None:
    frame_of(body)
    statuses.post_told_of(body, "102", known=())
    statuses.post_told_of(b"event: update\ndata: " + body, "102", known=())


@pytest.mark.parametrize(
    ("fields", "why_not"),
    [
        ({}, None),
        ({"reply": {"root": OWN, "parent": OWN}}, None),
        ({"embed": {"$type": "app.bsky.embed.images", "images": []}}, None),
        ({"embed": {"$type": "app.bsky.embed.record", "record": OWN}}, None),
        ({"reply": {"root": OTHERS, "parent": OWN}}, "it answers somebody else"),
        ({"reply": {"root": OWN, "parent": OTHERS}}, "it answers somebody else"),
        ({"reply": "odd"}, "it answers somebody else"),
        ({"embed": {"$type": "app.bsky.embed.record", "record": OTHERS}}, "it quotes somebody else"),
        (
            {"embed": {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": OTHERS}}},
            "it quotes somebody else",
        ),
        ({"text": 7}, "it is no post as Bluesky describes one"),
    ],
)
def test_what_a_partner_says_itself_on_bluesky_is_taken(fields: dict[str, Any], why_not: str | None) -> None:
    assert post(**fields).why_not == why_not


@pytest.mark.parametrize(
    ("fields", "why_not"),
    [
        ({}, None),
        ({"in_reply_to_id": "3", "in_reply_to_account_id": "102"}, None),
        ({"quote": {"quoted_status": {"account": {"id": "102"}}}}, None),
        ({"visibility": "unlisted"}, "it is not for everybody"),
        ({"visibility": "private"}, "it is not for everybody"),
        ({"visibility": "direct"}, "it is not for everybody"),
        ({"in_reply_to_id": "3", "in_reply_to_account_id": "9"}, "it answers somebody else"),
        ({"in_reply_to_id": "3"}, "it answers somebody else"),
        ({"quote": {"quoted_status": {"account": {"id": "9"}}}}, "it quotes somebody else"),
        ({"quote": {"state": "pending"}}, "it quotes somebody else"),
    ],
)
def test_what_a_partner_says_itself_on_mastodon_is_taken(fields: dict[str, Any], why_not: str | None) -> None:
    assert status(**fields).why_not == why_not


def test_a_post_that_is_edited_into_one_that_is_not_taken_is_an_edit_all_the_same() -> None:
    """Ours is out already, so what became of the original has to be known."""
    mark, _ = changes_of_posts(AccountMark(begun=NOW - timedelta(hours=1)), [post()])
    other = records.entry_of(
        "3kabc", {"cid": "bafyother", "value": {"text": "See this", "reply": {"root": OTHERS}}}, source=SOURCE
    )
    assert isinstance(other, NetworkPost)
    assert other.why_not
    _, parsed = changes_of_posts(mark, [other])
    assert [one.change for one in parsed.items] == ["edited"]


def test_a_post_that_a_list_shows_twice_is_given_once() -> None:
    """Pages of a list overlap if something is posted between them."""
    mark, parsed = changes_of_posts(AccountMark(begun=NOW - timedelta(hours=1)), [post(), post()])
    assert [one.change for one in parsed.items] == ["new"]
    other = records.entry_of(
        "3kabc", {"cid": "bafyother", "value": {"$type": records.POST, "text": "Not so"}}, source=SOURCE
    )
    assert isinstance(other, NetworkPost)
    _, parsed = changes_of_posts(mark, [other, other])
    assert [one.change for one in parsed.items] == ["edited"]


def test_a_post_that_is_gone_is_told_of_once_though_list_and_stream_both_lack_it() -> None:
    """The list of a stream that opens again says so, and then a frame of the stream that waited meanwhile."""
    mark, _ = changes_of_posts(AccountMark(begun=NOW - timedelta(hours=1)), [post()])
    mark, first = deletions(mark, ["3kabc"], source=SOURCE)
    mark, second = deletions(AccountMark.read(mark.written(), now=NOW), ["3kabc"], source=SOURCE)
    assert [len(one.items) for one in (first, second)] == [1, 0]


def test_a_post_that_was_never_known_is_told_as_gone_once_too() -> None:
    """What an agent before this one shared may be gone."""
    mark, parsed = deletions(AccountMark(begun=NOW), ["3kabc", "3kabc"], source=SOURCE)
    assert len(parsed.items) == 1
    assert deletions(mark, ["3kabc"], source=SOURCE)[1].items == ()


def test_a_post_that_comes_back_and_goes_again_is_told_as_gone_again() -> None:
    mark, _ = changes_of_posts(AccountMark(begun=NOW - timedelta(hours=1)), [post()])
    mark, _ = deletions(mark, ["3kabc"], source=SOURCE)
    mark, _ = changes_of_posts(mark, [post()])
    assert len(deletions(mark, ["3kabc"], source=SOURCE)[1].items) == 1


def test_a_mark_holds_no_more_deletions_than_posts() -> None:
    mark, _ = deletions(AccountMark(begun=NOW), (f"post-{number}" for number in range(3 * KNOWN_MAX)), source=SOURCE)
    assert len(mark.gone) == KNOWN_MAX
    assert deletions(mark, [f"post-{3 * KNOWN_MAX - 1}"], source=SOURCE)[1].items == ()


def test_a_post_says_no_time_that_has_not_come() -> None:
    """A program may write any; one in the future would look new for ever."""
    assert post(createdAt="2031-01-01T00:00:00Z").post.at == NOW
    assert post(createdAt="22:31").post.at == NOW
    assert post(createdAt="2026-11-29T22:31:00").post.at == NOW
    assert status(created_at="2031-01-01T00:00:00Z").post.at == NOW


def test_hashtags_and_languages_come_with_the_post() -> None:
    tag = {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "BlockC"}]}
    assert post(facets=[tag], tags=["Ardudwy"], langs=["cy"]).post.hashtags == ("#BlockC", "#Ardudwy")
    assert post(langs=["cy"]).post.language == "cy"
    assert post(langs=["cy", "en"]).post.language == "und"
    assert status(tags=[{"name": "blockc"}], language="en").post.hashtags == ("#blockc",)


def test_words_of_mastodon_lose_their_html_and_keep_a_warning_before_them() -> None:
    content = '<p>Fire &amp; smoke<br>at <a href="https://police.example/1">Block C</a></p>'
    assert status(content=content).post.text == "Fire & smoke\nat Block C"
    assert status(content="Fire &amp; smoke").post.text == "Fire & smoke"
    assert status(spoiler_text="Major incident", content="<p>Fire</p>").post.text == "Major incident\nFire"


def test_other_signs_around_the_same_letters_are_no_edit() -> None:
    """A server that writes its HTML otherwise after an upgrade did not edit every post; a moment of an edit counts."""
    first = status(content="<p>Fire at Block C</p>")
    assert status(content='<p class="x">Fire at  Block C.</p>').revision == first.revision
    assert status(content="<p>Fire at Block D</p>").revision != first.revision
    assert status(content="<p>Fire at Block C</p>", edited_at="2026-11-29T22:30:30Z").revision != first.revision


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ({"active": True}, None),
        ({"active": False, "status": "takendown"}, "suspended"),
        ({"active": False, "status": "deactivated"}, "suspended"),
        ({"active": False, "status": "deleted"}, "gone"),
        ({"active": False, "status": "throttled"}, None),
    ],
)
def test_a_status_of_an_account_is_read_as_the_network_means_it(status: dict[str, Any], state: str | None) -> None:
    """A server that is throttled, or behind, says nothing of the account."""
    assert state_of(status) == state


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"account_id": "police.example"}, "is no DID"),
        ({"address": "http://pds.example"}, "is no server"),
        ({"address": "https://pds.example/xrpc"}, "is no server"),
        ({"options": {"stream": "https://jetstream.example"}}, "no address of a stream"),
        ({"options": {"stream": "ws://jetstream.example"}}, "no address of a stream"),
        ({"options": {"interval": "9"}}, "there is no option interval"),
        ({"options": {"every_seconds": "1"}}, "give a number of seconds"),
    ],
)
def test_what_the_register_says_wrongly_of_an_account_on_bluesky_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        settings.settings_of(account(**changes))


HOME = "https://social.police.example/api/v1/streaming/user"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"account_id": "police@social.example"}, "is none of this kind"),
        ({"address": "http://social.police.example"}, "no safe address"),
        ({"address": "https://social.police.example/@police"}, "more than a host"),
        ({"options": {"stream": HOME}}, "needs a `credential`"),
        ({"options": {"stream": "https://social.police.example/api/v1/streaming/public"}}, "none that tells"),
        ({"options": {"interval": "9"}}, "there is no option interval"),
    ],
)
def test_what_the_register_says_wrongly_of_an_account_on_mastodon_is_refused(changes: dict[str, Any], why: str) -> None:
    given = {"kind": "mastodon", "account_id": "102", "address": "https://social.police.example", **changes}
    with pytest.raises(ValueError, match=why):
        mastodon_settings.settings_of(account(**given))


def test_accounts_as_they_should_be_are_read() -> None:
    assert settings.settings_of(account(options={"stream": "wss://jetstream.example"})).stream
    credential = Credential(secret="HOLDINGLINE_FEED_POLICE", mode=LIVE)
    given = {"kind": "mastodon", "account_id": "102", "address": "https://social.police.example/"}
    read = mastodon_settings.settings_of(account(**given, credential=credential, options={"stream": HOME}))
    assert (read.server, read.stream) == ("https://social.police.example", HOME)
