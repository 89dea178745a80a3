"""The options of an e-mail channel: the mail server, the sender and the recipients."""

import ipaddress
import re
import ssl
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from agents.adapters.channels.lists import text_of
from streams.values import LIVE, Frozen, Mode, Word
from streams.words.register.entries import ChannelEntry

RECIPIENTS_MAX = 500
LIST_BYTES_MAX = 256 * 1024
TOLD_MAX = 5
ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*"
Address = Annotated[str, StringConstraints(pattern=f"^{ADDRESS}$")]
Security = Literal["starttls", "tls", "none"]


class EmailSettings(Frozen):
    """The options of a channel of kind `email`.

    `recipients` is a list with commas or line breaks; `recipients_file` names a file of them, read for every letter.
    `tls` is `starttls` by default, and `none` if the server is on this machine. `ca_file` names other authorities.
    `mode` is the mode in which these people are written to, if no credential says so.
    """

    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
    sender: Address
    port: int = Field(default=587, ge=1, le=65535)
    recipients: str = ""
    recipients_file: Path | None = None
    tls: Security | None = None
    ca_file: Path | None = None
    username: Word | None = None
    trust: Word | None = None
    languages: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(,[a-z]{2})*$")] = "en"
    mode: Mode = LIVE
    list_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.-]{1,200}$")] | None = None

    @model_validator(mode="after")
    def _someone_gets_it(self) -> "EmailSettings":
        if bool(self.recipients) is bool(self.recipients_file):
            raise ValueError("give either `recipients` or `recipients_file`")
        if self.recipients:
            addresses(self.recipients)
        return self

    def security(self) -> Security:
        """How the connection is kept from being read."""
        return self.tls or ("none" if self.stays_here() else "starttls")

    def stays_here(self) -> bool:
        """Whether the server is on this machine, so that nothing travels."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def domain(self) -> str:
        """The domain of the sender."""
        return self.sender.rpartition("@")[2]


def settings_of(entry: ChannelEntry) -> EmailSettings:
    """Read the options; `ValueError` names what is missing, wrong or unsafe."""
    settings = EmailSettings.model_validate(dict(entry.options))
    if entry.credential:
        if settings.username is None:
            raise ValueError("a credential is given and no `username`: name the account that it opens")
        if settings.security() == "none" and not settings.stays_here():
            raise ValueError("a password never travels in the open: set `tls` to starttls or tls")
    return settings


def open_files(settings: EmailSettings) -> None:
    """Read every file that the options name, as sending a letter does; `ValueError` says which one fails, and why."""
    if settings.recipients_file:
        listed(settings.recipients_file)
    if settings.ca_file:
        try:
            ssl.create_default_context(cafile=settings.ca_file)
        except (OSError, ValueError) as error:
            why = "it is broken" if isinstance(error, ssl.SSLError | ValueError) else error.strerror
            raise ValueError(f"`ca_file` {settings.ca_file} holds no certificates ({why}): put them there") from None


def checked(entry: ChannelEntry) -> EmailSettings:
    """The options, with every file that they name read once; `ValueError` if one of them is wrong."""
    settings = settings_of(entry)
    open_files(settings)
    return settings


def listed(file: Path) -> tuple[str, ...]:
    """The addresses in a file, which may begin with a byte order mark; `ValueError` says why it cannot be used."""
    text = text_of(file, bytes_max=LIST_BYTES_MAX, if_larger="give the address of a list")
    return addresses(text, file=file)


def addresses(text: str, *, file: Path | None = None) -> tuple[str, ...]:
    """The addresses of a list, each once. `ValueError` gives the places of wrong ones, never their text."""
    lines = [[part for piece in line.split(",") if (part := piece.strip())] for line in text.splitlines()]
    found = [part for line in lines for part in line]
    if file and (wrong := [number for number, line in enumerate(lines, 1) if not all(map(_is_address, line))]):
        told = ", ".join(str(number) for number in wrong[:TOLD_MAX]) + (" and more" if len(wrong) > TOLD_MAX else "")
        raise ValueError(f"the list {file} has no e-mail address in line {told}: write it like desk@example.org")
    for position, address in enumerate(found, start=1):
        if not _is_address(address):
            raise ValueError(f"recipient {position} is no e-mail address: write it like desk@example.org")
    if not 0 < len(found) <= RECIPIENTS_MAX:
        raise ValueError(f"there are {len(found)} recipients: give 1 to {RECIPIENTS_MAX}, or the address of a list")
    return tuple(dict.fromkeys(found))


def _is_address(text: str) -> bool:
    return re.fullmatch(ADDRESS, text) is not None
