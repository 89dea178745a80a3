"""The wheel holds what it needs, and no other distribution owns our names."""

import json
import os
import subprocess
import sys
import zipfile
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from sysconfig import get_path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, files

# Names only what stands behind our three names, seen from inside an installed wheel.
LOOK = """
import json, importlib.metadata, streams, agents, infra
owners = importlib.metadata.packages_distributions()
print(json.dumps([[sorted(set(owners[m.__name__])), m.__file__] for m in (streams, agents, infra)]))
"""


def run(*command: str | Path, cwd: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd)}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built without reaching for anything."""
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel in it; what it depends on is seen, the checkout is not."""
    home = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home)
    run(
        sys.executable,
        "-m",
        "pip",
        f"--python={home}/bin/python",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=home,
    )
    site = Path(
        run(home / "bin/python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip()
    )
    (site / "dependencies.pth").write_text(get_path("purelib") + "\n", encoding="utf-8")
    return home


def test_nobody_else_installs_our_names() -> None:
    """Another project's package of the same name would shadow ours, or be shadowed."""
    owners = packages_distributions()
    assert {name: set(owners.get(name, ["holdingline"])) for name in PACKAGES} == {
        name: {"holdingline"} for name in PACKAGES
    }


def test_no_index_takes_it_by_mistake() -> None:
    assert "Private :: Do Not Upload" in distribution("holdingline").metadata.get_all("Classifier", [])


@pytest.mark.slow
def test_the_wheel_holds_the_packages_the_templates_and_nothing_else(wheel: Path) -> None:
    content = set(zipfile.ZipFile(wheel).namelist())
    kept = {path.relative_to(ROOT).as_posix() for path in files()}
    templates = {f"agents/_{name}" for name in kept if name.startswith("templates/")}
    code = {name for name in kept if name.partition("/")[0] in PACKAGES}
    assert {name for name in content if ".dist-info/" not in name} == code | templates


@pytest.mark.slow
def test_the_wheel_starts_no_brokers(wheel: Path) -> None:
    """The cluster of brokers is the tests' own: a service is given an address."""
    content = zipfile.ZipFile(wheel).namelist()
    assert [name for name in content if name.startswith("tests/") or name.endswith("pom.xml")] == []


@pytest.mark.slow
def test_the_wheel_stands_on_its_own(installed: Path) -> None:
    for owners, file in json.loads(run(installed / "bin/python", "-I", "-c", LOOK, cwd=installed)):
        assert owners == ["holdingline"]
        assert Path(file).is_relative_to(installed)


@pytest.mark.slow
def test_the_installed_command_brings_its_templates(installed: Path) -> None:
    """It answers from inside the wheel, far from any checkout."""
    python, command = installed / "bin/python", installed / "bin/holdingline"
    assert "Usage" in run(command, "--help", cwd=installed)
    assert "major-incident" in run(command, "exercise", "list", cwd=installed)
    main = "import sys; from agents.entrypoints.cli.main import main; sys.exit(main())"
    assert "major-incident" in run(python, "-I", "-c", main, "exercise", "list", cwd=installed)


@pytest.mark.slow
def test_the_installed_command_plays_an_exercise(installed: Path) -> None:
    run(
        installed / "bin/holdingline",
        "exercise",
        "run",
        "major-incident",
        "--speed",
        "1000",
        "--output",
        "report",
        cwd=installed,
    )
    assert (installed / "report/report.html").is_file()
