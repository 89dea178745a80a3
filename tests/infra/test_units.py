"""The units for systemd and the image as texts: what they start exists, what they promise is written there."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from infra.shipped import shipped_pins
from tests.architecture.test_constraints import PIN, project, shipped
from tests.architecture.test_constraints import names as names_of
from tests.architecture.tree import ROOT
from tests.commands_shown import fault_in

FOLDER = ROOT / "infra/systemd"
UNITS = sorted(path.name for path in FOLDER.iterdir())
SERVICES = [name for name in UNITS if name.endswith(".service")]
TIMERS = [name for name in UNITS if name.endswith(".timer")]
COMMAND = "/srv/holdingline/.venv/bin/holdingline"
SEALED = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "RestrictNamespaces": "yes",
    "SystemCallFilter": "@system-service",
    "User": "holdingline",
    "UMask": "0077",
}
FEEDS = "holdingline-feeds.service"
EXPOSURE_MAX = "20"
"""In tenths, as `systemd-analyze security` counts: 0 can reach nothing, 100 can reach everything."""
DOCKERFILE = (ROOT / "infra/Dockerfile").read_text(encoding="utf-8")


def lines(unit: str) -> list[tuple[str, str]]:
    """Each setting of a unit with its value, in order; one may come more than once."""
    text = (FOLDER / unit).read_text(encoding="utf-8").splitlines()
    return [(name, value) for name, sign, value in (line.partition("=") for line in text) if sign and name[0] != "#"]


def settings(unit: str) -> Mapping[str, str]:
    return dict(lines(unit))


def test_the_worker_its_anchors_and_its_backups_have_a_unit_each() -> None:
    assert SERVICES == [
        "holdingline-anchor.service",
        "holdingline-backup.service",
        "holdingline-console.service",
        "holdingline-feeds.service",
        "holdingline.service",
    ]
    assert [timer.replace("timer", "service") for timer in TIMERS] == SERVICES[:2]


@pytest.mark.parametrize("unit", SERVICES)
def test_a_unit_starts_a_command_that_there_is_as_a_user_who_may_do_little(unit: str) -> None:
    found = settings(unit)
    program, *words = shlex.split(found["ExecStart"])
    assert (program, fault_in([*words, *filler(words)])) == (COMMAND, None)
    assert {name: found.get(name) for name in SEALED} == SEALED


def filler(words: list[str]) -> list[str]:
    """What the environment of the unit gives in place of an option."""
    return ["--to", "file:anchors"] if words == ["anchor"] else []


@pytest.mark.parametrize("unit", SERVICES)
def test_a_unit_names_one_log_and_one_register_and_no_secret(unit: str) -> None:
    given = dict(value.split("=", 1) for name, value in lines(unit) if name == "Environment")
    assert given["HOLDINGLINE_LOG"] == "sqlite:////var/lib/holdingline/log.db"
    # The feeds read the register from the log.
    assert given.get("HOLDINGLINE_REGISTER") == (None if unit == FEEDS else "/etc/holdingline/register")
    assert set(given) <= {"HOLDINGLINE_LOG", "HOLDINGLINE_REGISTER", "HOLDINGLINE_ANCHOR"}


def test_the_feeds_get_another_environment_than_the_worker_so_that_they_have_its_secrets_not() -> None:
    others = {settings(unit).get("EnvironmentFile") for unit in SERVICES if unit != FEEDS}
    assert settings(FEEDS)["EnvironmentFile"] == "-/etc/holdingline/environment-feeds"
    assert settings(FEEDS)["EnvironmentFile"] not in others
    assert settings(FEEDS)["Restart"] == "on-failure"
    assert settings(FEEDS)["InaccessiblePaths"] == "-/etc/holdingline/secrets"


def test_the_worker_reads_a_secret_where_it_lies_so_that_a_changed_one_counts_without_a_restart() -> None:
    """What systemd hands over with `LoadCredential` is a copy from the start of the unit."""
    assert "LoadCredential" not in settings("holdingline.service")
    told = (FOLDER / "holdingline.service").read_text(encoding="utf-8")
    assert "#   Environment=MAIL_PASSWORD_FILE=/etc/holdingline/secrets/mail-password\n" in told


def test_the_worker_is_started_again_if_it_fails_or_hangs_and_has_time_to_end() -> None:
    found = settings("holdingline.service")
    wanted = {"Type": "notify", "Restart": "on-failure", "KillMode": "mixed", "StateDirectory": "holdingline"}
    assert {name: found[name] for name in wanted} == wanted
    assert int(found["WatchdogSec"]) >= 15
    assert int(found["TimeoutStopSec"]) >= 30
    assert int(found["TimeoutStartSec"]) > 60


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze on this machine")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: str, tmp_path: Path) -> None:
    """Its own check, on a copy that names a program of this machine; and no service is more exposed than need be."""
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8").replace(COMMAND, sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", unit], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    if unit in SERVICES:
        sealed = ["systemd-analyze", "security", "--offline=true", f"--threshold={EXPOSURE_MAX}", unit]
        found = subprocess.run(sealed, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False)
        assert found.returncode == 0, found.stdout.splitlines()[-1]


def test_an_image_gets_what_the_service_needs_and_no_tool_of_its_tests() -> None:
    """Each file with its hash, from the one list of pins; the two ways of finding what is needed agree."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = [*shipped_pins(text)]
    found = {match[1] for pin in pins if (match := PIN.match(pin.splitlines()[0]))}
    assert found == shipped("holdingline") - {"holdingline"}
    assert found & (names_of(project()["dev"]) - names_of(project()["ship"])) <= {"annotated-types", "packaging"}
    assert all("--hash=sha256:" in pin and pin in text for pin in pins)


