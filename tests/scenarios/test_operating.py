"""What docs/operating.md says holds: its table is that of the figures, and its commands bring a night back."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from agents.entrypoints.worker.log_lines import LEVELS
from agents.entrypoints.worker.monitor.figures import COUNTERS, GAUGES, PREFIX
from tests.architecture.tree import ROOT
from tests.commands_shown import fault_in, in_blocks
from tests.entrypoints.commanding import INCIDENT, opened
from tests.scenarios.kill_bench import free_port, wait_until

PAGE = ROOT / "docs/operating.md"
ALERTS = ROOT / "infra/alerts.yaml"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def rows(first: str) -> list[str]:
    return re.findall(rf"^\| `({first}\w*)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_table_has_each_figure_once_in_its_order() -> None:
    assert rows(PREFIX) == [PREFIX + name for name in GAUGES] + [f"{PREFIX}{name}_total" for name in COUNTERS]


def test_each_figure_that_alarms_has_a_rule_and_each_rule_is_about_a_figure() -> None:
    """With its labels as the figures have them, and with what to do."""
    alarming = set(re.findall(rf"^\| `({PREFIX}\w+)` \|[^|]+\| (?!never \|)", PAGE.read_text("utf-8"), re.MULTILINE))
    rules = [one for group in YAML(typ="safe").load(ALERTS)["groups"] for one in group["rules"]]
    named = {figure for one in rules for figure in re.findall(rf"{PREFIX}\w+", one["expr"])}
    assert named == alarming
    assert all(one["annotations"]["do"] for one in rules)
    assert len({one["alert"] for one in rules}) == len(rules)
    labels = {label for family in (GAUGES, COUNTERS) for _, own in family.values() for label in own}
    used = {label for one in rules for label in re.findall(r"[{,] ?(\w+)=", one["expr"])}
    grouped = {label for one in rules for label in re.findall(r"by \((\w+)\)", one["expr"])}
    assert used | grouped <= {*labels, "job"}


def test_the_levels_of_log_lines_are_those_that_there_are() -> None:
    assert set(rows("(?:error|warning|info|debug)")) == set(LEVELS)


def test_every_command_is_one_that_there_is() -> None:
    shown = [*in_blocks(PAGE)]
    assert len(shown) >= 10
    assert [fault for words in shown if (fault := fault_in(words))] == []


def shell(script: str, folder: Path, port: int) -> subprocess.CompletedProcess[str]:
    """Run a block as it is written, with folders of the test in place of the machine's, and a port that is free."""
    for place in ("/var/", "/etc/"):
        script = script.replace(place, f"{folder}{place}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOLDINGLINE_")}
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "-e", "-u", "-c", script.replace(":9108", f":{port}")],
        cwd=folder,
        env=kept | path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.slow
def test_a_night_is_backed_up_and_brought_back_as_the_page_shows(tmp_path: Path) -> None:
    """The machine with its log and register is gone, and the steps are run as they are written."""
    lib, etc = tmp_path / "var/lib/holdingline", tmp_path / "etc/holdingline"
    for folder in (lib, etc, tmp_path / "var/backups/holdingline", tmp_path / "night"):
        folder.mkdir(parents=True)
    with opened(tmp_path / "night", f"sqlite:////{lib}/log.db") as night:
        shutil.copytree(night.folder / "register", etc / "register")
        backing, looking = blocks("sh")
        (restoring,) = blocks("bash")
        kept = shell(backing, tmp_path, 0)
        assert kept.returncode == 0, kept.stdout + kept.stderr
        looked = shell(f"set +e\n{looking}", tmp_path, 0)  # The doctor finds that this night takes unsigned orders.
        assert "PROBLEM  proof" in looked.stderr, looked.stderr
        assert INCIDENT in looked.stdout, looked.stdout + looked.stderr
        night.kill()
        letters, posts = dict(night.mailbox.counts), dict(night.published_on_site())
        shutil.rmtree(lib)
        shutil.rmtree(etc)
        for folder in (lib, etc):
            folder.mkdir()
        ended = "kill %1; wait"
        back = shell(f"set -m\ntrap '{ended}' EXIT\n{restoring}", tmp_path, free_port())
        assert back.returncode == 0, back.stdout + back.stderr
        assert INCIDENT in back.stdout
        assert '"ready": true' in back.stdout
        assert (dict(night.mailbox.counts), dict(night.published_on_site())) == (letters, posts)
        wait_until(lambda: '"event": "stopped"' in back.stderr, "it has ended")
