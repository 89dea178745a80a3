"""A console beside a worker on the embedded log, for the example trust, whose people hold passkeys in software."""

import asyncio
import hashlib
import json
import os
import shutil
import socket
import struct
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from agents.adapters.clocks import ScaledClock
from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.memory.pager import MemoryPager
from agents.adapters.pictures import pictures_of
from agents.adapters.registers import data_folder, load
from agents.console.app import application
from agents.console.drawing import Drawing
from agents.console.house import Address, House
from agents.console.sessions import Sessions
from agents.directory_port import Directory, NamedThere, SignOutThere
from agents.entrypoints.worker.channels import channels_of
from agents.entrypoints.worker.looks import approved_picture, looks
from agents.entrypoints.worker.own_pages import practice_folder
from agents.ports import Channel, Pager, Rejected
from agents.runtime.door.door import Door
from agents.runtime.views.board import Board
from agents.runtime.worker.worker import Setup, Worker
from streams.values import LIVE, Subject
from streams.words.facts import Fact
from streams.words.orders import Command, CommandBody, command
from streams.words.register.changes import in_mode
from streams.words.register.entries import Register
from streams.words.register.keys import challenge_of
from streams.words.register.passkeys import Passkey, PasskeyProof, written
from streams.words.sign_off import Call
from tests.adapters.channels.pictured import picture, png, put
from tests.browser import Tab
from tests.examples import CHIEF, DIRECTOR, NOW, WRITER, take_unsigned_orders

RP_ID, INCIDENT, LINK_KEY = "localhost", "inc-1", "a secret of worker and console"
PRESENT, VERIFIED = 0x01, 0x04
LARGE = png(side=480)
PICTURES = os.environ.get("HOLDINGLINE_PICTURES")
KEEPER = "dilys.maenhir"
"""May enrol keys."""
HOLDERS = (CHIEF, DIRECTOR, WRITER)


def device_key(person: str) -> ec.EllipticCurvePrivateKey:
    """The key in a person's telephone, made from their name."""
    return ec.derive_private_key(int.from_bytes(hashlib.sha256(person.encode()).digest()) % 2**255, ec.SECP256R1())


def credential(person: str) -> bytes:
    return hashlib.sha256(f"credential of {person}".encode()).digest()


def pkcs8(person: str) -> bytes:
    return device_key(person).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def passkey(person: str, origin: str) -> Passkey:
    public = device_key(person).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Passkey(
        credential=written(credential(person)),
        public_key=written(public),
        rp_id=RP_ID,
        origins=(origin,),
        enrolled_by=KEEPER,
        enrolled_at=NOW - timedelta(days=30),
        expires_at=NOW + timedelta(days=335),
    )


def trust(origin: str, folder: Path, *, mode: str, has_picture: bool = False) -> Register:
    """The example trust, whose files take unsigned approvals here; in live its people sign by passkey.

    With `has_picture` the message about a fire has a picture, which was approved with it.
    """
    files = folder / "files"
    shutil.copytree(data_folder(), files)
    take_unsigned_orders(files)
    register = load(files, NOW)
    if has_picture:
        put(files, LARGE)
        fire = register.templates["fire"].model_copy(update={"picture": picture(LARGE)})
        assert fire.approval
        yes = fire.approval.model_copy(update={"content_hash": fire.content_hash()})
        fire = fire.model_copy(update={"approval": yes})
        register = register.model_copy(update={"templates": {**register.templates, "fire": fire}})
    if mode != LIVE:
        return in_mode(register, mode)
    people = dict(register.people)
    for name in HOLDERS:
        people[name] = people[name].model_copy(update={"keys": (passkey(name, origin),)})
    return register.model_copy(update={"people": people})


def confirmed(given: Command, person: str, origin: str) -> Command:
    """The order with this person's yes, as their telephone would give it."""
    digest = challenge_of(given.model_dump(mode="json"))
    said = {"type": "webauthn.get", "challenge": written(digest), "origin": origin, "crossOrigin": False}
    client = json.dumps(said, separators=(",", ":")).encode()
    device = hashlib.sha256(RP_ID.encode()).digest() + bytes([PRESENT | VERIFIED]) + struct.pack(">I", 1)
    content = device + hashlib.sha256(client).digest()
    proof = PasskeyProof(
        key=passkey(person, origin).id,
        credential=written(credential(person)),
        authenticator_data=written(device),
        client_data=written(client),
        signature=written(device_key(person).sign(content, ec.ECDSA(SHA256()))),
    )
    return given.model_copy(update={"proof": proof})


FIRST_NIGHT = Subject.incident(INCIDENT)
"""What orders are about, unless a test says otherwise."""


