"""Changes of power on the command line, with a running worker, on both grounds: shown first, bound to what was read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.commanding import DECLARE
from tests.examples import APPROVER, CHIEF, WRITER
from tests.grounds import EmptyLog
from tests.scenarios.kill_bench import Done, Service, service, wait_until

CLERK = "dilys.maenhir"
PERSON = """
- id: nia.newcomer
  name: Nia Newcomer
  role: director of strategy
  contacts:
    - {via: email, address: nia.newcomer@ardudwy-vale.example.org}
  grants:
    - {id: nia.newcomer/declare, power: declare}
"""


@pytest.fixture(scope="module")
def on(empty_log: EmptyLog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose register is not founded yet."""
    with empty_log() as url, service(tmp_path_factory.mktemp("changing"), url) as running:
        running.start()
        running.wait_until_ready()
        yield running


def look(on: Service, *arguments: str) -> Done:
    return on.run(*arguments, "--log", on.log_url, "--register", str(on.folder / "register"))


def given(on: Service, *arguments: str, by: str) -> Done:
    """One order about the register, with the files of this service."""
    return look(on, "register", *arguments, "--as", by)


def changes(on: Service) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(look(on, "register", "changes", "--json").stdout)
    return found


def people(on: Service) -> Path:
    return on.folder / "register" / "register" / "people.yaml"


@pytest.fixture(scope="module")
def founded(on: Service) -> Service:
    """The same once its register is founded and somebody new was let in: the tests need it in whatever order."""
    found_and_let_in(on)
    return on


def test_a_trust_founds_its_register_and_adds_a_person_by_two_people(founded: Service) -> None:
    """The whole way: found, edit the files, propose, look, confirm; in between the newcomer may do nothing."""
    assert look(founded, "can", "nia.newcomer", "declare").returncode == 0


def found_and_let_in(on: Service) -> None:
    assert "the register is not founded" in look(on, "check").stdout
    founding = given(on, "found", "--yes", by=CHIEF)
    assert founding.returncode == 0, founding.stderr
    assert f"people {CHIEF}" in founding.stderr
    (change,) = changes(on)["waiting"]
    refused = given(on, "confirm", change["id"], change["content_hash"], by=CHIEF)
    assert refused.returncode == 3
    assert "Who could: Beca Tirglas (medical director), Dilys Maenhir" in refused.stderr
    confirmed = given(on, "confirm", change["id"], change["content_hash"], by=APPROVER)
    assert confirmed.returncode == 0, confirmed.stderr
    assert "the register is founded" in confirmed.stdout
    assert "no change waits for a yes: propose one first" in given(on, "confirm", by=CHIEF).stderr

    people(on).write_text(people(on).read_text() + PERSON)
    assert "not in force as the files have it: people nia.newcomer" in look(on, "check").stdout
    assert "see `holdingline register changes`" in look(on, "doctor").stderr + look(on, "doctor").stdout
    message = on.folder / "register" / "messages" / "fire.yaml"
    whole = message.read_text(encoding="utf-8")
    message.write_text(whole.replace("fire plan", "fire scheme"), encoding="utf-8")
    assert "not in force as the files have it: people nia.newcomer" in look(on, "check").stderr
    message.write_text(whole, encoding="utf-8")
    could_not = look(on, "can", "nia.newcomer", "declare").stderr
    assert "is not on the register" in could_not
    assert "people nia.newcomer (see `holdingline register propose`)" in could_not
    assert "Nia Newcomer" not in look(on, "register", "show").stdout
    proposed = given(on, "propose", "--reason", "she joins the board", "--yes", by=CHIEF)
    assert proposed.returncode == 0, proposed.stderr
    assert "+ grants nia.newcomer/declare.power: declare" in proposed.stderr
    (change,) = changes(on)["waiting"]
    assert look(on, "can", "nia.newcomer", "declare").returncode == 3
    assert "+ name: Nia Newcomer" in look(on, "register", "changes").stdout
    assert given(on, "confirm", change["id"], "0" * 64, by=CLERK).returncode == 3
    assert given(on, "confirm", change["id"], change["content_hash"], by=CLERK).returncode == 0
    assert look(on, "can", "nia.newcomer", "declare").returncode == 0
    wait_until(lambda: changes(on)["not_in_force"] == [], "nothing differs any more")


def test_a_responder_whose_entry_one_person_changed_does_not_count_so_yet(founded: Service) -> None:
    """Whose word a hold waits for follows from it."""
    file = founded.folder / "register" / "register" / "responders.yaml"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace("partner: fire", "partner: police"), encoding="utf-8")
    assert "not in force as the files have it: responders fire" in look(founded, "check").stdout
    shown = json.loads(look(founded, "responders", "--json").stdout)["responders"]
    assert [one["partner"] for one in shown if one["id"] == "fire"] == ["fire"]
    file.write_text(whole, encoding="utf-8")


def test_a_change_is_withdrawn_by_one_person_and_what_does_not_differ_is_not_proposed(founded: Service) -> None:
    """And the refusal of a person who may not change the register names who may."""
    on = founded
    people(on).write_text(people(on).read_text().replace("role: director of strategy", "role: director of everything"))
    assert given(on, "propose", "people/nobody", "--reason", "why not", "--yes", by=CHIEF).returncode == 1
    refused = given(on, "propose", "people/nia.newcomer", "--reason", "a new role", "--yes", by=WRITER)
    assert refused.returncode == 3
    assert "Who could: Samira Dastwick (chief executive)" in refused.stderr
    proposed = given(on, "propose", "people/nia.newcomer", "--reason", "a new role", "--yes", by=CHIEF)
    assert "- role: director of strategy" in proposed.stderr
    assert "+ role: director of everything" in proposed.stderr
    (change,) = changes(on)["waiting"]
    withdrawn = on.run("register", "withdraw", change["id"], "not yet", "--as", CLERK, "--log", on.log_url)
    assert withdrawn.returncode == 0, withdrawn.stderr
    assert changes(on)["waiting"] == []
    assert given(on, "confirm", change["id"], by=CLERK).returncode == 1


def test_the_register_is_no_incident_and_its_log_is_verified_like_any_other(founded: Service) -> None:
    """It is in no list of incidents, and each of its facts can be shown."""
    on = founded
    assert on.run("status", "--log", on.log_url).stdout == "no incidents\n"
    assert "people nia.newcomer in force" in on.run("log", "show", "register", "--log", on.log_url).stdout
    assert on.run("log", "verify", "--log", on.log_url).returncode == 0


def test_what_a_newcomer_ordered_is_shown_with_the_two_people_who_let_them(founded: Service, tmp_path: Path) -> None:
    """The record of the incident carries the register's own log, and is checked without any other."""
    on = founded
    wait_until(
        lambda: on.order("declare", "inc-new", by="nia.newcomer", file=DECLARE).returncode == 0, "the power counts"
    )
    file = tmp_path / "evidence.jsonl"
    assert on.run("evidence", "inc-new", "--as", CHIEF, "--out", str(file), "--log", on.log_url).returncode == 0
    verified = on.run("verify", str(file))
    assert verified.returncode == 0, verified.stderr
    assert "facts of the register's own log give those registers" in verified.stdout
    own = tmp_path / "register.jsonl"
    assert on.run("evidence", "register", "--as", CHIEF, "--out", str(own), "--log", on.log_url).returncode == 0
    assert on.run("verify", str(own)).returncode == 0
