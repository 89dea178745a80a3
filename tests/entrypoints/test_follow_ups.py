"""What follows words that are out takes one short command: the rest is filled in as it was."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from agents.adapters.clocks import SystemClock
from agents.entrypoints.cli.options import REFUSED_EXIT
from streams.moments import ahead
from streams.values import Purpose
from tests import builders
from tests.entrypoints.commanding import DECLARE, INCIDENT, declared, run, soon
from tests.examples import APPROVER, CHIEF, WRITER
from tests.scenarios.kill_bench import Service

TEXTS = {"en": "Fire at Ysbyty Ardudwy at 22:30. More by", "cy": "Tân yn Ysbyty Ardudwy am 22:30. Mwy erbyn"}
LINE = {
    "what": {"en": "fire", "cy": "tân"},
    "where": "Ysbyty Ardudwy",
    "when": "22:30",
}


@pytest.fixture
def incident(on: Service, request: pytest.FixtureRequest) -> str:
    """A declared incident of the test's own, whose first message is out."""
    name = declared(on, request.node.name)
    released(on, name, "Ysbyty Ardudwy", "22:30")
    return name


def released(on: Service, incident: str, place: str, time: str) -> Mapping[str, Any]:
    """The message of a release."""
    slots = ("--slot", f"place={place}", "--slot", f"time={time}")
    return let_out(on, "release", incident, "fire", *slots, "--next-update", soon())


def let_out(on: Service, *arguments: str) -> Mapping[str, Any]:
    """The message that an order lets out."""
    done = on.order(*arguments, "--json", by=CHIEF)
    assert done.returncode == 0, done.stderr
    message: Mapping[str, Any] = json.loads(done.stdout)[0]["body"]["message"]
    return message


def first(on: Service, incident: str) -> Mapping[str, Any]:
    message: Mapping[str, Any] = on.facts(incident)[1]["body"]["message"]
    return message


def test_a_correction_needs_only_the_slot_that_was_wrong(on: Service, incident: str) -> None:
    message = let_out(on, "correct", incident, "--slot", "time=22:35")
    assert (message["purpose"], message["follows"]) == (Purpose.CORRECTION, first(on, incident)["id"])
    assert message["slots"] == {"place": "Ysbyty Ardudwy", "time": "22:35"}
    assert message["channels"] == first(on, incident)["channels"]


def test_a_withdrawal_needs_the_incident_alone(on: Service, incident: str) -> None:
    """It is of the correction, whose words are the ones that are out now; then nothing of ours stands."""
    corrected = let_out(on, "correct", incident, "--slot", "time=22:35")["id"]
    done = on.order("withdraw", incident, by=CHIEF)
    assert done.returncode == 0, done.stderr
    assert "We have withdrawn our message about the fire (Ysbyty Ardudwy)" in done.stderr
    told = on.facts(incident)
    withdrawal = [fact["body"]["message"] for fact in told if fact["body"]["kind"] == "message_authorised"][-1]
    assert (withdrawal["purpose"], withdrawal["follows"]) == (Purpose.WITHDRAWAL, corrected)
    for verb in ("withdraw", "correct"):
        done = on.order(verb, incident, by=CHIEF)
        assert done.returncode == 1
        assert f"no words of ours stand in incident {incident}: see `holdingline status {incident}`" in done.stderr


def test_an_incident_that_there_is_not_has_nothing_to_follow(on: Service) -> None:
    unknown = on.order("withdraw", "inc-none", by=CHIEF)
    assert "there is no incident inc-none in the log" in unknown.stderr


def test_of_several_messages_the_one_that_is_meant_is_named(on: Service, incident: str) -> None:
    both = [first(on, incident), released(on, incident, "main entrance, Ysbyty Ardudwy", "22:50")]
    unclear = on.order("withdraw", incident, by=CHIEF)
    assert unclear.returncode == REFUSED_EXIT
    assert all(one["id"] in unclear.stderr for one in both)
    message = let_out(on, "withdraw", incident, both[0]["id"])
    assert (message["follows"], message["slots"]) == (both[0]["id"], {"place": "Ysbyty Ardudwy", "time": "22:30"})
    wrong = on.order("withdraw", incident, "msg-none", by=CHIEF)
    assert f"no message msg-none of ours went out in incident {incident}" in wrong.stderr


def test_who_may_not_is_told_who_could(on: Service, incident: str) -> None:
    done = on.order("all-clear", incident, by=APPROVER)
    assert done.returncode == REFUSED_EXIT
    assert "Who could: " in done.stdout + done.stderr


def test_the_all_clear_needs_the_incident_alone(on: Service, incident: str) -> None:
    """It is about what stands, not about what was withdrawn last."""
    released(on, incident, "main entrance, Ysbyty Ardudwy", "22:50")
    let_out(on, "withdraw", incident, first(on, incident)["id"])
    message = let_out(on, "all-clear", incident)
    assert message["purpose"] == Purpose.ALL_CLEAR
    assert message["slots"] == {"place": "main entrance, Ysbyty Ardudwy", "time": "22:50"}
    assert message["channels"] == first(on, incident)["channels"]


def test_words_of_their_own_are_withdrawn_by_the_template_that_fits_and_corrected_in_words_of_their_own(
    on: Service,
) -> None:
    name = "inc-line"
    assert on.order("declare", name, by=CHIEF, file=DECLARE).returncode == 0
    now = SystemClock().now()
    by = now + timedelta(minutes=40)
    texts = {
        language: f"{words} {ahead(by, now=now, zone=builders.register().hours.zone, language=language)}."
        for language, words in TEXTS.items()
    }
    line = LINE | {"texts": texts, "channels": ["site"], "next_update_at": by.isoformat()}
    drafted = on.order("draft", name, "--file", "-", "--json", by=WRITER, file=line)
    assert drafted.returncode == 0, drafted.stderr
    draft = json.loads(drafted.stdout)[0]["body"]["message"]
    signed = on.order("sign-off", name, draft["id"], draft["content_hash"], by=CHIEF)
    assert signed.returncode == 0, signed.stderr
    asked = on.order("correct", name, by=CHIEF)
    assert f"write it with `holdingline draft {name} --follows {draft['id']}`" in asked.stderr
    message = let_out(on, "withdraw", name, "--slot", "place=Ysbyty Ardudwy")
    assert (message["follows"], message["channels"]) == (draft["id"], ["site"])


def test_a_name_that_is_nearly_a_commands_is_answered_with_that() -> None:
    code, _, complained = run("withdrow", INCIDENT)
    assert code == 2
    assert "there is no command withdrow: did you mean withdraw" in complained
