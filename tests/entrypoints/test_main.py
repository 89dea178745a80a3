"""The table of commands says what each module has, so that only the module that is asked for is imported."""

import subprocess
import sys

import pytest

from agents.entrypoints.cli.main import MODULES, commands_of


@pytest.mark.parametrize("module", list(MODULES))
def test_each_module_has_exactly_the_commands_of_the_table(module: str) -> None:
    assert set(commands_of(module)) == set(MODULES[module])


def test_a_worker_imports_channels_pagers_and_feeds_only_when_its_lane_needs_them() -> None:
    """The lane that counts mentions speaks to nobody, and starts beside every worker."""
    told = "import sys, agents.entrypoints.worker.serve; print([one for one in sys.argv[1:] if one in sys.modules])"
    heavy = ("apprise", "agents.adapters.pagers", "agents.adapters.channels.x", "agents.adapters.feeds.kinds")
    done = subprocess.run([sys.executable, "-c", told, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_who_only_reads_imports_no_driver_no_logging_no_rules_and_no_cryptography() -> None:
    """They take longer to import than the answer takes."""
    asked = "import sys; from agents.entrypoints.cli.main import commands_of; commands_of(sys.argv[1])"
    told = f"{asked}; print([one for one in sys.argv[2:] if one in sys.modules])"
    heavy = ("faust", "aiokafka", "structlog", "streams.decisions.desk.judge", "cryptography")
    for module in ("agents.entrypoints.cli.record.records", "agents.entrypoints.cli.record.status"):
        done = subprocess.run([sys.executable, "-c", told, module, *heavy], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


def test_a_process_that_goes_on_frees_what_is_left_in_cycles_and_does_not_look_among_what_it_began_with() -> None:
    told = """
from weakref import ref
from agents.entrypoints.garbage import look_seldom
class Left: pass
def leave():
    left = Left()
    left.itself = left
    return ref(left)
before = leave()
import gc; gc.disable()
look_seldom()
first, kept = leave(), []
while first() is not None: kept.append([])
print(before() is not None, len(kept) > 700)
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=180)
    assert done.stdout.split() == ["True", "True"]
