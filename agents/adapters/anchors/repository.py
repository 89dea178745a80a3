"""Anchors in a git repository: one commit for each, pushed to where others can see it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from agents.adapters.anchors.file import append
from agents.ports import NotSent
from streams.record.anchors import Anchor
from streams.values import sentence

FILE = "anchors.jsonl"
SECONDS_MAX = 30.0
OUTPUT_SHOWN = 300
WHO = ("-c", "user.name=holdingline", "-c", "user.email=holdingline@localhost")


@dataclass(frozen=True, slots=True)
class GitPlace:
    """The port `AnchorPlace` on a working tree of its own; without a `remote` the commits stay in it."""

    folder: Path
    remote: str | None = None

    async def note(self, anchor: Anchor) -> str:
        """Add a line to `anchors.jsonl`, commit it and push; if the push fails, the next one takes it along."""
        await self._git("rev-parse", "--is-inside-work-tree")
        append(self.folder / FILE, anchor)
        await self._git("add", "--", FILE)
        if await self._git("status", "--porcelain", "--", FILE):
            await self._git(*WHO, "commit", "--quiet", "-m", f"Heads at {anchor.at:%Y-%m-%d %H:%M:%S} UTC", "--", FILE)
        if self.remote:
            await self._git("push", "--quiet", "--", self.remote, "HEAD")
        commit = await self._git("rev-parse", "HEAD")
        return f"noted in commit {commit} of {self.folder}{f', pushed to {self.remote}' if self.remote else ''}"

    async def _git(self, *arguments: str) -> str:
        """Answer with git's output; `NotSent` if git fails, is missing or takes too long. It asks for no password."""
        command = ("git", "-C", str(self.folder), "-c", "core.askPass=", "-c", "credential.interactive=false")
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *command, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=asyncio.subprocess.STDOUT
            )
        except OSError as error:
            raise NotSent(f"git cannot be run ({error.strerror}): install it") from None
        try:
            async with asyncio.timeout(SECONDS_MAX):
                said, _ = await process.communicate()
        except TimeoutError:
            raise NotSent(f"git {arguments[0]} took longer than {SECONDS_MAX:.0f} seconds: see its remote") from None
        finally:
            with suppress(ProcessLookupError):
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        words = said.decode(errors="replace").strip()
        if process.returncode:
            raise NotSent(sentence(f"git failed in {self.folder}: {words[:OUTPUT_SHOWN]}"))
        return words
