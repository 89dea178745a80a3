"""The words that everything else is made of: time, identifiers, modes, powers, hashes."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from streams.signs import composed, mended, unseen, without_unseen

YEARS = range(1970, 3000)
PROSE_CHARACTERS_MAX = 10_000
LIST_MAX = 50
"""So many channels, hashtags or words may one order name; each is looked up for every post, person or grant."""


def _to_utc(moment: datetime) -> datetime:
    """Far ends of the calendar are refused: adding a minute or a time zone to them fails."""
    if moment.year not in YEARS:
        raise ValueError(f"lies outside the years {YEARS[0]} to {YEARS[-1]}: give a real time")
    return moment.astimezone(UTC)


def _speakable(text: str) -> str:
    """Other spaces and line ends become plain ones; what is left that cannot be seen is named with its place."""
    if text.isprintable():
        return text
    plain = mended(text)
    place = unseen(plain)
    if place is not None:
        sign = f"the invisible character U+{ord(plain[place]):04X} as character {place + 1}"
        raise ValueError(f"holds {sign}: take it out")
    return plain


def _hashtag(given: Any) -> Any:  # noqa: ANN401 - what is given may be anything; the pattern judges it
    """A hashtag in plain signs: its accents as they are written, and no full-width `＃`."""
    return composed(given).replace("＃", "#") if isinstance(given, str) else given


Utc = Annotated[AwareDatetime, AfterValidator(_to_utc)]
IDENTIFIER = r"^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,119}$"
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER)]
Mode = Annotated[str, StringConstraints(pattern=r"^(live|training|exercise-[a-z0-9-]{1,40})$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_speakable)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=PROSE_CHARACTERS_MAX), AfterValidator(_speakable)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=1_000), AfterValidator(_speakable)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_speakable)]
"""What somebody else calls a thing: an address of a record, the identifier of a letter."""
Link = Annotated[str, StringConstraints(pattern=r"^https?://[!#-;=?-~]{1,1000}$")]
Reason = Annotated[Sentence, Field(description="Why, in a sentence.")]
HASHTAG = r"^#\w{1,60}$"
Hashtag = Annotated[str, BeforeValidator(_hashtag), StringConstraints(pattern=HASHTAG)]
UNDETERMINED = "und"
"""The language of somebody else's words that name none (BCP 47)."""
Language = Annotated[str, StringConstraints(pattern=rf"^([a-z]{{2}}|{UNDETERMINED})$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""What `digest` gives."""
Level = Literal[1, 2, 3, 4]
LIVE, TRAINING = "live", "training"
RULES_KNOWN = (
    *("2026-11-28", "2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04"),
    *("2026-12-05", "2026-12-06", "2026-12-07", "2026-12-08"),
)
"""The versions of the rules that ever judged, the newest last; a release that decides otherwise adds its own."""
RULES_VERSION = RULES_KNOWN[-1]
"""The version of the rules of this release."""


class IncidentType(StrEnum):
    """The three types of NHS England's EPRR framework."""

    BUSINESS_CONTINUITY = "business-continuity"
    CRITICAL = "critical"
    MAJOR = "major"


class Power(StrEnum):
    """What a person may be given authority to do."""

    DECLARE = "declare"
    RELEASE_HOLDING = "release-holding"
    DRAFT_LINE = "draft-line"
    SIGN_OFF_LINE = "sign-off-line"
    WITHDRAW = "withdraw"
    AMPLIFY = "amplify"
    STAND_DOWN = "stand-down"
    RESOLVE_DELIVERY = "resolve-delivery"
    APPROVE_TEMPLATE = "approve-template"
    ENROL_KEY = "enrol-key"
    CHANGE_REGISTER = "change-register"
    LIFT_HOLD = "lift-hold"
    REPORT_TO_POLICE = "report-to-police"


class Purpose(StrEnum):
    """What a public message is for."""

    HOLDING = "holding"
    LINE = "line"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    ALL_CLEAR = "all-clear"
    AMPLIFICATION = "amplification"
    PLANNED = "planned"


class Form(StrEnum):
    """The two ways of saying the same: for a page, and for a channel that takes few characters."""

    LONG = "long"
    SHORT = "short"


LATER = ConfigDict(defer_build=True)
"""Says that a validator is built at its first use: a command of the command line needs few of them."""


class Frozen(BaseModel):
    """A value: it never changes, and a field it does not know is an error, which does not repeat what was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, **LATER)


class Remembering(Frozen):
    """A value that keeps what it has worked out of itself; a copy, which may differ, works that out anew."""

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy without what was worked out of this one."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(copied).model_fields.keys():
            del copied.__dict__[name]
        return copied


def build(kind: type[BaseModel] = Frozen) -> None:
    """Build the validators of all values that are defined by now, so that nothing has to wait for one later."""
    for one in kind.__subclasses__():
        one.model_rebuild()
        build(one)


class SubjectKind(StrEnum):
    """What facts can be about; each kind has its own fold, its own moves and its own place in the record."""

    INCIDENT = "incident"
    REGISTER = "register"
    CASE = "case"
    ACCOUNT = "account"
    PLAN = "plan"
    WATCH = "watch"


class Subject(Frozen):
    """What an order or a fact is about. Its facts are one chain, in one order."""

    kind: SubjectKind
    id: Identifier

    @classmethod
    def incident(cls, name: str) -> "Subject":
        """The incident of this identifier."""
        return _incident(name)

    @property
    def key(self) -> str:
        """The key of its records on a topic; `named` reads one."""
        return f"{self.kind}/{self.id}"

    @property
    def called(self) -> str:
        """The subject in a sentence."""
        alone = self.kind in {SubjectKind.REGISTER, SubjectKind.WATCH}
        return f"the {self.kind}" if alone else f"{self.kind} {self.id}"


@lru_cache(1_000)
def _incident(name: str) -> Subject:
    return Subject(kind=SubjectKind.INCIDENT, id=name)


def named(text: str) -> Subject:
    """The subject that a key names, or a person: `incident/INC-1`, `register`; a bare name is an incident's."""
    kind, mark, name = text.partition("/")
    if text == SubjectKind.REGISTER:
        return THE_REGISTER
    return Subject(kind=SubjectKind(kind), id=name) if mark and kind in set(SubjectKind) else Subject.incident(text)


def subject_of_key(key: str) -> Subject | None:
    """The subject whose key this is, exactly; None if it is that of none."""
    try:
        subject = named(key)
    except ValidationError:
        return None
    return subject if subject.key == key else None


THE_REGISTER = Subject(kind=SubjectKind.REGISTER, id="register")
"""There is one register, and its log is a subject beside the incidents."""

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(content: Any) -> bytes:  # noqa: ANN401 - any JSON value has one canonical form
    """Write a JSON value in its one canonical form: keys sorted, no spaces, UTF-8."""
    return _CANONICAL.encode(content).encode("utf-8", "surrogatepass")


def digest(content: Any) -> str:  # noqa: ANN401 - any JSON value can be hashed
    """SHA-256 of the canonical form, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def sentence(text: str) -> str:
    """Make any text fit for a `Sentence`: one line, nothing invisible, at most 1,000 characters."""
    visible = text if text.isprintable() else "".join(one if one.isprintable() else " " for one in text)
    return " ".join(visible.split())[:1_000] or "no reason given"


def cut_short(text: str, characters: int) -> str:
    """The text, at most so long: what is too long ends after a whole word, with an ellipsis."""
    if len(text) <= characters:
        return text
    return f"{text[: characters - 1].rsplit(maxsplit=1)[0]}…"


def prose(text: str) -> str:
    """Somebody else's words without what is invisible in them, cut to fit `Prose`; line breaks stay. May be empty.

    Signs that join stay: without them a flag, a joined picture or a Persian word is another.
    """
    return without_unseen(without_unseen(text).strip()[:PROSE_CHARACTERS_MAX])


def derive_id(kind: str, *parts: object) -> str:
    """Same cause, same identifier: `kind` and 20 hexadecimal digits of the hash of the parts."""
    return f"{kind}-{digest([*map(str, parts)])[:20]}"


def is_drill(mode: str) -> bool:
    """Tell whether nothing of this mode may reach the public."""
    return mode != LIVE
