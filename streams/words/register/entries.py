"""The registers: who may do what, which sources we trust, where we speak, and our prepared words. Data, never code."""

import hashlib
import operator
from collections.abc import Mapping, Sequence
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from streams.values import (
    Digest,
    Form,
    Frozen,
    Hashtag,
    Identifier,
    IncidentType,
    Language,
    Level,
    Power,
    Prose,
    Purpose,
    Remembering,
    Sentence,
    Utc,
    Word,
    digest,
)
from streams.words.attention import Addressed, AttentionRule, CaseRule
from streams.words.briefings.entries import BriefingRule
from streams.words.holds import Hold
from streams.words.influence.entries import ListedAuthor
from streams.words.network.entries import SCHEDULERS_MAX, Responder, Scheduler, Step
from streams.words.register.accounts import Credential, Shut, ShutAccounts
from streams.words.register.keys import Enrolled
from streams.words.register.partners import Partner
from streams.words.register.slots import KnownPlace, Slot, Telephone
from streams.words.register.wording import CheckRule, WordLists
from streams.words.risks.entries import Risk

SlotName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]


class Hours(StrEnum):
    """When a grant holds: working hours are the trust's own, bank holidays are not working days."""

    ALWAYS = "always"
    IN_HOURS = "in-hours"
    OUT_OF_HOURS = "out-of-hours"


class Grant(Frozen):
    """One power of one person and its bounds; an empty list of types, levels or channels bounds nothing."""

    id: Identifier
    power: Power
    types: tuple[IncidentType, ...] = ()
    levels: tuple[Level, ...] = ()
    channels: tuple[Identifier, ...] = ()
    hours: Hours = Hours.ALWAYS
    rota: Identifier | None = None


LapseHours = Annotated[int, Field(ge=1, le=30 * 24)]
SecretDays = Annotated[int, Field(ge=1, le=366)]
SECRET_DAYS = 92
"""A secret is changed every three months, if the register says nothing else."""
PackDays = Annotated[int, Field(ge=1, le=366)]
PACK_DAYS = 14
"""An offline pack is too old after two weeks, if the register says nothing else: people and turns have changed."""

Via = Literal["sms", "email", "chat", "phone"]


class Contact(Frozen):
    """One way to reach a person: how, and the address or number to use there."""

    via: Via
    address: Word


class Person(Frozen):
    """A person on the register.

    `contacts` come in order of preference; `deputies` stand in, in this order, while the person is away.
    A person with an enrolled key signs every order with it.
    `directory` is what the trust's own directory calls them, where they sign in to read.
    """

    id: Identifier
    name: Word
    role: Word
    contacts: tuple[Contact, ...] = ()
    grants: tuple[Grant, ...] = ()
    deputies: tuple[Identifier, ...] = ()
    away: tuple["Absence", ...] = ()
    keys: tuple[Enrolled, ...] = ()
    directory: Word | None = Field(default=None, exclude_if=operator.not_)

    @property
    def called(self) -> str:
        """Name and role, as sentences and pages say them."""
        return f"{self.name} ({self.role})"

    def is_granted(self, power: Power) -> bool:
        """Whether any grant of theirs is of this power, whatever bounds it."""
        return any(grant.power is power for grant in self.grants)


class Absence(Frozen):
    """A time away: from `starts_at` up to, not including, `ends_at`."""

    starts_at: Utc
    ends_at: Utc


class Shift(Frozen):
    """One person's turn on a rota: from `starts_at` up to, not including, `ends_at`."""

    rota: Identifier
    person: Identifier
    starts_at: Utc
    ends_at: Utc


