"""Orders by a code that was said on the telephone: a real worker judges them, a duty officer types what is said."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agents.adapters.clocks import SystemClock
from tests.entrypoints.commanding import DECLARE, opened, soon
from tests.entrypoints.said_codes import OFFICER, Trust
from tests.examples import APPROVER, CHIEF, DIRECTOR, WRITER

LINE = {
    "texts": {"en": "The fire at Block C, seen at 22:31, is out."},
    "channels": ["site"],
    "what": {"en": "fire"},
    "where": "Block C",
    "when": "22:31",
}
CORRECTION = {
    "texts": {"en": "CORRECTION. The flood began at 22:05.", "cy": "CYWIRIAD. Dechreuodd y llifogydd am 22:05."},
    "channels": ["site", "email"],
}


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trust]:
    folder = tmp_path_factory.mktemp("telephone")
    with opened(folder, f"sqlite:////{folder}/log.db") as running:
        yield Trust(running).ready(CHIEF, DIRECTOR, WRITER)


@pytest.fixture
def incident(trust: Trust, request: pytest.FixtureRequest) -> str:
    """An incident of the test's own."""
    name = f"inc-{abs(hash(request.node.name)):x}"
    declared = trust.service.order("declare", name, by=CHIEF, file=DECLARE)
    assert declared.returncode == 0, declared.stderr
    return name


def released(incident: str, until: str) -> tuple[str, ...]:
    """A holding message of another template."""
    return (
        "release",
        incident,
        "flood",
        "--slot",
        "place=Ysbyty Ardudwy",
        "--slot",
        "time=22:40",
        "--next-update",
        until,
    )


def test_a_release_by_a_said_code_is_public_marked_in_the_record_and_verified_from_the_file(
    trust: Trust, incident: str, tmp_path: Path
) -> None:
    """The officer sees the words to read out before any code is asked for; the record says who entered it."""
    before = sum(trust.service.published_on_site().values())
    done = trust.said(*released(incident, soon()), by=CHIEF)
    assert done.returncode == 0, done.stderr
    asked = done.stderr.index("ask for code")
    assert "Ysbyty Ardudwy" in done.stderr[:asked]
    assert "Read this to Samira Dastwick (chief executive) on the telephone" in done.stderr[:asked]
    trust.service.wait_until_settled()
    assert sum(trust.service.published_on_site().values()) == before + 1
    last = [fact for fact in trust.service.facts(incident) if fact["body"]["kind"] == "message_authorised"][-1]
    assert (last["by"], last["relayed_by"]) == (CHIEF, OFFICER)
    assert last["spent"].startswith("sheet-")
    shown = trust.service.run("log", "show", incident, "--log", trust.service.log_url).stdout
    assert f"said on the telephone to {OFFICER}" in shown
    verified(trust, incident, tmp_path)


def verified(trust: Trust, incident: str, folder: Path) -> None:
    """The evidence of the incident holds, by the file alone."""
    evidence = folder / "evidence.jsonl"
    taken = trust.service.run(
        "evidence", incident, "--out", str(evidence), "--as", CHIEF, "--log", trust.service.log_url
    )
    assert taken.returncode == 0, taken.stderr
    checked = trust.service.run("verify", str(evidence))
    assert checked.returncode == 0, checked.stdout + checked.stderr


def handed_in(trust: Trust, incident: str, line: dict[str, Any]) -> None:
    """The writer's own line, in the writer's own name, which promises the next word."""
    until = SystemClock().now() + timedelta(minutes=40)
    text = f"{line['texts']['en']} Next word by {until.astimezone(ZoneInfo('Europe/London')):%H:%M}."
    whole = {**line, "texts": {"en": text}, "next_update_at": until.isoformat()}
    done = trust.service.order("draft", incident, by=WRITER, file=whole)
    assert done.returncode == 0, done.stderr


def test_a_wrong_sign_and_a_wrong_code_are_told_at_once_and_asked_for_again(trust: Trust, incident: str) -> None:
    typed = [lambda _: "2222O22222", lambda _: "2222", trust.wrong(DIRECTOR), spelled(trust.right(DIRECTOR))]
    done = trust.said("freeze", incident, "wrong place", by=DIRECTOR, says=in_turn(typed))
    assert done.returncode == 0, done.stderr
    assert "no code has O: it has capitals but I and O, and digits from 2 on" in done.stderr
    assert "a code has 10 signs, and this has 4: have it read out again" in done.stderr
    assert "that is not code" in done.stderr
    assert trust.state(incident).stops.frozen.by == DIRECTOR
    assert not trust.state(incident).wrong_codes


def in_turn(typed: list[Callable[[str], str]]) -> Callable[[str], str]:
    """The first of these for the first question, and so on."""
    left = iter(typed)

    def says(shown: str) -> str:
        return next(left)(shown)

    return says


