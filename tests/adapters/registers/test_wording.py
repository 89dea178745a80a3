"""The word lists as files: the product's, a folder's in their place or beside them, and what is wrong at its line."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agents.adapters.registers import UnusableRegisters, data_folder, load, report
from agents.adapters.registers.wording import (
    CHECKED,
    HAZARDS,
    HELD,
    PARTNERS,
    PLACEHOLDERS,
    ROUTES,
    WORDING,
    pattern_faults,
    read_wording,
)
from streams.decisions.listening.routes.rules import rule_of
from streams.decisions.listening.vocabulary import words_of
from streams.decisions.wording.held_fields import held
from streams.decisions.wording.placeholders.search import suspected
from streams.words.cases import CaseSort
from streams.words.holds import HeldField
from streams.words.register.kept import RegisterRecord
from streams.words.register.wording import READING_AGE_MAX, WEIGHTS
from tests.adapters.breaking import Break, copied, faults
from tests.architecture.tree import ROOT
from tests.examples import example_register

PRODUCT = read_wording(data_folder()).words
KIND = """
kinds:
  - name: a gap of ours
    example: "blank space"
    patterns: |-
      \\bblank space\\b
"""
OURS = """
held:
  - field: cause
    owner: Communications team
    note: What our own people say.
    patterns: |-
      \\bthe boiler went\\b
"""


HAZARD_KIND = """
hazard_kinds:
  - kind: river
    owner: Communications team
    note: The river beside us.
    words: bore, fire
"""


def own(folder: Path, name: str, text: str) -> Path:
    (folder / WORDING).mkdir(exist_ok=True)
    (folder / WORDING / name).write_text(text, encoding="utf-8")
    return folder


def test_the_products_lists_are_sound_and_know_every_held_field() -> None:
    """A hold of a field without words would keep nothing back."""
    wording = read_wording(data_folder())
    assert wording.faults == [*pattern_faults(wording)] == []
    assert {one.field for one in wording.words.held} == set(HeldField)
    assert all(one.owner and one.note for one in wording.words.lists)
    assert all(one.owner and one.note for one in wording.words.held)


def test_a_folder_without_lists_is_judged_by_the_products(tmp_path: Path) -> None:
    """As the folders of trusts are that were made before the lists were files."""
    assert load(copied(tmp_path)).words == PRODUCT


def test_a_folders_own_placeholders_take_the_place_of_the_products(tmp_path: Path) -> None:
    """They only make people look twice; its held fields are the product's all the same."""
    words = load(own(copied(tmp_path), PLACEHOLDERS, KIND), judges=True).words
    assert [kind.name for kind in words.kinds] == ["a gap of ours"]
    assert [gap.words for gap in suspected("Call NUMBER in this blank space.", words)] == ["blank space"]
    assert words.held == PRODUCT.held


def test_a_folders_own_held_fields_are_added_to_the_products(tmp_path: Path) -> None:
    """An edit of the file cannot make a hold keep back less."""
    folder = own(copied(tmp_path), HELD, OURS)
    register = load(folder, judges=True)
    assert held(HeldField.CAUSE, "We know that the boiler went.", register=register)
    assert held(HeldField.CAUSE, "It was caused by ice.", register=register)
    assert not held(HeldField.CAUSE, "We know that the boiler went.", register=example_register())
    assert faults(folder) == []


