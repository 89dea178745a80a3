"""The pins of what the service needs to run, out of those of all: no tool of its tests goes into an image.

    python -m infra.shipped constraints.txt [EXTRA ...]

prints the lines of each distribution that the installed one brings along, with the hashes of its files.
"""

import re
import sys
from collections.abc import Collection, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

OURS = "holdingline"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
EXTRA = re.compile(r"extra == [\"']([^\"']+)")
PIN = re.compile(r"^([a-z0-9-]+)==.*\n(?:    --hash=.*\n)*", re.MULTILINE)


def shipped_pins(constraints: str, *extras: str) -> Iterator[str]:
    """The pins with their hashes, in the order of the text; `LookupError` if one that is needed is not pinned."""
    needed = _needed(extras)
    pins = {found[1]: found[0] for found in PIN.finditer(constraints)}
    if missing := sorted(needed - pins.keys()):
        raise LookupError(f"not pinned: {', '.join(missing)}: run make constraints")
    return (text for name, text in pins.items() if name in needed)


def _needed(extras: Collection[str]) -> set[str]:
    """What is installed here and needed by ours with these extras, by name; those of others are left out."""
    own = {(OURS, extra) for extra in extras}
    found, waiting = set[str](), [OURS]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        try:
            required = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # It is for another system or another Python than this one.
        if name not in found:
            found.add(name)
            wanted = [one for one in required if (extra := EXTRA.search(one)) is None or (name, extra[1]) in own]
            waiting += [match[0] for one in wanted if (match := NAME.match(one))]
    return found - {OURS}


if __name__ == "__main__":
    sys.stdout.writelines(shipped_pins(Path(sys.argv[1]).read_text(encoding="utf-8"), *sys.argv[2:]))
