"""`check` finds what is wrong, at its line, and says what to do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.channels.email.settings import settings_of as email_settings
from agents.adapters.channels.site.settings import settings_of as site_settings
from agents.adapters.registers import check, data_folder, report
from agents.adapters.registers.source import parse
from agents.entrypoints.worker.pagers import SETTINGS as PAGER_SETTINGS
from streams.decisions.channels import kinds
from streams.decisions.channels.lengths import SEGMENTS
from tests.adapters.breaking import Break, copied, faults
from tests.adapters.breaks import CHANNELS, FIRE, MEANING, READING, TEMPLATE
from tests.adapters.pagers.pager_folder import NOTIFY_TEMPLATE, SECRET, TEXTS, with_texts
from tests.examples import NOW


def test_the_example_has_no_fault() -> None:
    """On a winter night, and until late in 2028."""
    for days in (0, 300, 700, 1000):
        assert report(check(data_folder(), NOW + timedelta(days=days))) == []


@pytest.mark.parametrize("broken", [*READING, *MEANING, *TEMPLATE], ids=lambda one: f"{one.file}: {one.new[:50]!r}")
def test_each_break_is_found_at_its_line(broken: Break, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    broken.apply(folder)
    found = faults(folder)
    assert broken.is_found(found, folder), report(found)


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    """A broken file does not hide what is wrong in the others, nor a broken entry its neighbours."""
    folder = copied(tmp_path)
    several = [READING[1], MEANING[1], MEANING[5], TEMPLATE[1], TEMPLATE[4], TEMPLATE[-1]]
    for broken in several:
        broken.apply(folder)
    found = faults(folder)
    assert [one for one in several if not one.is_found(found, folder)] == []


@pytest.mark.parametrize("content", [b"- [", b"\xff\xfe", None], ids=repr)
@pytest.mark.parametrize("file", ["people", "channels", "trust"])
def test_a_file_that_cannot_be_read_is_the_only_fault(file: str, content: bytes | None, tmp_path: Path) -> None:
    """A person who dropped a bracket is not sent to mend forty sentences that are right."""
    path = copied(tmp_path) / f"register/{file}.yaml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert {fault.file for fault in faults(tmp_path)} == {f"register/{file}.yaml"}


def test_a_register_without_people_is_not_used(tmp_path: Path) -> None:
    """A file that was cut off while it was saved takes nobody's powers away: the last good one stays in force."""
    (copied(tmp_path) / "register/people.yaml").write_text("", encoding="utf-8")
    assert report(faults(tmp_path)) == ["register/people.yaml:1: nobody is on it: put the people back"]


def test_an_edited_template_shows_the_hash_to_approve(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    Break(FIRE, "Mae tân", "Mae tân mawr", "", "").apply(folder)
    [fault] = faults(folder)
    assert "the hash to approve is " in fault.sentence


def test_a_missing_file_and_a_stranger_are_told(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / CHANNELS).rename(folder / "register/chanels.yaml")
    (folder / FIRE).rename(folder / "messages/fire.yml")
    told = {fault.file: fault.sentence for fault in faults(folder)}
    assert told[CHANNELS].startswith("there is no such file")
    assert told["register/chanels.yaml"].startswith("there is no register of this name")
    assert "ends in .yaml" in told["messages/fire.yml"]


SETTINGS = {"site": site_settings, "email": email_settings}


def test_the_options_of_the_example_suit_its_adapters() -> None:
    assert report(check(data_folder(), NOW, settings=SETTINGS, pagers=PAGER_SETTINGS)) == []


@pytest.mark.parametrize(
    "broken",
    [
        Break(
            CHANNELS,
            "kind: email",
            "kind: pigeon",
            "kind: pigeon",
            f"there is no kind pigeon: the kinds are {', '.join(kinds.speaking())}",
        ),
        Break(CHANNELS, '    port: "1025"', '    port: "many"', "port:", "port is “many”"),
        Break(CHANNELS, "    area: Ardudwy Vale", "    aria: Ardudwy Vale", "aria", "there is no field aria"),
        Break(
            CHANNELS,
            "  options:\n    # A mail",
            "  options: #2\n    recipients_file: list.txt\n    # A mail",
            "#2",
            "give either `recip",
        ),
    ],
    ids=lambda one: one.new,
)
def test_options_that_do_not_suit_the_adapter_are_found(broken: Break, tmp_path: Path) -> None:
    """The adapters say so themselves, so what `check` lets through can be served."""
    folder = copied(tmp_path)
    broken.apply(folder)
    found = list(check(folder, NOW, settings=SETTINGS))
    assert broken.is_found(found, folder), report(found)


def test_texts_and_limits_that_do_not_fit_a_kind_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest message that a template can give is measured as its channels' kinds count."""
    short = replace(kinds.SITE, counter=SEGMENTS, limit=1)
    monkeypatch.setitem(kinds.KINDS, "site", short)
    found = [(one.file, one.sentence) for one in faults(copied(tmp_path))]
    limit = "a channel of kind site takes 1 text messages at most: give less, or none"
    assert (CHANNELS, limit) in found
    long = [sentence for file, sentence in found if file == FIRE and "text messages with its hashtags" in sentence]
    assert all("site takes 1: shorten it, or leave site out" in one for one in long)
    assert long != []


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (TEXTS.replace("notify", "pigeon"), "there is no kind pigeon: the kinds are chat, email, notify"),
        (TEXTS.replace(NOTIFY_TEMPLATE, "ours"), "template is “ours”"),
        (TEXTS.replace(f"credential: {{secret: {SECRET}, mode: live}}, ", ""), "its `credential` is missing"),
    ],
    ids=["kind", "option", "credential"],
)
def test_pagers_that_could_not_be_set_up_are_found(entry: str, says: str, tmp_path: Path) -> None:
    """As the worker would find when it starts."""
    folder = copied(tmp_path)
    with_texts(folder, entry)
    found = [one.sentence for one in check(folder, NOW, pagers=PAGER_SETTINGS)]
    assert any(says in one for one in found), found