def test_a_copy_of_the_products_held_fields_adds_nothing(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    shutil.copytree(data_folder() / WORDING, folder / WORDING)
    assert load(folder, judges=True).words == PRODUCT


HURT = "casualt(?:y|ies)|fatalit(?:y|ies)|"
BROKEN = (
    Break(f"{WORDING}/{HELD}", HURT, "", "- id: hurt", "the name hurt is taken already, and patterns rely on it"),
    Break(
        f"{WORDING}/{PLACEHOLDERS}",
        "{nouns})s?",
        "{nuns})s?",
        r"(?:Location|Place|Time",
        "there is no list or part nuns",
    ),
    Break(f"{WORDING}/{PLACEHOLDERS}", r"      \bT", r"      (\bT", "patterns: |-", "cannot be searched for"),
    Break(f"{WORDING}/{PLACEHOLDERS}", 'example: "DRAFT"', 'example: "fine"', 'example: "fine"', "do not find it"),
    Break(f"{WORDING}/{PLACEHOLDERS}", "    note: The months.\n", "", "- id: month", "note is missing: add it"),
    Break(
        f"{WORDING}/{ROUTES}", "{groups_of_people}", "{groups}", "- id: hate-before", "there is no list groups: they"
    ),
    Break(f"{WORDING}/{HELD}", "field: names", "field: ages", "field: ages", "field is “ages”"),
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.says)
def test_what_is_wrong_with_a_list_is_found_and_keeps_the_folder_from_judging(broken: Break, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    shutil.copytree(data_folder() / WORDING, folder / WORDING)
    broken.apply(folder)
    found = [one for one in faults(folder) if one.file == broken.file and broken.says in one.sentence]
    assert found, report(faults(folder))
    with pytest.raises(UnusableRegisters):
        load(folder, judges=True)


def test_a_part_that_names_itself_is_told(tmp_path: Path) -> None:
    text = "parts:\n  - {id: round, note: Round., patterns: '{round}'}\n" + KIND.replace("\\bblank space\\b", "{round}")
    found = faults(own(copied(tmp_path), PLACEHOLDERS, text))
    assert [(one.file, "no part may name itself" in one.sentence) for one in found] == [
        ("wording/placeholders.yaml", True)
    ]


def test_no_file_of_a_folder_gives_a_part_of_the_held_fields_another_meaning(tmp_path: Path) -> None:
    """Neither in a list of placeholders: what the product's patterns name is the product's."""
    text = "parts:\n  - id: hurt\n    note: Nobody.\n    patterns: nobody\n" + KIND
    folder = own(copied(tmp_path), PLACEHOLDERS, text)
    assert report(faults(folder))[:1] == [
        "wording/placeholders.yaml:2: the name hurt is taken already, and patterns rely on it: give this one another"
    ]
    with pytest.raises(UnusableRegisters):
        load(folder)


LISTED = """
lists:
  - {id: groups_of_people, owner: Equality lead, note: Who lives here too., words: "islanders, hill people"}
"""


def test_what_a_folder_lists_for_its_rules_is_added_to_the_list_of_that_name(tmp_path: Path) -> None:
    """So a trust names the groups of its own place once, for all rules of the product that ask for one."""
    words = load(own(copied(tmp_path), ROUTES, LISTED), judges=True).words
    assert {*words.words("groups_of_people")} == {*PRODUCT.words("groups_of_people"), "islanders", "hill people"}
    called = words_of("Hill people are vermin")
    hostile = {one.sort for one in words.routes if rule_of(one, words).fired(called, called, addressed=False)}
    assert CaseSort.HATE_CRIME in hostile


def test_a_list_for_rules_adds_nothing_to_one_that_patterns_rely_on(tmp_path: Path) -> None:
    """Else a word too many there could let something through that is held."""
    found = report(faults(own(copied(tmp_path), ROUTES, LISTED.replace("groups_of_people", "month"))))
    assert found[0].startswith("wording/routes.yaml:3: the name month is taken already")


def test_a_file_that_nobody_reads_is_told(tmp_path: Path) -> None:
    found = faults(own(copied(tmp_path), "holdings.yaml", KIND))
    names = f"{PLACEHOLDERS}, {HELD}, {PARTNERS}, {CHECKED}"
    assert report(found) == [f"wording/holdings.yaml:1: there are no word lists of this name: they are {names}"]


def test_the_record_keeps_the_lists_with_the_register_and_older_registers_have_none() -> None:
    """So a record is judged again by the same lists that judged it first."""
    register = example_register()
    kept = RegisterRecord.of(register, mode="live").register()
    assert kept.words == register.words
    assert kept.words.version == register.words.version
    older = RegisterRecord.of(register, mode="live")
    older = older.model_copy(update={"content": register.model_dump_json(exclude={"words"})})
    assert older.register().words.kinds == ()


ASK = """
from contextlib import suppress
from streams.decisions.wording.patterns import Pattern
def compiled(self):
    raise AssertionError("a pattern was compiled: " + self.written)
Pattern.compiled = property(compiled)
from agents.entrypoints.cli.main import main
for command in (["--help"], ["hashes"], ["can", "samira.dastwick", "declare", "--log", "sqlite://FOLDER/log.db"]):
    with suppress(SystemExit):
        main(command)
print("judged nothing")
"""


def test_a_command_that_judges_no_text_compiles_no_pattern(tmp_path: Path) -> None:
    """Compiling them takes a fifth of a second; reading the register needs none of them."""
    ask = ASK.replace("FOLDER", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False, timeout=180
    )
    assert done.stdout.splitlines()[-1:] == ["judged nothing"], done.stderr


CHECKS = """
checked:
  - check: blame
    says: may blame the boiler
    advice: leave that out
    owner: Communications team
    note: What our own people say.
    example: the boiler did it
    patterns: |-
      \\bthe boiler did it\\b
acronyms:
  - {short: "ED", full: {en: emergency doors}}
  - {short: "MAU", full: {en: medical assessment unit, cy: uned asesu meddygol}}
"""


def test_a_folders_own_message_checks_are_added_and_its_acronyms_take_the_place_of_the_products(tmp_path: Path) -> None:
    """An acronym means one thing in a trust."""
    words = load(own(copied(tmp_path), CHECKED, CHECKS), judges=True).words
    assert len(words.checked) == len(PRODUCT.checked) + 1
    full = {one.short: one.full.get("en") for one in words.acronyms}
    assert (full["ED"], full["MAU"], full["ICU"]) == (
        "emergency doors",
        "medical assessment unit",
        "intensive care unit",
    )


def test_message_checks_that_do_not_find_their_own_example_are_a_fault(tmp_path: Path) -> None:
    folder = own(copied(tmp_path), CHECKED, CHECKS.replace("example: the boiler did it", "example: the pump did it"))
    with pytest.raises(UnusableRegisters, match="its own patterns do not find it"):
        load(folder, judges=True)


def test_a_folder_without_a_table_of_checks_has_the_usual_rules_and_a_wrong_row_is_named(tmp_path: Path) -> None:
    """A register from before the checks needs no change."""
    folder = copied(tmp_path)
    table = folder / "register" / "checks.yaml"
    table.unlink()
    assert load(folder).checks == {}
    table.write_text("- {id: commerce, ours: forbidden}\n", encoding="utf-8")
    with pytest.raises(UnusableRegisters, match=r"register/checks\.yaml:1: "):
        load(folder)


def test_the_example_table_says_what_holds_without_it() -> None:
    """So that taking a row out of it changes nothing."""
    table = load(data_folder()).checks
    assert {name: (one.ours, one.partners) for name, one in table.items()} == WEIGHTS
    assert all(one.reading_age_max == READING_AGE_MAX for one in table.values())


def test_a_word_of_a_kind_of_hazard_is_a_hazard_word_of_that_kind_alone(tmp_path: Path) -> None:
    """Else nothing would hear it, or one word would speak of two matters."""
    found = [*pattern_faults(read_wording(own(tmp_path, HAZARDS, HAZARD_KIND)))]
    assert [one.line for one in found] == [6, 6]
    assert [one.sentence for one in found] == [
        '"bore" is no hazard word: add it to the words of its language',
        '"fire" is of the kind fire already: leave it in one of them',
    ]
