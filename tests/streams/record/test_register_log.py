"""An incident's evidence carries the register's own log, so that a register that was made up for it is found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from streams.chain import START
from streams.codec import decode, encode
from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.record.anchors import anchor_of
from streams.record.container import Item, Kind, hash_of
from streams.subjects.fold import begun
from streams.subjects.register_log import RegisterLog
from streams.subjects.state import State
from streams.topics import COMMANDS
from streams.values import THE_REGISTER, Power, Subject, canonical
from streams.words.facts import Fact
from streams.words.incident import Report
from streams.words.orders import Command, CommandBody
from streams.words.register.changes import EntryFounded, FoundRegister, founding_hash, in_force
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord
from tests import builders, changing
from tests.builders import COMMANDER, LIVE, NOW, NURSE, SUBJECT
from tests.changing import CHAIR, CHIEF, CLERK, proposal, waiting, yes_to
from tests.evidence_kit import exported, first_found, found
from tests.streams.record.alterations import BYTES, alter_a_value, drop_an_item

FILES = changing.register()
WANTED = changing.register(builders.person(NURSE, Power.DECLARE, Power.WITHDRAW))
MINUTE = timedelta(minutes=1)


@dataclass
class Trust:
    """The register's own log and one incident, a minute between orders, judged by what is in force of the files."""

    files: Register = FILES
    now: datetime = NOW
    logs: dict[Subject, State] = field(default_factory=dict)
    orders: list[Command] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    registers: dict[str, str] = field(default_factory=dict)
    judged_by: Register | None = None

    @property
    def own(self) -> RegisterLog:
        """The register's own log."""
        log = self.logs.get(THE_REGISTER)
        return log if isinstance(log, RegisterLog) else RegisterLog(mode=LIVE)

    def give(self, body: CommandBody, by: str, about: Subject = THE_REGISTER) -> None:
        self.now += MINUTE
        log = self.logs.get(about) or begun(about, LIVE)
        changes = self.own.changes
        register = self.judged_by or in_force(self.files, changes)
        order: Command = decode(COMMANDS, encode(builders.command(body, by, at=self.now, subject=about)))
        record = RegisterRecord.of(register, mode=LIVE)
        self.registers[record.id] = record.content
        facts, self.logs[about] = judge(Order(order, log, register, self.now), run="r", register_version=record.id)
        self.orders.append(order)
        self.facts += facts

    def items(self, *, own: bool = True) -> list[Item]:
        """What an export would find; without the register's own log where somebody left that out."""
        kept = [one for one in self.facts if own or one.subject != THE_REGISTER]
        versions = {fact.register_version for fact in kept}
        items: list[Item] = [("register", name, text) for name, text in self.registers.items() if name in versions]
        for one in self.orders:
            if own or one.subject != THE_REGISTER:
                kind: Kind = "change-order" if one.subject == THE_REGISTER else "order"
                items.append((kind, one.id, encode(one).decode()))
        items += [(_kind(one), one.id, encode(one).decode()) for one in kept]
        return items


def _kind(fact: Fact) -> Kind:
    return "change" if fact.subject == THE_REGISTER else "fact"


def a_night() -> Trust:
    """The register is founded; a nurse gets a power by two people, and declares."""
    trust = Trust()
    trust.give(FoundRegister(content_hash=founding_hash(FILES)), CHAIR)
    trust.give(yes_to(waiting(trust.own)), CHIEF)
    trust.files = WANTED
    trust.give(builders.declaration(), NURSE, SUBJECT)
    trust.give(proposal(WANTED), CHAIR)
    trust.give(yes_to(waiting(trust.own)), CLERK)
    trust.give(builders.declaration(), NURSE, SUBJECT)
    return trust


def file(trust: Trust, items: Sequence[Item] | None = None) -> bytes:
    told = trust.items() if items is None else items
    changes = sum(1 for kind, _, _ in told if kind == "change")
    return exported(told, changes=changes, exported_at=trust.now)


