"""Which page a site shows: the trust's own, or the service's where the trust's cannot show what was published.

A fault in a page keeps no word from going out.
"""

import html
import json
import re
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from jinja2 import TemplateSyntaxError

from agents.adapters.channels.site.page import TEMPLATE, page
from agents.adapters.channels.site.posts import SitePost, anchor
from agents.adapters.channels.site.settings import SiteSettings
from agents.adapters.channels.site.words import WORDS, Words, load_words
from agents.adapters.registers.folder import LINKED, leads_out
from streams.decisions.wording.shown.renderings import languages_of
from streams.values import LIVE, IncidentType, Power, Purpose, sentence
from streams.words.delivery import Dispatch
from streams.words.release import Authorisation, Credit, Message

SAMPLE_AT = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
SAMPLE_SITE = SiteSettings(url="https://trust.example/", trust="A trust", sender="trust.example", languages="en,cy")
DRILL = "exercise-page"
_TAG = re.compile(r"<[^>]*>")
logger = structlog.get_logger(__name__)


class UnfitPage(Exception):
    """The trust's own page cannot be used: `file` and `line` say where to mend it."""

    def __init__(self, why: str, *, file: str = TEMPLATE, line: int = 1) -> None:
        self.file, self.line = file, line
        super().__init__(f"the trust's own page cannot be used ({sentence(why)}), so the service's is shown: mend it")


@dataclass(frozen=True, slots=True)
class Pages:
    """The folder with the service's own page, and the one where the trust may have a page, words, or both."""

    service: Path
    own: Path | None = None

    def words(self) -> Words:
        """The trust's own words if they can be used, else the service's."""
        try:
            return self._own_words() or load_words(self.service)
        except UnfitPage as unfit:
            _tell(unfit)
            return load_words(self.service)

    def render(self, shown: Sequence[SitePost], settings: SiteSettings, *, words: Words) -> bytes:
        """The page with these posts, which are newest first and at least one."""
        try:
            content = self._own_page(shown, settings, words)
        except UnfitPage as unfit:
            _tell(unfit)
            content = None
        # The words were looked at too: the service's page can be shown with any.
        return content if content is not None else page(shown, settings, words=words, pages=self.service)

    def faults(self) -> Iterator[UnfitPage]:
        """Why the trust's own page or words cannot be used, tried with posts of every kind."""
        words = None
        try:
            words = self._own_words()
        except UnfitPage as unfit:
            yield unfit
        words = words or load_words(self.service)
        for mode in (LIVE, DRILL):
            try:
                self._own_page(sample(mode), SAMPLE_SITE, words)
            except UnfitPage as unfit:
                yield unfit
                return

    def _has(self, name: str) -> bool:
        """Whether the trust has such a file; `UnfitPage` if it is a link that leads out of the folder."""
        if self.own is None or not (self.own / name).exists():
            return False
        if leads_out(self.own / name, self.own.parent):
            raise UnfitPage(LINKED, file=name)
        return True

    def _own_words(self) -> Words | None:
        if self.own is None or not self._has(WORDS):
            return None
        try:
            return load_words(self.own)
        except json.JSONDecodeError as error:
            raise UnfitPage(error.msg, file=WORDS, line=error.lineno) from None
        except (OSError, ValueError) as error:
            raise UnfitPage(str(error), file=WORDS) from None

    def _own_page(self, shown: Sequence[SitePost], settings: SiteSettings, words: Words) -> bytes | None:
        if self.own is None or not self._has(TEMPLATE):
            return None
        try:
            content = page(shown, settings, words=words, pages=self.own)
        except TemplateSyntaxError as error:
            raise UnfitPage(error.message or "it is no template", line=error.lineno) from None
        except Exception as error:  # noqa: BLE001 - a template may do, and fail in, anything
            raise UnfitPage(f"{type(error).__name__}: {error}", line=_line_of(error)) from None
        if lacking := _lacking(content.decode(), shown, settings):
            raise UnfitPage(f"it does not show {lacking}")
        return content


def sample(mode: str) -> Sequence[SitePost]:
    """Invented posts of every kind, newest first: one with a promise, one corrected, one withdrawn, a partner's."""
    credit = Credit(
        partner="fire", partner_name="Fire service", account_id="a", post_id="p", url="https://fire.example/p"
    )
    hour = timedelta(hours=1)
    return [
        SitePost(_dispatch("first", mode, next_update_at=SAMPLE_AT + hour), SAMPLE_AT),
        SitePost(_dispatch("second", mode), SAMPLE_AT - hour, corrected_at=SAMPLE_AT),
        SitePost(_dispatch("third", mode), SAMPLE_AT - 2 * hour, withdrawn_at=SAMPLE_AT),
        SitePost(_dispatch("fourth", mode, credit=credit), SAMPLE_AT - 3 * hour),
    ]


def _dispatch(
    name: str, mode: str, *, next_update_at: datetime | None = None, credit: Credit | None = None
) -> Dispatch:
    texts = {"en": f"The {name} word\nand its second line.", "cy": f"Gair {name}\na’i ail linell."}
    message = Message(
        id=name,
        purpose=Purpose.AMPLIFICATION if credit else Purpose.HOLDING,
        texts={"en": texts["en"]} if credit else texts,
        titles={"en": "What happened", "cy": "Beth ddigwyddodd"},
        channels=("site",),
        expires_at=SAMPLE_AT,
        next_update_at=next_update_at,
        credit=credit,
    ).sealed()
    yes = Authorisation(
        person="nobody",
        power=Power.RELEASE_HOLDING,
        rule="a trial",
        register_version="0",
        content_hash=message.content_hash,
        at=SAMPLE_AT,
        until=SAMPLE_AT,
    )
    return Dispatch(
        key=name,
        mode=mode,
        incident_id=name,
        incident_name="A trial",
        incident_type=IncidentType.MAJOR,
        incident_level=1,
        channel="site",
        message=message,
        authorisation=yes,
    )


def _lacking(content: str, shown: Sequence[SitePost], settings: SiteSettings) -> str | None:
    """Which post, or which of its lines, is not on the page as people read it; None if everything is."""
    visible = _plain(html.unescape(_TAG.sub("", content)))
    for post in shown:
        name, message = anchor(post.dispatch), post.dispatch.message
        if f'id="{name}"' not in content:
            return f'the place of a post (id="{{{{ post.anchor }}}}" for {name})'
        languages = () if post.withdrawn_at else languages_of(message, settings.order())
        for line in (line for one in languages for line in message.text_for(one).split("\n")):
            if _plain(line) not in visible:
                return "the words of a post as they were signed off"
    return None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _line_of(error: Exception) -> int:
    """The line of the template in which it failed."""
    lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename.endswith(TEMPLATE)]
    return (lines[-1] if lines else None) or 1


def _tell(unfit: UnfitPage) -> None:
    logger.error("the trust's own page cannot be used", file=unfit.file, line=unfit.line, why=str(unfit))