@pytest.mark.parametrize(
    ("name", "says"),
    [("nobody.at-all", "there is no person nobody.at-all"), ("dilys.maenhir", None)],
    ids=["a person who is not there", "a person with an address"],
)
def test_a_briefing_goes_to_people_of_the_register_who_have_an_address(
    tmp_path: Path, name: str, says: str | None
) -> None:
    folder = copied(tmp_path)
    before = faults(folder)
    trust = folder / "register/trust.yaml"
    trust.write_text(f"{trust.read_text('utf-8')}briefing: {{people: [{name}]}}\n", encoding="utf-8")
    found = [one.sentence for one in set(faults(folder)) - set(before)]
    assert len(found) == (1 if says else 0)
    assert all(one.startswith(says or "") for one in found)


def test_a_trust_that_speaks_one_language_gets_one_finding_and_not_one_for_each_text(tmp_path: Path) -> None:
    """It names the language, every template, and what to do; with the language back there is none."""
    folder = copied(tmp_path)
    before = faults(folder)
    trust = folder / "register/trust.yaml"
    whole = trust.read_text("utf-8")
    line = next(one for one in whole.splitlines() if one.startswith("languages:"))
    trust.write_text(whole.replace(line, "languages: [en]"), encoding="utf-8")
    [found] = set(faults(folder)) - set(before)
    assert (found.file, found.line) == ("register/trust.yaml", whole.splitlines().index(line) + 1)
    names = sorted(path.stem for path in (folder / "messages").glob("*.yaml"))
    assert f"does not speak cy, and {len(names)} templates have texts in it ({', '.join(names)})" in found.sentence


HIDDEN = {
    "in a list": ("id: x\nhashtags: [ #Here, #There ]\nmore: y\n", 2, "#Here"),
    "second in a list": ('id: x\nhashtags: ["#Here", #There]\nmore: y\n', 2, "#There"),
    "in a list of several lines": ("id: x\nhashtags: [\n  one,\n  #Here\nmore: y\n", None, None),
    "in a mapping": ("id: x\nmore: {tag: #Here, other: y}\nlast: z\n", 2, "#Here"),
    "in a list in a list": ("- a\n- [one, [ #Here ]]\n", 2, "#Here"),
}


@pytest.mark.parametrize(("text", "line", "word"), HIDDEN.values(), ids=HIDDEN)
def test_a_hash_that_hides_the_rest_of_a_list_is_named_at_its_own_line(
    text: str, line: int | None, word: str | None
) -> None:
    """YAML notices only later that the list does not end; the hand that typed it is shown where it was."""
    [found] = parse(text, "file.yaml").faults
    if word is None:
        assert found.line >= 4
    else:
        assert (found.line, found.sentence) == (line, f"`#` begins a comment: put {word} in quotes")


@pytest.mark.parametrize("value", ["hashtags: #Here", "hashtags:\n  - #Here"])
def test_a_hash_in_the_place_of_a_value_is_named_at_its_own_line(tmp_path: Path, value: str) -> None:
    """Also where the file has another fault, whose line is its own."""
    folder = copied(tmp_path)
    fire = folder / FIRE
    lines = fire.read_text("utf-8").splitlines()
    at = next(number for number, one in enumerate(lines) if one.startswith("hashtags:"))
    end = next(number for number in range(at + 1, len(lines)) if not lines[number].startswith((" ", "-")))
    text = "\n".join([*lines[:at], *value.split("\n"), *lines[end:]])
    fire.write_text(text.replace("owner:", "ownr:", 1), encoding="utf-8")
    told = [one for one in faults(folder) if one.file == FIRE]
    line = text.splitlines().index(value.rsplit("\n", maxsplit=1)[-1]) + 1
    assert [one.line for one in told if one.sentence.endswith("`#` begins a comment: put #Here in quotes")] == [line]
    assert any("ownr" in one.sentence for one in told)


@pytest.mark.parametrize("text", ["a: '#One'\nb: [\"#Two\"]\n", "a: x # note\nb: [y] # more\n", "# all\na: b#c\n"])
def test_a_hash_in_quotes_or_before_a_note_is_no_fault(text: str) -> None:
    assert parse(text, "file.yaml").faults == []
