import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from agents.adapters.registers import data_folder
from agents.exercise import Options, UnusableScenario, run
from agents.exercise.play.screen import json_lines
from agents.exercise.played import Moment
from agents.runtime.worker.worker import Worker
from streams.decisions.wording.renderer import is_marked
from tests.exercise.scripts import COMMANDER, HOLDING, facts_in_short, script, written

FAST = Options(speed=1_000)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place of its own for temporary logs, to look into afterwards."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def left_in(place: Path) -> list[str]:
    return [path.name for path in place.rglob("*")]


async def test_a_drill_ends_with_a_score_and_leaves_no_log(tmp_path: Path, temporary: Path) -> None:
    played = await run(written(tmp_path), FAST)
    assert played.passed
    assert played.exit_code == 0
    assert left_in(temporary) == []


async def test_an_expectation_that_does_not_come_fails_the_drill(tmp_path: Path) -> None:
    """Too late counts as not at all, and the outcome says so."""
    release = {"at": "+00:40", "name": "holding", "by": COMMANDER, "release": HOLDING}
    late = {"says": "Sooner", "public": {"purpose": "holding"}, "within": "00:20"}
    over = {"says": "Over", "status": "stood-down"}
    changes = {"injects": [script()["injects"][0], release], "expectations": [late, over]}
    played = await run(written(tmp_path, **changes), FAST)
    found = {one.says: one.found for one in played.outcomes if not one.held}
    assert found == {"Sooner": "confirmed on site, email, which is too late", "Over": "the incident is declared"}
    assert played.exit_code == 1


async def test_a_drill_on_a_live_channel_does_not_begin(tmp_path: Path) -> None:
    """The refusal is a fact of its log, with a sentence, and nothing is played after it."""
    played = await run(written(tmp_path, register_changes={"as_registered": ["site"]}), FAST)
    assert not played.begun
    assert played.exit_code == 1
    assert played.refusal is not None
    assert "channel site publishes in mode live" in played.refusal.reasons[0]
    assert [fact.body for fact in played.facts] == [played.refusal]
    assert played.publications == ()


async def test_a_live_credential_stops_a_drill_too(tmp_path: Path) -> None:
    """A memory channel that holds the secret of the live one is no channel for a drill."""
    folder = registered_with(tmp_path, credential={"secret": "SITE_TOKEN", "mode": "live"}, kind="memory")
    path = written(tmp_path, register_changes={"as_registered": ["site"]})
    played = await run(path, Options(speed=1_000, register=folder))
    assert played.refusal is not None
    assert "channel site holds a credential of mode live" in played.refusal.reasons[0]


def registered_with(tmp_path: Path, **changes: Any) -> Path:
    """A copy of the example data whose channel `site` was changed."""
    for name in ("register", "messages"):
        (tmp_path / "data" / name).mkdir(parents=True)
        for source in (data_folder() / name).glob("*.yaml"):
            (tmp_path / "data" / name / source.name).write_bytes(source.read_bytes())
    path = tmp_path / "data" / "register" / "channels.yaml"
    channels = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([{**channels[0], **changes}, *channels[1:]]), encoding="utf-8")
    return tmp_path / "data"


async def test_the_same_drill_twice_gives_the_same_record(tmp_path: Path) -> None:
    """Facts, their order within each message and the messages' identifiers repeat; times differ by what machines took.

    Two channels that are sent to at once may be confirmed in either order, so facts are compared as a bag.
    """
    path = written(tmp_path)
    one, two = await run(path, FAST), await run(path, FAST)
    assert one.mode == two.mode
    assert facts_in_short(one) == facts_in_short(two)
    assert {said.message_id for said in one.publications} == {said.message_id for said in two.publications}


async def test_every_text_carries_the_exercise_mark(tmp_path: Path) -> None:
    played = await run(written(tmp_path), FAST)
    texts = [text for one in played.publications for text in one.texts.values()]
    assert len(texts) == 4
    assert all(map(is_marked, texts))


async def test_a_kept_log_takes_each_drill_once(tmp_path: Path) -> None:
    path, kept = written(tmp_path), Options(speed=1_000, log_url=f"sqlite:///{tmp_path}/kept.db")
    assert (await run(path, kept)).passed
    with pytest.raises(UnusableScenario, match="played on this log before"):
        await run(path, kept)


async def test_the_log_is_deleted_also_where_the_drill_breaks_off(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(worker: Worker, messages: object) -> None:
        del worker, messages
        assert "log.db" in left_in(temporary)
        raise OSError("played")

    monkeypatch.setattr(Worker, "put", breaks)
    with pytest.raises(OSError, match="played"):
        await run(written(tmp_path), FAST)
    assert left_in(temporary) == []


async def test_a_drill_is_shown_while_it_runs(tmp_path: Path) -> None:
    """What was asked, who signed, what went out: one JSON object for each moment."""
    lines: list[str] = []
    await run(written(tmp_path), Options(speed=1_000, show=json_lines(lines.append)))
    kinds = [Moment.model_validate_json(line).kind for line in lines]
    assert {"told", "asked", "declared", "signed", "out", "judged"} <= set(kinds)
    assert kinds.index("signed") < kinds.index("out")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (Options(speed=0), "speed 0 cannot be played"),
        (Options(log_url="sqlite:///x.db", mentions=Path("posts")), "go to a temporary log only"),
    ],
)
async def test_what_cannot_be_played_is_a_sentence(tmp_path: Path, options: Options, sentence: str) -> None:
    with pytest.raises(UnusableScenario, match=sentence):
        await run(written(tmp_path), options)


async def test_a_change_of_what_the_register_has_not_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnusableScenario, match="the register has no nobody"):
        await run(written(tmp_path, register_changes={"away": ["nobody"]}), FAST)
