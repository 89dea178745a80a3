"""Sessions by a played clock and over a restart, nonces, and rates: what opens the pages, and for how long."""

import sqlite3
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from agents.adapters.kept_sessions import KeptSessions
from agents.console.rates import AddressRate, Rates
from agents.console.sessions import IDLE_MAX, LASTS, NONCE_LASTS, AccountsThere, Device, Nonces, Sessions
from agents.directory_port import NamedThere, SignInThere, SignOutThere
from tests.examples import CHIEF, DIRECTOR, NOW

MINUTE = timedelta(minutes=1)


def test_a_session_ends_after_an_hour_without_a_sign_of_the_person() -> None:
    sessions = Sessions()
    token = sessions.begin(CHIEF, "key-1", now=NOW)
    assert sessions.find(token, now=NOW + IDLE_MAX - MINUTE)
    assert sessions.find(token, now=NOW + 2 * IDLE_MAX - 3 * MINUTE)
    assert not sessions.find(token, now=NOW + 4 * IDLE_MAX)
    assert not sessions.find(token, now=NOW)


def test_a_page_that_lies_open_is_no_sign_of_a_person() -> None:
    sessions = Sessions()
    token = sessions.begin(CHIEF, "key-1", now=NOW)
    for minute in range(60):
        assert sessions.find(token, now=NOW + minute * MINUTE, counts=False)
    assert not sessions.find(token, now=NOW + 60 * MINUTE, counts=False)


def test_a_session_ends_after_a_shift_whatever_is_done_in_it() -> None:
    sessions = Sessions()
    token, at = sessions.begin(CHIEF, "key-1", now=NOW), NOW
    while at + 30 * MINUTE < NOW + LASTS:
        at += 30 * MINUTE
        assert sessions.find(token, now=at)
    assert not sessions.find(token, now=NOW + LASTS)


def test_a_console_that_starts_again_knows_who_is_signed_in_and_keeps_no_token(tmp_path: Path) -> None:
    """The file has hashes; what ended before the restart is ended after it too; only its owner may read the file."""
    file = tmp_path / "log.db-console-live"
    before = Sessions(KeptSessions(file))
    token, ended = (before.begin(one, "key-1", now=NOW) for one in (CHIEF, DIRECTOR))
    before.find(token, now=NOW + 50 * MINUTE)
    before.end(ended)
    after = Sessions(KeptSessions(file))
    found = after.find(token, now=NOW + 100 * MINUTE)
    assert found
    assert (found.person, found.key, found.began) == (CHIEF, "key-1", NOW)
    assert after.find(ended, now=NOW) is None
    assert not [one for one in (token, ended) if one.encode() in file.read_bytes()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    after.end_all(CHIEF)
    assert Sessions(KeptSessions(file)).of(CHIEF, now=NOW) == {}


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/144.0 Safari/537.36 Edg/144.0", Device("Edge", "Windows")),
        ("Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/144.0 Mobile Safari/537.36", Device("Chrome", "Android")),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/144.0 Mobile Safari/537.36 EdgA/144", Device("Edge", "Android")),
        ("Mozilla/5.0 (Linux; Android 16) SamsungBrowser/29 Chrome/1", Device("Samsung Internet", "Android")),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19 like Mac OS X) Version/19 Safari/604.1", Device("Safari", "iPhone")),
        ("Mozilla/5.0 (iPad; CPU OS 19 like Mac OS X) CriOS/144.0 Safari/604.1", Device("Chrome", "iPad")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15; rv:150.0) Gecko Firefox/150.0", Device("Firefox", "Mac")),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541) Chrome/144.0 Safari/537.36", Device("Chrome", "Chromebook")),
        ("curl/8", Device()),
        ("<script>alert(1)</script>", Device()),
        ("", Device()),
    ],
)
def test_of_what_a_browser_says_only_names_of_ours_are_kept(said: str, device: Device, tmp_path: Path) -> None:
    assert Device.told(said) == device
    Sessions(KeptSessions(tmp_path / "kept")).begin(CHIEF, "key-1", now=NOW, device=Device.told(said))
    (found,) = Sessions(KeptSessions(tmp_path / "kept")).of(CHIEF, now=NOW).values()
    assert found.device == device


