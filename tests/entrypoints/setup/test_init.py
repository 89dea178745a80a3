"""What `holdingline init` writes can be used as it is; what it cannot use it says, and it writes nothing over."""

import asyncio
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from stat import S_IMODE

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import load
from agents.adapters.registers.source import parse
from agents.entrypoints.cli.options import Misused
from agents.entrypoints.cli.setup import prompts
from agents.entrypoints.cli.setup.addresses import console_of
from agents.entrypoints.cli.setup.answers import Read, Typed, Written
from agents.entrypoints.cli.setup.duties import Duty, lacking, powers_of
from agents.entrypoints.cli.setup.yaml_text import flow, text_of
from agents.entrypoints.worker.feeds.wiring import read_recording
from agents.entrypoints.worker.looks import looks
from agents.exercise import Options, run
from streams.values import TRAINING, Power, Purpose
from tests.entrypoints.commanding import run as command
from tests.entrypoints.setup.guide import GOING_LIVE, answers, page, rows

NOTIFY = "template_id_of_that_in_gov_uk_notify_empty_none_yet"
ON_THE_PHONE = ("/passkey", "enrol-passkey ana.rowe", "holdingline console")
AT_THE_DESK = ("holdingline key new", "register found", "holdingline approve fire --as cara.singh", "to be reviewed")
WELSH = {"nation_for_its_bank_holidays": "wales"}
DRILL, PLAYED_SECONDS_MAX = "first-drill", 240.0
PARTNERS = "What Northgate Ambulance Service posts is heard in its feed and goes out again within a minute"
SECONDS_A_QUESTION, CHARACTERS_A_SECOND, SECONDS_MAX = 5, 2, 600


def made(folder: Path, text: str) -> tuple[int, str]:
    """The exit code of `init` in this folder, and what it says."""
    (folder / "answers.txt").write_text(text, encoding="utf-8")
    code, said, complained = command("init", str(folder / "trust"), "--answers", str(folder / "answers.txt"))
    return code, said + complained


def welsh() -> str:
    """The answers of a trust in Wales: each place is asked for in Welsh too."""
    lines = answers(**WELSH).splitlines()
    first = lines.index("Northgate General Hospital")
    lines[first + 1 : first + 1] = ["Ysbyty Porth y Gogledd"]
    lines[first + 3 : first + 3] = [""]
    return "\n".join([*lines, ""])


@pytest.mark.parametrize("text", [answers(), welsh()], ids=["one language", "two languages"])
def test_what_is_written_has_no_fault_and_says_what_is_left_to_do(tmp_path: Path, text: str) -> None:
    code, said = made(tmp_path, text)
    assert code == 0, said
    code, found, _ = command("check", str(tmp_path / "trust"), "--log", f"sqlite:///{tmp_path / 'none.db'}")
    assert (code, found.splitlines()[0]) == (0, "no faults")
    assert "these wait for that yes: answer-checking" in found
    assert len(load(tmp_path / "trust").risks) == 7, "to begin with; that no account lacks one is no fault"
    for step in (*ON_THE_PHONE, *AT_THE_DESK):
        assert step in said
    assert said.endswith((tmp_path / "trust/left-to-do.txt").read_text(encoding="utf-8"))


def test_a_partner_is_in_the_register_with_its_feed_and_one_without_a_feed_is_left_to_do(tmp_path: Path) -> None:
    """Two people answer for each, one of whom may let posts out; none is heard whose feed nobody named."""
    lines = answers().splitlines()
    place = lines.index("Their duty manager read it out to us") + 1
    lines[place:place] = ["Northgate Police", "", "", "northgate-police.example"]
    code, said = made(tmp_path, "\n".join([*lines, ""]))
    assert code == 0, said
    assert "No feed hears Northgate Police yet" in said
    assert "holdingline feeds pin northgate-police ADDRESS --evidence HOW --write" in said
    ambulance, police = load(tmp_path / "trust").partners.values()
    assert [(one.kind, one.address) for one in ambulance.accounts] == [
        ("atom", "https://www.northgate-ambulance.example/news.xml")
    ]
    assert (ambulance.category, ambulance.domain) == ("ambulance", "northgate-ambulance.example")
    assert (police.accounts, police.account_id) == ((), "did:web:northgate-police.example")
    assert {(one.registered_by, one.approved_by) for one in (ambulance, police)} == {("cara.singh", "ben.shea")}


