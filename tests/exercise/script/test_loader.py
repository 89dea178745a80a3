from pathlib import Path
from typing import Any

import pytest

from agents.adapters.registers import data_folder
from agents.exercise.script.loader import UnusableScenario, load
from streams.words.release import Release
from tests.exercise.scripts import COMMANDER, DECLARE, script, written

EXPECT = {"says": "It ends well", "status": "stood-down"}
ANSWERED = {"at": "+00:05", "by": COMMANDER, "answer_case": {"done": "It was rung"}}
MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"injects": [ANSWERED]}, "an order about a case says which with `case`"),
    ({"injects": [{"at": "+00:05", "by": COMMANDER, "declare": DECLARE, "case": "threat 1"}]}, "no other inject has"),
    ({"injects": [{**ANSWERED, "case": "moan 1"}]}, "write the sort of the case and which it is"),
    ({"injects": [{**ANSWERED, "case": "threat 0"}]}, "write the sort of the case and which it is"),
    ({"titel": "x"}, "there is no field titel here"),
    ({"start": "2026-11-18T22:31:00"}, "start needs its time zone"),
    ({"lasts": "ten minutes"}, 'write minutes and seconds from the start in quotes, as in "+03:10"'),
    ({"injects": []}, "injects"),
    ({"injects": [{"at": "+00:05"}]}, "an inject does exactly one thing"),
    ({"injects": [{"at": "+00:05", "declare": DECLARE}]}, "nobody gives this order"),
    ({"injects": [{"at": "+02:00", "by": COMMANDER, "declare": DECLARE}]}, "this lies after the end"),
    ({"injects": [*script()["injects"], script()["injects"][0]]}, "the name declaration is taken"),
    ({"expectations": [{"says": "Nothing"}]}, "an expectation expects exactly one thing"),
    ({"expectations": [{**EXPECT, "of": "holdnig"}]}, "no inject is named holdnig"),
    ({"expectations": [{"says": "No", "refused": {"inject": "nobody", "because": "so"}}]}, "no inject is named nobody"),
]


@pytest.mark.parametrize(("changes", "sentence"), MISTAKES)
def test_a_mistake_in_a_scenario_is_told_with_its_place(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    """Every fault is a sentence after its file and line."""
    with pytest.raises(UnusableScenario) as refused:
        load(written(tmp_path, **changes))
    assert sentence in str(refused.value)
    assert all(fault.startswith("short.yaml:") for fault in refused.value.faults)


def test_the_line_is_the_one_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("title: x\nstart: 2026-11-18T22:31:00Z\nlasts: '01:00'\nincident: a\ninjects:\n- at: soon\n")
    with pytest.raises(UnusableScenario) as refused:
        load(path)
    assert any(fault.startswith("wrong.yaml:6: at is “soon”") for fault in refused.value.faults)


@pytest.mark.parametrize("name", ["major-incident", "train-crash", "troubled-channels", "desk"])
def test_the_scenarios_that_come_along_can_be_played(name: str) -> None:
    assert load(data_folder() / "exercises" / f"{name}.yaml").title


def test_times_of_orders_may_count_from_the_start(tmp_path: Path) -> None:
    """`+59:00` after 22:31 is 23:30."""
    release = load(written(tmp_path)).injects[1].order
    assert isinstance(release, Release)
    assert release.next_update_at is not None
    assert f"{release.next_update_at:%H:%M}" == "23:30"


def test_a_hashtag_without_quotes_is_told_at_its_line_and_alone(tmp_path: Path) -> None:
    """The parser would name the line behind it, and say nothing of the sign."""
    path = tmp_path / "tags.yaml"
    path.write_text(
        "title: Tags\nstart: 2026-11-18T22:31:00Z\nlasts: '02:00'\nincident: a\ninjects:\n  - at: '+00:05'\n"
        "    name: one\n    declare:\n      hashtags: [ #Here, #There ]\n      level: 3\n",
        encoding="utf-8",
    )
    with pytest.raises(UnusableScenario) as raised:
        load(path)
    assert raised.value.faults == ("tags.yaml:9: `#` begins a comment: put #Here in quotes",)
