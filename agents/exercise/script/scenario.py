"""The scenario: a title, a start, what happens at which time, and what is expected. Data only.

Orders are those of the table of orders, under their own names; their times may be written from the start ("+59:00"),
and `latest-draft`, `latest-search` and `latest-holding`, or any other purpose, name what is newest when the order is
given: `message_id: latest-draft`, `follows: latest-holding`. `case: complaint 1` names the first complaint of the play.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetPydanticSchema,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    create_model,
)
from pydantic_core import CoreSchema

from agents.adapters.memory.played_faults import Trouble
from streams.decisions.desk.order_table import ORDERS
from streams.subjects.incident import Status
from streams.values import Frozen, Hashtag, Identifier, Language, Mode, Purpose, Sentence, SubjectKind, Utc, Word
from streams.words.cases import CaseSort
from streams.words.orders import CommandBody
from streams.words.sign_off import SearchOutcome

_OFFSET = re.compile(r"\+?(?:(\d{1,2}):)?(\d{1,3}):(\d{2})")
RATE_MAX = 6_000


def offset(text: object) -> timedelta:
    """Read `+MM:SS` or `+H:MM:SS`."""
    if isinstance(text, timedelta):
        return text
    found = _OFFSET.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('write minutes and seconds from the start in quotes, as in "+03:10"')
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def case_name(text: object) -> str:
    """Read `complaint 1`: a sort of case, and which of this sort it is, in the order in which they were opened."""
    sort, _, number = text.partition(" ") if isinstance(text, str) else ("", "", "")
    if sort not in set(CaseSort) or not re.fullmatch(r"[1-9]\d{0,3}", number):
        raise ValueError(
            f"write the sort of the case and which it is, as in complaint 1; a sort is {', '.join(CaseSort)}"
        )
    return f"{sort} {number}"


CaseName = Annotated[str, PlainValidator(case_name)]
Offset = Annotated[timedelta, PlainValidator(offset), PlainSerializer(lambda span: span.total_seconds(), float)]


class Crowd(Frozen):
    """Mentions in bulk: these phrases in turn, `rate` a minute, from so many authors; the seed spreads them.

    `to_us` says that they are posts to the trust's own account.
    """

    phrases: tuple[Sentence, ...] = Field(min_length=1)
    rate: int = Field(ge=1, le=RATE_MAX)
    lasts: Offset
    authors: int = Field(default=100, ge=1, le=100_000)
    to_us: bool = False


class FolderPosts(Frozen):
    """The posts of the folder given with the exercise, their real spacing compressed into this time."""

    lasts: Offset


class ScriptedPost(Frozen):
    """A partner's post. `partner` takes account and domain from the register; a look-alike gives its own.

    An authority's `warning` that is edited is shared again as it says now.
    """

    post_id: Identifier
    text: Sentence
    partner: Identifier | None = None
    account_id: Identifier | None = None
    domain: Word | None = None
    change: Literal["new", "edited", "deleted"] = "new"
    genre: Literal["post", "warning"] = "post"
    language: Language = "en"
    hashtags: tuple[Hashtag, ...] = ()
    url: Word | None = None


class PlayedRecording(Frozen):
    """What a partner's feed showed once: a file beside the scenario, which the parser of this `kind` of feed reads.

    Of a feed that was played before only what is new in it counts.
    """

    partner: Identifier
    kind: Identifier
    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$")]


class Inject(Frozen):
    """One scripted event. `by` gives the order; another `mode` than the exercise's own is a deliberate mistake.

    In a scenario it also has a field for each order that a person gives about an incident or a case: see `Scripted`.
    `case` names the case that the order is about, as `complaint 1`.
    """

    at: Offset
    name: Identifier | None = None
    by: Identifier | None = None
    incident: Identifier | None = None
    case: CaseName | None = None
    mode: Mode | None = None
    mentions: Crowd | None = None
    folder_posts: FolderPosts | None = None
    post: ScriptedPost | None = None
    recording: PlayedRecording | None = None

    @property
    def order(self) -> CommandBody | None:
        """The order that a person gives in this inject; None if it is something else."""
        return next((body for key in PLAYED if (body := getattr(self, key, None)) is not None), None)


PLAYED: Mapping[str, type[CommandBody]] = {
    kind.body.model_fields["kind"].default: kind.body
    for kind in ORDERS.values()
    if kind.by_people and kind.about in {SubjectKind.INCIDENT, SubjectKind.CASE, None}
}
"""The orders that a scenario may have people give, by the name that they have there."""
OF_CASES = frozenset(name for name, body in PLAYED.items() if ORDERS[body].about is SubjectKind.CASE)
"""Those about a case. All but the one that opens it say which case."""
DOINGS = (*PLAYED, "mentions", "folder_posts", "post", "recording")


def _with_orders(inject: type[Inject], schema: GetCoreSchemaHandler) -> CoreSchema:
    orders: dict[str, Any] = {name: (body | None, None) for name, body in PLAYED.items()}
    return schema(create_model(inject.__name__, __base__=inject, **orders))


Scripted = Annotated[Inject, GetPydanticSchema(_with_orders)]
"""An inject as a scenario writes it: its order, if it has one, is under the order's own name."""