def test_a_trust_may_name_no_partner(tmp_path: Path) -> None:
    lines = answers().splitlines()
    place = lines.index("Northgate Ambulance Service")
    code, said = made(tmp_path, "\n".join([*lines[:place], *lines[place + 5 :], ""]))
    assert code == 0, said
    assert load(tmp_path / "trust").partners == {}
    assert "Later: partners, bounds" in said


def test_a_trust_of_one_language_has_no_word_of_another(tmp_path: Path) -> None:
    """In no text, slot or option; nor of the example's own people, places and hashtag."""
    assert made(tmp_path, answers())[0] == 0
    register = load(tmp_path / "trust")
    for template in register.templates.values():
        texts = [*template.texts.values(), *template.short_texts.values(), template.what]
        assert {language for text in texts for language in text} == {"en"}
        assert template.approval is None
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "trust").rglob("*.yaml"))
    assert re.findall(r"\bcy\b|(?i:ardudwy)|penfynach", written) == []


def test_mobile_numbers_have_a_pager_whose_secret_is_named_and_never_written(tmp_path: Path) -> None:
    code, said = made(tmp_path, answers())
    assert code == 0, said
    texts, letters = load(tmp_path / "trust").pagers.values()
    assert (texts.via, texts.kind, letters.via) == ("sms", "notify", "email")
    assert texts.credential
    assert (texts.credential.secret, texts.credential.mode) == ("HOLDINGLINE_NOTIFY_KEY", "live")
    assert "an API key of type Live of GOV.UK Notify into HOLDINGLINE_NOTIFY_KEY" in said


def test_without_a_template_the_trust_is_told_whose_numbers_wait_for_one(tmp_path: Path) -> None:
    """And nobody without a mobile number is asked for a template."""
    code, said = made(tmp_path, answers(**{NOTIFY: ""}))
    assert code == 0, said
    assert [one.via for one in load(tmp_path / "trust").pagers.values()] == ["email"]
    assert "Letters wake nobody: add text messages to" in said
    assert "The mobile number of Ana Rowe is for that." in said
    (tmp_path / "none").mkdir()
    lines = answers(mobile_number_empty_none="").splitlines()[:-1]
    code, said = made(tmp_path / "none", "\n".join([*lines, ""]))
    assert code == 0, said
    assert "is for that." not in said


def test_the_leading_language_comes_first(tmp_path: Path) -> None:
    code, said = made(tmp_path, welsh().replace("wales\n\n", "wales\ncy,en\n", 1).replace("en,cy", "cy,en"))
    assert code == 0, said
    register = load(tmp_path / "trust")
    assert register.languages == ("cy", "en")
    assert [*register.templates["fire"].texts[Purpose.HOLDING]] == ["cy", "en"]


async def test_its_exercise_runs_and_meets_what_it_expects(tmp_path: Path) -> None:
    assert (await asyncio.to_thread(made, tmp_path, welsh()))[0] == 0
    folder = tmp_path / "trust"
    played = await run(folder / f"exercises/{DRILL}.yaml", Options(register=folder, read_recording=read_recording))
    assert PARTNERS in [one.says for one in played.outcomes]
    assert [one.says for one in played.outcomes if not one.held] == []
    assert played.exit_code == 0


async def test_the_console_of_a_drill_offers_it_and_plays_it(tmp_path: Path) -> None:
    """The folder's own exercise, and by its own people; those that come with holdingline are of another trust."""
    assert (await asyncio.to_thread(made, tmp_path, answers()))[0] == 0
    log, scores = f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "scores"
    seen = looks(TRAINING, log, folder=tmp_path / "trust", drills_file=scores)
    assert seen.scenarios == {DRILL: "Fire at Northgate General Hospital"}
    assert seen.drills
    assert await seen.drills.begin(DRILL, by="Ann", now=SystemClock().now())
    begun = seen.drills.latest
    assert begun
    async with asyncio.timeout(PLAYED_SECONDS_MAX):
        while not begun.is_over:  # noqa: ASYNC110 - people wait as well
            await asyncio.sleep(0.1)
    assert (begun.trouble, begun.has_passed) == ("", True)
    assert any(PARTNERS in line for line in begun.judged)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    makes: Mapping[str, Callable[[Path], None]] = {
        "file": Path.touch,
        "folder": lambda trust: (trust / "register").mkdir(parents=True),
        "link": lambda trust: trust.symlink_to(tmp_path),
    }
    for name, make in makes.items():
        folder = tmp_path / name
        folder.mkdir()
        make(folder / "trust")
        code, said = made(folder, answers())
        assert code == 1
        assert "nothing is written over" in said
        assert {path.name for path in folder.iterdir()} == {"trust", "answers.txt"}


