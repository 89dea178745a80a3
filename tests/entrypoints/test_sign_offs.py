"""A yes at the terminal: the words come first, as each channel will show them, and nobody types a hash."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from agents.entrypoints.cli.options import REFUSED_EXIT
from streams.values import digest
from tests.entrypoints.commanding import declared, soon
from tests.examples import APPROVER, CHIEF, WRITER
from tests.scenarios.kill_bench import Done, Service

Signs = Callable[..., Done]
PLACES = ("Ysbyty Ardudwy", "Afon Wen", "main entrance, Ysbyty Ardudwy")
HASH = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
def incident(on: Service, request: pytest.FixtureRequest) -> str:
    """An incident of the test's own."""
    return declared(on, request.node.name)


@pytest.fixture
def signs(on: Service, incident: str, monkeypatch: pytest.MonkeyPatch) -> Signs:
    """`holdingline sign-off` in that incident, with what a person types."""

    def sign(*words: str, by: str = CHIEF, typed: tuple[str, ...] = ("y",)) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{one}\n" for one in typed)))
        return on.order("sign-off", incident, *words, by=by)

    return sign


def proposed(on: Service, incident: str, place: str = PLACES[0]) -> str:
    """The identifier of a draft that waits."""
    slots = ("--slot", f"place={place}", "--slot", "time=22:32", "--next-update", soon())
    drafted = on.order("propose", incident, "fire", *slots, "--json", by=WRITER)
    assert drafted.returncode == 0, drafted.stderr
    message: dict[str, Any] = json.loads(drafted.stdout)[0]["body"]["message"]
    return str(message["id"])


def kinds(on: Service, incident: str) -> list[str]:
    return [fact["body"]["kind"] for fact in on.facts(incident)]


def test_the_words_are_read_on_each_channel_with_who_asks_and_one_letter_is_typed(
    on: Service, incident: str, signs: Signs
) -> None:
    """What is public afterwards is what was shown, and no hash is shown to be copied."""
    proposed(on, incident)
    done = signs()
    assert done.returncode == 0, done.stderr
    asked = done.stderr.index("Say yes to exactly these words?")
    for shown in (
        "Lowri Penfynach (communications manager) asks, until",
        "site in en: the en text has ",
        "email in en and cy",
        "  | There is a fire at Ysbyty Ardudwy",
        "  | Mae tân",
    ):
        assert shown in done.stderr[:asked], done.stderr
    assert HASH.findall(done.stderr) == []
    assert "site: PUBLIC" in done.stdout
    assert kinds(on, incident).count("message_authorised") == 1


def test_after_a_no_nothing_is_public_and_the_person_is_told_how_to_send_it_back(
    on: Service, incident: str, signs: Signs
) -> None:
    """So it is where the terminal goes in the middle, or a script forgot the hash."""
    name = proposed(on, incident)
    refused = signs(typed=("n",))
    assert refused.returncode == 1
    (search,) = [one["body"]["search_id"] for one in on.facts(incident) if one["body"]["kind"] == "sign_off_sought"]
    back = f"To send it back to Lowri Penfynach (communications manager): holdingline return-draft {incident} {name}"
    assert back in refused.stderr
    assert f"To have the next person asked: holdingline decline {incident} {search} 'why'" in refused.stderr
    for done in (refused, signs(typed=())):
        assert done.returncode == 1
        assert done.stderr.endswith("Nothing was signed off.\n")
    assert "message_authorised" not in kinds(on, incident)


def test_of_several_the_person_chooses_one(on: Service, incident: str, signs: Signs) -> None:
    """Each is listed with its first words; what cannot be chosen is asked again; the others go on waiting."""
    names = [proposed(on, incident, place) for place in PLACES]
    done = signs(typed=("4", "2", "y"))
    assert done.returncode == 0, done.stderr
    for number, name in enumerate(names, 1):
        assert f"{number}  {name}, holding “" in done.stderr
    assert "there is no 4: write one of " in done.stderr
    (yes,) = [one["body"] for one in on.facts(incident) if one["body"]["kind"] == "message_authorised"]
    assert yes["message"]["id"] == names[1]
    named = signs(names[2])
    assert named.returncode == 0, named.stderr
    assert "  | There is a fire at main entrance, Ysbyty Ardudwy" in named.stderr
    assert names[0] not in named.stderr


