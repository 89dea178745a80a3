"""Secrets in a vault that speaks as HashiCorp Vault and OpenBao do: version 2 of their key-value store.

What was read last is kept in memory and used while the vault gives no answer: a vault that is down on the night keeps
no first word back. What the vault refuses, or has no more, is not used any longer.
"""

import threading
from collections.abc import Callable
from ipaddress import ip_address
from time import monotonic
from typing import Any

import structlog
from yarl import URL

from agents.ports import NotSent
from streams.words.register.accounts import VAULT_BEGINS

ADDRESS, TOKEN, NAMESPACE = "VAULT_ADDR", "VAULT_TOKEN", "VAULT_NAMESPACE"
SECONDS_MAX = 3.0
FRESH_SECONDS = 60.0
"""So long what was read is used without a question; then it is read again, beside the work."""
AGAIN_SECONDS = 15.0
"""So long after a try in vain nobody waits for another one."""
logger = structlog.get_logger(__name__)


class _Unread(NotSent):
    """The vault gave no answer: what it has is not known."""


class _Kept:
    """What is known of one place. It has no words, so that no line of a log or a trace shows the secret."""

    __slots__ = ("at", "fault", "is_being_read", "value")

    def __init__(self) -> None:
        self.value: str | None = None
        self.fault: str | None = None
        self.at, self.is_being_read = -1.0, False


class VaultSecrets:
    """Answers with the secret at a place, `vault:MOUNT/PATH#FIELD`; `NotSent` says in a sentence why there is none.

    `named` finds the vault's address and token among the variables; the token is looked up for each reading.
    The first question for a place waits for the vault, `SECONDS_MAX` at most; the others answer at once.
    """

    def __init__(self, named: Callable[[str], str | None], *, now: Callable[[], float] = monotonic) -> None:
        self._named, self._now, self._kept = named, now, dict[str, _Kept]()
        self._lock = threading.Lock()

    def __call__(self, place: str) -> str:
        with self._lock:
            kept = self._kept.setdefault(place, _Kept())
            is_first = kept.at < 0
            lasts = AGAIN_SECONDS if kept.fault else FRESH_SECONDS
            is_old = not is_first and self._now() - kept.at >= lasts and not kept.is_being_read
            kept.is_being_read = kept.is_being_read or is_old
        if is_first:
            self._read(place, kept)
        elif is_old:
            threading.Thread(target=self._read, args=(place, kept), daemon=True).start()
        if kept.value is not None:
            return kept.value
        raise NotSent(kept.fault or "the vault was not asked yet: try again")

    def _read(self, place: str, kept: _Kept) -> None:
        value: str | None
        fault: str | None = None
        try:
            value = self._asked(place)
        except _Unread as error:
            # The last that is known goes on.
            value, fault = kept.value, str(error)
        except NotSent as error:
            value, fault = None, str(error)
        if fault:
            logger.warning("a secret could not be read from the vault", why=fault, last_one_is_used=value is not None)
        with self._lock:
            kept.value, kept.fault, kept.at, kept.is_being_read = value, fault, self._now(), False

    def _asked(self, place: str) -> str:
        where, _, field = place.removeprefix(VAULT_BEGINS).partition("#")
        mount, _, path = where.partition("/")
        found = _fields(self._client(), mount, path=path, called=where)
        value = found.get(field)
        if not isinstance(value, str) or not value.strip():
            raise NotSent(f"{where} in the vault has no field {field} with a text: write the secret there")
        return value.strip()

    def _client(self) -> Any:  # noqa: ANN401 - the library ships no types
        try:
            import hvac  # noqa: PLC0415 - an extra
        except ImportError:
            raise NotSent(
                "secrets in a vault need the library for it: install holdingline[vault] for this worker"
            ) from None
        address, token = self._named(ADDRESS), self._named(TOKEN)
        if not address:
            raise NotSent(f"{ADDRESS} is not set: set it to the vault's address for this worker")
        if not _is_safe(address):
            raise NotSent(f"{ADDRESS} is no https address, so the token would go through the network in the open")
        if not token:
            raise NotSent(f"{TOKEN} is not set: set it, or {TOKEN}_FILE to the file that the vault's agent keeps")
        return hvac.Client(url=address, token=token, namespace=self._named(NAMESPACE), timeout=SECONDS_MAX)


def _fields(client: Any, mount: str, *, path: str, called: str) -> dict[str, Any]:  # noqa: ANN401 - as above
    """The fields of the newest version. No error of the library crosses: it may repeat what it was asked with."""
    from hvac import exceptions  # noqa: PLC0415 - as above

    said = f"the vault has {called}"
    try:
        read = client.secrets.kv.v2.read_secret_version(path=path, mount_point=mount, raise_on_deleted_version=True)
        return dict(read["data"]["data"])
    except exceptions.InvalidPath:
        raise NotSent(f"{said} not, or its newest version is deleted: write the secret there") from None
    except (exceptions.Forbidden, exceptions.Unauthorized):
        raise NotSent(
            f"the vault does not let this worker read {called}: see whether its token is still valid, and its policy"
        ) from None
    except exceptions.VaultDown:
        raise _Unread("the vault is sealed or down: unseal it") from None
    except exceptions.VaultError as error:
        raise _Unread(f"the vault could not answer ({type(error).__name__}): look at it") from None
    except OSError as error:
        raise _Unread(f"the vault cannot be reached ({type(error).__name__}): see {ADDRESS} and the network") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _Unread("what answered is no vault, or no key-value store of version 2: see the address") from None


def _is_safe(address: str) -> bool:
    """Whether the address keeps the token secret: by TLS, or within this machine."""
    try:
        given = URL(address)
        if given.scheme == "https" and given.host:
            return True
        return given.scheme == "http" and (given.host == "localhost" or ip_address(given.host or "").is_loopback)
    except ValueError:
        return False
