"""Fetches calendars. The last good copy of each is in `register/calendars/`; the rota is read from copies only.

So no order waits for a network to learn who is on call. A copy is replaced only by a calendar that can be understood
and puts somebody on call; a note beside it says how the last attempts went.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import aiohttp

from agents.adapters.registers.files import REGISTER, ROTAS, Reading, read
from agents.adapters.registers.rota.attempts import Attempts, attempts_at, note_attempts
from agents.adapters.registers.rota.components import UnreadableCalendar
from agents.adapters.registers.rota.turns import CALENDARS, RotaCalendar, understood
from agents.adapters.registers.source import BYTES_MAX
from streams.values import sentence

SECONDS_MAX = 10.0
REDIRECTS_MAX = 3


class CalendarUnreachable(Exception):
    """The calendar cannot be fetched: see whether its address still holds."""


async def fetch_calendars(
    folder: Path, now: datetime, *, missing_only: bool = False, seconds_max: float = SECONDS_MAX
) -> Sequence[str]:
    """Fetch every calendar that `rotas.yaml` names by address; a sentence for each that could not be fetched.

    `missing_only` fetches only calendars without a copy. Each may take `seconds_max`.
    """
    if not (folder / REGISTER / ROTAS).exists():
        return []
    reading = await asyncio.to_thread(read, folder, now)
    troubles = []
    for calendar in (one for one, _ in reading.calendars if one.is_fetched):
        path = folder / REGISTER / CALENDARS / calendar.file
        if missing_only and path.is_file():
            continue
        trouble = await _renew(path, calendar, reading, now=now, seconds_max=seconds_max)
        if trouble:
            troubles.append(f"the calendar of {calendar.rota} could not be fetched from {calendar.source}: {trouble}")
    return troubles


def calendar_addresses(folder: Path, now: datetime) -> Sequence[tuple[str, str]]:
    """Each rota with a calendar that is fetched, and its address, which may be secret."""
    if not (folder / REGISTER / ROTAS).exists():
        return []
    return [(one.rota, one.calendar) for one, _ in read(folder, now).calendars if one.is_fetched]


async def _renew(  # budget: what is fetched, to where, and by when
    path: Path, calendar: RotaCalendar, reading: Reading, *, now: datetime, seconds_max: float
) -> str | None:
    """Replace the copy if a good calendar came, else say what went wrong; note either beside the copy."""
    zone, people = ZoneInfo(reading.register.hours.timezone), list(reading.register.people.values())
    try:
        content = await fetch(calendar.calendar, seconds_max=seconds_max)
        told = await asyncio.to_thread(understood, calendar, content, people=people, zone=zone, now=now)
        trouble = None if told.turns else "it puts nobody on call in these weeks"
        if not trouble:
            _put(path, content)
            note_attempts(path, Attempts(fetched_at=now))
            return None
    except (CalendarUnreachable, UnreadableCalendar) as failed:
        trouble = sentence(str(failed))
    except OSError as error:
        return f"its copy cannot be kept in {CALENDARS}/ ({error.strerror}): let this service write there"
    note_attempts(path, Attempts(fetched_at=attempts_at(path).fetched_at, trouble=trouble))
    return trouble


async def fetch(url: str, *, seconds_max: float = SECONDS_MAX) -> bytes:
    """The content at this address, at most `BYTES_MAX` bytes; `CalendarUnreachable` says why not."""
    try:
        async with asyncio.timeout(seconds_max), aiohttp.ClientSession(trust_env=True) as session:
            for _ in range(REDIRECTS_MAX + 1):
                async with session.get(_sound(url), allow_redirects=False) as response:
                    if response.status in {301, 302, 303, 307, 308}:
                        url = urljoin(url, response.headers.get("Location", ""))
                        continue
                    return await _content(response)
    except TimeoutError:
        raise CalendarUnreachable(f"it takes longer than {seconds_max:g} seconds") from None
    except (aiohttp.ClientError, ValueError) as error:
        # The error's own words may hold the address, and the address may be secret.
        raise CalendarUnreachable(f"no connection ({type(error).__name__})") from None
    raise CalendarUnreachable(f"it leads on to another address more than {REDIRECTS_MAX} times")


async def _content(response: aiohttp.ClientResponse) -> bytes:
    if response.status != 200:  # noqa: PLR2004 - the one status of HTTP that brings what was asked for
        raise CalendarUnreachable(f"it answers with status {response.status}")
    content = b""
    async for chunk in response.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > BYTES_MAX:
            raise CalendarUnreachable(f"it is larger than {BYTES_MAX // 1024} KiB: let it hold the coming months only")
    return content


def _sound(url: str) -> str:
    """The address if it is one that may be asked: encrypted, or on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or "")):
        return url
    raise CalendarUnreachable("its address is not encrypted: name one that begins with https")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _put(path: Path, content: bytes) -> None:
    """Replace the copy in one step; keep an equal one, so that the registers are not read again."""
    path.parent.mkdir(exist_ok=True)
    if path.is_file() and path.read_bytes() == content:
        return
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    fresh.replace(path)
