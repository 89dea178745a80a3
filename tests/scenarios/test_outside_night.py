"""A night from outside: a real `serve`, a real mail server, and only what a trust's people and partners can do."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from agents.adapters.registers import load
from agents.adapters.registers.enrolment import key_as_yaml
from streams.words.posts import PartnerPost
from tests import keyring
from tests.examples import CHIEF
from tests.scenarios.kill_bench import Mailbox, Service, service, wait_until

NIGHT = "block-c"
MARK = "Zqxmark"
PARTNER = "ardudwy-ambulance.example"
BURST = 40


class Letters(Mailbox):
    """A mailbox that keeps what it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.kept.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=default))
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A running service on which one incident is declared, with a mark in every word that is operational."""
    monkeypatch.setattr("tests.scenarios.kill_bench.Mailbox", Letters)
    with service(tmp_path) as running:
        running.start()
        running.wait_until_ready()
        marked = {word: f"{MARK} {word}" for word in ("exact_location", "access", "number_of_casualties")}
        services = [f"{MARK} services"]
        report = {"major_incident": True, "type_of_incident": f"{MARK} fire", **marked}
        methane = {**report, "hazards": [f"{MARK} hazards"], "emergency_services": services}
        declared = {"name": f"{MARK} kills 3", "type": "major", "level": 3, "methane": methane, "hashtags": ["#BlockC"]}
        assert running.order("declare", NIGHT, by=CHIEF, file=declared).returncode == 0
        yield running


def release(running: Service, place: str, *more: str, time: str = "22:31") -> str:
    """Let the holding message about a place out; what the command said."""
    slots = ("--slot", f"place={place}", "--slot", f"time={time}")
    promised = () if {"--purpose", "--next-update"} & {*more} else ("--next-update", in_minutes(40))
    done = running.order("release", NIGHT, "fire", *slots, *promised, *more, by=CHIEF)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def in_minutes(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()  # noqa: TID251 - a real night


def public(running: Service) -> str:
    """All that anybody can read: every file that the web server shows, and every letter."""
    folder = running.folder / "site" / "public"
    pages = [path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()]
    return "\n".join([*pages, *(one.as_string() for one in letters(running))])


def letters(running: Service) -> list[EmailMessage]:
    assert isinstance(running.mailbox, Letters)
    return [one for one in running.mailbox.kept if "desk@paper.example" in str(one["to"] or one)]


def page(running: Service) -> str:
    path = running.folder / "site" / "public" / "index.html"
    return path.read_text() if path.exists() else ""


def post(number: int, text: str, **changes: Any) -> PartnerPost:
    """A post of the ambulance service, as its feed would hand it in."""
    given = {"id": f"post-{number}", "mode": "live", "account_id": f"did:web:{PARTNER}", "domain": PARTNER}
    at = datetime.now(UTC)  # noqa: TID251 - a real night
    return PartnerPost.model_validate(given | {"post_id": f"p{number}", "at": at, "text": text} | changes)


def put(running: Service, *posts: PartnerPost) -> None:
    asyncio.run(running.put(posts))


def facts(running: Service, kind: str) -> list[dict[str, Any]]:
    return [one["body"] for one in running.facts(NIGHT) if one["body"]["kind"] == kind]


@pytest.mark.slow
def test_no_operational_word_reaches_the_public(night: Service) -> None:
    """The name of an incident and its METHANE report are for those who work, whatever is typed there."""
    release(night, "Ysbyty Ardudwy")
    release(night, "Ysbyty Ardudwy", "--purpose", "withdrawal")
    night.wait_until_settled()
    assert len(letters(night)) == 2
    assert "Ysbyty Ardudwy" in public(night)
    assert MARK not in public(night)


@pytest.mark.slow
def test_each_of_two_like_messages_can_be_withdrawn(night: Service) -> None:
    said = [release(night, place) for place in ("Ysbyty Ardudwy", "Ysbyty Cwm Helyg")]
    assert all(said)
    names = [one["message"]["id"] for one in facts(night, "message_authorised")]
    for place, name in zip(("Ysbyty Ardudwy", "Ysbyty Cwm Helyg"), names, strict=True):
        release(night, place, "--purpose", "withdrawal", "--follows", name)
    assert len(facts(night, "message_authorised")) == 4


@pytest.mark.slow
def test_what_a_partner_takes_back_we_take_back(night: Service) -> None:
    """An edit ends our copy of the words that were edited; a change that comes first ends what comes after it."""
    early, late = "The #BlockC car park is open to everybody.", "The #BlockC car park is closed to everybody."
    put(night, post(1, early))
    wait_until(lambda: early in page(night), "the partner's words are on the page")
    put(night, post(2, late, post_id="p1", change="edited"))
    wait_until(lambda: early not in page(night), "the edited words are off the page")
    gone = "The #BlockC entrance is open again."
    put(night, post(3, gone, change="deleted"), post(4, gone, post_id="p3"), post(5, late))
    wait_until(lambda: late in page(night), "what came last is on the page")
    assert gone not in public(night)


@pytest.mark.slow
def test_a_burst_of_a_partner_buries_no_word_of_ours(night: Service) -> None:
    """Forty posts in seconds make no forty letters, somebody is told, and our words stay on the page."""
    release(night, "Ysbyty Ardudwy")
    put(night, *(post(number, f"Road report {number} of #BlockC.") for number in range(BURST)))
    wait_until(lambda: len(letters(night)) > 1, "the first of them went out")
    night.wait_until_settled()
    release(night, "Ysbyty Cwm Helyg", "--purpose", "correction")
    night.wait_until_settled()
    assert len(letters(night)) < BURST // 2
    assert "Ysbyty Cwm Helyg" in page(night)
    wait_until(lambda: re.search("^WAITS.*partner ambulance", status(night), re.MULTILINE) is not None, "it is told")


@pytest.mark.slow
def test_a_promise_that_was_broken_waits_for_a_person(night: Service) -> None:
    release(night, "Ysbyty Ardudwy", "--next-update", in_minutes(0.2))
    assert "OVERDUE" not in status(night)
    wait_until(lambda: "OVERDUE" in status(night), "the broken promise is in what waits")


def pages_by_mail(running: Service, says: str) -> list[EmailMessage]:
    """Letters to people of the trust, the public's apart, whose words have this in them."""
    assert isinstance(running.mailbox, Letters)
    public_ones = {id(one) for one in letters(running)}
    return [one for one in running.mailbox.kept if id(one) not in public_ones and says in one.get_content()]