def spelled(says: Callable[[str], str]) -> Callable[[str], str]:
    """As a person types what is spelled to them: small letters, with gaps."""
    return lambda shown: " ".join(says(shown).lower())


def test_wrong_codes_are_kept_and_too_many_shut_the_sheet_and_no_other(trust: Trust, incident: str) -> None:
    """Whoever guesses is in the record; the others, with sheets of their own, are not kept from anything."""
    for count in range(1, 6):
        guessed = trust.said("freeze", incident, "wrong place", by=CHIEF, says=trust.wrong(CHIEF))
        assert guessed.returncode == 3
        assert "have it read out again" in guessed.stderr
        (kept,) = trust.state(incident).wrong_codes.values()
        assert len(kept) == count
    right = trust.said("freeze", incident, "wrong place", by=CHIEF)
    assert right.returncode == 3
    assert "5 wrong codes of sheet-" in right.stderr
    assert "Nest Aberdulas" in right.stderr
    assert trust.state(incident).stops.frozen is None
    assert trust.said("freeze", incident, "wrong place", by=DIRECTOR).returncode == 0


@pytest.mark.parametrize(
    ("by", "to", "says"),
    [
        (APPROVER, OFFICER, "has no sheet of codes in force: have somebody else give this order"),
        ("nia.nowhere", OFFICER, "nia.nowhere is not on the register: ask somebody who is"),
        (CHIEF, "nia.nowhere", "nia.nowhere, who entered the code, is not on the register"),
    ],
)
def test_where_no_code_could_count_none_is_asked_for(trust: Trust, incident: str, by: str, to: str, says: str) -> None:
    refused = trust.said("freeze", incident, "wrong place", by=by, to=to)
    assert refused.returncode == 3
    assert says in refused.stderr
    assert "ask for code" not in refused.stderr


def test_a_release_that_would_be_refused_is_refused_before_a_code_is_used_up(trust: Trust, incident: str) -> None:
    refused = trust.said("release", incident, "no-such-template", by=CHIEF)
    assert refused.returncode == 3
    assert "there is no template no-such-template" in refused.stderr
    assert "ask for code" not in refused.stderr


def test_an_order_by_code_never_asks_for_a_code_that_was_used(trust: Trust, incident: str) -> None:
    """Each order asks for another one, whatever its identifier is."""
    for _ in range(4):
        assert trust.said("freeze", incident, "wrong place", by=CHIEF).returncode == 0
        assert trust.said("resume", incident, "right again", by=CHIEF).returncode == 0
    spent = trust.state(incident).spent
    assert len(set(spent)) == 8


def test_a_whole_night_is_said_on_the_telephone(trust: Trust, tmp_path: Path) -> None:
    """Declared, released, corrected, withdrawn, frozen, resumed and stood down: all in the caller's name."""
    name, reported = "inc-all-said", tmp_path / "declare.json"
    reported.write_text(json.dumps(DECLARE))
    declared = trust.said("declare", name, "--file", str(reported), by=CHIEF)
    assert declared.returncode == 0, declared.stderr
    asked = declared.stderr.index("ask for code")
    assert f"declare in incident {name}: {DECLARE['name']}" in declared.stderr[:asked]
    out = trust.said(*released(name, soon()), by=CHIEF)
    assert out.returncode == 0, out.stderr
    (message,) = trust.state(name).messages
    mended = ("release", name, "flood", "--slot", "place=Ysbyty Ardudwy", "--slot", "time=22:45", "--follows", message)
    nights = (
        (*mended, "--purpose", "correction"),
        (*mended, "--purpose", "withdrawal"),
        ("freeze", name, "wrong place"),
        ("resume", name, "right again"),
        ("stand-down", name, "All patients are safe", "--yes"),
    )
    for order in nights:
        given = trust.said(*order, by=CHIEF)
        assert given.returncode == 0, (order, given.stderr)
    assert trust.state(name).status == "stood-down"
    heard = [one for one in trust.service.facts(name) if one.get("spent")]
    assert {one["by"] for one in heard} == {CHIEF}
    assert {one["relayed_by"] for one in heard} == {OFFICER}
    assert len({one["spent"] for one in heard}) == 2 + len(nights)


def test_an_order_that_the_rules_would_refuse_uses_no_code_up(trust: Trust, incident: str) -> None:
    refused = trust.said("resume", incident, "nothing was frozen", by=CHIEF)
    assert refused.returncode == 3, refused.stderr
    assert "ask for code" not in refused.stderr
    assert not trust.state(incident).spent


