"""The player: plays a scenario on the worker that runs for real, watches what comes, and judges it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agents.exercise.played import Moment, Played

SPEED = 60.0


def _silent(moment: Moment) -> None:
    del moment


@dataclass(frozen=True, slots=True)
class Options:
    """How to play. `speed` is played seconds for each real second while nobody works; see the package's docstring."""

    speed: float = SPEED
    log_url: str | None = None
    mentions: Path | None = None
    register: Path | None = None
    show: Callable[[Moment], None] = _silent


async def run(scenario_path: Path, options: Options | None = None) -> Played:
    """Play the scenario of this file to its end."""
    raise NotImplementedError((scenario_path, options))