def test_one_session_is_ended_by_its_person_alone_and_stays_ended_after_a_restart(tmp_path: Path) -> None:
    """What it is called opens nothing: neither as a token nor as what the file has."""
    sessions = Sessions(KeptSessions(tmp_path / "kept"))
    phone, desktop = (sessions.begin(CHIEF, "key-1", now=NOW) for _ in range(2))
    called = sessions.called(phone)
    assert sessions.of(CHIEF, now=NOW).keys() == {called, sessions.called(desktop)}
    assert sessions.find(called, now=NOW) is None
    assert called.encode() not in (tmp_path / "kept").read_bytes()
    assert not sessions.end_one(DIRECTOR, called)
    assert sessions.find(phone, now=NOW)
    assert sessions.end_one(CHIEF, called)
    after = Sessions(KeptSessions(tmp_path / "kept"))
    assert after.find(phone, now=NOW) is None
    assert after.find(desktop, now=NOW)


def test_a_sign_out_at_the_directory_ends_what_was_begun_there_before_it_and_nothing_else() -> None:
    """Not a session that a passkey opened, nor one of another person or that was begun afterwards."""
    sessions = Sessions()
    one, other = SignInThere("sub-1", "session-1"), SignInThere("sub-1", "session-2")
    begun = {
        "one": sessions.begin(CHIEF, one, now=NOW),
        "other": sessions.begin(CHIEF, other, now=NOW),
        "nameless": sessions.begin(CHIEF, SignInThere("sub-1"), now=NOW),
        "passkey": sessions.begin(CHIEF, "key-1", now=NOW),
        "director": sessions.begin(DIRECTOR, SignInThere("sub-2", "session-3"), now=NOW),
        "later": sessions.begin(CHIEF, SignInThere("sub-1", "session-4"), now=NOW + 2 * MINUTE),
    }

    def left() -> set[str]:
        return {name for name, token in begun.items() if sessions.find(token, now=NOW + 3 * MINUTE)}

    assert sessions.end_there(SignOutThere("sub-2", "session-1", NOW + MINUTE)) == 0
    assert sessions.end_there(SignOutThere(None, "session-2", NOW + MINUTE)) == 1
    assert left() == begun.keys() - {"other"}
    assert sessions.end_there(SignOutThere("sub-1", "session-1", NOW + MINUTE)) == 2
    assert left() == {"passkey", "director", "later"}
    assert sessions.end_there(SignOutThere("sub-1", None, NOW + MINUTE)) == 0
    assert sessions.end_there(SignOutThere("sub-1", None, NOW + 3 * MINUTE)) == 1


def test_a_console_that_starts_again_knows_which_sessions_the_directory_opened(tmp_path: Path) -> None:
    """A file of an older release says nothing of that, and is read as well."""
    file = tmp_path / "sessions.db"
    Sessions(KeptSessions(file)).begin(CHIEF, SignInThere("sub-1", "session-1", NOW), now=NOW)
    (kept,) = Sessions(KeptSessions(file)).of(CHIEF, now=NOW).values()
    assert kept.there == SignInThere("sub-1", "session-1", NOW)
    assert Sessions(KeptSessions(file)).end_there(SignOutThere("sub-1", None, NOW)) == 1
    older = f'["{CHIEF}", null, "{NOW.isoformat()}", "{NOW.isoformat()}", ["sub-1", null]]'
    KeptSessions(file).put("older", older)
    assert [one.there for one in Sessions(KeptSessions(file)).of(CHIEF, now=NOW).values()] == [SignInThere("sub-1")]
    KeptSessions(file).drop("older")
    KeptSessions(file).put("of-before", f'["{CHIEF}", null, "{NOW.isoformat()}", "{NOW.isoformat()}"]')
    again = Sessions(KeptSessions(file))
    assert [one.there for one in again.of(CHIEF, now=NOW).values()] == [None]
    assert again.end_there(SignOutThere("sub-1", None, NOW)) == 0


