"""One bad record blinds nobody: every command that reads shows the rest and names it, and the worker starts again."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from typer.core import TyperGroup

from agents.adapters.registers import data_folder
from agents.entrypoints.cli.main import commands_of
from agents.entrypoints.commands import MODULE_OF
from agents.runtime.door.tables import PAST, changelog
from streams.topics import DEAD_LETTERS, FACTS, MENTIONS
from streams.values import THE_REGISTER
from tests.adapters.registers.test_feed_accounts import ACCOUNT, RIGHT
from tests.entrypoints.commanding import DECLARE, INCIDENT, opened
from tests.examples import CHIEF
from tests.scenarios import garbage
from tests.scenarios.garbage import KINDS, Planted
from tests.scenarios.kill_bench import Done, Service, wait_until

OTHER, CASE = "inc-other", "case/paper-1"
USAGE_EXIT = 2
TABLES = (garbage.STATES, changelog("live", PAST))


def recorded(folder: Path) -> Sequence[str]:
    """A recording of a partner's feed, and a register that hears this partner."""
    shutil.copytree(data_folder(), folder / "trust")
    partners = folder / "trust/register/partners.yaml"
    account = ACCOUNT.format(**{**RIGHT, "kind": "atom", "address": "https://fire.example/feed"})
    entry = account.partition("      credential")[0]
    partners.write_text(partners.read_text(encoding="utf-8").rstrip("\n") + entry, encoding="utf-8")
    feed = data_folder() / "exercises/recordings/ambulance-1.xml"
    return "--recording", str(feed), "--register", str(folder / "trust")


READING: dict[str, Callable[[Path], Sequence[str]]] = {
    "status": lambda _: (),
    "status --all": lambda _: (),
    f"status {INCIDENT}": lambda _: (),
    f"status {OTHER}": lambda _: (),
    f"status {CASE}": lambda _: (),
    f"inbox --as {CHIEF}": lambda _: (),
    "plans": lambda _: (),
    "cases": lambda _: (),
    "cases paper-1": lambda _: (),
    "cases --counts": lambda _: (),
    f"briefing {INCIDENT}": lambda _: (),
    "watch": lambda _: (),
    "month 2026-01": lambda _: (),
    "responders": lambda _: (),
    "influence": lambda _: (),
    f"responders {INCIDENT}": lambda _: (),
    f"steps {INCIDENT}": lambda _: (),
    f"stories {INCIDENT}": lambda _: (),
    "pack": lambda folder: ("--out", str(folder / "pack.html")),
    f"preview {INCIDENT}": lambda _: (),
    "dead-letters": lambda _: (),
    "dead-letters --content": lambda _: (),
    f"log show {INCIDENT}": lambda _: (),
    f"log show {OTHER}": lambda _: (),
    "log verify": lambda _: (),
    f"evidence {INCIDENT} --as {CHIEF}": lambda folder: ("--out", str(folder / "evidence")),
    f"at {INCIDENT} 2100-01-01T00:00:00+00:00": lambda _: (),
    f"at {OTHER} 2100-01-01T00:00:00+00:00": lambda _: (),
    "anchor": lambda folder: ("--to", f"file:{folder}/anchors"),
    "backup": lambda folder: (str(folder / "backup.db"),),
    f"can {CHIEF} declare": lambda _: (),
    "check": lambda _: (),
    "templates": lambda _: (),
    "register show": lambda folder: ("--output", str(folder / "shown.html")),
    "register changes": lambda _: (),
    "doctor": lambda _: (),
    "accounts": lambda _: (),
    "feeds": lambda _: (),
    "feeds test": recorded,
}
"""Every command that reads a log, as it is typed, and what is added to it in a folder."""
NO_READING = frozenset(
    {"serve", "console", "exercise run", "feed", "restore", "topics apply", "topics rights", "feeds pin"}
)
"""They have a log and give no signed order, and yet read no record here: they write, serve, or look at the ground.

`feeds pin` asks a partner's server first; whether the register is founded it reads as `register changes` does.
"""


def commands() -> Iterator[tuple[str, set[str]]]:
    """Every command by its whole name, and the names of its parameters."""
    for name, module in MODULE_OF.items():
        command = commands_of(module)[name]
        below = command.commands if isinstance(command, TyperGroup) else {}
        for one, part in below.items():
            yield f"{name} {one}", {str(parameter.name) for parameter in part.params}
        if not below:
            yield name, {str(parameter.name) for parameter in command.params}


