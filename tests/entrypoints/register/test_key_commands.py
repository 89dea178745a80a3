"""Keys on the command line, and signed orders against a real service: one that counts, and every one that does not."""

import asyncio
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import key_as_yaml, load
from agents.entrypoints.cli.signatures import PASSPHRASE, unlock
from streams.values import Subject
from streams.words.incident import Methane, Report, StandDown
from streams.words.orders import Command, command, signed
from streams.words.register.keys import Key
from streams.words.register.sheets import CODES, Sheet, code_hash
from tests.adapters.breaking import copied
from tests.entrypoints.commanding import run
from tests.examples import APPROVER, CHIEF, WRITER
from tests.examples import DIRECTOR as REVOKED
from tests.scenarios.chaos_worker import COMMAND
from tests.scenarios.kill_bench import Done, Service, service, wait_until

EXPIRED, FUTURE = "ifor.brynllwyd", "mared.cwmhelyg"
INCIDENT = "inc-keys"
ENROLLER = "dilys.maenhir"
WORDS = "lantern orchid gravel spoon"
METHANE = {"major_incident": True, "exact_location": "Block C", "type_of_incident": "fire"}
DECLARE = {"name": "Block C fire", "type": "major", "level": 3, "methane": METHANE}


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, WORDS)


@dataclass
class Trust:
    """A running service, and the key file of everybody who has one."""

    service: Service
    keys: dict[str, Path] = field(default_factory=dict)

    def enrol(self, person: str, **changes: datetime) -> None:
        """Make a key, enrol it, and put what that prints, with these changes, into the register."""
        path, register = self.service.folder / f"{person}.pem", self.service.folder / "register"
        public_key = answer("key", "new", person, "--out", str(path))["public_key"]
        printed = answer("key", "enrol", person, public_key, "--as", ENROLLER, "--register", str(register))
        entry = Key.model_validate(printed).model_copy(update=changes)
        revoked = f"\n      revoked_at: {entry.revoked_at:%Y-%m-%dT%H:%M:%SZ}" if entry.revoked_at else ""
        self.put(f"- id: {person}\n", f"- id: {person}\n{key_as_yaml(entry, person)}{revoked}\n")
        self.keys[person] = path

    def put(self, old: str, new: str, file: str = "people.yaml") -> None:
        """Edit the register."""
        path = self.service.folder / "register" / "register" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    def order(self, *arguments: str, by: str, key: str | None = None, file: Any = None) -> Done:
        """An order in a person's name, signed with the key of that or another person."""
        signing = ("--key", str(self.keys[key])) if key else ()
        return self.service.order(*arguments, *signing, by=by, file=file)


def answer(*arguments: str) -> Any:
    """The JSON of a command that must succeed."""
    code, said, complained = run(*arguments, "--json")
    assert code == 0, complained
    return json.loads(said)


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trust]:
    """Two people with keys in force, one each whose key is revoked, expired, not enrolled yet; others have none."""
    now, day = SystemClock().now(), timedelta(days=1)
    with pytest.MonkeyPatch.context() as environment, service(tmp_path_factory.mktemp("keys")) as running:
        environment.setenv(PASSPHRASE, WORDS)
        made = Trust(running)
        made.enrol(CHIEF)
        made.enrol(WRITER)
        made.enrol(REVOKED, enrolled_at=now - 9 * day, revoked_at=now - day)
        made.enrol(EXPIRED, enrolled_at=now - 9 * day, expires_at=now - day)
        made.enrol(FUTURE, enrolled_at=now + day)
        running.start()
        running.wait_until_ready()
        declared = made.order("declare", INCIDENT, by=CHIEF, key=CHIEF, file=DECLARE)
        assert declared.returncode == 0, declared.stderr
        yield made


def test_a_signed_release_is_public_and_its_yes_names_the_key(trust: Trust) -> None:
    until = (SystemClock().now() + timedelta(minutes=40)).isoformat()
    slots = ("--slot", "place=Ysbyty Ardudwy", "--slot", "time=22:31", "--next-update", until)
    done = trust.order("release", INCIDENT, "fire", *slots, "--json", by=CHIEF, key=CHIEF)
    assert done.returncode == 0, done.stderr
    authorised, *_ = json.loads(done.stdout)
    assert authorised["body"]["authorisation"]["key"] == answer("key", "show", str(trust.keys[CHIEF]))["key"]
    trust.service.wait_until_settled()
    assert trust.service.published_on_site()