@pytest.mark.slow
def test_a_broken_promise_pages_a_person_by_mail_who_is_told_who_took_it_on(night: Service) -> None:
    """The letter says what happened and what to type; the answer to it comes by mail too, and asks for nothing.

    No page is a letter to the public, and none names what only the inside knows.
    """
    release(night, "Ysbyty Ardudwy", "--next-update", in_minutes(0.2))
    wait_until(lambda: bool(pages_by_mail(night, "OVERDUE")), "a letter about the broken promise")
    asked = pages_by_mail(night, "OVERDUE")[0]
    assert f"holdingline release {NIGHT}" in asked.get_content()
    assert asked["message-id"].startswith("<page-")
    searches = asyncio.run(night.incidents())[NIGHT].searches.values()
    overdue = next(one for one in searches if one.concern and one.concern.about == "promise")
    taken = night.order("acknowledge", NIGHT, overdue.id, by=CHIEF)
    assert taken.returncode == 0, taken.stdout + taken.stderr
    wait_until(lambda: bool(pages_by_mail(night, "has taken it on")), "a letter about who took it on")
    told = pages_by_mail(night, "has taken it on")[0]
    assert (told["to"], "holdingline" in told.get_content()) == (asked["to"], False)
    night.wait_until_settled()
    counted = [one["message-id"] for one in letters(night)]
    assert len(counted) == len(set(counted)) == 1


@pytest.mark.slow
def test_the_stand_down_asks_for_an_open_case_and_the_case_outlives_it(night: Service) -> None:
    """A decision on a hate crime dies with no incident."""
    given = ("hate-crime", "A threat against staff.", "--incident", NIGHT, "--answer-by", in_minutes(90))
    assert night.order("open-case", "threat-1", *given, by=CHIEF).returncode == 0
    done = night.order("stand-down", NIGHT, "It is over.", by=CHIEF)
    assert "threat-1" in done.stdout + done.stderr
    assert "threat-1" in status(night)


def status(running: Service) -> str:
    return running.run("status", "--log", running.log_url).stdout


OWNER, COLLEAGUE, ENROLLER = "lowri.penfynach", "beca.tirglas", "dilys.maenhir"


@pytest.mark.slow
def test_naming_a_colleague_approves_no_template_of_ones_own(night: Service) -> None:
    """The colleague has a key: neither a file that names them nor an order in their name lets an edited text out."""
    release(night, "Ysbyty Ardudwy")
    folder = night.folder / "register"
    give_a_key(folder / "register" / "people.yaml", COLLEAGUE)
    edit(folder, "fire", "There is a fire", "There is a small fire")
    name_as_approver(folder, "fire", COLLEAGUE)
    wait_until(lambda: "never approved" in try_release(night), "the text that a file alone approves is refused")
    forged = night.order("approve", "fire", "--yes", "--register", str(folder), by=COLLEAGUE)
    assert forged.returncode == 3, forged.stdout + forged.stderr
    assert "sign" in forged.stderr
    own = night.order("approve", "fire", "--yes", "--register", str(folder), by=OWNER)
    assert own.returncode == 3, own.stdout + own.stderr
    assert "never approved" in try_release(night)
    assert "small fire" not in public(night)


def give_a_key(people: Path, name: str) -> None:
    """A key that another person enrolled, saved into the file under the running worker."""
    now = datetime.now(UTC)  # noqa: TID251 - a real night
    key = keyring.key(
        name, enrolled_by=ENROLLER, enrolled_at=now - timedelta(days=1), expires_at=now + timedelta(days=9)
    )
    text, entry = people.read_text("utf-8"), f"- id: {name}\n"
    assert entry in text
    lines = "\n".join(key_as_yaml(key, name).splitlines()[1:])
    people.write_text(text.replace(entry, f"{entry}{lines}\n"), "utf-8")


def edit(folder: Path, template: str, old: str, new: str) -> None:
    path = folder / "messages" / f"{template}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def name_as_approver(folder: Path, template: str, name: str) -> None:
    """The owner writes the content's own hash beside the colleague's name, as `approve --print` would."""
    path = folder / "messages" / f"{template}.yaml"
    content = load(folder).templates[template].content_hash()
    written = re.sub(r'content_hash: "\w+"', f'content_hash: "{content}"', path.read_text("utf-8"))
    assert f"by: {name}" in written
    path.write_text(written, "utf-8")


def try_release(running: Service) -> str:
    """What a release of the template is answered with; the place differs from what is out."""
    slots = ("--slot", "place=Ysbyty Cwm Helyg", "--slot", "time=22:32", "--next-update", in_minutes(40))
    done = running.order("release", NIGHT, "fire", *slots, by=CHIEF)
    return done.stdout + done.stderr
