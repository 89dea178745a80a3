"""The terminal: the one place through which every word of ours, and of others, comes to a person's screen.

What somebody else wrote cannot move the cursor there, and a letter that the terminal lacks never ends a command.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from typing import Any, TextIO

from streams.errors import MessageError
from streams.telling.letters import fitting, fitting_json, harmless

UNWRITTEN_EXIT = 7


class Unwritten(MessageError):
    """The answer could not be written; an order may have taken place: see `holdingline status` before you repeat it."""


class Terminal:
    """A stream that takes any text: what would harm is written out, what cannot be shown has a stand-in.

    A write that fails raises `Unwritten`.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        # What each sign becomes is decided here, so libraries need not look for a better encoding.
        self.letters = stream.encoding or "utf-8"
        self.encoding = "utf-8"

    def write(self, text: str) -> int:
        """Write the text as the terminal can show it."""
        with _heard():
            self.stream.write(fitting(harmless(text), self.letters))
        return len(text)

    def flush(self) -> None:
        """Send what was written."""
        with _heard():
            self.stream.flush()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self.stream, name)


@contextmanager
def terminals() -> Iterator[None]:
    """Everything that is written meanwhile, to standard output and to the error stream, goes through a `Terminal`."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (one and Terminal(one) for one in before)
    try:
        yield
    finally:
        if isinstance(sys.stdout, Terminal):
            sys.stdout = before[0]
        sys.stderr = before[1]


def coloured_output() -> TextIO:
    """Standard output for a screen that writes in colour; that screen has to make the words `harmless` itself."""
    given = sys.stdout
    stream: TextIO = given.stream if isinstance(given, Terminal) else given
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def json_for_terminal(text: str) -> str:
    """The same JSON in letters that standard output has."""
    return fitting_json(text, getattr(sys.stdout, "letters", "utf-8"))


def utf8_input(errors: str = "strict") -> TextIO:
    """Standard input as UTF-8, which JSON is, whatever the terminal is. Nothing may have been read from it before."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors=errors)
    return sys.stdin


def give_up_output() -> None:
    """Write no more to standard output, since what waits there could not be written."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it stays open to the end


@contextmanager
def _heard() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # Whoever reads has enough, as in `holdingline status | head`.
    except OSError as error:
        raise Unwritten(
            f"the answer could not be written ({error.strerror}); what was ordered may have taken place: "
            "see `holdingline status` before you order it again"
        ) from None
