"""`holdingline accounts`, and what `status`, `check` and `doctor` say of accounts."""

import asyncio
import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agents.adapters.clocks import SystemClock
from agents.adapters.registers import data_folder, load
from agents.entrypoints.cli.options import secret
from streams.decisions.channels.card import Rate
from streams.decisions.channels.kinds import KINDS, PLAYED
from streams.subjects.account import account
from streams.words.orders import CommandBody
from streams.words.register.accounts import Breach, ChangeSecret
from tests import builders
from tests.entrypoints.commanding import run
from tests.scenarios.worker_bench import bench

OWNER, OFFICER = "lowri.penfynach", "hari.okonwell"
SECRET = "  credential: {secret: HOLDINGLINE_MAIL_PASSWORD, mode: live}\n  secret_changed_on: "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example trust, whose account for e-mail has a secret that is ten days old; a name is enough for an order."""
    folder = tmp_path / "trust"
    shutil.copytree(data_folder(), folder)
    file = folder / "register" / "trust.yaml"
    file.write_text(file.read_text("utf-8").replace("unsigned_orders: refused\n", ""), "utf-8")
    return aged(folder, days=10)


def aged(folder: Path, *, days: int) -> Path:
    """The same with a secret of this age."""
    file = folder / "register" / "channels.yaml"
    text = file.read_text("utf-8").partition("\n  credential: ")[0].rstrip()
    day = (SystemClock().now() - timedelta(days=days)).date()
    username = "\n    username: alerts" if "username" not in text else ""
    file.write_text(f"{text}{username}\n{SECRET}{day}\n", "utf-8")
    return folder


def ordered(log_url: str, folder: Path, *given: tuple[str, CommandBody]) -> None:
    """A worker of this register answers these orders about the account for e-mail, and stops."""

    async def answer() -> None:
        async with bench(log_url, load(folder), start=SystemClock().now()) as on:
            for by, body in given:
                await on.answered(on.order(body, by=by, about=account("email")))

    asyncio.run(answer())


def mentions(words: str, *found: str) -> None:
    for one in found:
        assert one in words


def test_every_account_is_listed_with_whose_it_is_and_how_old_its_secret_is(folder: Path, tmp_path: Path) -> None:
    """Without a log too; no secret is shown, only where the worker finds it."""
    code, said, _ = run("accounts", "--register", str(folder), "--log", f"sqlite:///{tmp_path}/none.db")
    assert code == 0
    mentions(said, "site: ", "it has no secret", "its owner is Lowri Penfynach (communications manager)")
    mentions(said, "account-taken-over (8, high), left-the-trust (4, moderate), wrong-account (3, low)")
    mentions(said, "who else can reach it: Hari Okonwell (communications officer)")
    mentions(said, "secret HOLDINGLINE_MAIL_PASSWORD: changed on ", ", to be changed by ", "no test is noted")


def test_an_overdue_secret_is_named_by_check_and_its_change_in_the_record_mends_that(
    folder: Path, log_url: str
) -> None:
    """The files may stay as they are: the order says that the secret is another one."""
    where = ("--register", str(aged(folder, days=93)), "--log", log_url)
    code, _, complained = run("check", *where)
    assert code == 1
    assert "the secret of email was to be changed by " in complained
    _, said, _ = run("accounts", "--json", *where)
    assert {one["id"]: one["overdue"] for one in json.loads(said)} == {"site": False, "email": True}
    ordered(log_url, folder, (OWNER, ChangeSecret(reason="a new password")))
    code, said, complained = run("check", *where)
    assert "the secret of email" not in said + complained


def test_a_breach_is_in_status_with_who_shut_it_and_the_account_says_so(folder: Path, log_url: str) -> None:
    where = ("--register", str(folder), "--log", log_url)
    ordered(log_url, folder, (OFFICER, Breach(reason="somebody else writes there")))
    _, said, _ = run("status", "--log", log_url)
    mentions(
        said, "WAITS  account email: account email is SHUT since a breach", f"account email: SHUT by {OFFICER} at "
    )
    mentions(said, "somebody else writes there")
    _, said, _ = run("status", "--log", log_url, "--json")
    assert [one["waiting"][0]["kind"] for one in json.loads(said) if one.get("kind") == "account"] == ["shut"]
    _, said, _ = run("accounts", *where)
    mentions(said, f"SHUT by {OFFICER} at ", "OVERDUE since")
    code, _, complained = run("doctor", *where)
    assert code == 1
    mentions(complained, "PROBLEM", f"email: SHUT by {OFFICER} at ")
    assert not re.search(r"SHUT by .* UTC: ", complained), "moments are told by the trust's clock"


def test_the_record_of_a_night_with_a_breach_and_a_used_budget_verifies(
    tmp_path: Path, log_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The register that was judged by names the shut account, and what waited is explained by the record alone."""
    monkeypatch.setitem(KINDS, PLAYED.name, replace(PLAYED, rate=Rate(3, timedelta(minutes=2), kept=1)))

    async def night() -> None:
        register = builders.register()
        async with bench(log_url, register) as on:
            await on.answered(on.order(builders.declaration()))
            for minute in (15, 16, 17):
                slots = {**builders.SLOTS, "time": f"22:{minute}"}
                await on.answered(on.order(builders.holding(slots=slots)))
            await on.answered(on.order(Breach(reason="not our posts"), about=account("social")))
            answers = await on.answered(on.order(builders.holding(slots={**builders.SLOTS, "time": "22:18"})))
            kinds = builders.kinds(fact.body for fact in answers)
            assert {"delivery_paced", "delivery_held"} <= {*kinds}

    asyncio.run(night())
    code, said, complained = run("log", "verify", "--log", log_url)
    assert (code, complained) == (0, ""), said
    file = str(tmp_path / "evidence.zip")
    given = ("--as", builders.COMMANDER, "--out", file, "--log", log_url)
    assert run("evidence", builders.INCIDENT, *given)[0] == 0
    code, said, complained = run("verify", file)
    assert (code, complained) == (0, ""), said


