"""From nothing to live: every command of the two guides, in order, against a real worker and a real mail server."""

import asyncio
import os
import re
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from agents.entrypoints.cli.signatures import PASSPHRASE
from tests.adapters.channels.mail_server import mail_server
from tests.entrypoints.setup.guide import GOING_LIVE, GUIDES, answers, blocks

SECONDS_MAX = 900
"""Some sixty commands, each a process; on a busy machine that takes minutes."""
FIRST = "trap 'for job in $(jobs -p); do kill $job; wait $job || true; done' EXIT\nexec < <(yes)\n"
"""The service ends with the shell, and each question that a command asks has the answer yes."""
WAITING = r"$(holdingline inbox | sed -n 's/.*holdingline sign-off ward-fire \([^ ]*\) \([^ ]*\).*/\1 \2/p')"
"""What a person copies from `inbox`: the message, and the hash of its content."""


def script() -> str:
    """All commands but the first, which asks; MESSAGE and HASH are what `inbox` shows."""
    _, *left = blocks(GOING_LIVE)
    return FIRST + "\n".join([*left, *blocks(GUIDES)]).replace("MESSAGE HASH", WAITING)


def shell(commands: str, folder: Path, *, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the commands as a person would in this folder, who types these lines."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDINGLINE_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-u", "-o", "pipefail", "-c", commands],
        cwd=folder,
        env={**kept, "PATH": path, PASSPHRASE: "lantern orchid gravel spoon"},
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_MAX,
    )


@pytest.mark.slow
async def test_the_commands_of_the_guides_lead_from_nothing_to_the_first_word_and_to_its_record(tmp_path: Path) -> None:
    """The site and the newsrooms have the first word, its correction, a line that a second person signed, the end."""
    async with mail_server() as server:
        first, *_ = blocks(GOING_LIVE)
        asked = await asyncio.to_thread(shell, first, tmp_path, typed=answers(its_port=str(server.port)))
        assert asked.returncode == 0, asked.stdout + asked.stderr
        assert "finds no fault" in asked.stdout
        done = await asyncio.to_thread(shell, script(), tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    words = " ".join(page_of(tmp_path).split())
    for said in ("There is a fire at Northgate General Hospital", "CORRECTION", "The fire service leads", "is over"):
        assert said in words
        assert any(said in text_of(letter) for letter in server.letters), said
    assert {"newsdesk@paper.example", "duty@council.example"} <= {one for sent in server.envelopes for one in sent}
    assert "no fault" in done.stdout


def page_of(folder: Path) -> str:
    return re.sub("<[^>]*>", " ", (folder / "var/site/public/index.html").read_text(encoding="utf-8"))


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return " ".join(f"{letter['Subject']} {body.get_content() if body else ''}".split())
