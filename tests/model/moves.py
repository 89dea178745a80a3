"""What people, agents and time do next in the model: every move is tried in every state that is reached."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from streams.decisions.authority.order import Order
from streams.decisions.wording.listed_names import name_print
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.delivery import ClaimDelivery, DeliveryState, RecordOutcome
from streams.words.facts import Fact
from streams.words.holds import HeldField, LiftHold, PlaceHold
from streams.words.incident import Cancel, StandDown
from streams.words.orders import Command, CommandBody, Tick
from streams.words.register.entries import Absence, Register
from streams.words.release import LineDrafted, Message, Propose, Release, SignOff
from streams.words.sign_off import Decline, RecordPage, Search
from streams.words.stops import CancelRelease, Freeze, ReleaseHeld, Resume, ReturnDraft, WithdrawDraft
from tests import builders, keyring
from tests.builders import COMMANDER, LIVE, NURSE, OFFICER, SIGNER, SUBJECT, WRITER
from tests.model.worlds import CHAIR, NEW, WAIT, World

SILENCE = WAIT + timedelta(minutes=1)
LONG = timedelta(minutes=35)
"""Longer than a line or a holding message keeps."""
KEEPS = timedelta(minutes=30)
HELD_NAME = "Ashby Junction"
HOLDERS = (COMMANDER, OFFICER)


@dataclass(frozen=True)
class Node:
    """Where a path of moves has led; `authors` says who wrote each draft, by the orders that were given."""

    incident: Incident
    register: Register
    now: datetime
    signs: bool = False
    facts: tuple[Fact, ...] = ()
    authors: Mapping[str, str] = field(default_factory=dict)
    given: tuple[Command, ...] = ()
    path: tuple[str, ...] = ()
    edits: frozenset[tuple[str, datetime]] = frozenset()

    @property
    def draft(self) -> Message | None:
        """The one that was handed in last and still waits."""
        return next(reversed([*self.incident.drafts.values()]), None)

    @property
    def search(self) -> Search | None:
        return next(reversed([*self.incident.searches.values()]), None)

    def key(self) -> object:
        """What tells two states apart, whatever led to them: facts are counted in, their chain is not."""
        state = self.incident.model_dump_json(exclude={"answered", "refused", "head", "sequence"})
        return (state, self.edits, self.now)


@dataclass(frozen=True)
class Step:
    """One order, and all that it gave."""

    before: Node
    order: Order
    facts: Sequence[Fact]
    after: Node


Body = Callable[[Node], CommandBody | None]


@dataclass(frozen=True)
class Move:
    """Something that somebody may try; a body of None means that there is nothing to try it on."""

    name: str
    by: str
    body: Body
    passes: timedelta = timedelta()
    signs: bool = True

    def order(self, node: Node) -> Order | None:
        """The order as it comes to the desk."""
        body, now = self.body(node), node.now + self.passes
        if body is None:
            return None
        tried = sum(one.by == self.by and one.body.kind == body.kind for one in node.given)
        # Named by whose it is and not by when it came, so that paths which differ in nothing else meet again.
        name = f"{self.by}-{body.kind}-{tried}"
        given = Command(id=name, mode=LIVE, subject=SUBJECT, at=now, by=self.by, body=body)
        if node.signs and self.signs and self.by == COMMANDER:
            given = keyring.signed(given)
        return Order(given, node.incident, node.register, now)

    def step(self, node: Node) -> Step | None:
        """What comes of it."""
        order = self.order(node)
        return taken(node, order, self.name) if order else None


def taken(node: Node, order: Order, name: str) -> Step:
    """The order judged, and the state after it."""
    facts, incident = builders.judged(order, version="model")
    written = {fact.body.message.id: order.command.by for fact in facts if isinstance(fact.body, LineDrafted)}
    after = replace(
        node,
        incident=incident,
        now=order.now,
        facts=(*node.facts, *facts),
        authors={**node.authors, **written},
        given=(*node.given, order.command),
        path=(*node.path, name),
    )
    return Step(node, order, facts, after)


@dataclass(frozen=True)
class Edit:
    """A register that is another from here on."""

    name: str
    change: Callable[[Node], Register]

    def after(self, node: Node) -> Node:
        """The same incident, by the other register."""
        edits = node.edits | {(self.name, node.now)}
        return replace(node, register=self.change(node), path=(*node.path, self.name), edits=edits)


def line(node: Node) -> CommandBody:
    return builders.line(
        channels=("website",), next_update_at=node.now + KEEPS * 2, expires_at=node.now + KEEPS, texts=said(node)
    )


def said(node: Node) -> Mapping[str, str]:
    """A second line says something else."""
    clock = (node.now + KEEPS * 2).strftime("%H:%M")
    incident = node.incident
    signed = any(one.template is None for one in incident.messages.values())
    more = "We know more." if signed or incident.drafts or incident.stops.drafts else "Our teams are ready."
    return {"en": f"The coach crash at Ashby Junction at 22:15. {more} Next word by {clock}."}


def holding(node: Node, purpose: Purpose = Purpose.HOLDING) -> Release:
    return builders.holding(next_update_at=node.now + KEEPS * 2, purpose=purpose)


def yes(node: Node) -> CommandBody | None:
    """To the draft as it was read; where none waits any more, to the last that did."""
    last = node.draft or next((one for one in _released(node) if one.id in node.authors), None)
    return SignOff(message_id=last.id, content_hash=last.content_hash) if last else None


def yes_to_another(node: Node) -> CommandBody | None:
    return SignOff(message_id=node.draft.id, content_hash="0" * 64) if node.draft else None


def returned(node: Node) -> CommandBody | None:
    return ReturnDraft(message_id=node.draft.id, reason="say where") if node.draft else None


def withdrawn(node: Node) -> CommandBody | None:
    return WithdrawDraft(message_id=node.draft.id, reason="not needed") if node.draft else None


def cancelled(node: Node) -> CommandBody | None:
    last = next(iter(_released(node)), None)
    return CancelRelease(message_id=last.id, reason="wrong place") if last else None


def let_go(node: Node) -> CommandBody | None:
    held = node.incident.stops.held
    return ReleaseHeld(delivery_id=held[0]) if held else None


def declined(node: Node) -> CommandBody | None:
    return Decline(search_id=node.search.id, reason="not for me") if node.search and node.search.asks else None


def page_came(node: Node) -> CommandBody | None:
    pages = node.search.pages if node.search else ()
    waiting = [one for one in pages if one.outcome is None]
    if node.search is None or not waiting:
        return None
    return RecordPage(search_id=node.search.id, number=waiting[0].number, outcome="sent", words="sent")


def unsent(node: Node) -> CommandBody | None:
    sending = [one for one in node.incident.deliveries.values() if one.state is DeliveryState.SENDING]
    if not sending:
        return None
    return RecordOutcome(delivery_id=sending[0].id, attempt=sending[0].attempt, outcome="unsent", reason="down")


def claimed_again(node: Node) -> CommandBody | None:
    """Another try, after one of which nobody knows what became of it."""
    doubtful = [one for one in node.incident.deliveries.values() if one.state is DeliveryState.UNKNOWN]
    if not doubtful:
        return None
    return ClaimDelivery(delivery_id=doubtful[0].id, attempt=doubtful[0].attempt + 1, run="run-1")


def keeps_back(node: Node) -> CommandBody:
    """A hold on the name of the place, which lines say and holding messages do not."""
    del node
    names = (name_print(HELD_NAME, "salt"),)
    return PlaceHold(field=HeldField.NAMES, about="the place", holders=HOLDERS, names=names, salt="salt")


def lifts(node: Node) -> CommandBody | None:
    return LiftHold(hold=node.incident.holds.placed[0].id, reason="it is said") if node.incident.holds.placed else None


def _released(node: Node) -> Iterator[Message]:
    return reversed([*node.incident.messages.values()])


def _tick(node: Node) -> CommandBody:
    del node
    return Tick()


PEOPLE = (WRITER, COMMANDER, OFFICER, CHAIR, NURSE)
MOVES: Sequence[Move] = (
    *(Move(f"{one} drafts a line", one, line) for one in (WRITER, COMMANDER, OFFICER)),
    Move(f"{NURSE} proposes a holding message", NURSE, lambda node: Propose(release=holding(node))),
    *(Move(f"{one} signs off", one, yes) for one in PEOPLE),
    Move(f"{CHAIR} signs another content off", CHAIR, yes_to_another),
    *(Move(f"{one} releases the holding message", one, holding) for one in PEOPLE),
    *(Move(f"{one} returns the draft", one, returned) for one in (WRITER, CHAIR, NURSE)),
    *(Move(f"{one} withdraws the draft", one, withdrawn) for one in (WRITER, NURSE)),
    *(Move(f"{one} cancels the release", one, cancelled) for one in (CHAIR, WRITER, NURSE)),
    *(Move(f"{one} freezes", one, lambda _: Freeze(reason="unsure")) for one in (WRITER, CHAIR, NURSE)),
    *(Move(f"{one} resumes", one, lambda _: Resume(reason="sure")) for one in (COMMANDER, OFFICER, WRITER)),
    *(Move(f"{one} lets the held one go", one, let_go) for one in (COMMANDER, OFFICER, WRITER)),
    *(Move(f"{one} stands down", one, lambda _: StandDown(reason="over")) for one in (COMMANDER, OFFICER, NURSE)),
    Move(f"{OFFICER} cancels the incident", OFFICER, lambda _: Cancel(reason="never was")),
    *(Move(f"{one} declines", one, declined) for one in (COMMANDER, WRITER)),
    *(Move(f"{one} holds the place back", one, keeps_back) for one in (WRITER, NURSE)),
    *(Move(f"{one} lifts the hold", one, lifts) for one in (COMMANDER, OFFICER, WRITER)),
    Move("somebody signs nothing in the commander's name", COMMANDER, yes, signs=False),
    Move("the page came", "escalation-agent", page_came),
    Move("the channel was down", "publishing-agent", unsent),
    Move("the agent tries again", "publishing-agent", claimed_again),
    Move("six minutes pass", "clock", _tick, passes=SILENCE),
    Move("half an hour passes", "clock", _tick, passes=LONG),
)


def _gone(node: Node) -> Register:
    """The commander goes away."""
    absence = Absence(starts_at=node.now, ends_at=node.now + timedelta(days=1))
    return _with_person(node, COMMANDER, away=(absence,))


def _without_power(node: Node) -> Register:
    """The officer and the chair lose every power."""
    weak = _with_person(node, OFFICER, grants=())
    return _with_person(replace(node, register=weak), CHAIR, grants=())


def _with_person(node: Node, name: str, **update: object) -> Register:
    people = node.register.people
    return node.register.model_copy(update={"people": {**people, name: people[name].model_copy(update=update)}})


def _other_template(node: Node) -> Register:
    """The template says something else, and nobody has approved that."""
    edited = {name: one.model_copy(update={"title": "Edited"}) for name, one in node.register.templates.items()}
    return node.register.model_copy(update={"templates": edited})


def _other_delegation(node: Node) -> Register:
    """What is delegated changes after its approval."""
    chains = {
        name: one.model_copy(update={"title": "Edited"}) if one.delegated else one
        for name, one in node.register.chains.items()
    }
    return node.register.model_copy(update={"chains": chains})


def _revoked(node: Node) -> Register:
    keys = tuple(one.model_copy(update={"revoked_at": node.now}) for one in node.register.people[COMMANDER].keys)
    return _with_person(node, COMMANDER, keys=keys)


EDITS: Sequence[Edit] = (
    Edit("the commander goes away", _gone),
    Edit("the officer and the chair lose their powers", _without_power),
    Edit("the template is edited", _other_template),
    Edit("the delegation is edited", _other_delegation),
    Edit("the commander's key is revoked", _revoked),
)


def declared(world: World) -> Node:
    """The incident of a world as it begins."""
    node = Node(NEW, world.register(), world.now, signs=world.signs)
    given = builders.command(builders.declaration(level=world.level), SIGNER, at=node.now)
    return taken(node, Order(given, NEW, node.register, node.now), "declared").after


ASKED = (f"{WRITER} drafts a line", "the page came", "six minutes pass", "the page came")
RELEASED = tuple(f"{one} releases the holding message" for one in (COMMANDER, OFFICER))
BEGINNINGS: Mapping[str, Sequence[str]] = {
    "the incident is declared": (),
    "the first was silent": ASKED,
    "all but the last were silent": (*ASKED, "six minutes pass", "the page came"),
    "a channel was down": (*RELEASED, "the channel was down"),
    "a line is not out yet": (f"{WRITER} drafts a line", f"{CHAIR} signs off", "the channel was down"),
    "nobody knows whether it is public": (*RELEASED, "six minutes pass"),
    "a freeze is over": (
        *RELEASED,
        "the channel was down",
        f"{WRITER} freezes",
        *(f"{one} resumes" for one in (COMMANDER, OFFICER)),
    ),
}
"""Where the search begins: what is tried is tried, and what is refused in that world changes nothing."""


def beginning(world: World, name: str) -> Node:
    """The state of a world after these moves."""
    node, by_name = declared(world), {move.name: move for move in MOVES}
    for tried in BEGINNINGS[name]:
        step = by_name[tried].step(node)
        node = step.after if step else node
    return node
