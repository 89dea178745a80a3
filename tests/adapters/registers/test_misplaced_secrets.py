"""A secret that somebody put into a file of the register is pointed out, and never repeated."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.adapters.channels.email.settings import settings_of as email_settings
from agents.adapters.channels.site.settings import settings_of as site_settings
from agents.adapters.registers import check, report
from agents.adapters.registers.faults import NOT_SHOWN, Fault
from agents.entrypoints.worker.pagers import SETTINGS as PAGER_SETTINGS
from streams.words.register.accounts import Credential
from tests.adapters.breaking import copied
from tests.examples import NOW

TOKEN = "Zt9xQ2mLr7PpW4vK8sJd"
ADDRESS = "https://user:hunter2@alerts.example.org/"
FILES = ("channels", "pagers", "people")
PLACES = 6
CREDENTIAL = "  credential: {secret: HOLDINGLINE_MAIL, mode: live}\n  options:\n"


def sentences(folder: Path) -> str:
    settings = {"site": site_settings, "email": email_settings}
    return "\n".join(report(check(folder, NOW, settings=settings, pagers=PAGER_SETTINGS)))


def misplaced(text: str, secret: str) -> Iterator[str]:
    """The file with the secret as each of its values in turn, and as each name of a field."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        before, colon, _ = line.partition(": ")
        if colon and not before.strip().startswith("#"):
            for changed in (f"{before}: {secret}", f"{before[: len(before) - len(before.lstrip())]}{secret}: x"):
                yield "\n".join([*lines[:number], changed, *lines[number + 1 :]])


@pytest.mark.parametrize("file", FILES)
def test_a_token_in_any_place_of_a_file_is_not_repeated(file: str, tmp_path: Path) -> None:
    path = copied(tmp_path) / "register" / f"{file}.yaml"
    text = path.read_text(encoding="utf-8")
    every = [*misplaced(text, TOKEN)]
    for changed in every[:: len(every) // PLACES]:
        path.write_text(changed, encoding="utf-8")
        assert TOKEN not in sentences(tmp_path)


@pytest.mark.parametrize("secret", ["hunter2", "correct horse battery", TOKEN, ADDRESS, "[hunter2]"])
@pytest.mark.parametrize(
    "at", ["credential: {}", "credential: {{secret: {}, mode: live}}", "options: {{password: {}}}"]
)
def test_what_is_put_where_a_secret_belongs_is_not_repeated(secret: str, at: str, tmp_path: Path) -> None:
    path = copied(tmp_path) / "register" / "pagers.yaml"
    text = path.read_text(encoding="utf-8")
    begin = at.partition(":")[0]
    changed = text.replace("  options:\n", f"  {at.format(repr(secret) if secret[0] != '[' else secret)}\n  more:\n", 1)
    path.write_text(changed if begin == "options" else changed.replace("  more:\n", "  options:\n"), encoding="utf-8")
    said = sentences(tmp_path)
    assert "pagers.yaml" in said
    assert secret.strip("[]") not in said
    assert "hunter2" not in said


def test_a_secret_that_is_no_name_of_a_variable_is_a_fault(tmp_path: Path) -> None:
    """What cannot be the secret itself is shown."""
    path = copied(tmp_path) / "register" / "pagers.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  options:\n", CREDENTIAL, 1), encoding="utf-8")
    assert "takes the name of a variable" not in sentences(tmp_path)
    path.write_text(text.replace("  options:\n", CREDENTIAL.replace("HOLDINGLINE_MAIL", "hunter2"), 1))
    assert "secret takes the name of a variable" in sentences(tmp_path)
    assert Credential(secret="HOLDINGLINE_MAIL", mode="live").called == "HOLDINGLINE_MAIL"
    assert "hunter2" not in Credential(secret="hunter2", mode="live").called


@pytest.mark.parametrize(
    "words",
    [
        "samira.dastwick may not release-holding here",
        "its hash is 98bed672a19d773767b49f88023e0d9da4383a6e864dbdccaf044a8dd0b45a8b",
        "write it like 2027-01-31T09:00:00Z, or like fire.example.org",
        "https://alerts.example.org/#m-8e0353fbaf353081 has no partner",
        "HOLDINGLINE_NOTIFY_KEY is not set",
    ],
)
def test_what_is_no_secret_is_shown(words: str) -> None:
    assert Fault("trust.yaml", 1, words).sentence == words
    assert NOT_SHOWN in Fault("trust.yaml", 1, f"{words}: {TOKEN}").sentence
