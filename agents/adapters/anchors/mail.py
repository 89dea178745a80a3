"""Anchors by mail: each in a letter of its own, to a mailbox that the service cannot delete from."""

from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime

from agents.adapters.channels.email.sender import Route, send
from agents.adapters.channels.email.settings import EmailSettings, addresses
from streams.record.anchors import Anchor

SECONDS_MAX = 60.0
WORDS = (
    "This is how far the record of every incident had come.\n"
    "Keep this letter: the attached line, in a file, is what `holdingline verify --anchors` compares a record with.\n"
)


@dataclass(frozen=True, slots=True)
class MailPlace:
    """The port `AnchorPlace` by way of a mail server."""

    settings: EmailSettings
    password: str | None = field(default=None, repr=False)

    async def note(self, anchor: Anchor) -> str:
        """Send the letter. Sending the same anchor twice gives two equal letters, which does no harm."""
        recipients = addresses(self.settings.recipients)
        route = Route(self.settings, SECONDS_MAX, self.password)
        return await send(_letter(anchor, self.settings.sender, recipients), route, recipients=recipients)


def _letter(anchor: Anchor, sender: str, recipients: tuple[str, ...]) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, ", ".join(recipients)
    letter["Subject"] = f"Record of {anchor.mode} as of {anchor.at:%Y-%m-%d %H:%M:%S} UTC"
    letter["Date"] = format_datetime(anchor.at)
    letter["Message-ID"] = f"<{anchor.digest}@{sender.rpartition('@')[2]}>"
    letter.set_content(WORDS)
    line = anchor.model_dump_json().encode() + b"\n"
    letter.add_attachment(line, maintype="application", subtype="jsonl", filename="anchors.jsonl")
    return letter.as_bytes(policy=letter.policy.clone(linesep="\r\n"))
