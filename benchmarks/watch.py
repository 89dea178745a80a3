"""A stopwatch over mentions: it imports none of our packages, so that every contestant can use it."""

import sys
from dataclasses import dataclass, field
from time import perf_counter, process_time


def say(words: object) -> None:
    """One line for the process that measures."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


@dataclass
class Watch:
    """Counts from the first note to the last: what a contestant does before it is ready to count is left out."""

    marks: list[tuple[int, float, float]] = field(default_factory=list)

    def note(self, done: int) -> None:
        """So many are done now."""
        self.marks[1:] = [(done, process_time(), perf_counter())]

    def say(self) -> None:
        """Mentions for each second of the processor, and of the clock."""
        (first, *began), (last, *ended) = self.marks
        say(" ".join(f"{(last - first) / (end - begin):.1f}" for begin, end in zip(began, ended, strict=True)))
