"""What a worker writes to its error stream for the operator: JSON lines, without any person's words, none repeated."""

import json
import logging
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.entrypoints.worker.log_lines import KEPT, LEVELS, NotAgain
from tests.entrypoints.worker.test_serve import PATIENCE_SECONDS, started
from tests.scenarios.kill_bench import wait_until

FAILING = """
import structlog
from agents.entrypoints.worker.log_lines import log_lines_as_json
from streams.words.posts import Mention

log_lines_as_json()

def handle(words):
    return Mention.model_validate({"id": "m-1", "text": words, "at": words})

try:
    handle("so many words of a stranger")
except ValueError:
    structlog.get_logger().exception("a handler failed")
"""

REPEATING = """
import logging, sys
import structlog
from agents.entrypoints.worker.log_lines import log_lines_as_json

log_lines_as_json(sys.argv[1])
for _ in range(50):
    structlog.get_logger("ours").warning("the log does not answer", reason="no route")
    logging.getLogger("a library").warning("%s is away", "the broker")
    try:
        raise OSError("the disk is full")
    except OSError:
        structlog.get_logger("ours").exception("it cannot be kept")
for number in range(3):
    structlog.get_logger("ours").info("fact", sequence=number)
"""


FORGING = r"""
import logging
import structlog
from agents.entrypoints.worker.log_lines import log_lines_as_json

log_lines_as_json()
said = 'x\r\n{"event": "a person signed in"}\u2028\x1b[2J'
structlog.get_logger("ours").warning("a sign-in failed", said=said)
logging.getLogger("a library").warning("it sent %s", said)
"""


def lines_of(script: str, *arguments: str) -> list[dict[str, object]]:
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_failure_is_told_without_the_words_it_failed_on() -> None:
    """Neither the variables of the functions it passed through nor the error itself repeat them."""
    (line,) = lines_of(FAILING)
    assert line["exception"][0]["exc_type"] == "ValidationError"  # type: ignore[index] # A list of dictionaries.
    assert "stranger" not in json.dumps(line)


def test_what_a_stranger_sends_ends_no_line_and_begins_none() -> None:
    """Neither through our own log nor through a library's."""
    assert [str(line["event"])[:7] for line in lines_of(FORGING)] == ["a sign-", "it sent"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_writes_what_is_of_it_or_above_and_no_line_twice(level: str) -> None:
    """What fails at every try fills no disk, ours or a library's; facts are different lines and come all."""
    lines = [str(line["event"]) for line in lines_of(REPEATING, level)]
    warned = ["the log does not answer", "the broker is away"]
    wanted = {"error": ["it cannot be kept"]}
    wanted["warning"] = [*warned, *wanted["error"]]
    wanted["info"] = [*wanted["warning"], "fact", "fact", "fact"]
    assert lines == wanted[level]


def test_a_worker_that_waits_for_the_other_lanes_log_says_so_once(tmp_path: Path) -> None:
    """It tries four times a second."""
    process = started(tmp_path, "--lane", "mentions")
    wait_until(lambda: b"cannot be opened yet" in (tmp_path / "said").read_bytes(), "it waits")
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=1.5)
    process.terminate()
    assert process.wait(timeout=PATIENCE_SECONDS) == 0
    assert (tmp_path / "said").read_bytes().count(b"cannot be opened yet") == 1


def line(words: str) -> logging.LogRecord:
    return logging.LogRecord("ours", logging.WARNING, "", 0, {"event": words, "timestamp": object()}, None, None)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 40)), max_size=60))
def test_a_line_comes_once_a_minute_and_none_is_left_out_uncounted(said: list[tuple[str, float]]) -> None:
    """Whatever is written when: two that pass and say the same are a minute apart, and all others are counted."""
    now, passed = 0.0, list[tuple[str, float, int]]()
    not_again = NotAgain(60.0, seconds=lambda: now)
    for words, pause in said:
        now += pause
        record = line(words)
        if not_again.filter(record):
            passed.append((words, now, record.left_out))  # type: ignore[attr-defined] # The filter adds it.
    for one in "abc":
        moments = [at for words, at, _ in passed if words == one]
        assert all(after - before >= 60 for before, after in pairwise(moments))
        counted = sum(1 + left for words, _, left in passed if words == one)
        since_last = [left.left_out for key, left in not_again._lines.items() if f"event={one!r}" in key]
        assert counted + sum(since_last) == sum(words == one for words, _ in said)


def test_what_it_remembers_is_bounded() -> None:
    not_again = NotAgain()
    assert all(not_again.filter(line(str(number))) for number in range(KEPT + 100))
    assert len(not_again._lines) == KEPT
