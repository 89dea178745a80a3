"""The operator's commands about the ground, where no cluster is needed."""

import json
from pathlib import Path

import pytest

from infra.grounds import PROMISES
from tests.entrypoints.commanding import run


def test_the_embedded_log_needs_no_topics_made() -> None:
    assert "makes the topics of the embedded log itself" in run("topics", "apply")[1]
    assert json.loads(run("topics", "apply", "--json")[1])["changed"] == []


def test_rights_are_shown_as_a_table_as_arguments_and_as_json() -> None:
    table = run("topics", "rights", "--mode", "training")[1]
    assert "User:holdingline-training-door" in table
    assert "training.commands" in table
    arguments = run("topics", "rights", "--arguments", "--user", "door=User:desk")[1].splitlines()
    assert any("--allow-principal User:desk --operation Write --topic live.commands " in line for line in arguments)
    rows = json.loads(run("topics", "rights", "--json")[1])
    assert {row["role"] for row in rows} == {"control", "mentions", "feeds", "door", "feed", "auditor"}


def test_rights_are_granted_on_a_cluster_only_and_to_roles_that_there_are() -> None:
    assert run("topics", "rights", "--apply") == (1, "", run("topics", "rights", "--apply")[2])
    assert "has no cluster" in run("topics", "rights", "--apply")[2]
    assert "there is no role cook" in run("topics", "rights", "--user", "cook=User:x")[2]


def test_the_doctor_compares_the_grounds() -> None:
    both = json.loads(run("doctor", "--promises", "--json")[1])
    assert {ground: [one["name"] for one in promised] for ground, promised in both.items()} == {
        "sqlite": list(PROMISES),
        "kafka": list(PROMISES),
    }
    assert "what kafka promises:" in run("doctor", "--promises")[1]


def test_the_doctor_says_what_to_do_and_ends_with_one(tmp_path: Path) -> None:
    code, said, complained = run("doctor", "--log", f"sqlite:////{tmp_path}/none.db")
    assert (code, said) == (1, "")
    assert "PROBLEM  log" in complained
    assert "ok       registers" in complained


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("kafka://desk:word@one:9092", "An address holds no user and no password"),
        ("kafka://one:9092?user=desk&password_env=WORD", "is to hold the password of desk"),
        ("kafka://one:9092?colour=red", "says nothing about a Kafka log"),
        ("paper://one", "names no ground"),
    ],
)
@pytest.mark.parametrize("command", [("doctor",), ("topics", "apply")])
def test_an_address_that_cannot_be_used_is_refused_with_a_sentence(
    url: str, sentence: str, command: tuple[str, ...]
) -> None:
    code, _, complained = run(*command, "--log", url)
    assert code == 1
    assert sentence in complained


@pytest.mark.parametrize("url", ["sqlite:///", "kafka://desk:word@one:9092", "paper://one", "var/trust.db", ""])
def test_the_other_commands_say_it_too(url: str) -> None:
    """A file without its scheme is not taken for a broker's name."""
    code, _, complained = run("status", "--log", url)
    assert (code, "Traceback" in complained, len(complained) > 20) == (1, False, True)


@pytest.mark.parametrize("mode", ["Live", "traning", "exercise-"])
@pytest.mark.parametrize("command", [("status",), ("stand-down", "inc-1", "over", "--as", "samira.dastwick")])
def test_a_mode_that_there_is_not_is_refused_before_anything_is_read_or_ordered(
    mode: str, command: tuple[str, ...]
) -> None:
    """A slip of the finger is no mode without incidents."""
    code, _, complained = run(*command, "--mode", mode)
    assert code == 1
    assert f"{mode!r} is no mode: write live, training or exercise-<id>" in complained
