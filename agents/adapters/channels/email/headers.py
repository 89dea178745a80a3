"""Headers of a letter as a mail server reads them: what is written is read back as the same."""

import re
from email.charset import SHORTEST, Charset
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from itertools import groupby
from textwrap import wrap

from agents.adapters.channels.email.settings import EmailSettings
from streams.values import sentence

POLICY = SMTP.clone(cte_type="7bit")
LINE_MAX = 70
UTF_8 = Charset("utf-8")
# Set here, since a library that sends pages changes what Python does with UTF-8 everywhere in the program.
UTF_8.header_encoding = SHORTEST


def begin(to: str) -> EmailMessage:
    """A letter with its recipient; `written` puts the sender and the subject before it."""
    composed = EmailMessage(policy=POLICY)
    composed["To"] = to
    return composed


def written(composed: EmailMessage, settings: EmailSettings, *, subject: str) -> bytes:
    """The letter in 7-bit lines, from the trust and with this subject.

    These two lines are not the library's: where it folds a long line it loses the quotes of a name, so that a comma
    makes two senders, and moves spaces beside letters that are not ASCII.
    """
    name = sentence(settings.trust or settings.sender)
    sender = f"From: {_phrase(name)} <{settings.sender}>"
    lines = "\r\n ".join(wrap(sender, LINE_MAX, break_long_words=False, break_on_hyphens=False))
    about = _header(subject, header="Subject")
    return f"{lines}\r\nSubject: {about}\r\n".encode("ascii") + composed.as_bytes()


def _header(text: str, *, header: str) -> str:
    charset = "us-ascii" if text.isascii() else UTF_8
    return Header(text, charset, maxlinelen=LINE_MAX, header_name=header).encode(linesep="\r\n")


def _phrase(name: str) -> str:
    """The name in words that each reader puts together the same: ASCII in quotes, other words encoded (RFC 2047)."""
    parts = []
    for is_ascii, words in groupby(name.split(), key=str.isascii):
        part = " ".join(words)
        quoted = part.replace("\\", r"\\").replace('"', r"\"")
        parts.append(f'"{quoted}"' if is_ascii else _header(part, header="From"))
    return " ".join(parts)


def atom(identifier: str) -> str:
    """An identifier as the left part of a message identifier: other characters become `=` and their number."""
    return re.sub(r"[^A-Za-z0-9-]", lambda other: f"={ord(other[0]):02x}", identifier)
