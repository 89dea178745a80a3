"""What is given at the command line and cannot be used is answered in a sentence that says what to give instead."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from agents.entrypoints.cli.options import JSON_CHARACTERS_MAX, Misused, make_room, pairs, read_json
from streams.decisions.desk.order_table import answer
from streams.words.release import DraftLine
from tests import builders
from tests.architecture.tree import ROOT
from tests.entrypoints.commanding import run
from tests.examples import CHIEF, WRITER, example_register

WORDS: TypeAdapter[list[str]] = TypeAdapter(list[str])


def test_a_json_file_may_begin_with_the_mark_that_some_editors_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.json"
    path.write_text('\ufeff["Nia"]', encoding="utf-8")
    assert read_json(path, WORDS) == ["Nia"]
    monkeypatch.setattr("sys.stdin", io.StringIO('\ufeff["Nia"]'))
    assert read_json(Path("-"), WORDS) == ["Nia"]


def test_what_is_piped_in_and_is_no_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as the machine's locale has it, or letter by letter."""
    for encoding, errors in (("utf-8", "strict"), ("ascii", "surrogateescape")):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff"), encoding, errors))
        with pytest.raises(Misused, match="give a file of UTF-8 JSON"):
            read_json(Path("-"), WORDS)


def test_no_file_is_read_further_than_an_order_may_be_long() -> None:
    with pytest.raises(Misused, match=f"more than {JSON_CHARACTERS_MAX} characters: give a shorter one"):
        read_json(Path("/dev/zero"), WORDS)


def test_a_slot_that_is_given_twice_is_not_filled_with_either() -> None:
    """A person who corrects a place at the end of the line may not have meant the other."""
    assert pairs(["place=A", "time=22:31"]) == {"place": "A", "time": "22:31"}
    with pytest.raises(Misused, match="place is given twice"):
        pairs(["place=A", "place=B"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("freeze", "inc", " ", "--as", CHIEF), "no reason is given: say why"),
        (("freeze", "inc 1", "stop", "--as", CHIEF), "INCIDENT: take letters, digits and"),
        (("freeze", "inc", "stop", "--as", "Samira Dastwick"), "--as: take letters, digits and"),
        (("register", "propose", "--reason", "", "--as", CHIEF), "no reason is given: say why"),
        (
            ("can", CHIEF, "declare", "--channel", "semaphore"),
            "there is no channel semaphore in force: choose one of site",
        ),
        (("exercise", "run", "silent-night", "--output", "/dev/null/x"), "/dev/null/x cannot be made"),
        (("exercise", "run", "silent-night", "--mentions", "/dev/null/x"), "/dev/null/x is no folder"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_ordered(arguments: tuple[str, ...], says: str) -> None:
    code, said, complained = run(*arguments, "--log", "sqlite:////nowhere/none.db")
    assert (code, said) == (1, "")
    assert says in complained


def test_the_line_that_the_guide_shows_can_be_handed_in() -> None:
    """By then its times are over, but nothing else of it may be wrong."""
    (shown,) = re.findall(r"```json\n(.*?)```", (ROOT / "docs/asking.md").read_text(encoding="utf-8"), re.DOTALL)
    line = DraftLine.model_validate_json(shown)
    assert line.next_update_at
    at = line.next_update_at - timedelta(hours=1)
    facts = answer(builders.order(line, builders.declared(), WRITER, register=example_register(), now=at))
    assert builders.kinds(facts)[0] == "line_drafted", facts


def test_a_register_of_ones_own_need_not_bring_scenarios(tmp_path: Path) -> None:
    """Those that come along are there for it."""
    assert run("exercise", "list", "--register", str(tmp_path))[1] == run("exercise", "list")[1] != ""


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        (("status", "Block C"), "INCIDENT"),
        (("status", "case/a paper"), "INCIDENT"),
        (("log", "show", "Block C"), "INCIDENT"),
        (("inbox", "--as", "the chief"), "--as"),
        (("release", "Block C", "fire", "--as", CHIEF), "INCIDENT"),
        (("release", "block-c", "a fire", "--as", CHIEF), "TEMPLATE"),
        (("release", "block-c", "fire", "--follows", "the first", "--as", CHIEF), "--follows"),
        (("sign-off", "block-c", "the line", "ab", "--as", CHIEF), "MESSAGE"),
        (("close-case", "a paper", "settled", "--as", CHIEF), "CASE"),
        (("hand-on-case", "paper-1", "the chief", "hers", "--as", CHIEF), "TO"),
        (("register", "withdraw", "the change", "a mistake", "--as", CHIEF), "CHANGE"),
    ],
    ids=lambda given: given if isinstance(given, str) else given[0],
)
def test_an_identifier_that_is_none_is_told_with_the_argument_that_it_was_given_for(
    arguments: tuple[str, ...], argument: str
) -> None:
    """By the name that the help has for it, before anything is read or ordered."""
    code, _, complained = run(*arguments, "--log", "sqlite:///nowhere.db")
    assert (code, complained.partition(":")[0]) == (1, argument)
    assert "take letters, digits and" in complained


def test_a_log_in_the_folder_var_needs_no_folder_made_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of another name may be a misspelt one, so it is not made."""
    monkeypatch.chdir(tmp_path)
    make_room("sqlite:///data/drill.db")
    assert not [*tmp_path.iterdir()]
    for _ in range(2):
        make_room("sqlite:///var/drill.db")
        assert [one.name for one in tmp_path.iterdir()] == ["var"]
