"""A dispatch as a letter: plain text in every language, the same bytes at every attempt."""

import re
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from agents.adapters.channels.email.settings import EmailSettings
from agents.adapters.languages import languages_of
from streams.decisions.wording.renderer import MARKS
from streams.values import Purpose, is_drill, sentence
from streams.words.delivery import Dispatch

POLICY = SMTP.clone(cte_type="7bit")
SUBJECT_CHARACTERS_MAX = 200
BETWEEN = "\n\n* * *\n\n"
UNNAMED = "undisclosed-recipients:;"
PURPOSES: Mapping[str, Mapping[Purpose, str]] = {
    "en": {
        Purpose.HOLDING: "First statement",
        Purpose.LINE: "Update",
        Purpose.CORRECTION: "Correction",
        Purpose.WITHDRAWAL: "Withdrawal",
        Purpose.ALL_CLEAR: "All clear",
        Purpose.AMPLIFICATION: "Partner’s message",
    },
    "cy": {
        Purpose.HOLDING: "Datganiad cyntaf",
        Purpose.LINE: "Diweddariad",
        Purpose.CORRECTION: "Cywiriad",
        Purpose.WITHDRAWAL: "Tynnu’n ôl",
        Purpose.ALL_CLEAR: "Popeth yn glir",
        Purpose.AMPLIFICATION: "Neges partner",
    },
}


def letter(dispatch: Dispatch, settings: EmailSettings, *, recipients: Sequence[str]) -> bytes:
    """The letter in 7-bit lines (RFC 5322). Several recipients do not learn of one another."""
    languages = languages_of(dispatch.message, settings.languages.split(","))
    composed = EmailMessage(policy=POLICY)
    composed["From"] = Address(sentence(settings.trust or settings.sender), addr_spec=settings.sender)
    composed["To"] = recipients[0] if len(recipients) == 1 else UNNAMED
    composed["Subject"] = subject(dispatch, languages)
    composed["Date"] = dispatch.authorisation.at
    composed["Message-ID"] = message_id(dispatch, settings)
    # No letter has this identifier, but mail programs group by it: so the incident is the thread.
    composed["References"] = f"<{_atom(dispatch.incident_id)}@{settings.domain()}>"
    composed["Auto-Submitted"] = "auto-generated"
    composed["X-Auto-Response-Suppress"] = "All"
    if settings.list_id:
        composed["List-Id"] = f"<{settings.list_id}>"
    texts = [dispatch.message.text_for(language) for language in languages]
    signature = f"\n\n-- \n{settings.trust}\n" if settings.trust else "\n"
    composed.set_content(BETWEEN.join(texts) + signature, charset="utf-8", cte="quoted-printable")
    # Set it after the content: setting the content would remove it.
    composed["Content-Language"] = ", ".join(languages)
    return composed.as_bytes()


def message_id(dispatch: Dispatch, settings: EmailSettings) -> str:
    """What a mail server calls the letter, the same at every try."""
    return f"<{_atom(dispatch.key)}@{settings.domain()}>"


def subject(dispatch: Dispatch, languages: Sequence[str]) -> str:
    """The incident and what the letter is, on one line; a drill is marked before anything else."""
    marks = [MARKS.get(language, MARKS["en"]) for language in languages] if is_drill(dispatch.mode) else []
    kinds = [PURPOSES.get(language, PURPOSES["en"])[dispatch.message.purpose] for language in languages]
    parts = (*dict.fromkeys(marks), dispatch.incident_name, " / ".join(dict.fromkeys(kinds)))
    return sentence(": ".join(parts))[:SUBJECT_CHARACTERS_MAX]


def _atom(identifier: str) -> str:
    """An identifier as the left part of a message identifier: other characters become `=` and their number."""
    return re.sub(r"[^A-Za-z0-9-]", lambda other: f"={ord(other[0]):02x}", identifier)