WRONG = {
    "nation_for_its_bank_holidays": ("france", "choose england, wales"),
    "languages_of_your_messages_the_leading_one_first_en_cy": ("pl", "write en, or cy"),
    "hashtag_of_your_messages": ("#bad-one", "is no hashtag"),
    "name_of_the_trust": ("", "nothing was answered"),
    "telephone_number_of_your_switchboard": ("ask at the desk", "no telephone number"),
    "address_of_the_public_incident_pages": ("our page", "no address of a web page"),
    "address_of_the_console": ("http://live.northgate.example", "begin it with https://"),
    "mail_server_that_takes_your_e_mail": ("mail server", "no name of a machine"),
    "address_of_its_atom_or_rss_feed_empty_none_yet": ("http://news.example/feed", "begin it with https://"),
    "domain_that_its_own_pages_are_on": ("their page", "is no domain"),
    "how_you_know_that_the_feed_is_theirs": ("", "nothing was answered"),
    "its_port": ("70000", "no port"),
    "who_is_on_call_this_week_next_week_and_so_on_commas_between": ("Ben Shea", "no commander"),
    "who_gets_every_message_by_e_mail_newsrooms_councils_commas_between": ("newsdesk", "no e-mail address"),
    "duty_or_duties_with_commas_between": ("boss", "no duty"),
    "e_mail_address": ("ana", "no e-mail address"),
    "mobile_number_empty_none": ("12", "no mobile number"),
    "template_id_of_that_in_gov_uk_notify_empty_none_yet": ("our template", "no template ID: copy it"),
    "name_of_a_person": ("A\u0000na", "holds the invisible character"),
}


@pytest.mark.parametrize("question", WRONG)
def test_a_wrong_answer_of_a_file_is_named_with_its_line_and_nothing_is_written(tmp_path: Path, question: str) -> None:
    wrong, sentence = WRONG[question]
    text = answers(**{question: wrong})
    assert text != answers()
    code, said = made(tmp_path, text)
    places = zip(text.splitlines(), answers().splitlines(), strict=True)
    number = next(at for at, (new, old) in enumerate(places, 1) if new != old)
    assert code == 1
    assert f"line {number} of the answers" in said
    assert sentence in said
    assert not (tmp_path / "trust").exists()


PUBLIC = "https://alerts.northgate.example/news/"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("live.northgate.example", "write https:// and a host name alone"),
        ("https://live.northgate.example/console", "write https:// and a host name alone"),
        ("https://live.northgate.example:99999", "write https:// and a host name alone"),
        ("http://localhost:8470", "passkeys need https"),
        ("https://192.0.2.7", "and no number"),
        ("https://console", "write one like live.trust.nhs.uk"),
        ("https://ana@live.northgate.example", "write one like live.trust.nhs.uk"),
        ("https://Alerts.northgate.example", "give the console a host name of its own"),
    ],
)
def test_the_console_is_at_a_host_name_of_its_own_behind_https(typed: str, told: str) -> None:
    """Passkeys belong to that name: one that is wrong is found on the night, when no passkey opens anything."""
    with pytest.raises(ValueError, match=re.escape(told)):
        console_of(typed, PUBLIC)


def test_the_address_of_the_console_is_the_one_that_was_answered(tmp_path: Path) -> None:
    """It is in every step that needs it, beside what the reverse proxy has to do."""
    assert console_of("https://Live.northgate.example:443/", PUBLIC) == "https://live.northgate.example"
    assert console_of("https://live.northgate.example:8443", PUBLIC) == "https://live.northgate.example:8443"
    code, said = made(tmp_path, answers(address_of_the_console="https://incidents.northgate.example/"))
    assert code == 0, said
    assert "Have incidents.northgate.example name a machine with a certificate for it, whose reverse proxy" in said
    assert "export HOLDINGLINE_ORIGIN=https://incidents.northgate.example\n" in said
    assert "at https://incidents.northgate.example/passkey" in said