class Public(Frozen):
    """A message of this purpose is confirmed on these channels; if none is named, on all channels of the message."""

    purpose: Purpose
    channels: tuple[Identifier, ...] = ()


class RefusedOrder(Frozen):
    """The order of this inject is refused, with these words in a reason."""

    inject: Identifier
    because: Sentence


class Letters(Frozen):
    """So many records were set aside, each with these words in its reason."""

    count: int = Field(ge=0)
    because: Sentence | None = None


class Expectation(Frozen):
    """What must come, in one sentence and one of the fields below; `within` counts from inject `of`, or the start.

    `asked` names a person who is paged, `search` how a search for a sign-off ends.
    `counted` is a number of mentions, or `as-recounted`: the plain second count. `unpublished` names an inject.
    """

    says: Word
    within: Offset | None = None
    of: Identifier | None = None
    public: Public | None = None
    amplified: Identifier | None = None
    refused: RefusedOrder | None = None
    noted: Literal["surge", "post-changed"] | None = None
    unpublished: Identifier | None = None
    counted: int | Literal["as-recounted"] | None = None
    dead_letters: Letters | None = None
    status: Status | None = None
    asked: Identifier | None = None
    search: SearchOutcome | None = None


CLAIMS = (
    "asked",
    "search",
    "public",
    "amplified",
    "refused",
    "noted",
    "unpublished",
    "counted",
    "dead_letters",
    "status",
)
INJECT_REFERENCES = ("of", "amplified", "unpublished")


class RegisterEdits(Frozen):
    """What this exercise changes in the register, by identifier.

    Every channel becomes a memory channel. The desk refuses to begin an exercise with one that is `as_registered`.
    Every message on a channel meets its `troubles`: the first at its first attempt, and so on, then none.
    `unapproved` and `expired` are templates; `away` are people.
    `approved` are templates that count as approved in this exercise alone, by a person who could approve them.
    """

    as_registered: tuple[Identifier, ...] = ()
    troubles: Mapping[Identifier, tuple[Trouble, ...]] = Field(default_factory=dict)
    approved: tuple[Identifier, ...] = ()
    unapproved: tuple[Identifier, ...] = ()
    expired: tuple[Identifier, ...] = ()
    away: tuple[Identifier, ...] = ()


class Scenario(Frozen):
    """A scripted incident; `incident` is its identifier, `seed` decides everything that is random in it."""

    title: Word
    start: Utc
    lasts: Offset
    incident: Identifier
    seed: int = 1
    register_changes: RegisterEdits = RegisterEdits()
    injects: tuple[Scripted, ...] = Field(min_length=1)
    expectations: tuple[Expectation, ...] = Field(min_length=1)