def test_an_image_that_is_to_send_traces_gets_what_that_needs_and_no_more() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    more = {pin.partition("==")[0] for pin in {*shipped_pins(text, "traces")} - {*shipped_pins(text)}}
    needed = {one for root in names_of(project()["traces"]) for one in shipped(root)}
    assert more == needed - shipped("holdingline")
    assert {"opentelemetry-sdk", "protobuf"} <= more


def test_a_dependency_that_is_not_pinned_makes_no_image() -> None:
    with pytest.raises(LookupError, match="not pinned: aiohappyeyeballs"):
        list(shipped_pins("aiohttp==1 \\\n    --hash=sha256:00\n"))


def steps(name: str) -> Iterator[str]:
    return (line.removeprefix(f"{name} ") for line in DOCKERFILE.splitlines() if line.startswith(f"{name} "))


def test_the_image_is_of_two_steps_and_the_second_runs_without_rights() -> None:
    """Nothing is installed without its hash, and the files that are copied are there and are let through."""
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "USER 10001:10001" in last
    assert last.index("USER ") > last.rindex("\nRUN ")
    installs = [step for step in steps("RUN") if " install " in step and "pip" in step]
    assert all("--require-hashes" in step or "--no-deps" in step for step in installs)
    copied = [word for step in steps("COPY") if "--from" not in step for word in shlex.split(step)[:-1]]
    let_through = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert [word for word in copied if not (ROOT / word).exists() or f"!{word}" not in let_through] == []
    assert let_through.index("infra/*.env") > let_through.index("!infra")
    (given,) = steps("CMD")
    assert fault_in(re.findall(r'"([^"]+)"', given)) is None


def test_a_volume_of_a_service_has_a_folder_in_the_image_that_its_user_may_write() -> None:
    """An engine gives a new volume the owner of the folder that it covers; one without such a folder is root's."""
    (made,) = re.findall(r"install -d -o 10001 -g 10001 -m 0711 (.*)", DOCKERFILE)
    volumes = re.findall(
        r"- \w+:(/\S+)$", (ROOT / "infra/compose.alone.yaml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert volumes
    assert set(volumes) == set(made.split())
