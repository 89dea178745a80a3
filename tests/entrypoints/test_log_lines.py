"""What a worker writes to its error stream for the operator: JSON lines, without any person's words."""

import json
import subprocess
import sys

FAILING = """
import structlog
from agents.entrypoints.worker.serve import log_lines_as_json
from streams.words.posts import Mention

log_lines_as_json()

def handle(words):
    return Mention.model_validate({"id": "m-1", "text": words, "at": words})

try:
    handle("so many words of a stranger")
except ValueError:
    structlog.get_logger().exception("a handler failed")
"""


def test_a_failure_is_told_without_the_words_it_failed_on() -> None:
    """Neither the variables of the functions it passed through nor the error itself repeat them."""
    done = subprocess.run([sys.executable, "-c", FAILING], capture_output=True, text=True, timeout=60, check=True)
    line = json.loads(done.stderr)
    assert line["exception"][0]["exc_type"] == "ValidationError"
    assert "stranger" not in done.stderr
