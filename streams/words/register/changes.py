"""Changes of power: the register's own log. Orders, facts, their sum, and the register that follows from it.

Entries of people, partners, channels, chains and holds give power, those of the influence list get attention, and the
responders' say who leads and how to reach them. Once the register is founded, they count only as two people confirmed
them in this log; the files say what is wanted, and what is taken away. A section that came with a later release counts
as its file has it until the register is founded with that section too.
"""

import operator
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, StringConstraints

from streams.values import LIVE, Frozen, Identifier, Sentence, Utc, digest
from streams.words.holds import Hold
from streams.words.influence.entries import ListedAuthor
from streams.words.network.entries import Responder
from streams.words.register.accounts import PartnerResumed, PartnerStopped, Shut, ShutAccounts, with_stop, without
from streams.words.register.approvals import Approvals, ApproveContent, ContentApproved, approved, with_approval
from streams.words.register.entries import Chain, ChannelEntry, Person, Register
from streams.words.register.keys import Enrolled
from streams.words.register.partners import Partner

CONTENT_CHARACTERS_MAX = 40_000
Section = Literal["people", "partners", "channels", "chains", "holds", "influence", "responders"]
SECTIONS: tuple[Section, ...] = get_args(Section)
FIRST_SECTIONS: tuple[Section, ...] = ("people", "partners", "channels", "chains", "holds", "influence")
"""What a founding covered that does not say what it covers."""
Entry = Person | Partner | ChannelEntry | Chain | Hold | ListedAuthor | Responder
MODELS: Mapping[Section, type[Entry]] = {
    "people": Person,
    "partners": Partner,
    "channels": ChannelEntry,
    "chains": Chain,
    "holds": Hold,
    "influence": ListedAuthor,
    "responders": Responder,
}
GONE_AT_ONCE = ("people", "partners", "channels", "influence", "responders")
"""Who or what is taken out of these files has no power any more; chains and holds bind, so they stay."""
Content = Annotated[str, StringConstraints(max_length=CONTENT_CHARACTERS_MAX)]
"""An entry as JSON, kept as it was written: later fields change nothing in what was confirmed."""


class FoundRegister(Frozen):
    """Let the entries of the files count from here on, and none that comes later unless two people say so.

    In a founded register this is about those of the `sections` alone that no founding covers.
    """

    kind: Literal["found_register"] = "found_register"
    content_hash: str
    sections: tuple[Section, ...] = Field(default=FIRST_SECTIONS, exclude_if=FIRST_SECTIONS.__eq__)


class ProposeChange(Frozen):
    """Put an entry as it shall be, None where it shall go, before somebody else who may change the register."""

    kind: Literal["propose_change"] = "propose_change"
    section: Section
    entry: Identifier
    content: Content | None
    reason: Sentence


class ConfirmChange(Frozen):
    """Say yes to the change with exactly this content."""

    kind: Literal["confirm_change"] = "confirm_change"
    change_id: Identifier
    content_hash: str


class WithdrawChange(Frozen):
    """Take a change back before it is confirmed."""

    kind: Literal["withdraw_change"] = "withdraw_change"
    change_id: Identifier
    reason: Sentence


ChangeOrder = FoundRegister | ProposeChange | ConfirmChange | WithdrawChange | ApproveContent


class Change(Frozen):
    """A change that waits for another person's yes until `lapses_at`; without a section it founds the `sections`."""

    id: Identifier
    section: Section | None
    entry: Identifier
    content: str | None
    content_hash: str
    reason: Sentence
    by: Identifier
    lapses_at: Utc
    sections: tuple[Section, ...] = Field(default=FIRST_SECTIONS, exclude_if=FIRST_SECTIONS.__eq__)


class ChangeProposed(Frozen):
    """A change waits for another person's yes."""

    kind: Literal["change_proposed"] = "change_proposed"
    change: Change
    rule: Sentence


class ChangeConfirmed(Frozen):
    """The change is in force."""

    kind: Literal["change_confirmed"] = "change_confirmed"
    change_id: Identifier
    section: Section
    entry: Identifier
    rule: Sentence


class EntryFounded(Frozen):
    """One of the entries that the register is founded with."""

    kind: Literal["entry_founded"] = "entry_founded"
    section: Section
    entry: Identifier
    content: str


class RegisterFounded(Frozen):
    """The register is founded with the entries before this fact; from here on its log covers these sections."""

    kind: Literal["register_founded"] = "register_founded"
    change_id: Identifier
    unsigned_orders: Literal["allowed", "refused"]
    rule: Sentence
    sections: tuple[Section, ...] = Field(default=FIRST_SECTIONS, exclude_if=FIRST_SECTIONS.__eq__)


