"""The exercise: a scripted incident, played on the real agents with memory channels and a played clock, and scored.

played = await run(scenario_path, Options(speed=60.0, mentions=folder, show=screen.for_terminal(console)))
page = report(played, folder)                  # folder/report.html and folder/report.json
for line in table(beside(played)): print(line)  # the first word on each kind of channel, 80 characters wide
raise SystemExit(played.exit_code)             # 0: began, and every expectation held; 1: not

`run` raises `UnusableScenario` (a `ValueError`) with a sentence for each fault, `file:line: sentence`, before anything
is played. An exercise that was refused its beginning returns a `Played` whose `begun` is False and `refusal` says why.
`Options`: `speed` played seconds for each real one while no agent works (default 60, at most 1,000; 1 is real time);
`log_url` a log to keep (default: a temporary one, deleted afterwards); `mentions` a folder of real posts, of which only
counts are kept; `register` the data folder; `read_recording` the parser of recorded feeds; `show` is called with each
`Moment` as it comes, for instance `screen.for_terminal(console)` or `screen.json_lines(print)`.
"""

from agents.exercise.play.player import Options, run
from agents.exercise.played import Moment, Played
from agents.exercise.report.beside import beside, table
from agents.exercise.report.report import report
from agents.exercise.script.loader import UnusableScenario

__all__ = ["Moment", "Options", "Played", "UnusableScenario", "beside", "report", "run", "table"]
