"""An approval proves a second person: it is their order, of the register's log, for exactly what they read."""

from typing import Any

import pytest

from streams.decisions.authority.freshness import template_faults
from streams.decisions.authority.powers import Act
from streams.decisions.release.delegations import stands
from streams.decisions.sign_off.approval_orders import LASTS
from streams.decisions.verdict import Refused
from streams.subjects.register_log import RegisterLog
from streams.values import LIVE, Power
from streams.words.register.approvals import ApproveContent
from streams.words.register.changes import Changes, in_force
from streams.words.register.entries import Approval, Register
from tests import builders, changing, keyring, searches
from tests.builders import COMMANDER, DRILL, NOW, SIGNER, WRITER, kinds, reasons

TEMPLATE = builders.template()
HASH = TEMPLATE.content_hash()


def yes(section: Any = "templates", entry: str = TEMPLATE.id, content_hash: str = HASH) -> ApproveContent:
    return ApproveContent(section=section, entry=entry, content_hash=content_hash)


def naming(by: str, **changes: Any) -> Register:
    """The trust whose template carries, in its file, an approval in this name."""
    written = builders.approved(TEMPLATE, by=by)
    return changing.register(templates={written.id: written}, **changes)


def keyed(*people: str) -> dict[str, Any]:
    """Everybody, where these people have keys."""
    everybody = changing.register().people
    holding = {name: everybody[name].model_copy(update={"keys": (keyring.key(name),)}) for name in people}
    return {**everybody, **holding}


def approval(register: Register) -> Approval | None:
    return register.templates[TEMPLATE.id].approval


def test_a_second_persons_order_approves_and_is_a_fact_of_the_registers_log() -> None:
    """Whoever reads the log later sees who, when and for which content."""
    files = naming("nobody", unsigned_orders="refused")
    log = changing.given(changing.NOBODY, yes(), changing.register(), by=SIGNER)
    counts = approval(in_force(files, log.changes))
    assert counts == Approval(by=SIGNER, at=NOW, content_hash=HASH, expires_at=NOW + LASTS)
    assert template_faults(in_force(files, log.changes).templates[TEMPLATE.id], files, now=NOW) is None


@pytest.mark.parametrize(
    ("files", "believed"),
    [
        (naming(SIGNER), True),
        (naming(SIGNER, people=keyed(WRITER)), True),
        (naming(SIGNER, people=keyed(SIGNER)), False),
        (naming(SIGNER, unsigned_orders="refused"), False),
    ],
    ids=["nobody signs", "another signs", "the named person signs", "everybody signs"],
)
def test_a_name_in_a_file_approves_only_where_an_unsigned_order_would_count(files: Register, believed: bool) -> None:  # noqa: FBT001 - a table
    """One person approved all of their own templates by naming a colleague in the files."""
    counts = in_force(files, Changes())
    assert (approval(counts) is not None) is believed
    assert (template_faults(counts.templates[TEMPLATE.id], counts, now=NOW) is None) is believed
    assert (counts is files) is believed


@pytest.mark.parametrize("founded", [False, True])
def test_a_drill_believes_its_files_and_needs_no_key(founded: bool) -> None:  # noqa: FBT001 - a table
    """Nothing of a drill becomes public; its log is its own, and nobody approved anything there."""
    files = naming(SIGNER, unsigned_orders="refused", people=keyed(SIGNER))
    changes = changing.founded().changes if founded else Changes()
    drill = in_force(files, changes, mode=DRILL)
    assert approval(drill) is not None
    assert drill.unsigned_orders == "allowed"
    assert in_force(files, changes, mode=LIVE).unsigned_orders == "refused"


def test_a_drill_counts_what_was_approved_in_its_own_log() -> None:
    """Files fresh from the set-up carry no approval, so that practising begins with giving them."""
    unapproved = TEMPLATE.model_copy(update={"approval": None})
    files = changing.register(templates={unapproved.id: unapproved}, unsigned_orders="refused")
    assert approval(in_force(files, Changes(), mode=DRILL)) is None
    log = changing.given(changing.NOBODY, yes(), changing.register(), by=SIGNER)
    assert approval(in_force(files, log.changes, mode=DRILL)) is not None


def test_an_edit_voids_the_approval_and_an_old_one_does_not_come_back() -> None:
    """The log keeps the approvals of what was approved last alone."""
    edited = TEMPLATE.model_copy(update={"title": "Another"})
    log = changing.given(changing.NOBODY, yes(), changing.register(), by=SIGNER)
    files = changing.register(templates={TEMPLATE.id: edited})
    assert isinstance(template_faults(in_force(files, log.changes).templates[TEMPLATE.id], files, now=NOW), Refused)
    log = changing.given(log, yes(content_hash=edited.content_hash()), files, by=SIGNER)
    assert template_faults(in_force(files, log.changes).templates[TEMPLATE.id], files, now=NOW) is None
    back = naming(SIGNER, unsigned_orders="refused")
    assert template_faults(in_force(back, log.changes).templates[TEMPLATE.id], back, now=NOW)


@pytest.mark.parametrize(
    ("by", "order", "says"),
    [
        (WRITER, yes(), "owns template major-incident: a second person has to approve it"),
        (COMMANDER, yes(), "has no power to approve-template"),
        (SIGNER, yes(content_hash="0" * 64), "is not what was read (its hash differs)"),
        (SIGNER, yes(entry="none"), "there is no template none where the worker reads"),
        (SIGNER, yes("chains", "none"), "no chain none delegates anything"),
    ],
)
def test_only_another_person_with_the_power_approves_what_they_read(by: str, order: ApproveContent, says: str) -> None:
    """The refusal names who could."""
    register = changing.register(
        people={**changing.register().people, WRITER: builders.person(WRITER, Power.APPROVE_TEMPLATE)}
    )
    answered = changing.answered(changing.NOBODY, order, register, by=by)
    assert kinds(answered) == ["command_refused"]
    assert says in reasons(answered)
    assert register.called(WRITER) not in answered[0].who_could


def test_a_delegation_needs_the_yes_of_the_person_who_delegates_and_of_another() -> None:
    """A file can name anybody as either of the two; each gives an order of their own, in any order."""
    chain = searches.delegating()
    files, strict = searches.register(chain), searches.register(chain, unsigned_orders="refused")
    own, act = yes("chains", chain.id, chain.delegation_hash()), Act(Power.RELEASE_HOLDING, NOW)

    def holds(log: RegisterLog) -> bool:
        verdict = stands(chain.id, act, channels=(), register=in_force(strict, log.changes))
        return not isinstance(verdict, Refused)

    assert not holds(changing.NOBODY)
    first = changing.given(changing.NOBODY, own, files, by=SIGNER)
    assert not holds(first)
    assert holds(changing.given(first, own, files, by=COMMANDER))
    alone = changing.given(changing.NOBODY, own, files, by=COMMANDER)
    assert not holds(alone)
    assert holds(changing.given(alone, own, files, by=SIGNER))