def test_the_account_of_the_directory_that_a_person_came_with_first_is_known_after_a_restart(tmp_path: Path) -> None:
    """For each person and each directory apart: one that the trust moves to knows people by other names."""
    file = tmp_path / "accounts"

    def found(subject: str, issuer: str = "https://login.example") -> NamedThere:
        return NamedThere("ann@trust.example", "ann@trust.example", SignInThere(subject), issuer)

    assert AccountsThere(KeptSessions(file)).is_theirs(CHIEF, found("sub-1"))
    after = AccountsThere(KeptSessions(file))
    assert not after.is_theirs(CHIEF, found("sub-2"))
    assert after.is_theirs(CHIEF, found("sub-1"))
    assert after.is_theirs(DIRECTOR, found("sub-2"))
    assert after.is_theirs(CHIEF, found("sub-2", "https://new.example"))


def test_a_file_that_cannot_be_written_any_more_signs_no_person_out(tmp_path: Path) -> None:
    kept = KeptSessions(tmp_path / "sessions.db")
    sessions = Sessions(kept)
    kept.close()
    with pytest.raises(sqlite3.ProgrammingError):
        kept.load()
    assert sessions.find(sessions.begin(CHIEF, None, now=NOW), now=NOW)


def test_a_nonce_counts_once_and_not_for_long_and_not_if_it_is_made_up() -> None:
    nonces = Nonces()
    first, second = nonces.give(NOW), nonces.give(NOW)
    assert nonces.take(first, NOW + MINUTE)
    assert not nonces.take(first, NOW + MINUTE)
    assert not nonces.take(second, NOW + NONCE_LASTS)
    assert not Nonces().take(nonces.give(NOW), NOW)
    for made_up in (
        "",
        ".",
        "..",
        "a.b.c",
        first[:-1],
        f"{first}0",
        first.replace(".", ".9", 1),
        "\ud800",
        "x" * 10_000,
    ):
        assert not nonces.take(made_up, NOW)


def test_a_flood_of_requests_pushes_no_nonce_of_a_person_out() -> None:
    nonces = Nonces()
    mine = nonces.give(NOW)
    for _ in range(10_000):
        nonces.give(NOW)
    assert nonces.take(mine, NOW)


def request(address: str, *forwarded: str) -> web.Request:
    headers = [("X-Forwarded-For", one) for one in forwarded]
    return make_mocked_request("GET", "/", headers=headers).clone(remote=address)


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("192.0.2.1", ["198.51.100.1"], "198.51.100.1"),
        ("192.0.2.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("192.0.2.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("192.0.2.1", ["198.51.100.1, 192.0.2.2"], "198.51.100.1"),
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["192.0.2.2"], "192.0.2.2"),
        ("192.0.2.1", ["<script>"], "unreadable"),
        ("2001:db8::1", [], "2001:db8::/64"),
        ("2001:db8::2", [], "2001:db8::/64"),
    ],
)
def test_only_a_named_proxy_says_where_a_request_comes_from(remote: str, forwarded: list[str], address: str) -> None:
    assert Rates(frozenset({"192.0.2.1", "192.0.2.2"})).address(request(remote, *forwarded)) == address


def test_a_rate_holds_for_one_address_and_one_thing() -> None:
    rates, rate = Rates(), AddressRate("sign-in", 10)
    for _ in range(10):
        assert not rates.is_spent(rate, request("203.0.113.7"))
        rates.count(rate, request("203.0.113.7"))
    assert rates.is_spent(rate, request("203.0.113.7"))
    assert rates.is_spent(rate, request("203.0.113.7", "198.51.100.1"))
    assert not rates.is_spent(rate, request("203.0.113.8"))
    assert not rates.is_spent(AddressRate("orders", 10), request("203.0.113.7"))
