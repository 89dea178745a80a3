"""`holdingline feeds` and `feeds test`, as a person of the trust reads them."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agents.adapters.registers import check, data_folder
from agents.entrypoints.cli.register.feeds import app
from agents.entrypoints.worker.feeds.wiring import SETTINGS
from tests.adapters.registers.test_feed_accounts import ACCOUNT, RIGHT
from tests.builders import NOW

RUNNER = CliRunner()
NAME = RIGHT["account_id"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example with one account of fire, a webhook."""
    trust = tmp_path / "trust"
    shutil.copytree(data_folder(), trust)
    partners = trust / "register/partners.yaml"
    written = partners.read_text(encoding="utf-8").rstrip("\n") + ACCOUNT.format(**RIGHT)
    partners.write_text(written, encoding="utf-8")
    return trust


def said(folder: Path, *given: str, code: int = 0) -> str:
    log = f"sqlite:////{folder}/none.db"
    found = RUNNER.invoke(app, ["feeds", *given, "--register", str(folder)], env={"HOLDINGLINE_LOG": log})
    assert found.exit_code == code, found.output
    return found.output


def test_every_account_is_listed_with_how_it_is_heard(folder: Path) -> None:
    shown = said(folder)
    assert f"{NAME}: Ardudwy Fire and Rescue (webhook)" in shown
    assert "its address is https://alerts.example/hooks/fire" in shown
    assert "it was never read" in shown


def test_the_example_of_an_account_in_the_register_file_is_one_that_is_heard(tmp_path: Path) -> None:
    """Its lines, without the mark of a comment, below the entry that they are for."""
    trust = tmp_path / "trust"
    shutil.copytree(data_folder(), trust)
    partners = trust / "register/partners.yaml"
    lines = partners.read_text(encoding="utf-8").splitlines()
    account = [one.removeprefix("#") for one in lines if one.startswith("#  ")]
    assert account[0] == "  accounts:"
    place = lines.index("- id: police")
    partners.write_text("\n".join([*lines[:place], *account, *lines[place:]]) + "\n", encoding="utf-8")
    shown = said(trust)
    assert "did:web:ardudwy-ambulance.example: Ardudwy Ambulance Service (webhook)" in shown
    assert "its address is https://alerts.ardudwy.example/hooks/ambulance" in shown
    assert [one.sentence for one in check(trust, NOW, accounts_heard=SETTINGS)] == []


def test_a_register_without_accounts_says_what_to_add() -> None:
    assert "names no account to hear" in said(data_folder())


def test_a_feed_that_cannot_be_read_is_named_with_the_reason_and_an_exit_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "CANNOT BE READ: the secret HOLDINGLINE_FEED_FIRE is not set" in said(folder, "test", code=1)
    monkeypatch.setenv("HOLDINGLINE_FEED_FIRE", "x" * 40)
    assert "takes signed requests to /hooks/fire" in said(folder, "test", NAME)


def test_another_mode_hears_no_account_of_this_one(folder: Path) -> None:
    assert "names no account to hear" in said(folder, "--mode", "training")