def test_who_may_not_say_yes_is_told_who_could_before_anything_is_asked(
    on: Service, incident: str, signs: Signs
) -> None:
    """One draft is refused with its reasons; of several each is named with who could."""
    proposed(on, incident)
    refused = signs(by=WRITER)
    assert refused.returncode == REFUSED_EXIT
    assert "who wrote a line cannot sign it off: ask another person" in refused.stderr
    assert "who could: " in refused.stderr
    assert "Samira Dastwick (chief executive)" in refused.stderr
    second = proposed(on, incident, PLACES[1])
    several = signs(by=WRITER)
    assert several.returncode == REFUSED_EXIT
    assert f"waits for another person's yes: {second}, holding “" in several.stderr
    assert f"nothing waits for the yes of {WRITER} in incident {incident}" in several.stderr
    assert several.stderr.splitlines()[-1].startswith("who could: ")
    assert "Say yes" not in refused.stderr + several.stderr


def test_what_does_not_wait_any_more_is_refused_with_what_became_of_it(
    on: Service, incident: str, signs: Signs
) -> None:
    none = signs()
    assert (none.returncode, none.stderr) == (
        1,
        f"nothing waits for a yes in incident {incident}: see `holdingline inbox`\n",
    )
    name = proposed(on, incident)
    assert signs().returncode == 0
    late = signs(name)
    assert late.returncode == REFUSED_EXIT
    assert "draft “There is a fire at Ysbyty Ardudwy. We were told at" in late.stderr
    assert "” was signed off by Samira Dastwick (chief executive) at " in late.stderr
    assert signs("msg-none").returncode == REFUSED_EXIT


def test_a_question_is_read_and_answered_by_one_letter(on: Service, incident: str, signs: Signs) -> None:
    matter = "Shall the police be told of this post?"
    assert on.order("seek", incident, "--matter", matter, "--chain", "hate-crime", by=WRITER).returncode == 0
    done = signs()
    assert done.returncode == 0, done.stderr
    assert f"“{matter}”" in done.stderr
    assert "Say yes to this?" in done.stderr
    (ended,) = [one["body"] for one in on.facts(incident) if one["body"]["kind"] == "search_ended"]
    assert (ended["outcome"], ended["person"]) == ("answered", CHIEF)


def test_a_script_gives_the_hash_and_is_asked_nothing(on: Service, incident: str, signs: Signs) -> None:
    """Another hash than that of what waits is refused, as the words are not those that were read."""
    name = proposed(on, incident)
    wrong = signs(name, digest("other words"), typed=())
    assert wrong.returncode == REFUSED_EXIT
    assert "the draft is not what was read" in wrong.stderr
    (shown,) = json.loads(on.run("preview", incident, name, "--json", "--log", on.log_url).stdout)
    done = signs(name, shown["content_hash"], typed=())
    assert done.returncode == 0, done.stderr
    assert "Say yes" not in done.stderr


def test_words_that_changed_while_the_person_read_are_not_signed(
    on: Service, incident: str, signs: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The yes is bound to what was shown: a draft that was taken back meanwhile goes nowhere."""
    name = proposed(on, incident)

    def read(*_: object, **__: object) -> bool:
        assert on.order("withdraw-draft", incident, name, "the place is wrong", by=WRITER).returncode == 0
        return True

    monkeypatch.setattr("agents.entrypoints.cli.lines.sign_offs.typer.confirm", read)
    refused = signs()
    assert refused.returncode == REFUSED_EXIT
    assert "was withdrawn" in refused.stderr
    assert "message_authorised" not in kinds(on, incident)


def test_a_planned_post_is_read_on_each_channel_and_one_letter_is_typed(
    on: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may not say yes reads who could, before anything is asked; after a no the post waits on."""

    def says(typed: str, *words: str, by: str = APPROVER) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return on.order("approve-post", "flu-clinic", *words, by=by)

    assert "there is no planned post flu-clinic in the log: see `holdingline plans`" in says("y\n").stderr
    where = ("--channel", "site", "--channel", "email", "--at", soon(), "--despite-pace")
    drafted = on.order("plan", "flu-clinic", *where, "--text", "en=Our flu clinic is open.", "--json", by=WRITER)
    assert drafted.returncode == 0, drafted.stderr
    own = says("y\n", by=WRITER)
    assert own.returncode == REFUSED_EXIT
    assert "Say yes" not in own.stderr
    assert "who could" in own.stderr.casefold()
    refused = says("n\n")
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (1, "Nothing was approved.")
    assert "To drop the post: holdingline unplan flu-clinic 'why'" in refused.stderr
    done = says("y\n")
    assert done.returncode == 0, done.stderr
    shown, _, _ = done.stderr.partition("Say yes to exactly these words?")
    for part in (
        "Lowri Penfynach (communications manager) asks: a post, at ",
        "site in en",
        "| Our flu clinic is open.",
    ):
        assert part in shown
    assert HASH.findall(done.stderr) == []
    assert "nothing waits for a yes in planned post flu-clinic" in says("y\n").stderr
    again = says("", "--hash", "0" * 64)
    assert again.returncode == REFUSED_EXIT, "a script gives the hash and is asked nothing"
    assert "Say yes" not in again.stderr
