"""Where a second worker's log is: on a ground that one process holds, in a file of its own beside the first."""

ALONE = "sqlite"
"""The scheme of the ground whose log only one process may hold."""


def beside(url: str, name: str) -> str:
    """The address of another log beside this one; the same address where several workers share a log."""
    return f"{url}-{name}" if url.startswith(f"{ALONE}:") else url