class WorkingHours(Frozen):
    """The trust's monitored hours in its own time zone; days count from Monday, 0."""

    timezone: str = "Europe/London"
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(17)
    bank_holidays: tuple[date, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the trust's people read every moment."""
        return ZoneInfo(self.timezone)


class ChannelEntry(Frozen):
    """A place where we speak. `kind` names the adapter; `options` are its settings.

    `purpose` says what we use its account for, `reach` names the people beside its owner who can get into the account,
    `secret_changed_on` is the day of its newest secret that the files know of.
    `schedulers` are other programs that post there by themselves: a person pauses them when an incident is declared.
    `audience` says how many people read it, as far as the trust knows, for those who are about to release words there.
    `hourly_max` is how many publications an hour it takes, where its kind has no budget of its own, as a mail server.
    """

    id: Identifier
    kind: Identifier
    title: Word
    owner: Identifier
    characters_max: int | None = Field(default=None, ge=20)
    deadline_seconds: float = Field(default=10.0, gt=0, le=120)
    credential: Credential | None = None
    options: Mapping[str, str] = Field(default_factory=dict)
    purpose: Word | None = Field(default=None, exclude_if=operator.not_)
    reach: tuple[Identifier, ...] = Field(default=(), max_length=50, exclude_if=operator.not_)
    secret_changed_on: date | None = Field(default=None, exclude_if=operator.not_)
    hourly_max: int | None = Field(default=None, ge=4, exclude_if=operator.not_)
    audience: Word | None = Field(default=None, exclude_if=operator.not_)
    schedulers: tuple[Scheduler, ...] = Field(default=(), max_length=SCHEDULERS_MAX, exclude_if=operator.not_)


class Approval(Frozen):
    """A second person's yes to exactly the content with this hash."""

    by: Identifier
    at: Utc
    content_hash: str
    expires_at: Utc


class PagerEntry(Frozen):
    """What reaches people on contacts of one kind. `kind` names the adapter; `options` are its settings."""

    id: Identifier
    via: Via
    kind: Identifier
    credential: Credential | None = None
    options: Mapping[str, str] = Field(default_factory=dict)


class ChainStep(Frozen):
    """The person to ask, or the one on call on this rota; how long to wait, and how often to remind in that time."""

    person: Identifier | None = None
    rota: Identifier | None = None
    answer_within_seconds: int = Field(ge=30, le=6 * 3600)
    reminders: int = Field(default=1, ge=0, le=5)


class Delegation(Frozen):
    """What goes out, and nothing else, if no person answers: one person delegated it, a second approved it.

    `slots` are filled beforehand; the others come from the draft, or from what was declared.
    """

    template: Identifier
    purpose: Purpose = Purpose.HOLDING
    slots: Mapping[SlotName, Word] = Field(default_factory=dict)
    delegated_by: Identifier
    approval: Approval | None = None


class Chain(Frozen):
    """The people to ask for a yes, one after another; an empty list of types, levels or purposes bounds nothing.

    If it is `ordered`, only its people may say yes, each once all those before were asked or are not there.
    """

    id: Identifier
    title: Word
    power: Power
    types: tuple[IncidentType, ...] = ()
    levels: tuple[Level, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    ordered: bool = False
    steps: tuple[ChainStep, ...] = Field(min_length=1, max_length=20)
    delegated: Delegation | None = None

    def delegation_hash(self) -> str:
        """Hash of all that a second person's yes to the delegation covers: the whole chain but that yes itself."""
        return digest(self.model_dump(mode="json", exclude={"delegated": {"approval"}}))


PictureType = Literal["image/png", "image/jpeg", "image/gif", "image/webp"]


class StillPicture(Frozen):
    """A picture that goes with a first word, and what it shows, in each language, for those who cannot see it.

    `consent` says whose consent there is to show it, or that it needs none; `credit` whose work it is.
    The register's files fill in `media_type`, `size_bytes` and `digest` (SHA-256 of the file, in 64 digits).
    """

    file: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,80}\.[a-z0-9]{2,4}$")]
    alternative_text: Mapping[Language, Sentence]
    credit: Word
    consent: Sentence
    media_type: PictureType = "image/png"
    size_bytes: int = Field(default=0, ge=0)
    digest: Digest = "0" * 64

    @property
    def public_name(self) -> str:
        """The name under which a web server shows it: it follows from its content."""
        return f"{self.digest[:32]}.{self.media_type.partition('/')[2]}"


class AnswerUse(Frozen):
    """What a template is for that a person gives by hand as the answer to a case; without `sorts`, to any.

    `checking` is the first answer, `where-to-turn` says who takes a complaint, `signpost` where help is, and
    `out-of-hours` when our accounts are looked at; `answer` answers a question that is often asked.
    """

    says: Literal["answer", "checking", "where-to-turn", "signpost", "out-of-hours"]
    sorts: tuple[Addressed, ...] = ()


class Template(Remembering):
    """A pre-written message with everything that may have to follow it.

    `texts` maps purpose to language to text with `{slot}` gaps; `what` names what happened, in each language.
    `short_texts` says the same in few characters, for purposes whose channels need it.
    `picture` goes with the holding text, on channels that show pictures.
    One that `answers` cases goes out on no channel; its `hazards` are the words by which it is found.
    """

    id: Identifier
    title: Word
    hazards: tuple[Identifier, ...] = Field(min_length=1)
    types: tuple[IncidentType, ...] = ()
    channels: tuple[Identifier, ...] = Field(min_length=1)
    hashtags: tuple[Hashtag, ...] = ()
    what: Mapping[Language, Word]
    slots: Mapping[SlotName, Slot]
    texts: Mapping[Purpose, Mapping[Language, Prose]]
    short_texts: Mapping[Purpose, Mapping[Language, Prose]] = Field(default_factory=dict, exclude_if=operator.not_)
    picture: StillPicture | None = Field(default=None, exclude_if=operator.not_)
    answers: AnswerUse | None = Field(default=None, exclude_if=operator.not_)
    owner: Identifier
    review_on: date
    approval: Approval | None = None

    def in_form(self, form: Form) -> Mapping[Purpose, Mapping[Language, Prose]]:
        """The texts of this form."""
        return self.short_texts if form is Form.SHORT else self.texts

    def content_hash(self) -> str:
        """Hash of all that an approval covers: the whole template without the approval itself."""
        return self.own_hash

    @cached_property
    def own_hash(self) -> str:
        """The content hash; it is made once, since each look at a page asks for it."""
        return digest(self.model_dump(mode="json", exclude={"approval"}))


class Register(Remembering):
    """All registers of one trust, read together; `version` is the hash of their content.

    `mail_domains` are ours: an address there may be published.
    `unsigned_orders` is for people without a key: what is ordered in their name is taken unsigned, or not at all.
    `spoken_orders` says whether a code from a sheet proves anything here.
    A change of the register lapses after `changes_lapse_hours` if no person confirms it.
    The secret of each account is to be changed every `secrets_change_days`, and another offline pack made every
    `pack_lasts_days`. `shut` are the accounts that people shut
    and `stopped` the partners that they stopped in all incidents, `stopped_accounts` those of their accounts that are
    stopped alone: that comes from the facts, never from the files.
    """

    trust: Word
    languages: tuple[Language, ...] = ("en",)
    hours: WorkingHours = WorkingHours()
    unsigned_orders: Literal["allowed", "refused"] = "allowed"
    spoken_orders: Literal["allowed", "refused"] = Field(default="refused", exclude_if="refused".__eq__)
    people: Mapping[Identifier, Person] = Field(default_factory=dict)
    rota: tuple[Shift, ...] = ()
    channels: Mapping[Identifier, ChannelEntry] = Field(default_factory=dict)
    partners: Mapping[Identifier, Partner] = Field(default_factory=dict)
    templates: Mapping[Identifier, Template] = Field(default_factory=dict)
    chains: Mapping[Identifier, Chain] = Field(default_factory=dict)
    pagers: Mapping[Identifier, PagerEntry] = Field(default_factory=dict)
    places: Mapping[Identifier, KnownPlace] = Field(default_factory=dict)
    telephones: Mapping[Identifier, Telephone] = Field(default_factory=dict)
    mail_domains: tuple[Word, ...] = ()
    holds: Mapping[Identifier, Hold] = Field(default_factory=dict)
    attention: Mapping[Identifier, AttentionRule] = Field(default_factory=dict, exclude_if=operator.not_)
    cases: Mapping[Identifier, CaseRule] = Field(default_factory=dict, exclude_if=operator.not_)
    checks: Mapping[Identifier, CheckRule] = Field(default_factory=dict, exclude_if=operator.not_)
    changes_lapse_hours: LapseHours = 72
    secrets_change_days: SecretDays = Field(default=SECRET_DAYS, exclude_if=SECRET_DAYS.__eq__)
    pack_lasts_days: PackDays = Field(default=PACK_DAYS, exclude_if=PACK_DAYS.__eq__)
    shut: Mapping[Identifier, Shut] = Field(default_factory=dict, exclude_if=operator.not_)
    stopped: Mapping[Identifier, Shut] = Field(default_factory=dict, exclude_if=operator.not_)
    stopped_accounts: ShutAccounts = Field(default_factory=dict, exclude_if=operator.not_)
    responders: Mapping[Identifier, Responder] = Field(default_factory=dict, exclude_if=operator.not_)
    steps: Mapping[Identifier, Step] = Field(default_factory=dict, exclude_if=operator.not_)
    briefing: BriefingRule = Field(default=BriefingRule(), exclude_if=BriefingRule().__eq__)
    influence: Mapping[Identifier, ListedAuthor] = Field(default_factory=dict, exclude_if=operator.not_)
    risks: Mapping[Identifier, Risk] = Field(default_factory=dict, exclude_if=operator.not_)
    words: WordLists = WordLists()

    @property
    def messages(self) -> Mapping[Identifier, Template]:
        """The templates that go out on channels; the others are answers that a person gives by hand."""
        return {name: one for name, one in self.templates.items() if one.answers is None}

    def place(self, channel: str) -> str:
        """What people call a channel; one that the register does not know any more has only its key."""
        found = self.channels.get(channel)
        return found.title if found else channel

    def places_of(self, channels: Sequence[str]) -> str:
        """What people call these channels, in a sentence."""
        return ", ".join(map(self.place, channels))

    def partner(self, partner: str) -> str:
        """The name of a partner; one that the register does not know any more has only its key."""
        found = self.partners.get(partner)
        return found.name if found else partner

    def called(self, person_id: str) -> str:
        """A person's name and role; the identifier alone if the register has no such person."""
        person = self.people.get(person_id)
        return person.called if person else person_id

    def keepers_of(self, channel: str) -> Sequence[str]:
        """Names and roles of the owner of a channel's account, and of the others who can reach it."""
        entry = self.channels.get(channel)
        named = dict.fromkeys([entry.owner, *entry.reach]) if entry else ()
        return [self.people[name].called for name in named if name in self.people]

    def stop_of(self, partner: str, account_id: str) -> Shut | None:
        """What keeps the posts of this account from going out by themselves in any incident; None if nothing does."""
        return self.stopped.get(partner) or self.stopped_accounts.get(partner, {}).get(account_id)

    def version(self) -> str:
        """Hash of the whole register: it names what a decision was made against.

        The order of its entries counts too: people are asked, and templates named, in that order.
        """
        return self.own_version

    @cached_property
    def own_version(self) -> str:
        """The version; it is made once, since every release names it."""
        return version_of(self.model_dump_json())


def version_of(written: str) -> str:
    """The version of a register as it was written: the first half of SHA-256 over its JSON, in 32 digits."""
    return hashlib.sha256(written.encode()).hexdigest()[:32]
