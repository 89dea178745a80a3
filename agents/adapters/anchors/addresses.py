"""The address of a place for anchors: `file:`, `git:` or `mail:`, a path or an e-mail address, and its options."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

from pydantic import ValidationError

from agents.adapters.anchors.file import FilePlace
from agents.adapters.anchors.mail import MailPlace
from agents.adapters.anchors.repository import FILE, GitPlace
from agents.adapters.channels.email.settings import EmailSettings
from agents.ports import AnchorPlace
from streams.codec import says
from streams.errors import MessageError

Secrets = Callable[[str], str | None]


class UnusableAddress(MessageError):
    """This names no place for anchors: give file:PATH, git:FOLDER?remote=NAME or mail:ADDRESS?host=HOST&sender=US."""


def place_of(address: str, *, secrets: Secrets) -> AnchorPlace:
    """The place; `UnusableAddress` says what is wrong. `secrets` gives a password by its name."""
    kind, _, rest = address.partition(":")
    where, _, query = rest.partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if kind == "file" and where and not options:
        return FilePlace(Path(where))
    if kind == "git" and where and set(options) <= {"remote"}:
        return GitPlace(Path(where), remote=options.get("remote"))
    if kind == "mail" and where:
        return _mail(where, options, secrets)
    raise UnusableAddress


def noted_in(address: str) -> Path | None:
    """The file on this machine that this address adds anchors to; None for a mailbox, which the service cannot read."""
    kind, _, rest = address.partition(":")
    where = Path(rest.partition("?")[0])
    return {"file": where, "git": where / FILE}.get(kind)


def _mail(recipients: str, options: dict[str, str], secrets: Secrets) -> MailPlace:
    name = options.pop("password_env", None)
    password = secrets(name) if name else None
    if name and password is None:
        raise UnusableAddress(f"the variable {name} holds no password: set it")
    try:
        settings = EmailSettings.model_validate({**options, "recipients": recipients})
    except ValidationError as error:
        raise UnusableAddress(f"the address for anchors by mail is not as it should be: {says(error)}") from None
    if password and settings.security() == "none" and not settings.stays_here():
        raise UnusableAddress("a password never travels in the open: set `tls` to starttls or tls")
    return MailPlace(settings, password)
