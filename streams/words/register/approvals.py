"""Approvals in the register's own log: who said yes to which content of a template, or of what a chain delegates.

A file can name anybody as the one who approved, so that an approval in a file counts as an unsigned order would. An
approval here is an order of that person, signed like any other.
"""

from collections.abc import Mapping
from typing import Literal, TypeVar

from streams.values import Frozen, Identifier, Sentence
from streams.words.register.entries import Approval, Chain, Delegation, Register, Template
from streams.words.register.sheets import Sheet

ApprovedSection = Literal["templates", "chains"]
Approvals = Mapping[ApprovedSection, Mapping[Identifier, tuple[Approval, ...]]]
"""The newest approval of each person, by section and identifier, for the content that was approved last."""

Entry = TypeVar("Entry", Template, Delegation)


class ApproveContent(Frozen):
    """Say yes to a template, or to what a chain delegates, with exactly this content."""

    kind: Literal["approve_content"] = "approve_content"
    section: ApprovedSection
    entry: Identifier
    content_hash: str


class ContentApproved(Frozen):
    """A person said yes to exactly this content, until the approval expires."""

    kind: Literal["content_approved"] = "content_approved"
    section: ApprovedSection
    entry: Identifier
    approval: Approval
    rule: Sentence


def with_approval(approvals: Approvals, body: ContentApproved) -> Approvals:
    """The approvals after this fact; those of other content of the same entry count no more and are left out."""
    section = approvals.get(body.section, {})
    others = (one for one in section.get(body.entry, ()) if one.content_hash == body.approval.content_hash)
    kept = (*(one for one in others if one.by != body.approval.by), body.approval)
    return {**approvals, body.section: {**section, body.entry: kept}}


def approved(register: Register, approvals: Approvals, *, all_written: bool = False) -> Register:
    """The register with the approvals of the log, and those of the files whose person need not sign, or all of them.

    It is the same object if that changes nothing.
    """
    named = Register(trust=register.trust) if all_written else register
    templates = {
        name: _template(one, approvals.get("templates", {}).get(name, ()), named)
        for name, one in register.templates.items()
    }
    chains = {
        name: _chain(one, approvals.get("chains", {}).get(name, ()), named) for name, one in register.chains.items()
    }
    same = all(templates[name] is one for name, one in register.templates.items())
    if same and all(chains[name] is one for name, one in register.chains.items()):
        return register
    return register.model_copy(update={"templates": templates, "chains": chains})


def must_sign(person_id: str, register: Register) -> bool:
    """Whether no unsigned order in this name would count: nobody's does, or this person has a key."""
    person = register.people.get(person_id)
    has_key = person is not None and any(not isinstance(key, Sheet) for key in person.keys)
    return has_key or register.unsigned_orders == "refused"


def _template(template: Template, given: tuple[Approval, ...], register: Register) -> Template:
    found = _of_another(given, author=template.owner, content_hash=template.content_hash()) if given else None
    return _with(template, counts=found or _believed(template.approval, register))


def _chain(chain: Chain, given: tuple[Approval, ...], register: Register) -> Chain:
    delegated = chain.delegated
    if delegated is None:
        return chain
    author = delegated.delegated_by
    found = _of_another(given, author=author, content_hash=chain.delegation_hash()) if given else None
    if must_sign(author, register) and author not in {one.by for one in given}:
        # The file can name anybody as the person who delegates, too: without their own yes nothing is delegated.
        changed = _with(delegated, counts=None)
    else:
        changed = _with(delegated, counts=found or _believed(delegated.approval, register))
    return chain if changed is delegated else chain.model_copy(update={"delegated": changed})


def _believed(written: Approval | None, register: Register) -> Approval | None:
    return None if written is None or must_sign(written.by, register) else written


def _of_another(given: tuple[Approval, ...], *, author: str, content_hash: str) -> Approval | None:
    """The approval to count: the newest of somebody else than the author for the present content, else the newest."""
    others = [one for one in given if one.by != author]
    fitting = [one for one in others if one.content_hash == content_hash]
    return next(reversed(fitting or others), None)


def _with(entry: Entry, *, counts: Approval | None) -> Entry:
    return entry if counts == entry.approval else entry.model_copy(update={"approval": counts})