def test_answers_that_are_too_few_or_too_many_are_refused(tmp_path: Path) -> None:
    code, said = made(tmp_path, "".join(answers().splitlines(keepends=True)[:-1]))
    assert (code, "the answers end before the question “Template ID of that" in said) == (1, True)
    code, said = made(tmp_path, answers() + "one more\n")
    assert (code, "(“one more”) answers no question" in said) == (1, True)
    assert not (tmp_path / "trust").exists()


def test_a_person_at_a_terminal_is_asked_again_and_told_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("france\nwales\n"))
    assert Typed().ask("Nation", prompts.one_of(["england", "wales"]), default="england") == "wales"
    assert "“france” is none of them: choose england, wales" in capsys.readouterr().out


def test_a_person_at_a_terminal_gets_through_with_the_answers_of_the_guide(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty answer that the guide shows is taken at each question; one question too many would find the end."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answers()))
    today = date(2026, 11, 29)
    assert prompts.questions(Typed(), today) == prompts.questions(Written(answers().splitlines()), today)


def test_a_person_who_ends_the_list_of_people_too_early_is_told_whom_it_lacks() -> None:
    with pytest.raises(Misused, match="name a person whose duty is executive"):
        prompts.questions(Written(answers().replace("executive", "commander").splitlines()), date(2026, 11, 29))


@given(st.lists(st.sets(st.sampled_from(Duty), min_size=1), max_size=5))
def test_people_who_lack_nothing_can_do_all_with_a_second_person(
    people: Sequence[set[Duty]],
) -> None:
    """Every power is there, and two people for what one alone may not do."""
    if lacking(people) is not None:
        return
    held = [set(powers_of(duties)) for duties in people]
    assert set().union(*held) == set(Power)
    for power in (Power.ENROL_KEY, Power.CHANGE_REGISTER, Power.APPROVE_TEMPLATE):
        assert sum(power in powers for powers in held) > 1
    for position, powers in enumerate(held):
        if Power.DRAFT_LINE in powers:
            assert any(Power.SIGN_OFF_LINE in one for at, one in enumerate(held) if at != position)


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_name_that_is_taken_reads_back_as_it_was_answered(name: str) -> None:
    """Whatever YAML makes of such words: yes, 22:31, #Tag, a quote."""
    try:
        word = prompts.word(name.strip())
    except ValueError:
        return
    assert parse(text_of([flow({"name": word}), {"name": word}]), "any.yaml").value == [{"name": word}] * 2


@given(st.lists(st.text(min_size=1, max_size=20), max_size=8))
def test_people_of_any_names_have_identifiers_of_their_own(names: Sequence[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(prompts.identifier(name, taken))
    assert len(set(taken)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.]*", one) for one in taken)


def asked() -> Iterator[str]:
    """The questions as `init` asks them, one after another."""

    class Heard(Written):
        def ask(self, question: str, read: Read, *, default: str | None = None) -> object:
            questions.append(question.strip())
            return super().ask(question, read, default=default)

    questions: list[str] = []
    prompts.questions(Heard(answers().splitlines()), SystemClock().now().date())
    yield from questions


def test_the_guide_lists_every_question_and_counts_what_is_typed() -> None:
    """A newcomer answers all in less than ten minutes."""
    assert [question for question, _ in rows()] == [*asked()]
    typed = sum(len(answer) for _, answer in rows())
    assert f"Here are {len(rows())} answers with {typed} characters" in page(GOING_LIVE)
    assert len(rows()) * SECONDS_A_QUESTION + typed / CHARACTERS_A_SECOND < SECONDS_MAX


def test_somebody_is_on_call_at_every_hour_of_the_year(tmp_path: Path) -> None:
    two = answers().replace("executive\n", "commander, executive\n", 1)
    assert made(tmp_path, two)[0] == 0
    turns = load(tmp_path / "trust").rota
    assert turns[0].starts_at <= SystemClock().now()
    assert all(one.ends_at == after.starts_at for one, after in pairwise(turns))
    assert turns[-1].ends_at > SystemClock().now() + timedelta(weeks=50)
    assert [turn.person for turn in turns[:4]] == ["ana.rowe", "cara.singh"] * 2


def test_an_empty_folder_is_filled_and_keeps_its_rights(tmp_path: Path) -> None:
    """A server's guide makes it for the service first, closed to other users of the machine."""
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust").chmod(0o750)
    code, said = made(tmp_path, answers())
    assert code == 0, said
    assert S_IMODE((tmp_path / "trust").stat().st_mode) == 0o750
    assert (tmp_path / "trust/register/people.yaml").is_file()
