"""The table of commands says what each module has, so that only the module that is asked for is imported."""

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from agents.entrypoints.cli import main as cli
from agents.entrypoints.cli.main import commands_of, main
from agents.entrypoints.commands import MODULE_OF, SECTIONS
from streams.values import RULES_VERSION


@pytest.mark.parametrize("module", sorted({*MODULE_OF.values()}))
def test_each_module_has_exactly_the_commands_of_the_table(module: str) -> None:
    assert set(commands_of(module)) == {name for name, its in MODULE_OF.items() if its == module}


def test_the_help_has_every_command_once_under_its_heading_and_imports_none_of_them() -> None:
    told = f"""
import sys
from agents.entrypoints.cli.main import main
try:
    main(["--help"])
finally:
    print([one for one in {sorted({*MODULE_OF.values()})} if one in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    _, *parts = re.split("|".join(f"^{one}:$" for one in SECTIONS), done.stdout, flags=re.MULTILINE)
    names = [re.findall(r"^  (\S+)  +\S", part, re.MULTILINE) for part in parts]
    assert dict(zip(SECTIONS, names, strict=True)) == {heading: [*commands] for heading, commands in SECTIONS.items()}
    assert sum(map(len, SECTIONS.values())) == len(MODULE_OF)


def test_the_version_names_the_release_and_the_rules_by_which_it_judges(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"holdingline {version('holdingline')}, rules of {RULES_VERSION}\n"


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
    heavy = ("faust", "aiokafka", "structlog", "streams.decisions.desk.judge", "cryptography", "phonenumbers")
    for module in ("agents.entrypoints.cli.record.records", "agents.entrypoints.cli.record.status"):
        done = subprocess.run([sys.executable, "-c", told, module, *heavy], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]"


def test_a_command_of_a_process_of_its_own_ends_without_a_look_for_garbage() -> None:
    """Python looks at its end among all that there is, which takes a sixth of the time of a question."""
    told = """
import atexit, gc, sys
sys.argv = ["holdingline", "--help"]
from agents.entrypoints.cli.main import main
atexit.register(lambda: print(gc.get_freeze_count() > 10_000, len(gc.get_objects()) < 1_000))
main()
"""
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True True"


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


def test_a_file_that_is_closed_to_this_user_is_named_with_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No trace of Python: whoever restores at three in the morning reads as whom to run it, whatever the user's name.

    The file itself cannot be looked at: its folder is.
    """
    file = tmp_path / "register/rotas.yaml"
    monkeypatch.setattr(Path, "owner", lambda one: "crisis" if one == tmp_path else one.stat() and "nobody")
    monkeypatch.setattr(Path, "group", lambda _: "comms")

    def closed(_: object) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(cli, "app", closed)
    with pytest.raises(SystemExit) as ended:
        main(["check"])
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert f"{file} is closed to you: {tmp_path} belongs to the user crisis and the group comms" in told
    assert "`sudo -u crisis`" in told
