"""The options of a channel of text messages or e-mail through Notify: the service, and who gets them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import StringConstraints, model_validator

from agents.adapters.channels.email.settings import addresses
from agents.adapters.channels.lists import text_of
from agents.adapters.notify import LETTERS, TEXTS, NotifyKind, NotifySettings, plain
from streams.values import Word
from streams.words.register.entries import ChannelEntry

NUMBERS_MAX = 500
LIST_BYTES_MAX = 256 * 1024
TOLD_MAX = 5
NUMBER = r"\+?[0-9]{7,15}"


class SmsSettings(NotifySettings):
    """The options of a channel of kind `sms`, with those of GOV.UK Notify.

    `recipients` is a list with commas or line breaks; `recipients_file` names a file of them, read for every message.
    """

    recipients: str = ""
    recipients_file: Path | None = None
    languages: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(,[a-z]{2})*$")] = "en"

    @model_validator(mode="after")
    def _someone_gets_it(self) -> "SmsSettings":
        if bool(self.recipients) is bool(self.recipients_file):
            raise ValueError("give either `recipients` or `recipients_file`")
        return self


class NotifyEmailSettings(SmsSettings):
    """The options of a channel of kind `notify-email`; `trust` is the name below each letter."""

    trust: Word | None = None


def numbers(text: str, *, file: Path | None = None) -> tuple[str, ...]:
    """The numbers of a list, each once. `ValueError` gives the places of wrong ones, never their text."""
    lines = [[plain(piece) for piece in line.split(",") if piece.strip()] for line in text.splitlines()]
    wrong = [number for number, line in enumerate(lines, 1) if not all(re.fullmatch(NUMBER, one) for one in line)]
    if wrong:
        told = ", ".join(map(str, wrong[:TOLD_MAX])) + (" and more" if len(wrong) > TOLD_MAX else "")
        where = f"the list {file}" if file else "the list"
        raise ValueError(f"{where} has no telephone number in line {told}: write it like +44 7700 900123")
    found = tuple(dict.fromkeys(one for line in lines for one in line))
    if not 0 < len(found) <= NUMBERS_MAX:
        raise ValueError(f"there are {len(found)} numbers: give 1 to {NUMBERS_MAX}, or make two channels of them")
    return found


class _List(Protocol):
    def __call__(self, text: str, *, file: Path | None = None) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Served:
    """What is different between the two kinds: how Notify sends it, its options, and the form of its list."""

    kind: NotifyKind
    options: type[SmsSettings]
    recipients: _List
    each: str
    called: str


SERVED: Mapping[str, Served] = {
    "sms": Served(TEXTS, SmsSettings, numbers, "number", "numbers"),
    "notify-email": Served(LETTERS, NotifyEmailSettings, addresses, "address", "addresses"),
}


def settings_of(entry: ChannelEntry) -> SmsSettings:
    """Read the options; `ValueError` names what is missing or wrong."""
    if entry.credential is None:
        raise ValueError("its `credential` is missing: name the secret that holds the API key")
    settings = SERVED[entry.kind].options.model_validate(dict(entry.options))
    if settings.recipients:
        SERVED[entry.kind].recipients(settings.recipients)
    return settings


def checked(entry: ChannelEntry) -> SmsSettings:
    """The options, with the file that they name read once; `ValueError` if one of them is wrong."""
    settings = settings_of(entry)
    listed(entry, settings)
    return settings


def listed(entry: ChannelEntry, settings: SmsSettings) -> tuple[str, ...]:
    """Who gets the messages, as the list is now, each once; `ValueError` says why it cannot be used."""
    served, file = SERVED[entry.kind], settings.recipients_file
    text = text_of(file, bytes_max=LIST_BYTES_MAX, if_larger="make two channels of it") if file else settings.recipients
    by_spelling = {served.kind.written(one): one for one in served.recipients(text, file=file)}
    return tuple(by_spelling.values())
