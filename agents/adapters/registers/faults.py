"""A fault of the registers: its file and line, and a sentence that says what to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend; `file` is relative to the data folder."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class UnusableRegisters(Exception):
    """The registers cannot be read: mend every fault that is named."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([self.__doc__ or "", *report(self.faults)]))


def report(faults: Iterable[Fault]) -> list[str]:
    """A line for each fault, `path:line: sentence`, in the order of the files; one sentence is said once."""
    places: dict[str, list[str]] = {}
    for fault in sorted(set(faults)):
        places.setdefault(fault.sentence, []).append(f"{fault.file}:{fault.line}")
    return [f"{first}: {sentence}{_also(others)}" for sentence, (first, *others) in places.items()]


def _also(places: Sequence[str]) -> str:
    """Where else the same is to be mended."""
    return f" (the same at {', '.join(places)})" if places else ""


class Halt(Exception):
    """Reading this file ends here, with this fault."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line, self.sentence = line, sentence
        super().__init__(sentence)


def halt(line: int, sentence: str) -> NoReturn:
    """Stop reading the file."""
    raise Halt(line, sentence)
