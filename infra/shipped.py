"""The pins of what the service needs to run, out of those of all: no tool of its tests goes into an image.

    python -m infra.shipped constraints.txt

prints the lines of each distribution that the installed one brings along, with the hashes of its files.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

OURS = "holdingline"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PIN = re.compile(r"^([a-z0-9-]+)==.*\n(?:    --hash=.*\n)*", re.MULTILINE)


def shipped_pins(constraints: str) -> Iterator[str]:
    """The pins with their hashes, in the order of the text; `LookupError` if one that is needed is not pinned."""
    needed = _needed()
    pins = {found[1]: found[0] for found in PIN.finditer(constraints)}
    if missing := sorted(needed - pins.keys()):
        raise LookupError(f"not pinned: {', '.join(missing)}: run make constraints")
    return (text for name, text in pins.items() if name in needed)


def _needed() -> set[str]:
    """What is installed here and needed by ours, by name; extras are left out."""
    found, waiting = set[str](), [OURS]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        try:
            required = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # It is for another system or another Python than this one.
        if name not in found:
            found.add(name)
            plain = (one for one in required if "extra ==" not in one)
            waiting += [match[0] for one in plain if (match := NAME.match(one))]
    return found - {OURS}


if __name__ == "__main__":
    sys.stdout.writelines(shipped_pins(Path(sys.argv[1]).read_text(encoding="utf-8")))