def test_what_an_account_has_to_say_is_asked_for_where_it_has_a_secret(folder: Path) -> None:
    file = folder / "register" / "channels.yaml"
    text = file.read_text("utf-8").replace("  purpose: the first word to newsrooms, councils and responders\n", "")
    text = "\n".join(line for line in text.splitlines() if "secret_changed_on" not in line)
    file.write_text(text.replace("reach: [hari.okonwell]", "reach: [no.body]"), "utf-8")
    code, _, complained = run("check", "--register", str(folder))
    assert code == 1
    mentions(complained, "what we use email for is not said", "when the secret of email was changed last is not said")
    mentions(complained, "no.body, who can reach email, is not on the register")


def test_a_secret_is_read_from_a_file_each_time_unless_the_variable_itself_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a changed secret counts without a restart; a file that is not there is no secret."""
    file = tmp_path / "password"
    monkeypatch.setenv("HOLDINGLINE_TRIED_FILE", str(file))
    assert secret("HOLDINGLINE_TRIED") is None
    for word in ("first", "second"):
        file.write_text(f"{word}\n", "utf-8")
        assert secret("HOLDINGLINE_TRIED") == word
    monkeypatch.setenv("HOLDINGLINE_TRIED", "set")
    assert secret("HOLDINGLINE_TRIED") == "set"


def test_the_inbox_offers_to_open_an_account_once_its_secret_was_changed(folder: Path, log_url: str) -> None:
    """To one who may; before that nobody can say yes to it."""
    ordered(log_url, folder, (OFFICER, Breach(reason="somebody else writes there")))
    where = ("inbox", "--as", "samira.dastwick", "--log", log_url)
    assert "open-account" not in run(*where)[1]
    ordered(log_url, folder, (OWNER, ChangeSecret(reason="a new password")))
    assert "holdingline open-account email 'Its secret is another one, and the account is ours.'" in run(*where)[1]
    assert "open-account" not in run("inbox", "--as", OFFICER, "--log", log_url)[1]
