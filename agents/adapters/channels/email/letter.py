"""A dispatch as a letter: plain text in every language; only its date differs from one attempt to the next."""

from collections.abc import Sequence
from datetime import datetime

from agents.adapters.channels.email.headers import atom, begin, written
from agents.adapters.channels.email.settings import EmailSettings, settings_of
from agents.adapters.languages import tag_of
from streams.decisions.wording.shown.renderings import renderings
from streams.words.delivery import Dispatch
from streams.words.register.entries import ChannelEntry

UNNAMED = "undisclosed-recipients:;"


def letter(dispatch: Dispatch, entry: ChannelEntry, *, recipients: Sequence[str], at: datetime | None = None) -> bytes:
    """The letter in 7-bit lines (RFC 5322), sent `at`. Several recipients do not learn of one another."""
    (rendering,), settings = renderings(dispatch.message, entry, mode=dispatch.mode), settings_of(entry)
    composed = begin(recipients[0] if len(recipients) == 1 else UNNAMED)
    composed["Date"] = at or dispatch.authorisation.at
    composed["Message-ID"] = message_id(dispatch, settings)
    # No letter has this identifier, but mail programs group by it: so the incident is the thread.
    composed["References"] = f"<{dispatch.public_incident}@{settings.domain()}>"
    composed["Auto-Submitted"] = "auto-generated"
    composed["X-Auto-Response-Suppress"] = "All"
    if settings.list_id:
        composed["List-Id"] = f"<{settings.list_id}>"
    composed.set_content(rendering.text, charset="utf-8", cte="quoted-printable")
    # Set it after the content: setting the content would remove it.
    if known := [tag for tag in map(tag_of, rendering.languages) if tag]:
        composed["Content-Language"] = ", ".join(known)
    return written(composed, settings, subject=rendering.subject or "")


def message_id(dispatch: Dispatch, settings: EmailSettings) -> str:
    """What a mail server calls the letter, the same at every try."""
    return f"<{atom(dispatch.key)}@{settings.domain()}>"
