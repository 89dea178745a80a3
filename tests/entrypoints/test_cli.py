"""The command line against a real service: every answer in words and as JSON, every refusal with who could say yes."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agents.adapters.clocks import SystemClock
from streams.values import digest
from tests.adapters.breaking import copied
from tests.adapters.pagers.pager_folder import NO_SECRET, with_texts
from tests.entrypoints.commanding import INCIDENT, METHANE, opened, soon
from tests.examples import APPROVER, CHIEF, WRITER
from tests.grounds import EmptyLog
from tests.scenarios.chaos_worker import COMMAND
from tests.scenarios.kill_bench import Service, wait_until


@pytest.fixture(scope="module")
def on(empty_log: EmptyLog, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A running service on each ground in turn, with one declared incident, whose first message is out."""
    with empty_log() as url, opened(tmp_path_factory.mktemp("cli"), url) as running:
        yield running


def answer(on: Service, *arguments: str, by: str = CHIEF, file: Any = None) -> Any:
    """The JSON of an order that must succeed."""
    done = on.order(*arguments, "--json", by=by, file=file)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LETTERS = ["Block D", "flood", "water, electricity", "north gate", "none known", "fire, police"]
CHAIR = "gwilym.heddfan"
KNOWN_AS = ["Block D flood", "major", "2", "#BlockD", ""]


@pytest.mark.parametrize(("major", "kind"), [("y", "incident_declared"), ("n", "report_received")])
def test_a_report_is_given_by_prompts_letter_by_letter(on: Service, major: str, kind: str) -> None:
    """M: no makes it an ETHANE report, which declares nothing. The services that E names are brought in."""
    asked = on.process_with("declare", f"inc-{kind}", "--as", CHIEF, typed=[major, *LETTERS, *KNOWN_AS])
    assert asked.returncode == 0, asked.stderr
    first, *brought = [fact["body"] for fact in on.facts(f"inc-{kind}")]
    assert first["kind"] == kind
    assert [(one["kind"], one["responder"]) for one in brought] == [
        ("responder_joined", "fire"),
        ("responder_joined", "police"),
    ]


def test_a_released_message_is_public_on_the_page_and_in_the_mail(on: Service) -> None:
    slots = ("--slot", "place=main entrance, Ysbyty Ardudwy", "--slot", "time=22:31", "--next-update", soon())
    facts = answer(on, "release", INCIDENT, "fire", *slots)
    assert [fact["body"]["kind"] for fact in facts][:1] == ["message_authorised"]
    asked = [fact["body"]["delivery_id"] for fact in facts if fact["body"]["kind"] == "delivery_asked"]
    public = [fact["body"]["delivery_id"] for fact in facts if fact["body"]["kind"] == "delivery_confirmed"]
    assert set(public) == set(asked)
    assert set(asked) <= set(on.published_on_site()) | set(on.mailbox.counts)
    page = (on.folder / "site" / "public" / "index.html").read_text()
    assert "There is a fire at main entrance, Ysbyty Ardudwy" in page
    assert "Mae tân" in page


def test_a_release_shows_its_words_before_they_go_out(on: Service) -> None:
    """On a terminal it asks; a script is asked nothing, and its yes is bound to the same words."""
    slots = ("--slot", "place=main entrance, Ysbyty Ardudwy", "--slot", "time=22:35", "--next-update", soon())
    done = on.order("release", INCIDENT, "fire", *slots, by=CHIEF)
    assert done.returncode == 0, done.stderr
    assert "  site in en: the en text has " in done.stderr
    assert "  | There is a fire at main entrance, Ysbyty Ardudwy" in done.stderr
    assert "  | Mae tân" in done.stderr
    assert "  email in en and cy: the en text has " in done.stderr
    assert "  | Fire – main entrance, Ysbyty Ardudwy / Tân – " in done.stderr
    reported = "reported: fire, Block C; hazards: not reported; access: not reported; casualties: not reported\n"
    assert done.stderr.index(reported) < done.stderr.index("  | There is a fire")


