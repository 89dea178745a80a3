"""How the Kafka log is let in: the address says it, and names the environment variables that hold the secrets.

`kafka://one:9093?ca=/etc/kafka/ca.pem&user=holdingline-live-door&password_env=HOLDINGLINE_KAFKA_PASSWORD`
"""

import ssl
from collections.abc import Collection, Mapping, MutableMapping
from pathlib import Path
from typing import TypeVar

from infra.kafka_log.settings import Access
from infra.log import BadAddress

Choice = TypeVar("Choice")

NAMES = ("tls", "ca", "hostname", "user", "password_env", "mechanism")
MECHANISMS: Mapping[str, str] = {name: name for name in ("SCRAM-SHA-512", "SCRAM-SHA-256")}
PROTOCOLS: Mapping[tuple[bool, bool], str] = {
    (False, False): "PLAINTEXT",
    (True, False): "SSL",
    (True, True): "SASL_SSL",
}
"""By encryption and user; a user's password never goes out unencrypted."""
YES_OR_NO: Mapping[str, bool] = {"yes": True, "no": False}


def take_access(query: MutableMapping[str, str], environment: Mapping[str, str]) -> Access | None:
    """Take what an address says about encryption and user out of its query; None if it says nothing.

    Raises `BadAddress` with a sentence if that is not enough, or not safe.
    """
    said = {name: query.pop(name) for name in NAMES if name in query}
    if not said:
        return None
    encrypted = _choice(said.get("tls", "yes" if "ca" in said else "no"), YES_OR_NO, name="tls")
    user, password = said.get("user"), _password(said, environment)
    if user is not None and not encrypted:
        raise BadAddress(
            f"The password of {user} would go over the network as good as open: add ca=/path/of/the/authority.pem, "
            "or tls=yes where an authority of this machine has signed for the brokers."
        )
    if not encrypted and ({"ca", "hostname"} & set(said)):
        raise BadAddress("tls=no speaks without encryption, so there is nothing for ca and hostname to check.")
    return Access(
        protocol=PROTOCOLS[encrypted, user is not None],
        mechanism=_choice(said.get("mechanism", "SCRAM-SHA-512"), MECHANISMS, name="mechanism"),
        username=user,
        password=password,
        ssl_context=_context(said) if encrypted else None,
    )


def require_no_password(users: Collection[str | None]) -> None:
    """Refuse an address that has a user or a password before its hosts: an address is printed and stored."""
    if any(users):
        raise BadAddress("An address holds no user and no password: write ?user=NAME&password_env=VARIABLE behind it.")


def _password(said: Mapping[str, str], environment: Mapping[str, str]) -> str | None:
    name = said.get("password_env")
    if (name is None) != ("user" not in said):
        raise BadAddress("user and password_env belong together: who it is, and which variable holds the password.")
    if name is None:
        return None
    if not environment.get(name):
        raise BadAddress(f"The variable {name} is to hold the password of {said['user']}, and is not set.")
    return environment[name]


def _context(said: Mapping[str, str]) -> ssl.SSLContext:
    authority = said.get("ca")
    if authority is not None and not Path(authority).is_file():
        raise BadAddress(f"There is no file {authority}, which is to hold the authority that signed for the brokers.")
    try:
        context = ssl.create_default_context(cafile=authority)
    except ssl.SSLError as error:
        raise BadAddress(f"{authority} holds no certificate of an authority in PEM: {error.reason}.") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = _choice(said.get("hostname", "yes"), YES_OR_NO, name="hostname")
    return context


def _choice(given: str, choices: Mapping[str, Choice], *, name: str) -> Choice:
    if given not in choices:
        raise BadAddress(f"{name}={given} is not known: write one of {', '.join(choices)}.")
    return choices[given]