@dataclass(frozen=True)
class Night:
    """All that runs, and where; `pager` takes every page."""

    house: House
    door: Door
    origin: str
    channels: Mapping[str, MemoryChannel]
    pager: MemoryPager
    editions: list[Register]
    files: Path
    log: str
    console: "Served"

    @property
    def register(self) -> Register:
        """The register that the worker reads now."""
        return self.editions[-1]

    async def put_in_force(self, register: Register) -> None:
        """Give the worker another register, and wait until the console reads it."""
        self.editions.append(register)
        async with asyncio.timeout(180):
            while _read_of(self.house.register) != _read_of(register):  # noqa: ASYNC110 - people wait as well
                await asyncio.sleep(0.05)

    async def give(self, body: CommandBody, *, by: str, about: Subject = FIRST_NIGHT) -> Sequence[Fact]:
        """Give an order and wait until the pages show it; in live it is confirmed by passkey, if the person has one."""
        now, mode = self.house.clock.now(), self.house.mode
        given = command(body, cause=now, mode=mode, subject=about, at=now, by=by)
        signs = mode == LIVE and by in HOLDERS
        facts = await self.door.ask(confirmed(given, by, self.origin) if signs else given)
        await self.shown(about, given.id)
        return facts

    async def shown(self, subject: Subject, order_id: str) -> None:
        """Wait until the pages are drawn with what this order gave."""
        board = self.house.board
        async with asyncio.timeout(180):
            while (state := board._whole.get(subject.key)) is None or not state.has_heard(order_id):
                await board.moved_on(board.version, seconds_max=0.5)

    async def paged(self, person: str, *, about: str = "") -> Call:
        """The first page that this person got, or the first with these words."""
        async with asyncio.timeout(180):
            while not (found := [one for one in self.pager.calls if one.person == person and about in one.text]):  # noqa: ASYNC110 - people wait as well
                await asyncio.sleep(0.05)
        return found[0]


class Served:
    """The console on its port; it may be stopped, and started again as a new process would be."""

    def __init__(self, house: House, port: int) -> None:
        self._house, self._port = house, port
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        self._runner = web.AppRunner(application(self._house), access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def show(self, house: House) -> None:
        """Serve this house from the next start on."""
        self._house = house

    def forget(self) -> None:
        """What a process has in memory ends with it: the sessions."""
        self._house = replace(self._house, sessions=Sessions())


class UnhelpfulDirectory:
    """A directory of the trust's that proves no sign-in."""

    async def way_in(self, *, state: str, nonce: str, challenge: str, again: bool = False) -> str:
        raise Rejected(f"{state}, {nonce}, {challenge} or {again} is not right")

    async def names(self, answer: Mapping[str, str], *, nonce: str, verifier: str) -> NamedThere:
        raise Rejected(f"{answer}, {nonce} or {verifier} is not right")

    async def signed_out(self, token: str) -> SignOutThere:
        raise Rejected(f"{token} is not right")

    async def way_out(self, *, back: str) -> str | None:
        return back


@asynccontextmanager
async def night(
    folder: Path,
    *,
    mode: str = LIVE,
    speed: float = 1.0,
    directory: Callable[[str], Directory | None] = lambda _: UnhelpfulDirectory(),
    has_picture: bool = False,
    practises: bool = False,
) -> AsyncIterator[Night]:
    """A worker and a console of this mode, at `NOW`; `directory` gives the trust's own for the origin of the pages.

    If it `practises`, pages play the channels, as in a drill that somebody serves.
    """
    place = socket.socket()
    place.bind(("127.0.0.1", 0))
    origin = f"http://localhost:{place.getsockname()[1]}"
    register = trust(origin, folder, mode=mode, has_picture=has_picture)
    log, clock = f"sqlite:///{folder}/log.db", ScaledClock(NOW, speed)
    channels = {name: MemoryChannel(mode, pretends_live=mode == LIVE) for name in register.channels}
    given: dict[str, Channel] = {**channels}
    if practises:
        practice = practice_folder(log, mode)
        given.update(channels_of(register, mode=mode, data=folder / "files", practice=practice))
    pager = MemoryPager(mode, pretends_live=mode == LIVE)
    pagers: dict[str, Pager] = dict.fromkeys(("sms", "email", "phone", "chat"), pager)
    editions = [register]
    setup = Setup(mode, log, clock, lambda: editions[-1], given, pagers=pagers, tick_seconds=1.0)
    setup = replace(setup, link=lambda ticket: ticket.link(origin, LINK_KEY))
    async with AsyncExitStack() as running:
        await running.enter_async_context(Worker(setup))
        door = await running.enter_async_context(Door(mode, log))
        board = await running.enter_async_context(Board(door))
        drawing = Drawing()
        house = House(mode, Address(origin, RP_ID), board, clock, drawing, Sessions(), link_key=LINK_KEY)
        seen_beside = looks(mode, log, drills_file=folder / "drills.jsonl")
        pictures = partial(approved_picture, pictures_of(folder / "files"))
        house = replace(house, looks=replace(seen_beside, picture=pictures), directory=directory(origin))
        console = Served(house, place.getsockname()[1])
        place.close()
        running.push_async_callback(console.stop)
        await console.start()
        while house.board.register is None:  # noqa: ASYNC110 - the worker has only just begun
            await asyncio.sleep(0.02)
        yield Night(house, door, origin, channels, pager, editions, folder / "files", log, console)


def _read_of(register: Register) -> tuple[object, object]:
    """What a test changes in a register."""
    return register.people, register.risks


async def sign_in(tab: Tab, on: Night, person: str = CHIEF) -> None:
    """Sign in at the browser with this person's passkey, which the browser then holds."""
    await tab.holds(credential(person), pkcs8(person), rp_id=RP_ID, user=person)
    await tab.go(f"{on.origin}/sign-in")
    await tab.press("Sign in with your passkey")
    await tab.shows("What waits for you")


async def seen(tab: Tab, name: str) -> None:
    """Keep a picture of the page where `HOLDINGLINE_PICTURES` names a folder, for a person to look at."""
    if PICTURES:
        keep(Path(PICTURES), f"{name}.png", await tab.picture())


def keep(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