class ChangeWithdrawn(Frozen):
    """The change will not come; `rule` is None where who proposed it took it back."""

    kind: Literal["change_withdrawn"] = "change_withdrawn"
    change_id: Identifier
    reason: Sentence
    rule: Sentence | None


class ChangeLapsed(Frozen):
    """No second person confirmed the change in time."""

    kind: Literal["change_lapsed"] = "change_lapsed"
    change_id: Identifier


ChangeFact = (
    ChangeProposed | ChangeConfirmed | EntryFounded | RegisterFounded | ChangeWithdrawn | ChangeLapsed | ContentApproved
)
Contents = Mapping[Section, Mapping[Identifier, str]]


class Changes(Frozen):
    """All that the register's own log adds up to: what was confirmed, what was approved, and what waits.

    `stopped` are the partners whose posts go out by themselves in no incident, and `stopped_accounts` those of their
    accounts that are stopped alone.
    """

    founded_at: Utc | None = None
    sections: tuple[Section, ...] = Field(default=FIRST_SECTIONS, exclude_if=FIRST_SECTIONS.__eq__)
    unsigned_orders: Literal["allowed", "refused"] = "allowed"
    confirmed: Contents = Field(default_factory=dict)
    waiting: Mapping[Identifier, Change] = Field(default_factory=dict)
    approvals: Approvals = Field(default_factory=dict)
    stopped: Mapping[Identifier, Shut] = Field(default_factory=dict, exclude_if=operator.not_)
    stopped_accounts: ShutAccounts = Field(default_factory=dict, exclude_if=operator.not_)

    def after(self, body: object, *, by: str, at: datetime) -> "Changes":
        """What holds and waits after this fact; one about anything else changes nothing."""
        match body:
            case ChangeProposed(change=change):
                return self._with(waiting={**self.waiting, change.id: change})
            case ChangeConfirmed(change_id=name):
                change = self.waiting[name]
                confirmed = replaced(self.confirmed, body.section, entry=body.entry, content=change.content)
                return self._with(confirmed=confirmed, waiting=self._without(name))
            case EntryFounded():
                return self._with(
                    confirmed=replaced(self.confirmed, body.section, entry=body.entry, content=body.content)
                )
            case RegisterFounded(change_id=name):
                since, strict = self.founded_at or at, body.unsigned_orders
                waiting = self._without(name)
                return self._with(founded_at=since, sections=body.sections, unsigned_orders=strict, waiting=waiting)
            case ChangeWithdrawn(change_id=name) | ChangeLapsed(change_id=name):
                return self._with(waiting=self._without(name))
            case ContentApproved():
                return self._with(approvals=with_approval(self.approvals, body))
            case PartnerStopped(partner=name, reason=reason):
                stop = Shut(by=by, at=at, reason=reason)
                if body.account_id:
                    return self._with(stopped_accounts=with_stop(self.stopped_accounts, body, stop=stop))
                return self._with(stopped={**self.stopped, name: stop})
            case PartnerResumed(partner=name):
                left = {one: stop for one, stop in self.stopped.items() if body.accounts or one != name}
                return self._with(stopped=left, stopped_accounts=without(self.stopped_accounts, body))
            case _:
                return self

    @property
    def to_found(self) -> tuple[Section, ...]:
        """The sections that count as the files have them, since no founding covers them."""
        covered = self.sections if self.founded_at else ()
        return tuple(one for one in SECTIONS if one not in covered)

    def founded_by(self, sections: Sequence[Section]) -> tuple[Section, ...]:
        """Those that a founding of these sections covers from then on; the first founding covers people in any case."""
        return tuple(one for one in self.to_found if one in {*FIRST_SECTIONS, *sections})

    def entries(self, section: Section) -> dict[str, Any]:
        """The confirmed entries of a section, the one that was confirmed first first."""
        return {name: entry_of(section, text) for name, text in self.confirmed.get(section, {}).items()}

    def content_of(self, section: Section, entry: str) -> str | None:
        """An entry as it was confirmed; None where it never was, or was taken out."""
        return self.confirmed.get(section, {}).get(entry)

    def _with(self, **parts: object) -> "Changes":
        return self.model_copy(update=parts)

    def _without(self, name: str) -> Mapping[str, Change]:
        return {one: change for one, change in self.waiting.items() if one != name}


NO_CHANGES = Changes()
"""Of a register that was never founded."""


class Difference(Frozen):
    """Where the files and what is in force differ; None is an entry that is not there."""

    section: Section
    entry: Identifier
    old: str | None
    new: str | None


def replaced(confirmed: Contents, section: Section, *, entry: str, content: str | None) -> Contents:
    """The contents with this entry as it shall be; a new one comes last, a changed one keeps its place."""
    entries = {**confirmed.get(section, {}), entry: content}
    return {**confirmed, section: {name: text for name, text in entries.items() if text is not None}}


