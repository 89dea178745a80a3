"""`holdingline register show`: on the terminal, as data, and as a page."""

import json
from pathlib import Path

from agents.adapters.registers import data_folder, load
from streams.words.register.changes import Changes, in_force
from tests.entrypoints.commanding import run


def test_the_decision_table_is_printed_in_words() -> None:
    code, said, complained = run("register", "show")
    assert (code, complained) == (0, "")
    assert f"register {in_force(load(data_folder()), Changes()).version()}" in said
    assert "Samira Dastwick (chief executive): every incident, every level, every channel, at any hour" in said


def test_the_decision_table_is_data_too() -> None:
    _, said, _ = run("register", "show", "--json")
    assert json.loads(said)["version"] == in_force(load(data_folder()), Changes()).version()


def test_the_page_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    page = tmp_path / "powers.html"
    code, said, _ = run("register", "show", "--output", str(page))
    assert (code, said.startswith(str(page))) == (0, True)
    assert in_force(load(data_folder()), Changes()).version() in page.read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    code, _, complained = run("register", "show", "--output", str(tmp_path / "none" / "powers.html"))
    assert (code, "cannot be written (No such file or directory): name another file" in complained) == (1, True)
