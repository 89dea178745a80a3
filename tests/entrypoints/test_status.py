"""`holdingline status` of several incidents at once fits a screen, and says what was left out."""

from zoneinfo import ZoneInfo

import pytest

from agents.entrypoints.cli.main import main
from agents.entrypoints.cli.record import status
from agents.entrypoints.cli.record.status import answer_of, screen_lines
from agents.runtime.views.tables import Overview
from streams.decisions.cases.retention import KeptRecords
from streams.subjects.incident import Incident
from streams.words.delivery import DeliveryRefused
from streams.words.holds import HeldField, PlaceHold
from tests import builders
from tests.builders import NOW

SCREEN, LONDON = 40, ZoneInfo("Europe/London")


def busy(number: int) -> Incident:
    """An incident with a message on its way and more holds than are shown."""
    incident = builders.released()
    for one in range(6):
        incident = builders.carried_out(incident, PlaceHold(field=HeldField.CAUSE, about=f"thing {one}"))
    return incident.model_copy(update={"id": f"inc-{number}"})


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12])
def test_status_fits_a_screen_however_many_incidents_go_on(count: int) -> None:
    """Each of the first five says what is out; what is not shown is counted, with the way to see it."""
    seen = Overview([busy(number) for number in range(count)], cases=[], ended=[])
    lines = [*screen_lines(seen, NOW, zone=LONDON, named_one=False, register=None)]
    rows = [row for line in lines for row in line.splitlines()]
    assert len(rows) <= SCREEN
    for number in range(min(count, 5)):
        own = next(at for at, row in enumerate(rows) if row.startswith(f"inc-{number}: "))
        assert any(row.startswith("  OUT ") for row in rows[own : own + 5])
    assert any("more incidents that go on" in row for row in rows) is (count > 5)
    assert all(row.endswith("`holdingline status --all`") for row in rows if row.startswith("and "))


def test_status_shows_words_that_every_channel_refused_and_who_of_the_register_could_mend_it() -> None:
    """For a program too; they are not told any more once other words came through there."""
    incident, register = builders.released(), builders.register()
    refused = [DeliveryRefused(delivery_id=name, reason="its certificate has lapsed") for name in incident.deliveries]
    nowhere = builders.after(incident, refused)
    seen = Overview([nowhere], cases=[], ended=[])
    shown = "\n".join(screen_lines(seen, NOW, zone=LONDON, named_one=False, register=register))
    for channel in {one.channel for one in incident.deliveries.values()}:
        assert f"on {channel}, which refused it: its certificate has lapsed" in shown
        assert f"Who could mend it: {', '.join(register.keepers_of(channel))}" in shown
    told = answer_of(nowhere, NOW)["not_out"]
    assert {one["reason"] for one in told} == {"its certificate has lapsed"}
    assert len(told) == len(refused)
    assert "not_out" not in answer_of(incident, NOW)


def test_what_only_a_program_reads_is_made_only_for_a_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has every message and report of an incident; a screen has the newest, so only these are read for it."""
    asked, made = list[int | None](), list[Overview]()

    async def look(*_: object, reports_max: int | None, **__: object) -> tuple[Overview, list[str], None, KeptRecords]:
        asked.append(reports_max)
        return Overview([busy(1)], cases=[], ended=[]), [], None, KeptRecords()

    def answer(seen: Overview, _: object) -> list[str]:
        made.append(seen)
        return ["the answer"]

    monkeypatch.setattr(status, "_look", look)
    monkeypatch.setattr(status, "_answer", answer)
    for typed, shown in ((["status"], "inc-1: "), (["status", "--json"], "the answer")):
        with pytest.raises(SystemExit):
            main(typed)
        assert shown in capsys.readouterr().out
    assert len(made) == 1
    assert asked == [status.REPORTS_READ, None]
