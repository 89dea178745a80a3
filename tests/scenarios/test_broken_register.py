"""Files of the register that cannot be used, under a service that starts or runs: seen from outside, on a real process.

A typo in a file that is not used tonight must not keep the trust from speaking.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.entrypoints.commanding import INCIDENT, opened, soon
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Service, wait_until

FILES = "the files of the register cannot be used, the last good one stays in force"
PAGE = "the trust's own page cannot be used"


def unused_template(folder: Path) -> None:
    (folder / "messages/flood.yaml").write_text("id: [flood", encoding="utf-8")


def people(folder: Path) -> None:
    file = folder / "register/people.yaml"
    file.write_text(file.read_text().replace("grants:", "grans:", 1), encoding="utf-8")


def channel_option(folder: Path) -> None:
    file = folder / "register/channels.yaml"
    file.write_text(file.read_text().replace("https://trust.example/", "trust.example"), encoding="utf-8")


def all_away(folder: Path) -> None:
    for file in (folder / "register").iterdir():
        if file.is_file():
            file.unlink()


BREAKS = (unused_template, people, channel_option, all_away)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Service]:
    """A service with one incident whose first message is out."""
    with opened(tmp_path, f"sqlite:////{tmp_path}/log.db") as running:
        yield running


def said(night: Service) -> str:
    return (night.folder / "serve.log").read_text()


def status(night: Service) -> str:
    return night.run("status", "--log", night.log_url).stdout


def waits_for_files(night: Service) -> bool:
    waiting = [one for entry in status_of(night) for one in entry["waiting"]]
    return any(one["kind"] == "files" for one in waiting)


def status_of(night: Service) -> list[dict[str, list[dict[str, str]]]]:
    shown: list[dict[str, list[dict[str, str]]]] = json.loads(
        night.run("status", "--json", "--log", night.log_url).stdout
    )
    return shown


@pytest.mark.slow
@pytest.mark.parametrize("spoil", BREAKS)
@pytest.mark.parametrize("restarted", [False, True])
def test_the_last_good_register_stays_in_force_and_everybody_is_told(
    night: Service, spoil: Callable[[Path], None], *, restarted: bool
) -> None:
    """The same powers hold as before; the log, the status, the doctor and the check say it until it is mended."""
    files = night.folder / "register"
    before = {path: path.read_bytes() for path in files.rglob("*.yaml")}
    if restarted:
        night.stop()
    spoil(files)
    if restarted:
        night.start()
        wait_until(lambda: said(night).count('"event": "serving"') == 2, "it serves")
    wait_until(lambda: waits_for_files(night), "the status says it")
    assert "registers unusable, the last good ones stay in force" in said(night)
    assert f"WAITS  the register: {FILES}" in status(night)
    options = ("--log", night.log_url, "--register", str(files))
    for command in ("check", "doctor"):
        complained = night.run(command, *options)
        assert complained.returncode == 1
        assert "the last good one stays in force" in complained.stderr, command
    assert night.order("freeze", INCIDENT, "we look again", by=CHIEF).returncode == 0
    assert night.order("resume", INCIDENT, "it is right", by="nobody.known").returncode == 3
    for path, content in before.items():
        path.write_bytes(content)
    wait_until(lambda: not waits_for_files(night), "it is mended")


def test_without_a_log_the_files_are_refused_with_every_fault(tmp_path: Path) -> None:
    with opened(tmp_path, f"sqlite:////{tmp_path}/log.db") as night:
        night.stop()
        unused_template(night.folder / "register")
        other = night.worker("other.log", log_url=f"sqlite:////{tmp_path}/other.db")
        other.start()
        assert other.process is not None
        assert other.process.wait(timeout=180) == 1
        assert b"messages/flood.yaml:1" in (tmp_path / "other.log").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("restarted", [False, True])
def test_words_go_out_on_the_services_page_while_the_trusts_own_is_broken(night: Service, *, restarted: bool) -> None:
    """A new message is public within the same time, everybody is told, and a mended page is shown again."""
    own, site = night.folder / "register/pages", night.folder / "site/public/index.html"
    if restarted:
        night.stop()
    template = own / "site.html.j2"
    whole = template.read_text("utf-8").replace("<body>", "<body><p>Our own page</p>")
    template.write_text(whole.replace("{% endfor %}", "", 1), encoding="utf-8")
    if restarted:
        night.start()
        wait_until(lambda: said(night).count('"event": "serving"') == 2, "it serves")
    wait_until(
        lambda: "WAITS  the register: the trust's own page cannot be used" in status(night), "the status says it"
    )
    assert FILES not in status(night)
    assert "the trust's own page cannot be used, the service's is shown" in said(night)
    options = ("--log", night.log_url, "--register", str(night.folder / "register"))
    for command in ("check", "doctor"):
        complained = night.run(command, *options)
        assert complained.returncode == 1
        assert "the trust's own page cannot be used" in complained.stderr, command
    slots = ("--slot", "place=Ysbyty Ardudwy", "--next-update", soon())
    assert night.order("release", INCIDENT, "flood", "--slot", "time=22:40", *slots, by=CHIEF).returncode == 0
    wait_until(lambda: "22:40" in site.read_text("utf-8"), "the words are public")
    template.write_text(whole, encoding="utf-8")
    wait_until(lambda: "WAITS  the register" not in status(night), "it is mended")
    assert night.order("release", INCIDENT, "it-failure", "--slot", "time=22:41", *slots, by=CHIEF).returncode == 0
    wait_until(lambda: "Our own page" in site.read_text("utf-8"), "the trust's own page is shown again")
