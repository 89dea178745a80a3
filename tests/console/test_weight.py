"""The first visit is light: at 400 kbit/s and with 400 ms to and fro its page is readable within three seconds."""

import re
from pathlib import Path

import aiohttp

from tests.console.bench import night

SECONDS_MAX, BYTES_A_SECOND, ROUND_TRIP_SECONDS = 3.0, 400_000 / 8, 0.4
ROUND_TRIPS = 3
"""To connect, for the page, and for the style, without which nothing is drawn; scripts come after it."""


async def test_what_is_read_before_anything_is_drawn_is_light(tmp_path: Path) -> None:
    async with night(tmp_path) as on, aiohttp.ClientSession(auto_decompress=False) as client:
        page = await _fetched(client, f"{on.origin}/sign-in")
        styles = re.findall(rb'<link rel="stylesheet" href="([^"]+)"', page)
        assert styles
        assert not re.findall(rb"<script (?![^>]*defer)", page)
        weight = len(page) + sum([len(await _fetched(client, on.origin + one.decode())) for one in styles])
        assert ROUND_TRIPS * ROUND_TRIP_SECONDS + weight / BYTES_A_SECOND <= SECONDS_MAX, weight


async def _fetched(client: aiohttp.ClientSession, link: str) -> bytes:
    """What comes over the line, as browsers ask for it."""
    async with client.get(link, headers={"Accept-Encoding": "gzip"}) as answer:
        answer.raise_for_status()
        return await answer.read()
