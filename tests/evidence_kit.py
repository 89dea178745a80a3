"""An evidence file of one night, put together without a log: orders signed and unsigned, a refusal, receipts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from streams.codec import decode, encode
from streams.decisions.authority.order import Order
from streams.record.anchors import Anchor
from streams.record.checks import check, findings
from streams.record.container import Evidence, Item, Manifest, Unreadable, read, written
from streams.subjects.incident import Incident
from streams.subjects.past import NO_PAST, Past
from streams.topics import COMMANDS
from streams.words.delivery import DeliveryClaimed, Receipt, RecordOutcome
from streams.words.facts import Fact
from streams.words.incident import StandDown
from streams.words.orders import Command, CommandBody
from streams.words.register.entries import Register
from streams.words.register.kept import RegisterRecord
from streams.words.release import LineDrafted, SignOff
from tests import builders, keyring
from tests.builders import COMMANDER, INCIDENT, LIVE, NOW, SIGNER, SUBJECT, WRITER

SECOND = timedelta(seconds=1)


@dataclass
class Night:
    """An incident as orders make it, one second after another."""

    register: Register = field(default_factory=lambda: keyring.register(keyring.key(COMMANDER)))
    incident: Incident = field(default_factory=lambda: Incident(id=INCIDENT, mode=LIVE))
    orders: list[Command] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    registers: list[RegisterRecord] = field(default_factory=list)

    def give(self, body: CommandBody, by: str = COMMANDER) -> Sequence[Fact]:
        """Give an order, signed where the person has a key, and keep what it gives."""
        now = NOW + len(self.orders) * SECOND
        plain = builders.command(body, by, at=now)
        return self.take(keyring.signed(plain) if by == COMMANDER else decode(COMMANDS, encode(plain)))

    def take(self, order: Command, past: Past = NO_PAST) -> Sequence[Fact]:
        """Judge an order as it came off the topic, and keep what it gives."""
        now = NOW + len(self.orders) * SECOND
        record = RegisterRecord.of(self.register, mode=LIVE)
        if record not in self.registers:
            self.registers.append(record)
        given = Order(order, self.incident, self.register, now + SECOND / 7, past)
        facts, self.incident = builders.judged(given, version=record.id)
        self.orders.append(order)
        self.facts += facts
        return facts

    def items(self) -> list[Item]:
        """What an export would find."""
        return [
            *(("register", one.id, one.content) for one in self.registers),
            *(("order", one.id, encode(one).decode()) for one in self.orders),
            *(("fact", one.id, encode(one).decode()) for one in self.facts),
        ]

    def exported(self) -> bytes:
        """The evidence file of this night."""
        return exported(self.items())


def exported(items: Sequence[Item], **changes: object) -> bytes:
    """A file of these items, with a manifest that fits them."""
    counts = {f"{kind}s": sum(1 for one in items if one[0] == kind) for kind in ("register", "order", "fact")}
    ends = {} if "first" in changes else _ends(items)
    plain = {
        "subject": SUBJECT,
        "mode": LIVE,
        "exported_by": WRITER,
        "exported_at": NOW,
        "software": "holdingline 0",
        **ends,
    }
    return written(Manifest.model_validate({**plain, **counts, **changes}), items)


def night() -> Night:
    """A declared incident, first words on two channels, one refusal, a line by two people, and the end."""
    one = Night()
    one.give(builders.declaration())
    claims = [fact.body for fact in one.give(builders.holding()) if isinstance(fact.body, DeliveryClaimed)]
    for claim in claims:
        done = RecordOutcome(
            delivery_id=claim.delivery_id,
            attempt=claim.attempt,
            outcome="confirmed",
            receipt=Receipt(
                reference=claim.delivery_id, url=f"https://vale.example/#{claim.delivery_id}", words="shown"
            ),
        )
        one.give(done, by="publishing-agent")
    one.give(builders.holding(), by=WRITER)
    one.register = one.register.model_copy(update={"mail_domains": ("vale.example",)})
    (drafted, *_) = one.give(builders.line(), by=WRITER)
    assert isinstance(drafted.body, LineDrafted)
    message = drafted.body.message
    one.give(SignOff(message_id=message.id, content_hash=message.content_hash), by=SIGNER)
    one.give(StandDown(reason="over"))
    return one


def parsed(content: bytes) -> Evidence:
    """What a reader makes of these bytes."""
    return read(BytesIO(content).readline)


def found(content: bytes, *anchors: Anchor) -> list[str]:
    """What the check finds in these bytes."""
    return check(parsed(content), anchors)


def first_found(content: bytes, *anchors: Anchor) -> str | None:
    """The first of it, or the sentence that says why it cannot be read; None where nothing is found."""
    try:
        return next(findings(parsed(content), anchors), None)
    except Unreadable as error:
        return str(error)


def _ends(items: Sequence[Item]) -> dict[str, str]:
    """The hashes of the first and the last fact."""
    hashes = [json.loads(value)["hash"] for kind, _, value in items if kind == "fact"]
    return {"first": hashes[0], "last": hashes[-1]}