@pytest.mark.parametrize(
    ("by", "key", "says"),
    [
        (CHIEF, None, "has a key, and this order is not signed"),
        (CHIEF, WRITER, "belongs to Lowri Penfynach (communications manager), not to samira.dastwick"),
        (REVOKED, REVOKED, "was revoked on"),
        (REVOKED, None, "no key of Nest Aberdulas is in force: ask Beca Tirglas"),
        (EXPIRED, EXPIRED, "expired on"),
        (FUTURE, FUTURE, "only: wait, or ask"),
    ],
)
def test_what_is_not_proved_is_refused_with_its_sentence(trust: Trust, by: str, key: str | None, says: str) -> None:
    refused = trust.order("stand-down", INCIDENT, "over", by=by, key=key)
    assert refused.returncode == 3
    assert says in refused.stderr


def test_no_person_gives_an_order_as_a_part_of_the_service(trust: Trust) -> None:
    refused = trust.order("stand-down", INCIDENT, "over", by="publishing-agent", key=CHIEF)
    assert refused.returncode != 0
    assert "publishing-agent is a part of the service" in refused.stderr


def test_who_has_no_key_orders_unsigned_while_the_trust_allows_it(trust: Trust) -> None:
    done = trust.order("report", INCIDENT, by=APPROVER, file=METHANE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "change", [{"id": "cmd-another"}, {"subject": Subject.incident("inc-else")}, {"by": WRITER}, {"at": None}]
)
def test_a_signed_order_that_was_changed_on_the_way_is_refused(trust: Trust, change: dict[str, Any]) -> None:
    """A program that may write on the topic of orders can send it again, changed or under another name."""
    now = SystemClock().now()
    given = command(
        StandDown(reason="over"), cause=change, mode="live", subject=Subject.incident(INCIDENT), at=now, by=CHIEF
    )
    altered = signed(given, unlock(trust.keys[CHIEF])).model_copy(
        update=change if "at" not in change else {"at": now - timedelta(seconds=1)}
    )
    asyncio.run(trust.service.put([altered]))
    refused = answered(trust, altered)
    assert refused["kind"] == "command_refused"
    assert any("does not fit" in one or "belongs to" in one for one in refused["reasons"])


def test_a_signed_order_that_is_replayed_gives_nothing(trust: Trust) -> None:
    given = command(
        Report(methane=Methane.model_validate(METHANE)),
        cause="replayed",
        mode="live",
        subject=Subject.incident(INCIDENT),
        at=SystemClock().now(),
        by=CHIEF,
    )
    once = signed(given, unlock(trust.keys[CHIEF]))
    after = given.model_copy(update={"id": "cmd-after", "by": APPROVER})
    asyncio.run(trust.service.put([once, once, after]))
    answered(trust, after)
    assert sum(fact["cause"] == once.id for fact in trust.service.facts(INCIDENT)) == 1


def answered(trust: Trust, given: Command) -> dict[str, Any]:
    """The fact that answers an order which was put on the topic."""

    def facts() -> list[dict[str, Any]]:
        shown = trust.service.run("log", "show", given.subject.id, "--log", trust.service.log_url, "--json").stdout
        return [one for one in json.loads(shown or "[]") if one["cause"] == given.id]

    wait_until(lambda: bool(facts()), f"{given.id} is answered")
    return dict(facts()[0]["body"])


def test_a_key_that_is_revoked_while_the_service_runs_counts_no_longer(trust: Trust) -> None:
    def reported() -> Done:
        return trust.order("report", INCIDENT, by=WRITER, key=WRITER, file=METHANE)

    assert reported().returncode == 0
    shown = answer("key", "show", str(trust.keys[WRITER]))["key"]
    trust.put(f"# {shown}\n", f"# {shown}\n      revoked_at: 2026-01-01T00:00:00Z\n")
    wait_until(lambda: reported().returncode == 3, "the revocation holds")
    assert f"the key {shown} of {WRITER} was revoked on 01 Jan 2026" in reported().stderr


def test_where_unsigned_orders_are_refused_everybody_signs(trust: Trust) -> None:
    trust.put("languages:", "unsigned_orders: refused\nlanguages:", "trust.yaml")
    wait_until(lambda: trust.order("report", INCIDENT, by=APPROVER, file=METHANE).returncode == 3, "it holds")
    refused = trust.order("report", INCIDENT, by=APPROVER, file=METHANE)
    assert "has no key: ask Dilys Maenhir" in refused.stderr
    assert trust.order("report", INCIDENT, by=CHIEF, key=CHIEF, file=METHANE).returncode == 0


