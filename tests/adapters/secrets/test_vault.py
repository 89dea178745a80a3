"""Secrets in a vault: read when they are needed, shown nowhere, and still known while the vault gives no answer."""

import asyncio
import importlib.util
import logging
import os
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import structlog

from agents.adapters.registers import check
from agents.adapters.registers.checks.places import NO_NAME
from agents.adapters.secrets import secret_of
from agents.adapters.secrets.vault import AGAIN_SECONDS, FRESH_SECONDS, VaultSecrets
from agents.entrypoints.cli import options
from agents.entrypoints.worker.channels import KINDS, SETTINGS
from agents.entrypoints.worker.secrets import unset
from agents.ports import NotSent
from streams.values import LIVE
from streams.words.register.accounts import Credential
from streams.words.register.entries import ChannelEntry
from tests import builders
from tests.adapters.breaking import copied
from tests.adapters.channels import facebook_server
from tests.adapters.channels.dispatches import dispatch
from tests.adapters.secrets.vault_server import TOKEN, VaultServer, vault_server

if importlib.util.find_spec("hvac") is None:
    NOT_THERE = "SECRETS IN A VAULT WERE NOT TESTED: install the extra `vault`, as constraints.txt pins it"
    if os.environ.get("CI"):
        pytest.fail(NOT_THERE, pytrace=False)
    pytest.skip(NOT_THERE, allow_module_level=True)

PLACE = "vault:kv/trust/facebook#token"
SECRET = "EAAplanted-77867f0e-1c2b-4a5d"
STORED: Mapping[str, Mapping[str, Any]] = {"kv/trust/facebook": {"token": SECRET, "number": 7, "empty": " "}}
SECONDS_MAX = 180


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def secrets(
    server: VaultServer, variables: Mapping[str, str | None] | None = None, *, clock: Clock | None = None
) -> VaultSecrets:
    given = {"VAULT_ADDR": server.url, "VAULT_TOKEN": TOKEN, **(variables or {})}
    return VaultSecrets(given.get, now=clock or Clock())


async def asked(known: VaultSecrets, place: str = PLACE) -> str:
    """As a worker asks, beside whose loop the library waits."""
    return await asyncio.to_thread(known, place)


async def asked_again(known: VaultSecrets, server: VaultServer, clock: Clock) -> list[object]:
    """Let time pass until the vault is asked once more; what was answered meanwhile, or raised."""
    end, times, found = time.monotonic() + SECONDS_MAX, len(server.asked), list[object]()
    while len(server.asked) == times:
        assert time.monotonic() < end
        clock.at += FRESH_SECONDS
        found += await asyncio.gather(asked(known), return_exceptions=True)
        await asyncio.sleep(0.01)
    return found


async def becomes(known: VaultSecrets, value: str) -> None:
    end = time.monotonic() + SECONDS_MAX
    while await asked(known) != value:
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


async def test_the_field_at_the_place_is_the_secret() -> None:
    """By the path of the description, with the token and the namespace of the environment."""
    async with vault_server(stored={**STORED}) as server:
        assert await asked(secrets(server, {"VAULT_NAMESPACE": "trust"})) == SECRET
        assert (server.asked, server.namespaces) == (["/v1/kv/data/trust/facebook"], ["trust"])
        credential = Credential(secret=PLACE, mode=LIVE)
        assert await asyncio.to_thread(secret_of, credential, secrets(server)) == SECRET


