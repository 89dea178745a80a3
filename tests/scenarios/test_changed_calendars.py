"""A rota calendar that is changed under a running service, seen from outside, on a real process.

A good one gives power to the next person; a wrong one changes nothing, and the log of the worker says why.
"""

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from agents.adapters.clocks import SystemClock
from tests.adapters.registers.rota_folder import calendar
from tests.entrypoints.commanding import DECLARE
from tests.scenarios.kill_bench import Service, service, wait_until

NEST, IFOR = "nest.aberdulas", "ifor.brynllwyd"
ENTRY = "- {rota: director-on-call, calendar: directors.ics, who: summary}\n"


def on_call(person: str, *more: str) -> str:
    """A calendar with this person on call from yesterday until next week."""
    now = SystemClock().now().astimezone(UTC)
    begins, ends = now - timedelta(days=1), now + timedelta(days=7)
    times = [f"DTSTART:{begins:%Y%m%dT%H%M%SZ}", f"DTEND:{ends:%Y%m%dT%H%M%SZ}"]
    return calendar([f"UID:{person}", f"SUMMARY:{person}", *times, *more])


WRONG = {
    "a file that is cut off": (on_call(NEST)[:-40], "breaks the rules of iCalendar"),
    "a message that cancels": (on_call(NEST).replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:CANCEL"), "line 1: "),
    "an exception by a rule": (on_call(NEST, "EXRULE:FREQ=WEEKLY"), "(EXRULE), which is not read"),
    "a calendar of nobody": (calendar(), "takes everybody off it"),
}


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Service]:
    """A service whose directors on call are in a calendar, at every hour of the day."""
    with service(tmp_path, f"sqlite:////{tmp_path}/log.db") as running:
        folder = running.folder / "register/register"
        people, rota = folder / "people.yaml", folder / "rota.yaml"
        people.write_text(people.read_text("utf-8").replace("hours: out-of-hours, rota", "rota"), "utf-8")
        kept = [line for line in rota.read_text("utf-8").splitlines() if "rota: director-on-call" not in line]
        rota.write_text("\n".join([*kept, ""]), "utf-8")
        (folder / "rotas.yaml").write_text(ENTRY, "utf-8")
        (folder / "calendars").mkdir()
        put(running, on_call(NEST))
        running.start()
        running.wait_until_ready()
        yield running


def put(night: Service, text: str) -> None:
    file = night.folder / "register/register/calendars/directors.ics"
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8", newline="")
    fresh.replace(file)


def declares(night: Service, person: str, incident: str) -> bool:
    """Whether the desk lets this person declare an incident."""
    done = night.order("declare", incident, by=person, file=DECLARE)
    assert done.returncode == 0 or "is not on the rota director-on-call now" in done.stderr + done.stdout, done
    return done.returncode == 0


def wait_for(night: Service, said: str) -> None:
    """Give an order until the worker has looked at its files again and said this."""
    log = night.folder / "serve.log"

    def has_said() -> bool:
        night.order("declare", "look", by=NEST, file=DECLARE)
        return said in log.read_text("utf-8")

    wait_until(has_said, f"the worker says {said}")


def test_a_changed_calendar_is_taken_up_and_a_wrong_one_changes_nobodys_power(night: Service) -> None:
    assert not declares(night, IFOR, "a-1")
    assert declares(night, NEST, "a-2")
    put(night, on_call(IFOR))
    wait_for(night, "registers read again")
    assert declares(night, IFOR, "b-1")
    assert not declares(night, NEST, "b-2")
    for number, (text, sentence) in enumerate(WRONG.values()):
        put(night, text)
        wait_for(night, sentence)
        assert declares(night, IFOR, f"c-{number}")
        assert not declares(night, NEST, f"d-{number}")


def test_a_restart_refuses_what_the_running_service_refuses(night: Service) -> None:
    """Who may do what stays as it was, and the log and the status say that the files cannot be used."""
    assert not declares(night, IFOR, "a-1")
    put(night, calendar())
    wait_for(night, "takes everybody off it")
    night.stop()
    night.start()
    said = night.folder / "serve.log"
    wait_until(lambda: said.read_text("utf-8").count('"event": "serving"') == 2, "it serves again")
    told = [line for line in said.read_text("utf-8").splitlines() if "takes everybody off it" in line]
    assert '"level": "error"' in told[-1]
    assert declares(night, NEST, "b-1")
    assert not declares(night, IFOR, "b-2")
    shown = night.run("status", "--log", night.log_url).stdout
    assert "WAITS  the register: the files of the register cannot be used" in shown
    put(night, on_call(IFOR))
    wait_for(night, "registers read again")
    assert declares(night, IFOR, "c-1")
    assert not declares(night, NEST, "c-2")
