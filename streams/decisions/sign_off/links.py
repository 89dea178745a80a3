"""Links to a decision: what a person who is asked gets by telephone, and what shows that it was really sent to them.

A link shows its one page to the person whom it was sent to, while the search goes on, and gives no right: the yes is
signed. What it shows with lies in the fragment, which browsers send nowhere and scanners of links never see.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from streams.subjects.attention import Waiting
from streams.values import Identifier, Subject, SubjectKind, canonical, subject_of_key
from streams.words.attention import Kind
from streams.words.sign_off import Search

LINK_KEY = "HOLDINGLINE_LINK_KEY"
"""The variable of the environment in which worker and console share the secret of their links."""
AT_A_TERMINAL = ("check", "doctor", "feeds test", "pack")
"""What no page of the console does."""
ANSWER = re.compile(rf"(?:Yes|I have it|Not me): holdingline |To do: holdingline (?!(?:{'|'.join(AT_A_TERMINAL)})\b)")
"""How a line of a page begins that answers it; a draft's words are indented and never begin so."""
MAC_BYTES = 16
BETWEEN = "~"
"""No identifier has this sign."""
PARTS = 4
WHAT = "{}"
"""In these pages the place of what waits."""
_PAGES: Mapping[Kind, Sequence[str]] = {
    "draft": ("sign-off", WHAT),
    "matter": ("sign-off", WHAT),
    "unknown": ("deliveries", WHAT),
    "amiss": ("deliveries", WHAT),
    "by-hand": ("deliveries", WHAT),
    "held": ("deliveries", WHAT),
    "promise": ("release",),
    "reminder": ("release",),
    "changed-post": ("messages", WHAT, "withdraw"),
    "stopped-partner": ("partners", WHAT),
    "stopped-account": ("partners", WHAT),
    "step": ("steps", WHAT),
    "scheduler": ("steps", WHAT),
    "resume-scheduler": ("steps", WHAT),
    "story": ("stories", WHAT),
    "briefing": ("briefing",),
}
"""Where each kind of thing that waits in an incident is settled, below the incident's own page."""
_OF_REGISTER: Mapping[Kind, Sequence[str]] = {
    "change": ("register", "changes"),
    "unconfirmed": ("register", "partners"),
    "stopped-partner": ("partners",),
    "stopped-account": ("partners",),
    "look-alike": ("register", "look-alikes"),
}
_OF_DELIVERIES = frozenset[Kind]({"unknown", "amiss", "by-hand", "held"})


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whom a search asked, about which subject."""

    subject: Subject
    search_id: Identifier
    person: Identifier

    def token(self, secret: str) -> str:
        """What the link carries."""
        parts = [self.subject.key, self.search_id, self.person]
        mac = hmac.new(secret.encode(), canonical(parts), hashlib.sha256).digest()[:MAC_BYTES]
        return BETWEEN.join([*parts, base64.urlsafe_b64encode(mac).decode().rstrip("=")])

    def link(self, origin: str, secret: str) -> str:
        """The whole link."""
        return f"{origin}/s#{self.token(secret)}"


def linked(text: str, link: str) -> str:
    """The page with a last line that opens the decision, in place of the commands that answer it at a terminal."""
    lines = (one for one in text.split("\n") if not ANSWER.match(one))
    return "\n".join([*lines, f"Open: {link}"])


def ticket_of(token: str, secret: str) -> Ticket | None:
    """The ticket of a token that was made with this secret; None for any other text."""
    parts = token.split(BETWEEN)
    subject = subject_of_key(parts[0]) if len(parts) == PARTS and token.isascii() else None
    if subject is None:
        return None
    found = Ticket(subject, parts[1], parts[2])
    return found if hmac.compare_digest(found.token(secret).encode(), token.encode()) else None


def path_to(*parts: str) -> str:
    """The path of a page: each part between two slashes; of the signs of an identifier only a slash is written else."""
    return "".join(f"/{one.replace('/', '%2F')}" for one in parts)


def page_of(one: Waiting) -> str:
    """The page on which this is settled, or that says how it is."""
    match one.subject.kind:
        case SubjectKind.INCIDENT:
            below = _PAGES.get(one.kind, ())
            return path_to("incidents", one.subject.id, *(one.what if part == WHAT else part for part in below))
        case SubjectKind.WATCH:
            return "/watch"
        case SubjectKind.PLAN if one.kind in _OF_DELIVERIES:
            return path_to("plans", one.subject.id, "deliveries", one.what)
        case SubjectKind.REGISTER:
            elsewhere = "/register" if one.kind == "risk" else "/status"
            return path_to(*_OF_REGISTER[one.kind], one.what) if one.kind in _OF_REGISTER else elsewhere
        case _:
            return path_to(f"{one.subject.kind}s", one.subject.id)


def page_for(search: Search, subject: Subject) -> str | None:
    """The page on which the person who is asked answers; None where there is none."""
    if subject.kind is SubjectKind.CASE:
        return path_to("cases", subject.id)
    if subject.kind is SubjectKind.WATCH:
        return "/watch"
    if subject.kind is not SubjectKind.INCIDENT:
        return None
    below = ("searches", search.id) if search.concern else ("sign-off", search.message_id or search.id)
    return path_to("incidents", subject.id, *below)