def entry_of(section: Section, content: str) -> Entry:
    """The entry that this content writes down, without absences, which come from the files; `ValidationError`."""
    entry = MODELS[section].model_validate_json(content)
    return entry.model_copy(update={"away": ()}) if isinstance(entry, Person) else entry


def contents_of(register: Register, sections: Sequence[Section] = SECTIONS) -> Iterator[tuple[Section, str, str]]:
    """Every entry of these sections, with its section, identifier and content."""
    for section in sections:
        for name, entry in getattr(register, section).items():
            stays = entry.model_copy(update={"away": ()}) if isinstance(entry, Person) else entry
            yield section, name, stays.model_dump_json()


def founding_hash(
    register: Register, changes: Changes = NO_CHANGES, *, sections: Sequence[Section] = FIRST_SECTIONS
) -> str:
    """Hash of all that a register is founded with, in those of these sections that no founding covers yet."""
    contents = [list(one) for one in contents_of(register, changes.founded_by(sections))]
    return digest([contents, None if changes.founded_at else register.unsigned_orders])


def content_hash(section: Section, entry: str, *, content: str | None) -> str:
    """Hash of a change: what a person says yes to."""
    return digest([section, entry, content])


def differences(files: Register, changes: Changes) -> list[Difference]:
    """Every entry of the files that is not in force as written there; none before the founding."""
    if changes.founded_at is None:
        return []
    covered = changes.sections
    wanted = {(section, name): text for section, name, text in contents_of(files, covered)}
    known = {(section, name): text for section in covered for name, text in changes.confirmed.get(section, {}).items()}
    return [
        Difference(section=section, entry=name, old=known.get((section, name)), new=wanted.get((section, name)))
        for section, name in {**wanted, **known}
        if not _same(section, old=known.get((section, name)), new=wanted.get((section, name)))
    ]


def in_force(files: Register, changes: Changes, *, mode: str = LIVE) -> Register:
    """The register that counts: the files themselves before the founding, afterwards only what was confirmed of them.

    What the files take away counts at once: a person, a power, a key that was revoked, a partner, a channel.
    Absences, rota, hours and templates come from the files; approvals from this log, and from the files only if an
    unsigned order of the person they name would count. In a drill nobody needs a key and the files' approvals count
    beside those of its own log, since nothing of it becomes public.
    """
    register = as_confirmed(files, changes)
    stopped = {"stopped": changes.stopped, "stopped_accounts": changes.stopped_accounts}
    if any(getattr(register, name) != one for name, one in stopped.items()):
        register = register.model_copy(update=stopped)
    if mode == LIVE:
        return approved(register, changes.approvals)
    return approved(in_mode(register, mode), changes.approvals, all_written=True)


def in_mode(files: Register, mode: str) -> Register:
    """The files as this mode reads them: in a drill unsigned orders are taken, but for those of people with a key."""
    if mode == LIVE or files.unsigned_orders == "allowed":
        return files
    return files.model_copy(update={"unsigned_orders": "allowed"})


def as_confirmed(files: Register, changes: Changes) -> Register:
    """The files with the entries that give power as they were confirmed; the files themselves before the founding."""
    if changes.founded_at is None:
        return files
    confirmed: dict[str, dict[str, Any]] = {section: changes.entries(section) for section in changes.sections}
    for section in {*GONE_AT_ONCE} & {*changes.sections}:
        wanted = getattr(files, section)
        confirmed[section] = {name: confirmed[section][name] for name in wanted if name in confirmed[section]}
    people = confirmed["people"]
    strict = "refused" in {files.unsigned_orders, changes.unsigned_orders}
    return files.model_copy(
        update={
            **confirmed,
            "people": {name: _narrowed(one, files.people[name]) for name, one in people.items()},
            "unsigned_orders": "refused" if strict else "allowed",
        }
    )


def _narrowed(person: Person, wanted: Person) -> Person:
    """A person as confirmed, without the powers that the files have taken away, and with the keys they revoke.

    A key that the files merely omit stays in force: without it, unsigned orders in this name would be believed.
    """
    kept = {(grant.id, grant.power) for grant in wanted.grants}
    revoked = {key.id: key.revoked_at for key in wanted.keys if key.revoked_at}
    return person.model_copy(
        update={
            "away": wanted.away,
            "grants": tuple(grant for grant in person.grants if (grant.id, grant.power) in kept),
            "keys": tuple(_revoked(key, revoked.get(key.id)) for key in person.keys),
        }
    )


def _revoked(key: Enrolled, at: datetime | None) -> Enrolled:
    return key.model_copy(update={"revoked_at": min(filter(None, (at, key.revoked_at)))}) if at else key


def _same(section: Section, *, old: str | None, new: str | None) -> bool:
    if old is None or new is None:
        return old is new
    return old == new or entry_of(section, old) == entry_of(section, new)