def test_the_next_word_may_be_promised_as_people_say_it(on: Service) -> None:
    """The day that is meant is shown; what is over is refused before anything is ordered."""
    slots = ("--slot", "place=main entrance, Ysbyty Ardudwy", "--slot", "time=22:37")
    zone, begun = ZoneInfo("Europe/London"), SystemClock().now()
    done = on.order("release", INCIDENT, "fire", *slots, "--next-update", "+40m", by=CHIEF)
    assert done.returncode == 0, done.stderr
    days = [(one + timedelta(minutes=40)).astimezone(zone) for one in (begun, SystemClock().now())]
    assert any(f" on {by:%A} {by.day} {by:%B %Y} (" in done.stderr for by in days)
    over = on.order("release", INCIDENT, "fire", *slots, "--next-update", "2026-01-01T12:00:00+00:00", by=CHIEF)
    assert (over.returncode, "is over, it was 12:00 on Thursday 1 January 2026 (GMT)" in over.stderr) == (1, True)


def test_a_refusal_says_what_to_do_and_who_could_and_ends_with_three(on: Service) -> None:
    refused = on.order("release", INCIDENT, "fire", by=WRITER)
    assert refused.returncode == 3
    assert "REFUSED release" in refused.stderr
    told = on.order("stand-down", INCIDENT, "over", "--json", by=WRITER)
    assert told.returncode == 3
    assert any("chief executive" in one for one in json.loads(told.stderr)["who_could"])


def test_a_line_is_drafted_by_one_and_signed_off_by_another(on: Service) -> None:
    until = datetime.fromisoformat(soon())
    line = {
        "texts": {"en": f"The fire at Block C, seen at 22:31, is out. Next word by {london(until)}."},
        "channels": ["site"],
        "what": {"en": "fire"},
        "where": "Block C",
        "when": "22:31",
        "next_update_at": until.isoformat(),
        "expires_at": until.isoformat(),
    }
    drafted, *sought = answer(on, "draft", INCIDENT, by=WRITER, file=line)
    assert sought[0]["body"]["kind"] == "sign_off_sought"
    message = drafted["body"]["message"]
    facts = answer(on, "sign-off", INCIDENT, message["id"], message["content_hash"], by=APPROVER)
    assert facts[0]["body"]["authorisation"]["person"] == APPROVER


def test_a_wrong_fact_in_a_line_is_corrected_by_prompts_and_signed_off_by_another(on: Service) -> None:
    """From the line that is typed to its correction on the page, with no file written by hand."""
    until = london(datetime.fromisoformat(soon()))
    text = f"The fire at Block C at 22:31: 14 people are in our care. Next word by {until}."
    written = ["", "site", until, text, "", "fire", "Block C", "22:31", "y"]
    drafted = on.process_with("draft", INCIDENT, "--as", WRITER, "--json", typed=written)
    assert drafted.returncode == 0, drafted.stderr
    line = json.loads(drafted.stdout)[0]["body"]["message"]
    answer(on, "sign-off", INCIDENT, line["id"], line["content_hash"], by=APPROVER)
    right = "We wrote that 14 people are in our care. It is 4."
    typed = [line["id"], "", "", right, "", "y"]
    handed_in = on.process_with("draft", INCIDENT, "--as", WRITER, "--json", typed=typed)
    assert handed_in.returncode == 0, handed_in.stderr
    assert f"It corrects, en: {text}" in handed_in.stderr
    mend = json.loads(handed_in.stdout)[0]["body"]["message"]
    assert (mend["purpose"], mend["follows"], mend["channels"]) == ("correction", line["id"], ["site"])
    answer(on, "sign-off", INCIDENT, mend["id"], mend["content_hash"], by=APPROVER)
    page = (on.folder / "site" / "public" / "index.html").read_text()
    assert right in page
    assert "Corrected since: read the newer message." in page
    assert list(on.folder.glob("line-*")) == []


def test_what_was_typed_stays_if_the_desk_refuses_it(on: Service) -> None:
    """The person is told beforehand that another has to hand it in, and where their words are."""
    until = london(datetime.fromisoformat(soon()))
    text = f"The fire at Block C at 22:31 is out, and all wards are open. Next word by {until}."
    typed = ["", "site", until, text, "", "fire", "Block C", "22:31", "y"]
    refused = on.process_with("draft", INCIDENT, "--as", CHAIR, typed=typed)
    assert refused.returncode == 3, refused.stderr
    assert "As it stands, another person has to hand it in:" in refused.stderr
    kept = on.folder / f"line-{INCIDENT}.json"
    assert f"What was typed is in {kept.name}: give the command again to change it." in refused.stderr
    drafted, *_ = answer(on, "draft", INCIDENT, "--file", str(kept), by=WRITER)
    kept.unlink()
    # What waits would be told in the answers to the orders of the tests that follow.
    answer(on, "withdraw-draft", INCIDENT, drafted["body"]["message"]["id"], "it was only to be handed in", by=WRITER)


