"""A copy of the example folder to break, and the line of the break."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from agents.adapters.registers import Fault, check, data_folder
from tests.examples import NOW, take_unsigned_orders


def copied(to: Path) -> Path:
    """A copy of the example's registers and messages, which takes unsigned orders in live too."""
    for part in ("register", "messages"):
        shutil.copytree(data_folder() / part, to / part)
    take_unsigned_orders(to)
    return to


@dataclass(frozen=True)
class Break:
    """In `file`, `old` becomes `new`; then a fault at the line of `at` must say `says`."""

    file: str
    old: str
    new: str
    at: str
    says: str

    def apply(self, folder: Path) -> None:
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        assert self.old in text, f"{self.old!r} is no longer in {self.file}"
        path.write_text(text.replace(self.old, self.new, 1), encoding="utf-8")

    def line(self, folder: Path) -> int:
        lines = (folder / self.file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if self.at in line)

    def is_found(self, found: list[Fault], folder: Path) -> bool:
        line = self.line(folder)
        return any((one.file, one.line) == (self.file, line) and self.says in one.sentence for one in found)


def faults(folder: Path) -> list[Fault]:
    return list(check(folder, NOW))
