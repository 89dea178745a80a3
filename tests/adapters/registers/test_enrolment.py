"""An enrolled key is put into `people.yaml` beside what is there, and nothing else in the file changes."""

import os
import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agents.adapters.registers import check, data_folder, enter, key_as_yaml, load
from agents.adapters.registers.enrolment import PEOPLE, Unwritable
from streams.words.register.keys import Key, written
from tests.adapters.breaking import copied
from tests.examples import APPROVER, CHIEF, NOW

TRUST = "register/trust.yaml"
ENROLLER = "dilys.maenhir"


def fresh(by: str = ENROLLER) -> Key:
    public = written(Ed25519PrivateKey.generate().public_key())
    return Key(public_key=public, enrolled_by=by, enrolled_at=NOW, expires_at=NOW + timedelta(days=365))


def test_every_person_can_have_a_key_and_a_second_one_and_no_other_line_changes(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    before = (folder / PEOPLE).read_text(encoding="utf-8").splitlines()
    entered: dict[str, list[str]] = {}
    for person in [*load(folder, NOW).people] * 2:
        key = fresh(CHIEF if person == ENROLLER else ENROLLER)
        assert enter(folder, key_as_yaml(key, person), person=person) == folder / PEOPLE
        entered.setdefault(person, []).append(key.id)
    held = {name: sorted(key.id for key in one.keys) for name, one in load(folder, NOW).people.items()}
    assert held == {name: sorted(keys) for name, keys in entered.items()}
    left = iter((folder / PEOPLE).read_text(encoding="utf-8").splitlines())
    assert all(line in left for line in before)


def test_an_entry_that_is_not_written_a_field_a_line_is_left_as_it_is(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = "- {id: ana, name: Ana, role: chief, contacts: []}\n"
    (folder / PEOPLE).write_text(text, encoding="utf-8")
    with pytest.raises(Unwritable, match="by hand"):
        enter(folder, key_as_yaml(fresh(), "ana"), person="ana")
    assert (folder / PEOPLE).read_text(encoding="utf-8") == text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to another user")
def test_a_file_that_root_enters_a_key_into_stays_open_to_whom_it_was(tmp_path: Path) -> None:
    """The service reads the register by its group."""
    people = copied(tmp_path) / PEOPLE
    os.chown(people, 65533, 65534)
    people.chmod(0o640)
    enter(people.parents[1], key_as_yaml(fresh(), CHIEF), person=CHIEF)
    told = people.stat()
    assert (told.st_uid, told.st_gid, stat.S_IMODE(told.st_mode)) == (65533, 65534, 0o640)


def test_a_text_that_nobody_approved_yet_is_a_fault_from_the_first_key_on(tmp_path: Path) -> None:
    """Before it nothing can go out in live, so the folder is only not ready."""
    folder = copied(tmp_path)
    shutil.copy(data_folder() / TRUST, folder / TRUST)
    fire = folder / "messages/fire.yaml"
    fire.write_text(fire.read_text(encoding="utf-8").partition("approval:")[0], encoding="utf-8")
    assert [one for one in check(folder, NOW) if "never approved" in one.sentence] == []
    enter(folder, key_as_yaml(fresh(), APPROVER), person=APPROVER)
    assert [one.file for one in check(folder, NOW) if "template fire was never approved" in one.sentence] == [
        "messages/fire.yaml"
    ]


def test_where_a_name_alone_gives_orders_such_a_text_is_a_fault(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    fire = folder / "messages/fire.yaml"
    fire.write_text(fire.read_text(encoding="utf-8").partition("approval:")[0], encoding="utf-8")
    assert any("template fire was never approved" in one.sentence for one in check(folder, NOW))