def test_a_matter_is_taken_to_one_after_another_and_the_status_says_to_whom(on: Service) -> None:
    """A suspected hate crime goes to the police after the chief executive, else the chair, else another director."""
    matter = ("--matter", "Shall the police be told of this post?", "--chain", "hate-crime")
    sought, paged, *_ = answer(on, "seek", INCIDENT, *matter, by=WRITER)
    assert paged["body"]["call"]["person"] == CHIEF
    search = sought["body"]["search_id"]
    early = on.order("sign-off", INCIDENT, search, digest(matter[1]), by="gwilym.heddfan")
    assert early.returncode == 3
    passed, *_ = answer(on, "decline", INCIDENT, search, "I am with the families", by=CHIEF)
    assert passed["body"]["why"] == "declined"
    status = on.run("status", INCIDENT, "--log", on.log_url).stdout
    assert "Gwilym Heddfan (chair) until" in status
    ended, *told = answer(on, "sign-off", INCIDENT, search, digest(matter[1]), by="gwilym.heddfan")
    assert (ended["body"]["outcome"], ended["body"]["person"]) == ("answered", "gwilym.heddfan")
    assert {one["body"]["kind"] for one in told} == {"person_told"}


def test_a_proposal_waits_for_somebody_with_the_power(on: Service) -> None:
    slots = ("--slot", "place=Afon Wen", "--slot", "time=22:32", "--next-update", soon())
    drafted, sought, *_ = answer(on, "propose", INCIDENT, "fire", *slots, by=WRITER)
    assert drafted["body"]["message"]["purpose"] == "holding"
    assert sought["body"]["chain"]["id"] == "first-words-of-a-major-incident"
    message = drafted["body"]["message"]
    (shown,) = json.loads(on.run("preview", INCIDENT, message["id"], "--json", "--log", on.log_url).stdout)
    assert shown["content_hash"] == message["content_hash"]
    assert {one["channel"] for one in shown["shown"]} == set(message["channels"])
    assert on.order("sign-off", INCIDENT, message["id"], message["content_hash"], by=WRITER).returncode == 3
    yes = answer(on, "sign-off", INCIDENT, message["id"], message["content_hash"], by=CHIEF)
    assert yes[0]["body"]["kind"] == "message_authorised"


def test_an_incident_is_frozen_by_one_and_resumed_by_somebody_with_the_power(on: Service) -> None:
    """The status shows it, and what would go out meanwhile is refused; nothing waited, so nothing is held."""
    on.wait_until_settled()
    (frozen,) = answer(on, "freeze", INCIDENT, "we are not sure", by=WRITER)
    assert frozen["body"]["kind"] == "incident_frozen"
    assert f"FROZEN by {WRITER}" in on.run("status", INCIDENT, "--log", on.log_url).stdout
    slots = ("--slot", "place=Afon Wen", "--slot", "time=22:33", "--next-update", soon())
    refused = on.order("release", INCIDENT, "fire", *slots, by=CHIEF)
    assert refused.returncode == 3
    assert "the incident is frozen by" in refused.stderr
    (resumed,) = answer(on, "resume", INCIDENT, "we are sure", by=CHIEF)
    assert resumed["body"]["held"] == []
    assert "FROZEN" not in on.run("status", INCIDENT, "--log", on.log_url).stdout


def test_a_draft_that_is_returned_is_shown_with_the_reason(on: Service) -> None:
    slots = ("--slot", "place=Afon Wen", "--slot", "time=22:34", "--next-update", soon())
    drafted, *_ = answer(on, "propose", INCIDENT, "fire", *slots, by=WRITER)
    message = drafted["body"]["message"]["id"]
    returned = answer(on, "return-draft", INCIDENT, message, "give the right time", by=CHIEF)
    assert [one["body"]["kind"] for one in returned] == ["draft_returned", "search_ended", "person_told"]
    status = on.run("status", INCIDENT, "--log", on.log_url).stdout
    assert f"returned: draft {message}, by {CHIEF}" in status


