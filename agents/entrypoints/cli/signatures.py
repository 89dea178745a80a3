"""Signing an order with the key of the person who gives it."""

import warnings
from getpass import GetPassWarning, getpass
from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agents.adapters.key_files import open_key, read_key_file
from agents.entrypoints.cli.options import Misused, secret

PASSPHRASE = "HOLDINGLINE_PASSPHRASE"  # noqa: S105 - the variable's name, not what is in it

KeyFile = Annotated[
    Path | None,
    typer.Option("--key", envvar="HOLDINGLINE_KEY", help="Your key file; its passphrase is asked for."),
]


def unlock(path: Path) -> Ed25519PrivateKey:
    """The private key in this file, after asking for its passphrase; `UnusableKey` if it does not open."""
    return open_key(read_key_file(path), passphrase(f"Passphrase of {path}: "))


def passphrase(question: str) -> str:
    """The passphrase from the environment, or typed unseen on the terminal; `Misused` if there is neither."""
    given = secret(PASSPHRASE)
    try:
        typed = _ask_unseen(question) if given is None else given
        typed.encode()
    except UnicodeError:
        raise Misused("the passphrase is not UTF-8 text: see how this terminal writes what is typed") from None
    return typed


def _ask_unseen(question: str) -> str:
    with warnings.catch_warnings():
        # Without a terminal the prompt would read standard input, which may hold the order, and would show it.
        warnings.simplefilter("error", GetPassWarning)
        try:
            return getpass(question)
        except EOFError:
            raise Misused("no passphrase was given: begin again") from None
        except GetPassWarning:
            raise Misused(f"there is no terminal to ask for the passphrase on: set {PASSPHRASE} instead") from None