def test_every_command_that_reads_a_log_is_tried_here() -> None:
    """An order takes a key; what else has a log reads it, or is named above."""
    names = {name for name, given in commands() if "log" in given and "key" not in given} - NO_READING
    typed = {name for name in names if any(one == name or one.startswith(f"{name} ") for one in READING)}
    assert names == typed


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that was stopped, with an incident whose words are out, a second incident and an open case."""
    folder = tmp_path_factory.mktemp("bad-records")
    with opened(folder, f"sqlite:////{folder}/log.db") as on:
        second = on.order("declare", OTHER, by=CHIEF, file=DECLARE | {"name": "Ward"})
        case = on.order("open-case", "paper-1", "media-enquiry", "the paper asks", by=CHIEF)
        assert (second.returncode, case.returncode) == (0, 0), (second, case)
        wait_until(lambda: all(map(garbage.topics_of, logs(on))) and len(logs(on)) > 1, "both lanes have their topics")
        assert on.stop() == 0
        yield on


@pytest.fixture
def on(night: Service, tmp_path: Path) -> Iterator[Service]:
    """The same service on a copy of its log."""
    copied = Service(tmp_path, night.mailbox, f"sqlite:////{tmp_path}/log.db")
    for part in ("register", "site"):
        shutil.copytree(night.folder / part, tmp_path / part)
    for file in logs(night):
        shutil.copy(file, tmp_path)
    yield copied
    for worker in copied.workers:
        if worker.runs:
            worker.kill()


def logs(on: Service) -> list[Path]:
    return [file for file in (on.folder / "log.db", on.folder / "log.db-mentions") if file.exists()]


def read_all(on: Service, *words: str) -> dict[str, Done]:
    """Every reading command, with these words; none of them fails with anything but a sentence."""
    done = {}
    for typed, more in READING.items():
        with TemporaryDirectory(dir=on.folder) as name:
            room = Path(name)
            needs = ("--register", str(on.folder / "register")) if typed in REGISTERED else ()
            given = (*typed.split(), *more(room), *words, *needs, "--log", on.log_url)
            one = on.run(*given)
            assert one.returncode != USAGE_EXIT, (given, one)
            assert "Traceback" not in one.stdout + one.stderr, (given, one)
            done[typed] = one
    return done


REGISTERED = {
    *("check", "templates", "register show", "register changes", f"can {CHIEF} declare", "doctor", "accounts"),
    "feeds",
}


def require_the_rest(done: dict[str, Done]) -> None:
    """What is healthy is shown: both incidents, the case, the words that are out, every fact."""
    shown = done["status"].stdout
    assert "Block C fire" in shown
    assert "Ward" in shown
    assert "paper-1" in shown
    assert "Ysbyty Ardudwy" in done[f"status {INCIDENT}"].stdout
    for name in (INCIDENT, OTHER):
        for typed in ("log show", "at"):
            (one,) = [
                one for given, one in done.items() if given.startswith(f"{typed} {name}") and "--json" not in given
            ]
            assert one.returncode == 0, one
            assert "DECLARED: " in one.stdout
    for typed in ("anchor", "backup", "templates", "register show", "dead-letters", f"inbox --as {CHIEF}"):
        assert done[typed].returncode == 0, (typed, done[typed])
    assert done[f"evidence {INCIDENT} --as {CHIEF}"].returncode == 0


def require_named(done: dict[str, Done], planted: Sequence[Planted]) -> None:
    """Each bad record is named by its topic and offset where its topic is read."""
    for one in planted:
        if one.topic in {FACTS.named("live"), *TABLES}:
            assert f"record {one.offset} of {one.topic}" in done["log verify"].stderr, one
        if one.topic == TABLES[0] or one.topic == f"live.{DEAD_LETTERS}":
            teller = done["status"] if one.topic == TABLES[0] else done["dead-letters"]
            assert any(
                line.startswith("CANNOT READ") and f" of {one.topic} " in line and str(one.offset) in line
                for line in teller.stdout.splitlines()
            ), (one, teller.stdout)


def require_a_worker(on: Service, *, letters: Sequence[Planted]) -> None:
    """A worker starts, answers the next order, buries what it cannot read, and ends cleanly."""
    with serving(on):
        require_buried(on, letters)


@contextmanager
def serving(on: Service) -> Iterator[None]:
    """A worker that has answered an order about another incident; it ends cleanly."""
    on.start()
    on.wait_until_ready()
    done = on.order("declare", "inc-later", by=CHIEF, file=DECLARE)
    assert done.returncode == 0, done
    yield
    assert on.stop() == 0


def require_buried(on: Service, letters: Sequence[Planted]) -> None:
    """Each of these is a dead letter, and the status is as ever."""
    wanted = {f"{one.topic} {one.offset}" for one in letters}

    def missing() -> set[str]:
        said = on.run("dead-letters", "--log", on.log_url).stdout
        return {one for one in wanted if f" {one}:" not in said}

    wait_until(lambda: not missing(), "every bad record is a dead letter")
    assert "Block C fire" in on.run("status", "--log", on.log_url).stdout


HANDLED = ("live.commands", "live.facts", "live.partner-posts", MENTIONS.named("live"), "live.mention-counts")
"""What the agents take, and bury if they cannot."""


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_garbage_in_every_topic_blinds_nobody(on: Service, kind: str) -> None:
    """Of each kind, under a key of ours, under none and under one that is no text."""
    planted = [one for file in logs(on) for one in garbage.plant(file, kind)]
    done = read_all(on)
    require_named(done, planted)
    require_the_rest(done)
    assert done["log verify"].returncode == 1
    for typed, one in read_all(on, "--json").items():
        assert isinstance(json.loads(one.stderr if one.returncode else one.stdout), dict | list), (typed, one)
    require_a_worker(on, letters=[one for one in planted if one.topic in HANDLED])
    require_the_rest(read_all(on))


@pytest.mark.slow
def test_a_fact_that_no_fold_takes_blinds_nobody(on: Service) -> None:
    """It is whole, sealed, and at the end of its chain; the tables do not have it, so that nothing rests on it."""
    planted = garbage.plant_refused_fact(on.folder / "log.db", f"incident/{INCIDENT}")
    done = read_all(on)
    require_the_rest(done)
    assert done["log verify"].returncode == 1
    assert "does not fit to the facts before it" in done["log verify"].stderr
    for typed, one in done.items():
        assert "dlv-of-nobody" not in one.stdout, typed
    require_a_worker(on, letters=[])
    require_the_rest(read_all(on))
    assert f"{planted.topic} {planted.offset}:" not in on.run("dead-letters", "--log", on.log_url).stdout


@pytest.mark.slow
def test_states_that_cannot_be_read_are_shown_from_their_facts_and_judged_by_nobody(on: Service) -> None:
    """As a newer release may leave them. The register that was in force last stays so; other incidents go on."""
    keys = [f"incident/{INCIDENT}", CASE, THE_REGISTER.key]
    planted = garbage.plant_in_states(on.folder / "log.db", keys)
    done = read_all(on)
    require_named(done, planted)
    require_the_rest(done)
    for key in keys:
        assert f"CANNOT READ records {', '.join(str(one.offset) for one in planted)}" in done["status"].stdout
        assert key in done["status"].stdout.splitlines()[0]
    facts = on.facts(INCIDENT)
    with serving(on):
        refused = on.order("freeze", INCIDENT, "wait", by=CHIEF)
        assert f"the order could not be judged: what the table has of incident/{INCIDENT} is not" in refused.stderr
        letters = on.run("dead-letters", "--log", on.log_url).stdout
        assert f"what the table has of incident/{INCIDENT} is not a value of this table" in letters
        assert on.facts(INCIDENT) == facts
    assert b"the register's own log cannot be read" in (on.folder / "serve.log").read_bytes()


@pytest.mark.slow
def test_damaged_headers_blind_nobody(on: Service) -> None:
    """The messages are whole. A dead letter without its headers is named, since it no longer says why."""
    for file in logs(on):
        garbage.damage_headers(file)
    done = read_all(on)
    require_the_rest(done)
    require_a_worker(on, letters=[])
    require_the_rest(read_all(on))


def test_strange_rows_of_the_inbox_keep_no_order_waiting(on: Service) -> None:
    """Each becomes a dead letter that says what is wrong with it."""
    rows = garbage.leave_in_inbox(on.folder / "log.db")
    require_a_worker(on, letters=[])
    said = on.run("dead-letters", "--log", on.log_url).stdout
    assert said.count("another process left it") == rows
    assert "damaged headers" in said
    require_the_rest(read_all(on))