def test_a_record_with_the_registers_own_log_holds_together() -> None:
    """The nurse's first order was refused, the second one not: each by what was in force then."""
    trust = a_night()
    kinds = builders.kinds(fact.body for fact in trust.facts if fact.subject == SUBJECT)
    assert kinds == ["command_refused", "incident_declared"]
    assert found(file(trust)) == []


def test_a_register_that_nobody_confirmed_is_found_to_be_made_up() -> None:
    """Whoever writes log and hashes anew still lacks two people's orders."""
    trust = a_night()
    people = {**WANTED.people, "stranger": builders.person("stranger", Power.WITHDRAW)}
    trust.judged_by = WANTED.model_copy(update={"people": people})
    trust.give(Report(methane=builders.methane()), COMMANDER, SUBJECT)
    (said,) = found(file(trust))
    assert said.startswith("fact 3 of incident inc-1: register ")
    assert "was not in force then by the register's own log" in said


def test_a_register_of_another_hour_is_found() -> None:
    """A power that was confirmed, and then taken away by two people, is not in force an hour later."""
    trust = a_night()
    trust.give(proposal(FILES), CHAIR)
    trust.give(yes_to(waiting(trust.own)), CLERK)
    trust.judged_by = WANTED
    trust.now += timedelta(hours=1)
    trust.give(Report(methane=builders.methane()), COMMANDER, SUBJECT)
    (said,) = found(file(trust))
    assert "was not in force then" in said


def test_a_confirmation_by_one_person_alone_is_found_when_it_is_judged_again() -> None:
    """A forged fact in the register's own log, though every hash were made anew."""
    trust = a_night()
    forged = [fact.model_copy(update={"by": CHAIR}) for fact in trust.facts]
    trust.facts = forged
    assert any("of the register: " in said for said in found(file(trust)))


def test_the_registers_own_log_that_was_cut_off_is_missed_by_its_anchor() -> None:
    """As long as the anchor was noted down before the export; what came later could not be here."""
    trust = a_night()
    stored = [fact.model_dump(mode="json") for fact in trust.facts]
    before, later = anchor_of(LIVE, stored, at=trust.now), anchor_of(LIVE, stored, at=trust.now + MINUTE)
    assert found(file(trust), before) == []
    left_out = file(trust, trust.items(own=False))
    assert found(left_out, later) == []
    assert any("of the register: it is not here any more" in said for said in found(left_out, before))


def test_a_hostile_log_of_the_register_is_a_finding_and_no_crash() -> None:
    """A content that is no entry, and a confirmation of nothing."""
    trust = a_night()
    for body in (EntryFounded(section="people", entry="x", content="{"), trust.facts[-2].body):
        broken = trust.facts[1].model_copy(update={"body": body})
        facts = [trust.facts[0], broken, *trust.facts[2:]]
        hostile = Trust(facts=facts, orders=trust.orders, registers=trust.registers, now=trust.now)
        assert found(file(hostile))


def test_a_file_from_before_there_was_such_a_log_can_still_be_checked() -> None:
    """Its manifest says nothing of changes."""
    trust = Trust()
    trust.give(builders.declaration(), COMMANDER, SUBJECT)
    lines = [json.loads(line) for line in file(trust).splitlines()]
    assert lines[0].pop("changes") == 0
    content, previous = b"", START
    for line in lines:
        written = canonical({**line, "previous": previous}) + b"\n"
        content, previous = content + written, hash_of(written)
    assert found(content) == []


def test_whatever_is_altered_in_a_file_with_the_registers_own_log_is_found(alterations: int) -> None:
    """A byte, a line, an entry or a value, also where container and manifest were made to fit again."""
    trust, rng = a_night(), Random(4)
    content, items = file(trust), trust.items()
    for number in range(alterations // 3):
        if number % 3:
            changed = BYTES[number % len(BYTES)](rng, content)
        else:
            altered = list(items)
            (drop_an_item, alter_a_value)[number % 2](rng, altered)
            changed = file(trust, altered)
        assert changed == content or first_found(changed), number
