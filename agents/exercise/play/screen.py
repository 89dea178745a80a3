"""Shows the running timeline: in colour on a terminal, as plain lines elsewhere, or as JSON lines."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.exercise.played import Moment, MomentKind
from streams.projections.drill_scores import JUDGED_WRONG
from streams.telling.letters import harmless

Show = Callable[[Moment], None]

LOOKS: Mapping[MomentKind, tuple[str, str]] = {
    "asked": ("asks", "cyan"),
    "declared": ("status", "bold magenta"),
    "signed": ("signed", "bold blue"),
    "out": ("OUT", "bold green"),
    "refused": ("REFUSED", "bold yellow"),
    "trouble": ("trouble", "bold red"),
    "noted": ("noted", "white"),
    "lost": ("set aside", "yellow"),
    "judged": ("judged", "dim"),
    "told": ("", "bold"),
}
LONDON = ZoneInfo("Europe/London")
WIDEST = max(len(word) for word, _ in LOOKS.values())


def silent(moment: Moment) -> None:
    """Show nothing."""
    del moment


def for_terminal(console: Console) -> Show:
    """One line for each moment, coloured where the console is a terminal."""

    def show(moment: Moment) -> None:
        word, style = LOOKS[moment.kind]
        style = "bold red" if moment.text.startswith(JUDGED_WRONG) else style
        clock, text = clock_face(moment.at), harmless(moment.text)
        if console.is_terminal:
            console.print(_in_columns(Text(clock, "dim"), Text(word, style), Text(text)))
        else:
            line = f"{clock}  {word:<{WIDEST}}  {text}"
            console.print(line, soft_wrap=True, highlight=False, markup=False, emoji=False)

    return show


def _in_columns(*cells: Text) -> Table:
    """Clock, kind and words; words that need several lines stay in their own column."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=8)
    table.add_column(width=WIDEST)
    table.add_column()
    table.add_row(*cells)
    return table


def json_lines(write: Callable[[str], object]) -> Show:
    """One JSON object for each moment; `write` puts it on a line of its own, as `print` does."""

    def show(moment: Moment) -> None:
        write(moment.model_dump_json())

    return show


def clock_face(moment: datetime) -> str:
    """The time of day there, to the second."""
    return f"{moment.astimezone(LONDON):%H:%M:%S}"