def test_a_passphrase_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    """On a terminal; two that differ leave no file."""
    path = tmp_path / "key.pem"
    code, shown = at_a_terminal("key", "new", CHIEF, "--out", str(path), typed=[WORDS, WORDS + "s"])
    assert (code, path.exists()) == (1, False), shown
    assert "the two differ" in shown
    code, shown = at_a_terminal("key", "new", CHIEF, "--out", str(path), typed=[WORDS, WORDS])
    assert (code, path.exists()) == (0, True), shown
    code, again = at_a_terminal("key", "show", str(path), typed=[WORDS])
    assert (code, WORDS in shown + again) == (0, False), again


def at_a_terminal(*arguments: str, typed: list[str], meanwhile: Callable[[], None] = lambda: None) -> tuple[int, str]:
    """A command in a process of its own, on a terminal where each question is answered, the first after `meanwhile`."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != PASSPHRASE}
    started = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    shown, waiting = b"", [*typed]
    with suppress(OSError):  # The terminal is gone when the last one who holds it ends.
        while read := os.read(ours, 1024):
            shown += read
            if waiting and shown.endswith(b": "):
                if len(waiting) == len(typed):
                    meanwhile()
                os.write(ours, waiting.pop(0).encode(errors="surrogateescape") + b"\n")
    os.close(ours)
    return started.wait(timeout=180), shown.decode()


def test_several_cases_are_handed_on_with_one_yes_and_each_is_an_order_with_a_proof_of_its_own(trust: Trust) -> None:
    """One passphrase, one question; what cannot go is named with why before it, and the others go."""
    for case in ("case-one", "case-two", "case-over"):
        opened = trust.order("open-case", case, "media-enquiry", f"A paper asks of {case}.", by=CHIEF, key=CHIEF)
        assert opened.returncode == 0, opened.stderr
    assert trust.order("answer-case", "case-over", "We told them.", by=CHIEF, key=CHIEF).returncode == 0
    given = ("hand-on-case", "case-one", "case-two", "case-over", WRITER, "My shift ends", "--as", CHIEF)
    log = ("--key", str(trust.keys[CHIEF]), "--log", trust.service.log_url)
    code, shown = at_a_terminal(*given, *log, typed=[WORDS, "y"])
    assert code == 3, shown
    before, _, after = shown.partition("Hand on 2?")
    assert "To Lowri Penfynach (communications manager), because: My shift ends" in before
    assert "case-two: A paper asks of case-two." in before
    assert "case-over is not handed on: " in before
    assert after.count("case handed on to") == 2
    orders = {one["cause"] for case in ("case-one", "case-two") for one in handed(trust, case)}
    assert len(orders) == 2, "an order of its own, which counts only if it is signed"
    assert not handed(trust, "case-over")


def test_a_case_that_another_person_has_is_handed_on_after_a_yes_and_stays_with_a_third_who_takes_it(
    trust: Trust,
) -> None:
    """Who answers the question with no hears that nothing was ordered."""
    trust.order("open-case", "case-taken", "media-enquiry", "A paper asks.", by=CHIEF, key=CHIEF)
    trust.order("hand-on-case", "case-taken", WRITER, "It is hers.", by=CHIEF, key=CHIEF)
    given = ("hand-on-case", "case-taken", EXPIRED, "It is for him", "--as", CHIEF)
    log = ("--key", str(trust.keys[CHIEF]), "--log", trust.service.log_url)
    code, shown = at_a_terminal(*given, *log, typed=["n"])
    assert code == 1, shown
    assert "Lowri Penfynach (communications manager) has it" in shown
    assert shown.endswith("Nothing was ordered, and nothing has changed.\r\n"), shown
    assert "Aborted" not in shown

    def another_takes_it() -> None:
        taken = trust.order("hand-on-case", "case-taken", APPROVER, "She has time", by=CHIEF, key=CHIEF)
        assert taken.returncode == 0, taken.stderr

    code, shown = at_a_terminal(*given, *log, typed=["y", WORDS], meanwhile=another_takes_it)
    assert code == 3, shown
    assert "has the case by now" in shown
    code, shown = at_a_terminal(*given, *log, typed=["y", WORDS])
    assert code == 0, shown
    assert [one["body"]["to"] for one in handed(trust, "case-taken")] == [WRITER, APPROVER, EXPIRED]


def handed(trust: Trust, case: str) -> list[dict[str, Any]]:
    """The facts by which a case was handed on."""
    shown = trust.service.run("log", "show", f"case/{case}", "--log", trust.service.log_url, "--json").stdout
    return [one for one in json.loads(shown) if one["body"]["kind"] == "case_handed_on"]


def test_all_that_a_person_has_is_handed_on_and_what_the_desk_refuses_is_named_with_why(trust: Trust) -> None:
    """A script hears in JSON what went and what did not; a code from paper is for one order."""
    for case in ("case-hers", "case-hers-too"):
        opened = trust.order("open-case", case, "complaint", f"A letter about {case}.", by=CHIEF, key=CHIEF)
        assert opened.returncode == 0, opened.stderr
    mine = ("hand-on-case", "--mine", WRITER, "My shift ends", "--json")
    refused = trust.order(*mine, by=CHIEF)
    why = json.loads(refused.stderr)["refused"]
    assert (refused.returncode, json.loads(refused.stdout)) == (3, [])
    assert {*why} >= {"case-hers", "case-hers-too"}
    assert all("this order is not signed" in one["reasons"][0] for one in why.values()), why
    assert "case-hers is not handed on: " in json.loads(refused.stderr)["error"]
    done = trust.order(*mine, by=CHIEF, key=CHIEF)
    assert done.returncode == 0, done.stderr
    assert {one["subject"]["id"] for one in json.loads(done.stdout)} == {*why}
    none = trust.order(*mine, by=CHIEF, key=CHIEF)
    assert (none.returncode, "has no case that waits" in none.stderr) == (1, True)
    said = trust.order("hand-on-case", "case-hers", "case-hers-too", WRITER, "?", "--said-to", APPROVER, by=CHIEF)
    assert "a code from paper proves one order: hand the cases on one at a time" in said.stderr
    both = trust.order("hand-on-case", "case-hers", WRITER, "?", "--mine", by=CHIEF)
    assert "one of both" in both.stderr


@pytest.mark.parametrize(("typed", "says"), [("\udce9", "is not UTF-8 text"), ("\x04", "no passphrase was given")])
def test_what_is_no_passphrase_is_said_to_be_none(typed: str, says: str, tmp_path: Path) -> None:
    """A letter of another keyboard, or the end of the input."""
    path = tmp_path / "key.pem"
    answer("key", "new", CHIEF, "--out", str(path))
    code, shown = at_a_terminal("key", "show", str(path), typed=[typed])
    assert (code, says in shown, "Traceback" in shown) == (1, True, False)


def test_without_a_terminal_and_a_passphrase_the_sentence_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "key.pem"
    answer("key", "new", CHIEF, "--out", str(path))
    monkeypatch.delenv(PASSPHRASE)
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "key", "show", str(path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=180,
        check=False,
    )
    assert (done.returncode, PASSPHRASE in done.stderr) == (1, True)


def test_a_weak_passphrase_makes_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, "hospital")
    code, _, complained = run("key", "new", CHIEF, "--out", str(tmp_path / "key.pem"))
    assert (code, "has 8 characters" in complained) == (1, True)
    assert not (tmp_path / "key.pem").exists()


def test_nobody_enrols_their_own_key(tmp_path: Path) -> None:
    public_key = answer("key", "new", ENROLLER, "--out", str(tmp_path / "key.pem"))["public_key"]
    code, _, complained = run("key", "enrol", ENROLLER, public_key, "--as", ENROLLER)
    assert code == 3
    assert "who could: Beca Tirglas (medical director)" in complained


def test_a_sheet_of_codes_is_shown_once_and_enrolled_by_somebody_else(tmp_path: Path) -> None:
    """The file that changes hands holds no code, and the printed entry can be pasted without a change."""
    hashes = tmp_path / "sheet.json"
    made = answer("key", "sheet", CHIEF, "--out", str(hashes))
    assert len(set(made["codes"])) == CODES
    assert not [code for code in made["codes"] if code in hashes.read_text()]
    assert run("key", "sheet", CHIEF, "--out", str(hashes))[0] == 1
    assert run("key", "enrol-sheet", ENROLLER, str(hashes), "--as", ENROLLER)[0] == 3
    folder = copied(tmp_path / "register")
    enrolled = ("key", "enrol-sheet", CHIEF, str(hashes), "--as", ENROLLER, "--register", str(folder))
    _, entry, _ = run(*enrolled)
    people = folder / "register/people.yaml"
    people.write_text(people.read_text().replace(f"- id: {CHIEF}\n", f"- id: {CHIEF}\n{entry}\n"))
    (sheet,) = load(folder).people[CHIEF].keys
    assert isinstance(sheet, Sheet)
    assert sheet.id == made["sheet"]
    assert code_hash(made["codes"][6], salt=sheet.salt, number=7) == sheet.codes[6]
