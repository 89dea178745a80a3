"""A dispatch as a letter: plain text in every language; only its date differs from one attempt to the next."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from agents.adapters.channels.email.headers import atom, begin, written
from agents.adapters.channels.email.settings import EmailSettings
from agents.adapters.languages import languages_of, tag_of
from streams.decisions.wording.renderer import MARKS
from streams.values import Purpose, is_drill, sentence
from streams.words.delivery import Dispatch

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
        Purpose.PLANNED: "Announcement",
    },
    "cy": {
        Purpose.HOLDING: "Datganiad cyntaf",
        Purpose.LINE: "Diweddariad",
        Purpose.CORRECTION: "Cywiriad",
        Purpose.WITHDRAWAL: "Tynnu’n ôl",
        Purpose.ALL_CLEAR: "Popeth yn glir",
        Purpose.AMPLIFICATION: "Neges partner",
        Purpose.PLANNED: "Cyhoeddiad",
    },
}


def letter(
    dispatch: Dispatch, settings: EmailSettings, *, recipients: Sequence[str], at: datetime | None = None
) -> bytes:
    """The letter in 7-bit lines (RFC 5322), sent `at`. Several recipients do not learn of one another."""
    languages = languages_of(dispatch.message, settings.languages.split(","))
    composed = begin(recipients[0] if len(recipients) == 1 else UNNAMED)
    composed["Date"] = at or dispatch.authorisation.at
    composed["Message-ID"] = message_id(dispatch, settings)
    # No letter has this identifier, but mail programs group by it: so the incident is the thread.
    composed["References"] = f"<{dispatch.public_incident}@{settings.domain()}>"
    composed["Auto-Submitted"] = "auto-generated"
    composed["X-Auto-Response-Suppress"] = "All"
    if settings.list_id:
        composed["List-Id"] = f"<{settings.list_id}>"
    texts = [dispatch.message.text_for(language) for language in languages]
    signature = f"\n\n-- \n{settings.trust}\n" if settings.trust else "\n"
    composed.set_content(BETWEEN.join(texts) + signature, charset="utf-8", cte="quoted-printable")
    # Set it after the content: setting the content would remove it.
    if known := [tag for tag in map(tag_of, languages) if tag]:
        composed["Content-Language"] = ", ".join(known)
    return written(composed, settings, subject=subject(dispatch, languages))


def message_id(dispatch: Dispatch, settings: EmailSettings) -> str:
    """What a mail server calls the letter, the same at every try."""
    return f"<{atom(dispatch.key)}@{settings.domain()}>"


def subject(dispatch: Dispatch, languages: Sequence[str]) -> str:
    """The title and what the letter is, on one line; a drill is marked before anything else.

    Where it is too long the title is cut: the mark and what the letter is stay whole.
    """
    marks = [MARKS.get(language, MARKS["en"]) for language in languages] if is_drill(dispatch.mode) else []
    kinds = [PURPOSES.get(language, PURPOSES["en"])[dispatch.message.purpose] for language in languages]
    titles = [dispatch.message.titles[language] for language in languages if language in dispatch.message.titles]
    before, after = ": ".join(dict.fromkeys(marks)), " / ".join(dict.fromkeys(kinds))
    title = sentence(" / ".join(dict.fromkeys(titles))) if titles else ""
    room = SUBJECT_CHARACTERS_MAX - len(f"{before}: : {after}")
    return ": ".join(part for part in (before, title[:room].rstrip(" –/"), after) if part)
