"""`holdingline exercise`: play a scenario against the agents, live on the screen, and write its scored report."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.console import Console

from agents.adapters.clocks import SystemClock
from agents.adapters.drill_scores import FILE, keep_score
from agents.adapters.registers import data_folder
from agents.entrypoints.cli.options import AsJson, Misused, RegisterFolder, make_room, say
from agents.entrypoints.terminal import coloured_output, json_for_terminal
from agents.entrypoints.worker.feeds.wiring import read_recording
from agents.exercise import Options, Played, UnusableScenario, beside, report, run, table
from agents.exercise.play import screen

app = typer.Typer()
exercise_app = typer.Typer(no_args_is_help=True, help="Drills: the same agents, memory channels, topics of their own.")
app.add_typer(exercise_app, name="exercise")

Scenario = Annotated[Path, typer.Argument(help="A scenario file, or the name of one that comes with holdingline.")]
Speed = Annotated[float, typer.Option(help="Played seconds for each real second while nobody works.")]
Output = Annotated[Path | None, typer.Option(help="Where the report goes: report.html and report.json.")]
Mentions = Annotated[Path | None, typer.Option(help="A folder of real posts to play; only counts of them are kept.")]
Scores = Annotated[Path, typer.Option(help="The file that the figures are added to; `holdingline month` reads it.")]
KeptLog = Annotated[str | None, typer.Option("--log", help="A log to keep; a temporary one, if none is given.")]


@exercise_app.command("run")
def play(  # budget: how a drill may be played
    scenario: Scenario,
    *,
    output: Output = None,
    speed: Speed = 60.0,
    mentions: Mentions = None,
    log: KeptLog = None,
    scores: Scores = FILE,
    register: RegisterFolder = None,
    as_json: AsJson = False,
) -> None:
    """Play a scenario; exit code 1 if it was refused or an expectation did not hold. Its figures are kept."""
    quieten()
    if mentions and not mentions.is_dir():
        raise Misused(f"{mentions} is no folder: name one of posts")
    if output:
        _make(output)  # Fail now, not after an hour of playing.
    if log:
        make_room(log)
    show = screen.json_lines(_say_json) if as_json else screen.for_terminal(Console(file=coloured_output()))
    options = Options(
        speed=speed, log_url=log, mentions=mentions, register=register, show=show, read_recording=read_recording
    )
    try:
        played = asyncio.run(run(found(scenario, data_folder(register)), options))
    except UnusableScenario as error:
        raise Misused(str(error)) from None
    if not as_json:
        for line in table(beside(played)):
            typer.echo(line, err=True)
    if output:
        try:
            page = report(played, output)
        except OSError as error:
            raise Misused(f"the report cannot be written ({error}): name another folder, and play again") from None
        typer.echo(f"the report is in {page}", err=True)
    _keep(played, scores)
    raise typer.Exit(played.exit_code)


@exercise_app.command("list")
def list_scenarios(*, register: RegisterFolder = None, as_json: AsJson = False) -> None:
    """Name the scenarios that come with holdingline."""
    names = sorted(path.stem for path in scenarios_in(data_folder(register)).glob("*.yaml"))
    say(names, names, as_json=as_json)


def found(scenario: Path, data: Path) -> Path:
    """The file of this name, else the scenario of this name that comes with holdingline."""
    ours = scenarios_in(data) / f"{scenario.name}.yaml"
    return ours if not scenario.exists() and ours.is_file() else scenario


def scenarios_in(data: Path) -> Path:
    """The folder's own scenarios, else those that come with holdingline."""
    own = data / "exercises"
    return own if own.is_dir() else data_folder() / "exercises"


def _say_json(line: str) -> None:
    typer.echo(json_for_terminal(line))


def _keep(played: Played, scores: Path) -> None:
    """Add the figures to those of other drills; an exercise that was refused its beginning has none."""
    try:
        if played.begun:
            keep_score(played.score(SystemClock().now()), scores)
    except OSError as error:
        typer.echo(f"the figures were not kept ({error}): name another file with --scores", err=True)


def _make(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misused(f"{output} cannot be made ({error.strerror}): name another folder for the report") from None


def quieten() -> None:
    """Log only errors, because the live view shows everything else."""
    logging.basicConfig(level=logging.ERROR, force=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
