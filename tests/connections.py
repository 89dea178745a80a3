"""Which hosts and ports the code under test connects to, as the interpreter itself tells of each."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_heard: list[set[tuple[str, int]]] = []
_hears: list[bool] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect" and _heard and isinstance(address := arguments[1], tuple):
        _heard[-1].add((str(address[0]), int(address[1])))


@contextmanager
def connections() -> Iterator[set[tuple[str, int]]]:
    """Each host and port that this process connects to meanwhile, in any thread."""
    if not _hears:
        # A hook stays for as long as the interpreter lives.
        sys.addaudithook(_hear)
        _hears.append(True)
    _heard.append(set())
    try:
        yield _heard[-1]
    finally:
        _heard.pop()
