from datetime import UTC, datetime
from io import StringIO

from rich.console import Console

from agents.exercise.play.screen import for_terminal
from agents.exercise.played import Moment

MOMENT = Moment(
    at=datetime(2026, 7, 1, 21, 31, tzinfo=UTC), kind="refused", text=f"[bold]no[/bold] :smile: {'why ' * 40}"
)


def shown(*, terminal: bool) -> list[str]:
    page = StringIO()
    for_terminal(Console(file=page, force_terminal=terminal, width=80, color_system=None))(MOMENT)
    return page.getvalue().splitlines()


def test_without_a_terminal_a_moment_is_one_plain_line() -> None:
    """For files and pipes: nothing is wrapped, coloured or read as markup; the time is the trust's own."""
    (line,) = shown(terminal=False)
    assert line.startswith("22:31:00  REFUSED    [bold]no[/bold] :smile: why why")
    assert len(line) > 80


def test_in_a_terminal_long_words_stay_in_their_column() -> None:
    first, second, *_ = shown(terminal=True)
    assert first.startswith("22:31:00  REFUSED    [bold]no[/bold] :smile: why")
    assert second.startswith(" " * 21 + "why")