def test_a_list_of_names_is_held_back_until_its_holder_lifts_the_hold(on: Service, tmp_path: Path) -> None:
    """The names are read here and go nowhere."""
    names = tmp_path / "names.json"
    names.write_text('["Alun Prys"]', encoding="utf-8")
    (placed,) = answer(on, "hold", INCIDENT, "names", "the driver", "--holder", CHIEF, "--names", str(names), by=WRITER)
    assert "Prys" not in json.dumps(placed)
    hold = placed["body"]["hold"]["id"]
    refused = on.order("lift", INCIDENT, hold, "the family agrees", by=WRITER)
    assert refused.returncode == 3
    assert "lifted by Samira Dastwick (chief executive) only" in refused.stderr
    (lifted,) = answer(on, "lift", INCIDENT, hold, "the family agrees", by=CHIEF)
    assert lifted["body"]["kind"] == "hold_lifted"


def london(moment: datetime) -> str:
    """The time of day as the public of the trust reads it."""
    return f"{moment.astimezone(ZoneInfo('Europe/London')):%H:%M}"


def test_a_fed_post_of_a_partner_goes_out_again_and_a_line_that_is_none_is_named(on: Service) -> None:
    """By pipe or file, one JSON object a line; a stranger's line does not stop the others."""
    post = {
        "id": "fed-1",
        "account_id": "did:web:ardudwy-fire.example",
        "domain": "ardudwy-fire.example",
        "post_id": "fed-1",
        "at": SystemClock().now().isoformat(),
        "text": "Crews are at work #BlockC",
    }
    lines = on.folder / "posts.jsonl"
    lines.write_text(f"{json.dumps(post)}\nnot a post\n")
    fed = on.run("feed", "partner-posts", "--file", str(lines), "--log", on.log_url, "--json")
    assert fed.returncode == 1
    assert json.loads(fed.stderr)["put"] == 1
    assert "line 2: not JSON" in json.loads(fed.stderr)["error"]
    page = on.folder / "site" / "public" / "index.html"
    wait_until(lambda: "Crews are at work" in page.read_text(), "the partner's words are on the page")


def test_a_line_of_a_feed_that_is_no_text_is_named(on: Service) -> None:
    command = [sys.executable, "-c", COMMAND, "feed", "partner-posts", "--log", on.log_url]
    fed = subprocess.run(command, input=b"\xff\n", capture_output=True, check=False, timeout=180)
    assert (fed.returncode, b"line 1: not JSON" in fed.stderr, b"Traceback" in fed.stderr) == (1, True, False)


def test_the_status_and_the_facts_are_shown_in_words_and_as_json(on: Service) -> None:
    words = on.run("status", "--log", on.log_url)
    assert f"{INCIDENT}: declared" in words.stdout
    (incident,) = json.loads(on.run("status", INCIDENT, "--log", on.log_url, "--json").stdout)
    assert incident["status"] == "declared"
    facts = json.loads(on.run("log", "show", INCIDENT, "--log", on.log_url, "--json").stdout)
    assert [fact["sequence"] for fact in facts] == list(range(1, len(facts) + 1))


def test_another_report_is_added_to_the_first(on: Service) -> None:
    (fact,) = answer(on, "report", INCIDENT, file={**METHANE, "access": "north gate"})
    assert fact["body"]["kind"] == "report_received"


def test_the_record_holds_together(on: Service) -> None:
    verified = on.run("log", "verify", "--log", on.log_url)
    assert (verified.returncode, verified.stdout.endswith("facts hold together\n")) == (0, True)


def test_the_doctor_finds_both_lanes_running_and_nothing_to_do(on: Service) -> None:
    look = ("doctor", "--log", on.log_url, "--register", str(on.folder / "register"))
    both = ("holdingline-live-control is running", "holdingline-live-mentions is running")
    wait_until(lambda: all(one in on.run(*look).stderr for one in both), "the lane beside has started")
    problems = [line for line in on.run(*look).stderr.splitlines() if line.startswith("PROBLEM")]
    assert all("A NAME ALONE GIVES ANY ORDER" in line for line in problems), problems


def test_the_doctor_looks_for_secrets_where_it_is_told_to(on: Service, tmp_path: Path) -> None:
    """Only the worker's machine has them, so without the option it finds no fault with other machines."""
    with_texts(copied(tmp_path))
    look = ("doctor", "--log", on.log_url, "--register", str(tmp_path))
    assert NO_SECRET not in on.run(*look).stderr
    done = on.run(*look, "--secrets")
    assert (done.returncode, f"PROBLEM  secrets   {NO_SECRET}" in done.stderr) == (1, True)


