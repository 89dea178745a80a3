"""The search for somebody who says yes: its orders, its facts, and the state of one as they add up.

A search asks the people of a chain one after another. Each page is claimed by a committed fact before it is made.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import is_, not_
from typing import Any, Literal

from pydantic import Field

from streams.values import Frozen, Identifier, Mode, Prose, Reason, Sentence, Utc, Word, digest
from streams.why import Why
from streams.words.attention import Kind
from streams.words.register.entries import Chain, Contact

PageOutcome = Literal["sent", "failed", "unknown"]
PassedOver = Literal[
    "away", "unregistered", "nobody-on-rota", "own-words", "no-power", "no-contact", "unreachable", "silent", "declined"
]
SearchOutcome = Literal["answered", "delegated", "nobody", "withdrawn", "lapsed", "settled"]
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


class Acknowledge(Frozen):
    """Say that you take on what waits: nobody else is asked any more, and those who were asked are told."""

    kind: Literal["acknowledge"] = "acknowledge"
    search_id: Identifier = Field(description="The search, as the page and `holdingline status` show it.")


class RecordPage(Frozen):
    """Report what became of a page. `failed`: it surely reached no person. `unknown`: it may have."""

    kind: Literal["record_page"] = "record_page"
    search_id: Identifier
    number: int = Field(ge=1)
    outcome: PageOutcome
    words: Sentence


SignOffOrder = SeekSignOff | Decline | Acknowledge | RecordPage


class Concern(Frozen):
    """One thing of the attention list that a search asks people to take on, and the sentence that says it.

    `time` tells apart what came up more than once under the same name.
    """

    about: Kind
    what: Identifier
    time: int = 0
    words: Sentence

    @property
    def key(self) -> str:
        """What no other concern of the same subject has."""
        return concern_key(self.about, self.what, time=self.time)


def concern_key(kind: Kind, what: str, *, time: int) -> str:
    """The one name of a thing that waits, within its subject."""
    return f"{kind}/{what}/{time}"


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
    answer_by: Utc | None


class SignOffSought(Frozen):
    """The search began, for a draft, a matter or a concern; chain and contacts stay as they were now until its end."""

    kind: Literal["sign_off_sought"] = "sign_off_sought"
    search_id: Identifier
    message_id: Identifier | None = None
    matter: Sentence | None = None
    chain: Chain
    asked: tuple[Asked, ...]
    sought_by: Identifier
    lapses_at: Utc | None = None
    register_version: str
    concern: Concern | None = Field(default=None, exclude_if=partial(is_, None))


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
    why: tuple[Why, ...] = Field(default=(), exclude_if=not_)


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
    why: tuple[Why, ...] = Field(default=(), exclude_if=not_)


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


class PersonTold(Frozen):
    """The page was claimed that tells a person how the search they were asked in was settled; it asks for nothing.

    `number` goes on counting the pages of the search.
    """

    kind: Literal["person_told"] = "person_told"
    search_id: Identifier
    number: int
    run: Identifier
    until: Utc
    call: Call


SearchFact = (
    SignOffSought
    | PersonPaged
    | PageRecorded
    | PersonPassedOver
    | SearchPaused
    | SearchResumed
    | SearchEnded
    | PersonTold
)


class Heard(Frozen):
    """Somebody whom a page of the search reached, or may have reached, and the contact that it came on."""

    person: Identifier
    name: Word
    contact: Contact
    surely: bool


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

    `heard` are those who got a page of it, `told` the pages that told them of its end.

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
    concern: Concern | None = None
    heard: tuple[Heard, ...] = ()
    told: tuple[Page, ...] = ()

    @property
    def asks(self) -> Asked | None:
        """Who is asked now; None where the search is over or everybody was passed over."""
        return self.asked[self.step] if self.ended is None and self.step < len(self.asked) else None

    @property
    def subject(self) -> str:
        """What is asked about: the draft's identifier, the concern's name, or for a matter the search's own."""
        return self.message_id or (self.concern.key if self.concern else self.id)

    @property
    def unreported(self) -> Iterator[Page]:
        """The pages whose report has not come, those that tell of the end included."""
        return (page for page in (*self.pages, *self.told) if page.outcome is None)

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
        concern=body.concern,
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
            return _with(search, pages=(*before, page), heard=_heard(search), **now)
        case PersonTold():
            search = searches[body.search_id]
            page = Page(number=body.number, round=1, contact=body.call.contact, at=at, until=body.until, claim=claim)
            return _with(search, told=(*search.told, page), paged=body.number)
        case PageRecorded():
            search = searches[body.search_id]
            return _with(search, pages=_record(search.pages, body), told=_record(search.told, body))
        case PersonPassedOver():
            search = searches[body.search_id]
            passed = (*search.passed, body.why)
            return _over(search, step=body.step + 1, attempt=0, passed=passed)
        case SearchPaused():
            return _over(searches[body.search_id], paused=True, attempt=0)
        case SearchResumed():
            return _with(searches[body.search_id], paused=False)
        case SearchEnded():
            return _over(searches[body.search_id], ended=body, ended_at=at)


def _over(search: Search, **update: Any) -> Search:  # noqa: ANN401 - the fields of a search
    """The search once the person who was asked is asked no more; whom a page may have reached is kept in mind."""
    return _with(search, pages=(), answer_by=None, heard=_heard(search), **update)


def _heard(search: Search) -> tuple[Heard, ...]:
    """Everybody whom a page reached, or may have reached, each with the contact that most surely did."""
    heard = {one.person: one for one in search.heard}
    asked = search.asks
    for page in search.pages:
        if asked and asked.person and page.outcome != "failed":
            fresh = Heard(person=asked.person, name=asked.name, contact=page.contact, surely=page.outcome == "sent")
            known = heard.get(fresh.person)
            heard[fresh.person] = fresh if known is None or fresh.surely >= known.surely else known
    return tuple(heard.values())


def _record(pages: Sequence[Page], body: PageRecorded) -> tuple[Page, ...]:
    return tuple(
        page.model_copy(update={"outcome": body.outcome, "claim": None}) if page.number == body.number else page
        for page in pages
    )


def _with(search: Search, **update: Any) -> Search:  # noqa: ANN401 - the fields of a search
    return search.model_copy(update=update)
