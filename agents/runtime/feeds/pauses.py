"""Pauses: how long a feed that cannot be read is left alone before it is tried again."""

FIRST_SECONDS = 2.0
LAST_SECONDS = 300.0
DOUBLED_MAX = 10
MENDED_SECONDS = 300.0
"""What a person has to mend is tried as often."""
TOLD_SECONDS_MAX = 3_600.0
"""A source that asks to be left alone for longer is tried again after so long."""


def pause_seconds(failures: int, chance: float, *, told_seconds: float = 0.0) -> float:
    """The pause after so many failures in a row, from 1 on: twice as long each time, between half of it and all.

    `chance`, from 0 up to 1, draws it, so that feeds that failed together do not come back together.
    It is never less than the source asked for, `told_seconds`.
    """
    whole = min(LAST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, DOUBLED_MAX))
    return max(whole * (0.5 + 0.5 * chance), min(told_seconds, TOLD_SECONDS_MAX))