def test_a_hold_that_nobody_can_lift_any_more_is_told_where_the_registers_are_checked(
    on: Service, tmp_path: Path
) -> None:
    """After an edit that takes the power from the only person named in the hold."""
    answer(on, "report", "inc-held", file=METHANE)
    (fact,) = answer(on, "hold", "inc-held", "names", "who drove", "--holder", CHAIR)
    register = copied(tmp_path) / "register"
    for file, old, new in (
        ("people.yaml", f"    - {{id: {CHAIR}/lift-hold, power: lift-hold}}\n", ""),
        ("holds.yaml", CHAIR, APPROVER),
    ):
        (register / file).write_text((register / file).read_text().replace(old, new))
    told = f"incident inc-held: nobody whom hold {fact['body']['hold']['id']} names ({CHAIR}) may lift it any more"
    assert told not in on.run("check", str(on.folder / "register"), "--log", on.log_url).stdout
    assert told in on.run("check", str(tmp_path), "--log", on.log_url).stdout


def test_who_may_do_what_is_answered_with_reasons(on: Service) -> None:
    register = ("--register", str(on.folder / "register"))
    yes = on.run("can", CHIEF, "declare", *register)
    assert (yes.returncode, yes.stdout.startswith("yes, by rule")) == (0, True)
    no = on.run("can", WRITER, "declare", *register)
    assert no.returncode == 3
    assert "who could: " in no.stderr


def test_a_delegation_is_proposed_by_one_person_and_approved_by_another(on: Service) -> None:
    """Both print what is to be put into the register; who delegates cannot approve."""
    register = ("--register", str(on.folder / "register"))
    proposed = on.run("delegation", "propose", "latest-lines", "fire", "--as", CHIEF, *register)
    assert (proposed.returncode, "    delegated_by: samira.dastwick" in proposed.stdout) == (0, True)
    chain = "first-words-of-a-major-incident"
    approved = json.loads(
        on.run("delegation", "approve", chain, "--as", APPROVER, "--print", "--json", *register).stdout
    )
    assert approved["delegated"]["approval"]["by"] == APPROVER
    refused = on.run("delegation", "approve", chain, "--as", CHIEF, "--print", *register)
    assert (refused.returncode, "no power to approve-template" in refused.stderr) == (3, True)


def test_a_stray_record_is_listed_among_the_dead_letters(on: Service) -> None:
    asyncio.run(on.put_stray("live.commands", b"not an order"))
    wait_until(lambda: "not JSON" in on.run("dead-letters", "--log", on.log_url).stdout, "the dead letter is listed")
    listed = on.run("dead-letters", "--log", on.log_url)
    assert "not JSON" in listed.stdout
    (letter,) = json.loads(on.run("dead-letters", "--log", on.log_url, "--json", "--content").stdout)
    assert letter["value"] == "not an order"
    assert "value 'not an order'" in on.run("dead-letters", "--log", on.log_url, "--content").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "no-such-incident"),
        ("log", "show", "no-such-incident"),
        ("release", INCIDENT, "fire", "--slot", "place", "--as", CHIEF),
        ("release", INCIDENT, "fire", "--next-update", "soon", "--as", CHIEF),
        ("draft", INCIDENT, "--file", "no-such-file.json", "--as", CHIEF),
    ],
    ids=["incident", "facts", "slot", "moment", "file"],
)
def test_what_cannot_be_used_is_named_in_a_sentence(on: Service, arguments: tuple[str, ...]) -> None:
    done = on.run(*arguments, "--log", on.log_url)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr) > 20


def test_serve_needs_nothing_but_an_empty_folder(tmp_path: Path) -> None:
    """The default log and the example trust; SIGTERM ends it cleanly."""
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen([sys.executable, "-c", COMMAND, "serve"], cwd=tmp_path, stderr=said)
    wait_until(lambda: b'"serving"' in (tmp_path / "said").read_bytes(), "the worker serves")
    process.terminate()
    assert process.wait(timeout=180) == 0
    assert (tmp_path / "var" / "holdingline.db").exists()


def test_anchors_at_intervals_end_with_the_signal_that_a_container_gets(on: Service, tmp_path: Path) -> None:
    """It ends between two of them, long before the next is due."""
    said = tmp_path / "said"
    words = ["anchor", "--to", f"file:{tmp_path / 'anchors'}", "--every", "3600", "--log", on.log_url]
    with said.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", COMMAND, *words], stdout=out)
    wait_until(lambda: b"chains at" in said.read_bytes(), "the first anchor is noted")
    process.terminate()
    assert process.wait(timeout=180) == 0
