"""Commands that a page or a unit file shows: each is read by the command line's own parser, without running it."""

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from agents.entrypoints.cli.main import commands_of
from agents.entrypoints.commands import MODULE_OF

PROGRAM = "holdingline"


def in_blocks(page: Path) -> Iterator[list[str]]:
    """The words of each command of ours in the page's blocks of code, as far as the shell's next sign."""
    for block in re.findall(r"```(?:sh|bash)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == PROGRAM:
                ends = [number for number, word in enumerate(words) if word in {"&", "|", "&&", "||", ";"}]
                yield words[1 : min(ends, default=len(words))]


def fault_in(words: Sequence[str]) -> str | None:
    """What the parser has against a command without its program's name; None if it takes it."""
    name, *rest = words
    if name not in MODULE_OF:
        return f"there is no command {name}"
    command: Any = commands_of(MODULE_OF[name])[name]
    try:
        # Some, such as `feeds`, do something of their own, too.
        while rest and rest[0] in getattr(command, "commands", ()):
            command = command.commands[rest.pop(0)]
        command.make_context(name, rest)
    except Exception as error:  # noqa: BLE001 - the parser's, or that of one option
        return f"{' '.join(words)}: {type(error).__name__} {error}"
    return None
