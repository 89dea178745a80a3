"""Evidence on the command line: a real service's record is exported, checked without its log, and looked at again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from streams.record.anchors import Anchor
from streams.values import Subject
from tests.entrypoints.commanding import INCIDENT, opened, run
from tests.evidence_kit import exported, night
from tests.examples import CHIEF, WRITER
from tests.grounds import EmptyLog
from tests.scenarios.kill_bench import Service


@pytest.fixture(scope="module")
def on(empty_log: EmptyLog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service on each ground in turn, with one declared incident, a release and a refusal."""
    with empty_log() as url, opened(tmp_path_factory.mktemp("evidence"), url) as running:
        assert running.order("stand-down", INCIDENT, "over", by=WRITER).returncode == 3
        yield running


@pytest.fixture
def file(on: Service, tmp_path: Path) -> Path:
    """The exported record."""
    path = tmp_path / "evidence.jsonl"
    code, said, complained = run("evidence", INCIDENT, "--as", CHIEF, "--out", str(path), "--log", on.log_url)
    assert (code, complained) == (0, "")
    assert "SHA-256" in said
    return path


def test_an_exported_record_is_checked_without_the_log(file: Path) -> None:
    code, said, complained = run("verify", str(file))
    assert (code, complained) == (0, "")
    assert "gives exactly these" in said


def test_an_altered_record_ends_with_four_and_names_the_place(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    code, _, complained = run("verify", str(file), "--json")
    assert code == 4
    assert any(one.startswith("line 4: ") for one in json.loads(complained)["found"])


def test_a_file_without_the_log_of_the_register_is_said_to_lack_it(tmp_path: Path) -> None:
    """Left out, it would have shown powers that two people never let in."""
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(exported(night().items(), exported_by="clerk\nall is well"))
    code, said, _ = run("verify", str(path))
    assert code == 0
    assert "the register's own log is not in this file" in said
    assert not any(line.startswith("all is well") for line in said.splitlines())


def test_whoever_finds_an_order_judged_otherwise_is_told_by_which_rules(tmp_path: Path) -> None:
    """An earlier release may have had others."""
    path = tmp_path / "evidence.jsonl"
    items = night().items()
    path.write_bytes(exported([*items[:-2], items[-1]]))
    code, _, complained = run("verify", str(path))
    assert (code, "holdingline 0 wrote the file: if an earlier release" in complained) == (4, True)


def test_what_is_no_evidence_file_ends_with_five(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir")
    for name in ("letter.txt", "missing.jsonl"):
        code, _, complained = run("verify", str(tmp_path / name))
        assert code == 5
        assert "Traceback" not in complained
        assert len(complained) > 20


def test_no_evidence_file_is_written_over_and_none_of_a_stranger_is_written(on: Service, file: Path) -> None:
    before = file.read_bytes()
    for incident, path in ((INCIDENT, file), ("no-such-incident", file.with_suffix(".other"))):
        code, _, complained = run("evidence", incident, "--as", CHIEF, "--out", str(path), "--log", on.log_url)
        assert code == 1
        assert len(complained) > 20
    assert file.read_bytes() == before


def test_what_the_commander_saw_at_a_moment_is_shown_from_the_log_and_from_the_file(on: Service, file: Path) -> None:
    """The status as it stood after the declaration, before the first word went out."""
    facts = on.facts(INCIDENT)
    then = facts[0]["at"]
    where = (("--log", on.log_url), ("--from", str(file)))
    for place in where:
        code, said, complained = run("at", INCIDENT, then, *place)
        assert (code, complained) == (0, "")
        assert f"after 1 of {len(facts)} facts" in said
        assert f"{INCIDENT}: declared" in said
        assert "authorised" not in said
    shown = [json.loads(run("at", INCIDENT, facts[-1]["at"], *place, "--json")[1]) for place in where]
    assert shown[0] == shown[1]
    second = f"{facts[0]['at'][:19]}+00:00"
    assert "the last facts:" in run("at", INCIDENT, second, *where[0])[1]
    (status,) = json.loads(run("status", INCIDENT, "--log", on.log_url, "--json")[1])
    assert shown[0]["incident"] == status


@pytest.mark.parametrize("time", ["2026-01-01T00:00:00+00:00", "half past ten", "2026-01-01T00:00:00"])
def test_a_moment_before_the_first_fact_or_none_at_all_is_answered_in_a_sentence(on: Service, time: str) -> None:
    code, _, complained = run("at", INCIDENT, time, "--log", on.log_url)
    assert code == 1
    assert complained.startswith(("nothing was known", f"{time} is no moment"))


def test_an_anchor_shows_what_was_cut_off_before_the_export(on: Service, file: Path, tmp_path: Path) -> None:
    """The record agrees with an anchor of its own, and not with one that knows a fact which it lacks."""
    noted = tmp_path / "anchors.jsonl"
    code, said, complained = run("anchor", "--to", f"file:{noted}", "--log", on.log_url)
    assert (code, complained) == (0, "")
    assert "noted in" in said
    for checked in (("verify", str(file)), ("log", "verify", "--log", on.log_url)):
        assert run(*checked, "--anchors", str(noted))[0] == 0
    known = f"the anchors know {len(on.facts(INCIDENT))} of these facts"
    assert known in run("verify", str(file), "--anchors", str(noted))[1]
    anchor = Anchor.model_validate_json(noted.read_bytes())
    chain = Subject.incident(INCIDENT).key
    head = anchor.heads[chain]
    later = anchor.model_copy(update={"heads": {chain: head.model_copy(update={"sequence": head.sequence + 1})}})
    noted.write_text(later.sealed().model_dump_json())
    for checked, ends in ((("verify", str(file)), 4), (("log", "verify", "--log", on.log_url), 1)):
        code, _, complained = run(*checked, "--anchors", str(noted))
        assert code == ends
        assert f"fact {head.sequence + 1} of incident {INCIDENT}: it is not here any more" in complained


def test_anchors_of_another_mode_are_no_evidence_and_that_none_was_compared_is_said(
    on: Service, file: Path, tmp_path: Path
) -> None:
    """A live incident and a drill may have one name, and one file may take the anchors of both."""
    noted = tmp_path / "anchors.jsonl"
    run("anchor", "--to", f"file:{noted}", "--log", on.log_url)
    anchor = Anchor.model_validate_json(noted.read_bytes())
    strange = {name: head.model_copy(update={"hash": "0" * 64}) for name, head in anchor.heads.items()}
    noted.write_text(anchor.model_copy(update={"mode": "exercise-1", "heads": strange}).sealed().model_dump_json())
    code, said, complained = run("verify", str(file), "--anchors", str(noted))
    assert (code, complained) == (0, "")
    assert "the anchors know 0 of these facts" in said
    code, said, complained = run("log", "verify", "--anchors", str(noted), "--log", on.log_url)
    assert (code, complained) == (0, "")
    assert "0 anchors of mode live were compared" in said


def test_an_anchor_that_was_not_noted_down_is_told(on: Service, tmp_path: Path) -> None:
    code, _, complained = run("anchor", "--to", f"file:{tmp_path}/no/such/folder", "--log", on.log_url)
    assert code == 1
    assert complained.startswith("no anchor was noted down: ")
    (tmp_path / "anchors").write_text("no anchor\n")
    code, _, complained = run("log", "verify", "--anchors", str(tmp_path / "anchors"), "--log", on.log_url)
    assert code == 1
    assert "line 1 of" in complained
