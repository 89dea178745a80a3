"""The report by prompts: after a mistyped answer only that one is asked again; the others are kept."""

import io

import pytest

from agents.entrypoints.cli import methane_prompts
from streams.words.incident import Declare, Report

LETTERS = ["Block D", "flood", "", "", "", ""]


def typed(patch: pytest.MonkeyPatch, *lines: str) -> Declare | Report:
    """What comes of these lines; a question too many would find the end of them."""
    patch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return methane_prompts.declaration()


def test_an_answer_that_cannot_be_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the last question as at the first: a person at night must not have to type the report twice."""
    found = typed(
        monkeypatch,
        *("y", "B" * 201, *LETTERS, ""),
        *("huge", "major", "7", "x", "2", "Block D", "#BlockD, #flood", "the flood"),
    )
    assert isinstance(found, Declare)
    assert (found.level, found.hashtags, found.words) == (2, ("#BlockD", "#flood"), ("the flood",))
    assert (found.name, found.methane.access) == ("Flood, Block D", None)


def test_what_is_left_out_takes_what_is_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    found = typed(monkeypatch, "y", *LETTERS, "", "", "", "", "")
    assert isinstance(found, Declare)
    assert (found.type, found.level, found.hashtags, found.methane.hazards) == ("major", 3, (), ())


def test_a_report_that_declares_nothing_asks_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(typed(monkeypatch, "n", *LETTERS), Report)
