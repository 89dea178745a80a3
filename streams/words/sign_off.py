"""The search for somebody who says yes: its orders, its facts, and the state of one as they add up.

A search asks the people of a chain one after another. Each page is claimed by a committed fact before it is made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Mode, Prose, Reason, Sentence, Utc, Word, digest
from streams.words.register.entries import Chain, Contact

PageOutcome = Literal["sent", "failed", "unknown"]
PassedOver = Literal[
    "away", "unregistered", "nobody-on-rota", "own-words", "no-power", "no-contact", "unreachable", "silent", "declined"
]
SearchOutcome = Literal["answered", "delegated", "nobody", "withdrawn", "lapsed"]
ASKED_IN_VAIN: tuple[PassedOver, ...] = ("unreachable", "silent", "declined")
"""Reasons to pass on that come after asking; the others come instead of it."""
ATTEMPTS_MAX = 2
"""So often is somebody asked from the beginning while no page is known to have reached them."""


class SeekSignOff(Frozen):
    """Look for somebody who signs off a draft, or decides a matter, by a chain of the register."""

    kind: Literal["seek_sign_off"] = "seek_sign_off"
    message_id: Identifier | None = Field(default=None, description="The draft; none, if a matter is to be decided.")
    matter: Sentence | None = Field(default=None, description="What is to be decided, as a question.")
    chain: Identifier | None = Field(default=None, description="The chain; for a draft the first that fits.")


class Decline(Frozen):
    """Say that you cannot judge it now: the next is asked at once."""

    kind: Literal["decline"] = "decline"
    search_id: Identifier = Field(description="The search, as the page and `holdingline status` show it.")
    reason: Reason


class RecordPage(Frozen):
    """Report what became of a page. `failed`: it surely reached no person. `unknown`: it may have."""

    kind: Literal["record_page"] = "record_page"
    search_id: Identifier
    number: int = Field(ge=1)
    outcome: PageOutcome
    words: Sentence


SignOffOrder = SeekSignOff | Decline | RecordPage


class Asked(Frozen):
    """Somebody of a chain as the register had them when the search began; `person` is None if no person is on call."""

    person: Identifier | None
    name: Word
    contacts: tuple[Contact, ...] = ()


class Call(Frozen):
    """All that a pager needs. `key` names this one page: no other has it, and it is made once."""

    key: Identifier
    mode: Mode
    incident_id: Identifier
    person: Identifier
    name: Word
    contact: Contact
    text: Prose
    answer_by: Utc


class SignOffSought(Frozen):
    """The search began, for this draft or this matter; chain and contacts stay as they were now until its end."""

    kind: Literal["sign_off_sought"] = "sign_off_sought"
    search_id: Identifier
    message_id: Identifier | None = None
    matter: Sentence | None = None
    chain: Chain
    asked: tuple[Asked, ...]
    sought_by: Identifier
    lapses_at: Utc | None = None
    register_version: str


class PersonPaged(Frozen):
    """This page was claimed: that run may make it, until then. `number` counts the pages of the search.

    `attempt` counts how often this person was asked from the beginning; 0 where that was not counted yet.
    """

    kind: Literal["person_paged"] = "person_paged"
    search_id: Identifier
    step: int
    number: int
    attempt: int = 0
    round: int
    run: Identifier
    until: Utc
    answer_by: Utc
    call: Call


class PageRecorded(Frozen):
    """What became of a page."""

    kind: Literal["page_recorded"] = "page_recorded"
    search_id: Identifier
    number: int
    outcome: PageOutcome
    words: Sentence


class PersonPassedOver(Frozen):
    """The search goes on to the next step, and why."""

    kind: Literal["person_passed_over"] = "person_passed_over"
    search_id: Identifier
    step: int
    person: Identifier | None
    why: PassedOver
    reason: Sentence


class SearchPaused(Frozen):
    """The search waits, because the words that it asks a yes for cannot go out now."""

    kind: Literal["search_paused"] = "search_paused"
    search_id: Identifier
    reason: Sentence


class SearchResumed(Frozen):
    """The search goes on: the person who was asked is asked again from the beginning, with their full time."""

    kind: Literal["search_resumed"] = "search_resumed"
    search_id: Identifier


class SearchEnded(Frozen):
    """The search is over. If no person of the chain answered, `left` names others who could say yes."""

    kind: Literal["search_ended"] = "search_ended"
    search_id: Identifier
    outcome: SearchOutcome
    person: Identifier | None = None
    rule: Sentence | None = None
    reason: Sentence
    left: tuple[Sentence, ...] = ()


SearchFact = SignOffSought | PersonPaged | PageRecorded | PersonPassedOver | SearchPaused | SearchResumed | SearchEnded


class Page(Frozen):
    """One page of the step that is asked now. `claim` is the hash of the fact that granted it, until it is reported."""

    number: int
    round: int
    contact: Contact
    at: Utc
    until: Utc
    outcome: PageOutcome | None = None
    claim: str | None = None


class Search(Frozen):
    """How far a search has come. `step` is the one that is asked now; `pages` are those of its newest attempt alone.

    `began_at` and `ended_at` are None where they were not kept yet.
    """

    id: Identifier
    message_id: Identifier | None
    matter: Sentence | None
    chain: Chain
    asked: tuple[Asked, ...]
    sought_by: Identifier
    lapses_at: Utc | None
    step: int = 0
    attempt: int = 0
    paged: int = 0
    pages: tuple[Page, ...] = ()
    answer_by: Utc | None = None
    passed: tuple[PassedOver, ...] = ()
    paused: bool = False
    ended: SearchEnded | None = None
    began_at: Utc | None = None
    ended_at: Utc | None = None

    @property
    def asks(self) -> Asked | None:
        """Who is asked now; None where the search is over or everybody was passed over."""
        return self.asked[self.step] if self.ended is None and self.step < len(self.asked) else None

    @property
    def subject(self) -> str:
        """What is signed off: the draft's identifier, or for a matter the search's own."""
        return self.message_id or self.id

    @property
    def missed(self) -> str:
        """The people that no page is known to have reached, as a clause that names them; empty if there are none."""
        names = [one.name for one, why in zip(self.asked, self.passed, strict=False) if why == "unreachable"]
        return f"; could not be reached: {', '.join(names)}" if names else ""

    def matter_hash(self) -> str:
        """What a yes to a matter is given to: exactly these words."""
        return digest(self.matter)


Searches = Mapping[Identifier, Search]


def after(searches: Searches, body: SearchFact, *, at: datetime, claim: str) -> Searches:
    """The searches after this fact; `claim` is its hash."""
    changed = _changed(searches, body, at=at, claim=claim)
    return {**searches, changed.id: changed}


def _begun(body: SignOffSought, at: datetime) -> Search:
    return Search(
        id=body.search_id,
        message_id=body.message_id,
        matter=body.matter,
        chain=body.chain,
        asked=body.asked,
        sought_by=body.sought_by,
        lapses_at=body.lapses_at,
        began_at=at,
    )


def _changed(searches: Searches, body: SearchFact, *, at: datetime, claim: str) -> Search:
    match body:
        case SignOffSought():
            return _begun(body, at)
        case PersonPaged():
            search = searches[body.search_id]
            contact, until = body.call.contact, body.until
            page = Page(number=body.number, round=body.round, contact=contact, at=at, until=until, claim=claim)
            before = search.pages if body.attempt == search.attempt else ()
            now = {"paged": body.number, "answer_by": body.answer_by, "attempt": body.attempt}
            return _with(search, pages=(*before, page), **now)
        case PageRecorded():
            search = searches[body.search_id]
            return _with(search, pages=_record(search.pages, body))
        case PersonPassedOver():
            search = searches[body.search_id]
            passed = (*search.passed, body.why)
            return _with(search, step=body.step + 1, attempt=0, pages=(), answer_by=None, passed=passed)
        case SearchPaused():
            return _with(searches[body.search_id], paused=True, attempt=0, pages=(), answer_by=None)
        case SearchResumed():
            return _with(searches[body.search_id], paused=False)
        case SearchEnded():
            return _with(searches[body.search_id], ended=body, ended_at=at, pages=(), answer_by=None)


def _record(pages: Sequence[Page], body: PageRecorded) -> tuple[Page, ...]:
    return tuple(
        page.model_copy(update={"outcome": body.outcome, "claim": None}) if page.number == body.number else page
        for page in pages
    )


def _with(search: Search, **update: Any) -> Search:  # noqa: ANN401 - the fields of a search
    return search.model_copy(update=update)
