"""The port `AnchorPlace`, kept by a file, a git repository that is pushed, and a mailbox: what was noted down stays."""

import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.anchors import UnusableAddress, place_of
from agents.adapters.anchors import repository as git_place
from agents.ports import AnchorPlace, NotSent, Rejected
from streams.record.anchors import Anchor, Head
from tests.adapters.channels.mail_server import mail_server, says
from tests.builders import LIVE, NOW

SMALL = Anchor(mode=LIVE, at=NOW, heads={"inc-1": Head(sequence=3, hash="a" * 64)}).sealed()
LARGE = Anchor(
    mode=LIVE,
    at=NOW + timedelta(hours=1),
    heads={f"inc-{number}": Head(sequence=number, hash="b" * 64) for number in range(1, 200)},
).sealed()


@dataclass
class Outside:
    """A place, how to read what is noted there, and how to break it."""

    place: AnchorPlace
    read: Callable[[], Sequence[bytes]]
    ruin: Callable[[], object]


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, timeout=180).stdout


def no_secret(name: str) -> str | None:
    del name
    return None


@asynccontextmanager
async def a_file(folder: Path) -> AsyncIterator[Outside]:
    path = folder / "disk" / "anchors.jsonl"
    path.parent.mkdir()
    place = place_of(f"file:{path}", secrets=no_secret)
    yield Outside(place, lambda: path.read_bytes().splitlines(), lambda: path.parent.rename(folder / "gone"))


@asynccontextmanager
async def a_repository(folder: Path) -> AsyncIterator[Outside]:
    bare, tree = folder / "bare", folder / "tree"
    git("init", "--quiet", "--bare", str(bare))
    git("clone", "--quiet", str(bare), str(tree))
    place = place_of(f"git:{tree}?remote=origin", secrets=no_secret)
    branch = git("-C", str(tree), "symbolic-ref", "--short", "HEAD").decode().strip()
    show = ("-C", str(bare), "show", f"{branch}:{git_place.FILE}")
    yield Outside(place, lambda: git(*show).splitlines(), lambda: bare.rename(folder / "gone"))


@asynccontextmanager
async def a_mailbox(folder: Path) -> AsyncIterator[Outside]:
    del folder
    async with mail_server() as server:
        address = f"mail:records@example.org?host=127.0.0.1&port={server.port}&sender=holdingline@example.org"

        def read() -> Sequence[bytes]:
            parts = [part for letter in server.letters for part in letter.iter_attachments()]
            return [part.get_content().strip() for part in parts]

        def ruin() -> None:
            server.on_mail = says("451 not now")

        yield Outside(place_of(address, secrets=no_secret), read, ruin)


Kind = Callable[[Path], AbstractAsyncContextManager[Outside]]
PLACES = pytest.mark.parametrize("kind", [a_file, a_repository, a_mailbox], ids=["file", "git", "mail"])


@PLACES
async def test_what_is_noted_down_is_read_back_as_it_was_in_its_order(kind: Kind, tmp_path: Path) -> None:
    async with kind(tmp_path) as outside:
        for anchor in (SMALL, LARGE):
            assert await outside.place.note(anchor)
        assert [Anchor.model_validate_json(line) for line in outside.read()] == [SMALL, LARGE]


@PLACES
async def test_the_same_again_does_no_harm(kind: Kind, tmp_path: Path) -> None:
    async with kind(tmp_path) as outside:
        for anchor in (SMALL, LARGE, LARGE):
            await outside.place.note(anchor)
        assert {Anchor.model_validate_json(line).digest for line in outside.read()} == {SMALL.digest, LARGE.digest}


@PLACES
async def test_a_place_that_cannot_be_reached_says_so_in_a_sentence(kind: Kind, tmp_path: Path) -> None:
    async with kind(tmp_path) as outside:
        await outside.place.note(SMALL)
        outside.ruin()
        with pytest.raises((NotSent, Rejected), match=r".{20,}"):
            await outside.place.note(LARGE)


async def test_a_line_that_was_cut_short_spoils_no_other(tmp_path: Path) -> None:
    async with a_file(tmp_path) as outside:
        await outside.place.note(SMALL)
        with (tmp_path / "disk" / "anchors.jsonl").open("ab") as file:
            file.write(b'{"version"')
        await outside.place.note(LARGE)
        assert Anchor.model_validate_json(outside.read()[-1]) == LARGE


async def test_a_file_that_is_closed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one that another user made: the disk is there."""

    def closed(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    async with a_file(tmp_path) as outside:
        await outside.place.note(SMALL)
        monkeypatch.setattr("os.open", closed)
        with pytest.raises(NotSent, match="closed to this user: have it given"):
            await outside.place.note(LARGE)
        monkeypatch.undo()


async def test_what_could_not_be_pushed_goes_with_the_next(tmp_path: Path) -> None:
    async with a_repository(tmp_path) as outside:
        await outside.place.note(SMALL)
        outside.ruin()
        with pytest.raises(NotSent):
            await outside.place.note(LARGE)
        (tmp_path / "gone").rename(tmp_path / "bare")
        await outside.place.note(LARGE)
        assert [Anchor.model_validate_json(line) for line in outside.read()] == [SMALL, LARGE]


async def test_a_git_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook that waits for ever plays a remote that does."""
    async with a_repository(tmp_path) as outside:
        hook = tmp_path / "tree" / ".git" / "hooks" / "pre-commit"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text("#!/bin/sh\nexec sleep 5\n")
        hook.chmod(0o755)
        monkeypatch.setattr(git_place, "SECONDS_MAX", 1.0)
        with pytest.raises(NotSent, match="took longer"):
            await outside.place.note(SMALL)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file:",
        "ftp:there",
        "file:/there?remote=x",
        "git:/there?branch=x",
        "mail:nobody",
        "mail:a@example.org?host=smtp.example.org&sender=b@example.org&password_env=NO_SUCH_VARIABLE",
        "mail:a@example.org?host=smtp.example.org&sender=b@example.org&surprise=1",
    ],
)
def test_an_address_that_names_no_place_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(UnusableAddress, match=r".{20,}"):
        place_of(address, secrets=no_secret)
