"""Commands of the command line, run in this process."""

import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from agents.entrypoints.cli import main


def run(*arguments: str) -> tuple[int, str, str]:
    """The exit code of a command, what it said, and what it complained of."""
    said, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(complained), pytest.raises(SystemExit) as ended:
        main(arguments)
    code = ended.value.code
    return int(code or 0), said.getvalue(), complained.getvalue()