@pytest.mark.parametrize(
    ("wrong", "place", "says"),
    [
        ({"stored": {}}, PLACE, "the vault has kv/trust/facebook not, or its newest version is deleted"),
        ({"stored": {"kv/trust/facebook": None}}, PLACE, "or its newest version is deleted: write the secret there"),
        ({}, "vault:kv/trust/facebook#key", "has no field key with a text"),
        ({}, "vault:kv/trust/facebook#number", "has no field number with a text"),
        ({}, "vault:kv/trust/facebook#empty", "has no field empty with a text"),
        ({"says": (403, "permission denied")}, PLACE, "does not let this worker read kv/trust/facebook"),
        ({"says": (503, "Vault is sealed")}, PLACE, "the vault is sealed or down: unseal it"),
        ({"says": (500, "oops")}, PLACE, "the vault could not answer"),
        ({"says": (429, "too many")}, PLACE, "the vault could not answer"),
        ({"body": "<h1>Welcome</h1>"}, PLACE, "what answered is no vault"),
        ({"body": "{}"}, PLACE, "what answered is no vault"),
    ],
)
async def test_what_keeps_a_secret_back_is_said_in_a_sentence(wrong: dict[str, Any], place: str, says: str) -> None:
    """With what to do; the words of the vault are not in it, since they may repeat what it was asked with."""
    async with vault_server(**{"stored": {**STORED}, "repeats": True, **wrong}) as server:
        with pytest.raises(NotSent, match=says) as raised:
            await asked(secrets(server), place)
    assert TOKEN not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"VAULT_ADDR": None}, "VAULT_ADDR is not set"),
        ({"VAULT_TOKEN": None}, "VAULT_TOKEN is not set: set it, or VAULT_TOKEN_FILE"),
        ({"VAULT_ADDR": "http://vault.trust.example:8200"}, "through the network in the open"),
        ({"VAULT_ADDR": "vault"}, "through the network in the open"),
        ({"VAULT_ADDR": "http://127.0.0.1:1"}, "the vault cannot be reached"),
        ({"VAULT_TOKEN": "hvs.another"}, "does not let this worker read"),
    ],
)
async def test_what_is_wrong_with_the_way_to_the_vault_is_said(variables: dict[str, str | None], says: str) -> None:
    async with vault_server(stored={**STORED}) as server:
        with pytest.raises(NotSent, match=says):
            await asked(secrets(server, variables))


async def test_a_changed_secret_counts_without_a_restart_and_nobody_waits_for_it() -> None:
    """For a minute the vault is not asked again; then it is, beside the work."""
    async with vault_server(stored={**STORED}) as server:
        clock = Clock()
        known = secrets(server, clock=clock)
        await asked(known)
        server.stored["kv/trust/facebook"] = {"token": "another"}
        clock.at += FRESH_SECONDS - 1
        assert (await asked(known), len(server.asked)) == (SECRET, 1)
        clock.at += 1
        assert await asked(known) == SECRET
        await becomes(known, "another")
        assert len(server.asked) == 2


@pytest.mark.parametrize("says", [(503, "Vault is sealed"), (500, "oops")])
async def test_a_vault_that_is_down_on_the_night_keeps_no_word_back(says: tuple[int, str]) -> None:
    """What was read last goes on; once the vault answers again, what it has counts."""
    async with vault_server(stored={**STORED}) as server:
        clock = Clock()
        known = secrets(server, clock=clock)
        await asked(known)
        server.says = says
        for _ in range(3):
            assert set(await asked_again(known, server, clock)) == {SECRET}
        server.says, server.stored["kv/trust/facebook"] = None, {"token": "another"}
        while await asked(known) != "another":
            clock.at += FRESH_SECONDS
            await asyncio.sleep(0.01)


async def test_what_the_vault_refuses_is_used_no_longer() -> None:
    """Somebody took the right away, perhaps after a breach."""
    async with vault_server(stored={**STORED}) as server:
        clock = Clock()
        known = secrets(server, clock=clock)
        await asked(known)
        server.says = (403, "permission denied")
        clock.at += FRESH_SECONDS
        with pytest.raises(NotSent, match="does not let this worker read"):
            await becomes(known, "nothing")


async def test_after_a_try_in_vain_the_next_one_waits_beside_the_work() -> None:
    """A vault that hangs holds each message up once at most, not at every look."""
    async with vault_server(stored={**STORED}, says=(503, "Vault is sealed")) as server:
        clock = Clock()
        known = secrets(server, clock=clock)
        for _ in range(3):
            with pytest.raises(NotSent, match="sealed"):
                await asked(known)
        assert len(server.asked) == 1
        server.says = None
        clock.at += AGAIN_SECONDS
        end = time.monotonic() + SECONDS_MAX
        while True:
            assert time.monotonic() < end
            try:
                assert await asked(known) == SECRET
                break
            except NotSent:
                await asyncio.sleep(0.01)


