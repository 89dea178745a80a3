"""Where answers come from: a person who types them, or the lines of a file."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import typer

from agents.entrypoints.cli.options import Misused

ANSWERS_MAX = 1_000
"""More lines than any trust needs."""
Read = Callable[[str], Any]
"""Makes a value of an answer; `ValueError` says what is wrong with it and what to do."""


class Asker(Protocol):
    """Asks a question until its answer can be used."""

    def ask(self, question: str, read: Read, *, default: str | None = None) -> Any:  # noqa: ANN401 - as `read` makes it
        """The value of the answer; an empty answer means the default, if there is one."""

    def tell(self, *lines: str) -> None:
        """Show a person what the next questions are about."""

    def object_to(self, sentence: str) -> None:
        """Say that the answers so far do not do; the same questions come again."""


class Typed:
    """A person at a terminal: a wrong answer is asked for again, with a sentence that says what is wrong."""

    def ask(self, question: str, read: Read, *, default: str | None = None) -> Any:  # noqa: ANN401 - as `read` makes it
        """As `Asker`."""

        def made(answer: str) -> Any:  # noqa: ANN401 - as above
            try:
                return read(answer.strip())
            except ValueError as error:
                raise typer.BadParameter(str(error)) from None

        return typer.prompt(question, default=default, show_default=bool(default), value_proc=made)

    def tell(self, *lines: str) -> None:
        """As `Asker`."""
        for line in lines:
            typer.echo(line)

    def object_to(self, sentence: str) -> None:
        """As `Asker`."""
        typer.echo(f"Error: {sentence}")


class Written:
    """The lines of a file or a pipe, one answer a line, in the order of the questions; `#` and a space begin a remark.

    Nothing is asked again: `Misused` names the line, its question and what is wrong.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        numbered = enumerate((line.strip() for line in lines), 1)
        self._left = iter([(number, line) for number, line in numbered if not line.startswith("# ")][:ANSWERS_MAX])
        self._number, self._question = 0, ""

    def ask(self, question: str, read: Read, *, default: str | None = None) -> Any:  # noqa: ANN401 - as `read` makes it
        """As `Asker`, and once."""
        found = next(self._left, None)
        if found is None:
            raise Misused(f"the answers end before the question “{question}”: add a line for it and for those after it")
        (self._number, answer), self._question = found, question
        try:
            return read(answer or default or "")
        except ValueError as error:
            raise Misused(self._placed(str(error))) from None

    def tell(self, *lines: str) -> None:
        """A file needs to hear nothing."""

    def object_to(self, sentence: str) -> None:
        """`Misused` at the line of the newest answer."""
        raise Misused(self._placed(sentence))

    def end(self) -> None:
        """`Misused` if lines are left that no question took: an answer before them is out of place."""
        if left := [(number, line) for number, line in self._left if line]:
            number, line = left[0]
            raise Misused(
                f"line {number} of the answers (“{line}”) answers no question: compare them with the questions"
            )

    def _placed(self, sentence: str) -> str:
        return f"line {self._number} of the answers, to “{self._question}”: {sentence}"