def test_a_line_is_signed_by_a_said_code_and_never_through_its_author(
    trust: Trust, incident: str, tmp_path: Path
) -> None:
    """The officer reads it out as each channel will show it; whoever wrote it is told to have another read it."""
    handed_in(trust, incident, LINE)
    own = trust.said("sign-off", incident, by=CHIEF, to=WRITER)
    assert own.returncode == 3
    assert "wrote or entered what waits here, and cannot read it out for a yes" in own.stderr
    assert "ask for code" not in own.stderr
    done = trust.said("sign-off", incident, by=CHIEF)
    assert done.returncode == 0, done.stderr
    asked = done.stderr.index("ask for code")
    assert "asked for by Lowri Penfynach (communications manager)" in done.stderr[:asked]
    assert "  | The fire at Block C, seen at 22:31, is out. Next word by " in done.stderr[:asked]
    assert "Say yes to exactly these words" not in done.stderr
    last = [fact for fact in trust.service.facts(incident) if fact["body"]["kind"] == "message_authorised"][-1]
    assert (last["by"], last["relayed_by"]) == (CHIEF, OFFICER)
    verified(trust, incident, tmp_path)


def test_a_correction_in_ones_own_words_is_dictated_and_signed_through_another_person(
    trust: Trust, incident: str, tmp_path: Path
) -> None:
    """Who typed it for its author cannot have it signed: not by their own key, and not by reading it out."""
    out = trust.said(*released(incident, soon()), by=CHIEF)
    assert out.returncode == 0, out.stderr
    (message,) = trust.state(incident).messages
    right = {**CORRECTION, "follows": message}
    order = tmp_path / "correction.json"
    order.write_text(json.dumps(right))
    dictated = trust.said("draft", incident, "--file", str(order), by=WRITER)
    assert dictated.returncode == 0, dictated.stderr
    assert "  | CORRECTION. The flood began at 22:05." in dictated.stderr[: dictated.stderr.index("ask for code")]
    (draft,) = trust.state(incident).drafts
    assert trust.state(incident).drafted_by[draft] == WRITER
    through = trust.said("sign-off", incident, by=CHIEF)
    assert through.returncode == 3
    assert "wrote or entered what waits here" in through.stderr
    done = trust.said("sign-off", incident, by=CHIEF, to="dilys.maenhir")
    assert done.returncode == 0, done.stderr
    assert trust.state(incident).messages[draft].follows == message
    verified(trust, incident, tmp_path)


def test_a_question_another_name_and_another_level_are_said_on_the_telephone(
    trust: Trust, incident: str, tmp_path: Path
) -> None:
    """Each is read out first: the question as it was asked, the name, the level with its reason."""
    asked = "Shall the police be told of this post?"
    sought = trust.service.order("seek", incident, "--matter", asked, "--chain", "hate-crime", by=WRITER)
    assert sought.returncode == 0, sought.stderr
    for order, read in (
        (("sign-off", incident), f"sign off in incident {incident}: “{asked}”"),
        (("rename", incident, "Fire at the stores"), "Fire at the stores"),
        (("reclassify", incident, "fewer were hurt", "--level", "4"), "level 4; reason fewer were hurt"),
    ):
        done = trust.said(*order, by=CHIEF)
        assert done.returncode == 0, done.stderr
        assert read in done.stderr[: done.stderr.index("ask for code")]
    state = trust.state(incident)
    assert (state.declaration.name, state.declaration.level) == ("Fire at the stores", 4)
    (search,) = [one for one in state.searches.values() if one.matter]
    assert (search.ended.outcome, search.ended.person) == ("answered", CHIEF)
    verified(trust, incident, tmp_path)


def test_a_case_and_a_planned_post_are_settled_on_the_telephone(trust: Trust) -> None:
    """What they are about is read out first: the case in its sentence, the post as each channel will show it."""
    about = "A threat to the staff of one ward."
    opened_case = trust.said("open-case", "case-said", "threat", about, by=CHIEF)
    assert opened_case.returncode == 0, opened_case.stderr
    handed = trust.said("hand-on-case", "case-said", WRITER, "It is hers.", by=CHIEF)
    assert handed.returncode == 0, handed.stderr
    assert f"hand on case in case case-said, a threat: {about}: to {WRITER}" in before_the_code(handed.stderr)
    words = "Our clinic is open on Saturday."
    written = ("plan", "post-said", "--at", "+2h", "--channel", "site", "--text", f"en={words}")
    planned = trust.said(*written, "--text", "cy=Mae ein clinig ar agor ddydd Sadwrn.", by=WRITER)
    assert planned.returncode == 0, planned.stderr
    assert f"| {words}" in before_the_code(planned.stderr)
    yes = ("approve-post", "post-said")
    through = trust.said(*yes, by=CHIEF)
    assert "wrote or entered what waits here" in through.stderr
    done = trust.said(*yes, by=CHIEF, to="dilys.maenhir")
    assert done.returncode == 0, done.stderr
    assert f"| {words}" in before_the_code(done.stderr)
    refused = trust.said("seek", "inc-x", "--matter", "Shall we?", "--chain", "hate-crime", by=CHIEF)
    assert "anybody on the register may have people asked" in refused.stderr


def before_the_code(shown: str) -> str:
    """What was read out before the code was asked for."""
    return shown[: shown.index("ask for code")]
