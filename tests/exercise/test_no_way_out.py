"""An exercise can reach no live publisher: nothing that could is even imported, and no channel takes another mode."""

import subprocess
import sys

import pytest

from agents.adapters.memory.channel import MemoryChannel
from agents.adapters.registers import data_folder
from agents.adapters.registers import load as load_register
from agents.exercise.play.stage import memory_channels, mode_of, staged_register, wiring
from agents.exercise.script.loader import load
from streams.values import is_drill
from tests.architecture.tree import ROOT

PUBLISHERS = ("agents.adapters.channels", "agents.entrypoints", "aiosmtplib")
SCENARIOS = sorted((ROOT / "templates" / "exercises").glob("*.yaml"))


def test_playing_imports_no_publisher() -> None:
    """In a process of its own, since others import what they like."""
    ask = "import sys, agents.exercise, agents.exercise.play.screen; print(chr(10).join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True, timeout=180
    )
    loaded = done.stdout.splitlines()
    assert "agents.runtime.worker.worker" in loaded
    assert [name for name in loaded if name.startswith(PUBLISHERS)] == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_stands_on_memory_alone(path: object) -> None:
    """Every channel of the trust is there, in the drill's own mode, without its credential and its options.

    All that stays is the name of the kind that the memory channel plays.
    """
    scenario = load(ROOT / str(path))
    mode = mode_of(scenario, ROOT / str(path))
    register = staged_register(scenario, None)
    channels = memory_channels(register, mode=mode, changes=scenario.register_changes)
    assert is_drill(mode)
    assert set(channels) == set(register.channels)
    assert {type(channel) for channel in channels.values()} == {MemoryChannel}
    assert {channel.mode for channel in channels.values()} == {mode}
    trusts = load_register(data_folder()).channels
    for name, entry in register.channels.items():
        assert (entry.credential, entry.options) == (None, {"plays": trusts[name].kind})
    assert {(one.mode, one.credential_mode) for one in wiring(register, mode)} == {(mode, None)}
