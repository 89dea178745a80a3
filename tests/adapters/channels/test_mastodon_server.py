"""The server in the tests answers as Mastodon's published description says: a table of what each answer must hold."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from tests.adapters.channels.mastodon_server import ACCOUNTS, NAME, TOKEN, mastodon_server

ACCOUNT = [
    "acct",
    "avatar",
    "avatar_static",
    "bot",
    "created_at",
    "display_name",
    "emojis",
    "fields",
    "followers_count",
    "following_count",
    "group",
    "header",
    "header_static",
    "id",
    "indexable",
    "locked",
    "note",
    "statuses_count",
    "uri",
    "username",
]
STATUS = [
    "account",
    "content",
    "created_at",
    "emojis",
    "favourites_count",
    "id",
    "media_attachments",
    "mentions",
    "reblogs_count",
    "replies_count",
    "sensitive",
    "spoiler_text",
    "tags",
    "uri",
    "visibility",
]
ANSWERS = [
    ("GET", "/api/v1/accounts/verify_credentials", 200, [*ACCOUNT, "role", "source"]),
    ("GET", f"/api/v1/accounts/{ACCOUNTS[NAME]}/statuses", 200, STATUS),
    ("GET", "/api/v2/search?q=nothing", 200, ["accounts", "hashtags", "statuses"]),
    ("POST", "/api/v1/statuses", 200, STATUS),
    ("GET", "/api/v1/statuses/{id}", 200, STATUS),
    ("PUT", "/api/v1/statuses/{id}", 200, STATUS),
    ("GET", "/api/v1/statuses/{id}/source", 200, ["id", "spoiler_text", "text"]),
    ("POST", "/api/v1/statuses/{id}/reblog", 200, STATUS),
    ("POST", "/api/v1/statuses/{id}/unreblog", 200, STATUS),
    ("DELETE", "/api/v1/statuses/{id}", 200, [*STATUS, "text"]),
    ("GET", "/api/v1/statuses/1", 404, ["error"]),
    ("PUT", "/api/v1/statuses/1", 404, ["error"]),
    ("DELETE", "/api/v1/statuses/1", 404, ["error"]),
    ("POST", "/api/v1/statuses/1/reblog", 404, ["error"]),
]
WORDS = {"status": "Stay away.", "visibility": "public", "language": "en"}


async def asked(url: str, method: str, path: str, **request: Any) -> tuple[int, Mapping[str, Any], Mapping[str, str]]:
    headers = {"Authorization": f"Bearer {TOKEN}"} | request.pop("headers", {})
    body = request.get("json", WORDS) if method in ("POST", "PUT") else None
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url + path, headers=headers, json=body) as answer,
    ):
        content = await answer.json()
        return answer.status, content[0] if isinstance(content, list) else content, answer.headers


@pytest.mark.parametrize(("method", "path", "status", "holds"), ANSWERS)
async def test_each_answer_holds_what_the_description_requires(
    method: str, path: str, status: int, holds: list[str]
) -> None:
    """The names are those that the description of version 4.7 requires."""
    async with mastodon_server() as server:
        kept = server.write("Fire at Ysbyty Ardudwy.")
        given, content, _ = await asked(server.url, method, path.format(id=kept.id))
        assert (given, [name for name in holds if name not in content]) == (status, [])


async def test_a_post_gives_its_words_as_html_and_its_source_as_written() -> None:
    """So nobody may compare what the list of posts shows."""
    async with mastodon_server() as server:
        _, content, headers = await asked(server.url, "POST", "/api/v1/statuses", json=WORDS | {"status": " a & b "})
        assert content["content"] == "<p>a &amp; b</p>"
        assert "text" not in content
        _, source, _ = await asked(server.url, "GET", f"/api/v1/statuses/{content['id']}/source")
        assert source["text"] == "a & b"
        assert "X-RateLimit-Remaining" in headers


async def test_a_key_is_known_again_and_no_key_is_not() -> None:
    """Unless the server is one that ignores keys."""
    for ignores, number in ((False, 1), (True, 2)):
        async with mastodon_server(ignores_keys=ignores) as server:
            for _ in range(2):
                await asked(server.url, "POST", "/api/v1/statuses", headers={"Idempotency-Key": "one"})
            assert len(server.texts()) == number


@pytest.mark.parametrize("text", ["", " ", "x" * 501])
async def test_no_text_and_too_long_a_text_are_refused(text: str) -> None:
    """In the server's own words."""
    async with mastodon_server() as server:
        status, content, _ = await asked(server.url, "POST", "/api/v1/statuses", json=WORDS | {"status": text})
        assert (status, content["error"][:17]) == (422, "Validation failed")