async def test_the_secret_and_the_token_are_in_no_line_of_a_log_and_in_no_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Planted and looked for, with every library as talkative as it can be."""
    caplog.set_level(logging.DEBUG)
    clock, said = Clock(), list[str]()
    vault = VaultSecrets(options._in_environment, now=clock)
    monkeypatch.setattr(options, "_vault", lambda: vault)
    async with vault_server(stored={**STORED}, repeats=True) as server, facebook_server.facebook_server() as page:
        monkeypatch.setenv("VAULT_ADDR", server.url)
        monkeypatch.setenv("VAULT_TOKEN", TOKEN)
        entry = ChannelEntry(
            id="place",
            kind="facebook",
            title="A page",
            owner="comms",
            deadline_seconds=8,
            credential=Credential(secret=PLACE, mode=LIVE),
            options={"page": facebook_server.PAGE, "url": page.url},
        )
        with structlog.testing.capture_logs() as logged:
            channel = KINDS["facebook"](entry, LIVE, Path())
            # A worker asks for each secret at its start, beside its loop.
            await asked(vault)
            for fault in (None, (500, "oops"), (403, "permission denied"), (500, "oops")):
                server.says = fault
                answers = await asked_again(vault, server, clock)
                said += [str(one) for one in answers if isinstance(one, Exception)]
                for act in (channel.check(), channel.publish(dispatch())):
                    try:
                        said.append(str(await act))
                    except Exception as error:  # noqa: BLE001 - whatever it raises may be logged
                        said.append("".join(traceback.format_exception(error)))
            said += [repr(vault), str(vars(vault)), repr([*vault._kept.values()])]
            said += [str(vars(channel)), caplog.text, str(logged), str([vars(one) for one in caplog.records])]
    assert server.asked
    assert [one for one in said if SECRET in one or TOKEN in one] == []


async def test_the_worker_says_which_secret_the_vault_does_not_give(monkeypatch: pytest.MonkeyPatch) -> None:
    """At its start, and by `holdingline doctor`, with the channel that needs it."""
    async with vault_server(stored={**STORED}) as server:
        vault = secrets(server)
        monkeypatch.setattr(options, "_vault", lambda: vault)
        entry = ChannelEntry(
            id="page", kind="facebook", title="A page", owner="comms", credential=Credential(secret=PLACE, mode=LIVE)
        )
        register = builders.register(channels={"page": entry})
        assert await asyncio.to_thread(unset, register, mode=LIVE) == []
        lost = entry.model_copy(update={"credential": Credential(secret="vault:kv/nowhere#x", mode=LIVE)})
        register = builders.register(channels={"page": lost})
        (said,) = await asyncio.to_thread(unset, register, mode=LIVE)
    assert said.startswith("the secret vault:kv/nowhere#x of channel page is not there: the vault has kv/nowhere not")


@pytest.mark.parametrize(
    ("secret", "is_named"),
    [
        (PLACE, True),
        ("vault:kv/x#a", True),
        ("vault:kv#a", False),
        ("vault:kv/x", False),
        ("vault:kv/../sys/x#a", False),
        ("vault:https://x/y#a", False),
        ("kv/trust/x#token", False),
    ],
)
def test_a_register_names_a_place_and_never_a_secret(tmp_path: Path, secret: str, *, is_named: bool) -> None:
    """What is no place may be the secret itself: it is refused, and not shown."""
    credential = Credential(secret=secret, mode=LIVE)
    assert (credential.is_named, credential.called == secret) == (is_named, is_named)
    folder = copied(tmp_path)
    channels = folder / "register" / "channels.yaml"
    written = channels.read_text("utf-8").replace(
        "- id: email\n", f'- id: email\n  credential: {{secret: "{secret}", mode: live}}\n'
    )
    channels.write_text(written, "utf-8")
    found = [one.sentence for one in check(folder, builders.NOW, settings=SETTINGS)]
    assert (NO_NAME in found) is not is_named
    assert is_named or secret not in "; ".join(found)
