"""Every word comes to a screen through one place, whatever that screen is and whatever somebody else wrote."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from agents.entrypoints.cli.options import read_json
from agents.entrypoints.terminal import UNWRITTEN_EXIT, Terminal, terminals
from tests.architecture.tree import name, python_files
from tests.entrypoints.commanding import METHANE, run
from tests.examples import CHIEF
from tests.scenarios.chaos_worker import COMMAND
from tests.scenarios.kill_bench import Service, service

NAME = "Tân yn Nhŷ Gwyn"
DECLARE = {"name": NAME, "type": "major", "level": 3, "methane": METHANE}
LACKING = ("ascii", "latin-1", "cp1252", "cp850")
MARK = "\u202e\x1b[8m"


@pytest.fixture(scope="module")
def on(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service."""
    with service(tmp_path_factory.mktemp("terminal")) as running:
        running.start()
        running.wait_until_ready()
        yield running


def typed(encoding: str, *arguments: str, given: bytes = b"", out: Any = subprocess.PIPE) -> Any:
    """A command on a terminal of this encoding; `out` is where it writes."""
    command = [sys.executable, "-c", COMMAND, *arguments]
    around = {**os.environ, "PYTHONIOENCODING": encoding}
    return subprocess.run(command, env=around, input=given, stdout=out, stderr=subprocess.PIPE, check=False)


@pytest.mark.parametrize("encoding", LACKING)
def test_an_order_on_a_terminal_that_lacks_a_letter_is_answered(on: Service, encoding: str) -> None:
    """With a stand-in; JSON has every letter; and what was piped in was read as UTF-8."""
    about = f"in-{encoding}"
    given = json.dumps(DECLARE, ensure_ascii=False).encode()
    declared = typed(encoding, "declare", about, "--file", "-", "--as", CHIEF, "--log", on.log_url, given=given)
    assert (declared.returncode, declared.stderr) == (0, b"")
    assert "yn Nhy Gwyn" in declared.stdout.decode(encoding)
    shown = typed(encoding, "status", about, "--json", "--log", on.log_url)
    (state,) = json.loads(shown.stdout.decode(encoding))
    assert state["declaration"]["name"] == NAME


def test_json_that_is_piped_in_is_utf_8_whatever_the_terminal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in LACKING:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f'["{NAME}"]'.encode()), encoding))
        assert read_json(Path("-"), TypeAdapter(list[str])) == [NAME]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_an_answer_that_cannot_be_written_is_no_failed_order() -> None:
    """It has an exit code of its own, and the error stream says what may have happened."""
    with Path("/dev/full").open("wb") as full:
        done = typed("utf-8", "exercise", "list", out=full)
    assert done.returncode == UNWRITTEN_EXIT
    assert "No space left on device" in done.stderr.decode()
    assert "see `holdingline status` before you order it again" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def hostile(folder: Path) -> Iterator[tuple[str, ...]]:
    """Commands that show what somebody else wrote, with the mark in it."""
    (folder / "posts").write_text(f'{{"{MARK}": 1}}\n{MARK}\n', encoding="utf-8")
    (folder / "drill.yaml").write_text(f'title: "{MARK}"\n\u202ewrong: yes\n'.replace("\x1b", ""), encoding="utf-8")
    yield "status", f"block{MARK}"
    yield "feed", "mentions", "--file", str(folder / "posts"), "--log", f"sqlite:///{folder}/empty.db"
    yield "verify", str(folder / "posts")
    yield "exercise", "run", str(folder / "drill.yaml")
    yield "register", "show", "--register", str(folder / f"none{MARK}")
    yield "release", "block-c", "fire", "--as", CHIEF, "--slot", MARK
    yield "no-command" + MARK, "--json"


def test_no_command_hands_on_a_sign_that_a_terminal_obeys(tmp_path: Path) -> None:
    for arguments in hostile(tmp_path):
        code, said, complained = run(*arguments)
        assert code != 0, arguments
        assert (said + complained).replace("\n", "").isprintable(), arguments


def test_everything_that_is_written_goes_through_the_terminal() -> None:
    """Logs and tracebacks too."""
    said = io.StringIO()
    before = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = said
    try:
        with terminals():
            print("out", MARK)  # noqa: T201 - what a library may do
            print("error", MARK, file=sys.stderr)  # noqa: T201 - as above
    finally:
        sys.stdout, sys.stderr = before
    assert said.getvalue() == "out \\u202e\\u001b[8m\nerror \\u202e\\u001b[8m\n"


def test_nothing_of_ours_goes_round_the_terminal() -> None:
    """The only place that takes the stream below is the screen of a drill, which writes in colour."""
    rounds = ("sys.__stdout__", "sys.__stderr__", "stdout.buffer", "stderr.buffer", "os.write(", "Console()")
    found = {name(path): one for path in python_files("agents") for one in rounds if one in path.read_text("utf-8")}
    assert found == {}


def test_a_terminal_says_what_it_can_do_as_the_stream_below_does(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="cp850") as file:
        above: Any = Terminal(file)
        assert (above.isatty(), above.fileno(), above.letters) == (False, file.fileno(), "cp850")
        assert above.write("ŷ") == 1
    assert (tmp_path / "out").read_bytes() == b"y"
