"""A small made-up trust in code: its register, its orders, and incidents as their facts make them. For every test."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from agents.adapters.registers import data_folder
from agents.adapters.registers.wording import read_wording
from streams.chain import seal
from streams.decisions.authority.order import Order
from streams.decisions.desk.judge import judge
from streams.decisions.desk.order_table import answer
from streams.subjects.fold import AnyState, fold_all
from streams.subjects.incident import Incident
from streams.subjects.state import State
from streams.values import IncidentType, Power, Purpose, Subject, derive_id
from streams.words.delivery import ClaimDelivery, RecordOutcome
from streams.words.facts import Fact, FactBody
from streams.words.holds import HeldField, Hold
from streams.words.incident import Declare, Methane
from streams.words.orders import Command, CommandBody
from streams.words.register.entries import (
    Approval,
    ChannelEntry,
    Grant,
    Hours,
    Person,
    Register,
    Shift,
    Template,
    WorkingHours,
)
from streams.words.register.partners import Partner
from streams.words.register.slots import KnownPlace, Slot, SlotKind
from streams.words.register.wording import WordLists
from streams.words.release import Credit, DraftLine, Release

NOW = datetime(2026, 1, 14, 22, 31, tzinfo=UTC)
"""A Wednesday night, out of hours."""
NEXT_UPDATE = NOW + timedelta(minutes=59)
LIVE = "live"
DRILL = "exercise-1"
INCIDENT = "inc-1"
SUBJECT = Subject.incident(INCIDENT)
SOCIAL_CHARACTERS_MAX = 300

COMMANDER = "director-on-call"
OFFICER = "chief-operating-officer"
WRITER = "comms-lead"
SIGNER = "medical-director"
NURSE = "site-nurse"

SLOTS = {"place": "Ashby General", "time": "22:15"}
MENDED = {**SLOTS, "time": "22:05"}
COMMAND_POWERS = (
    Power.DECLARE,
    Power.RELEASE_HOLDING,
    Power.SIGN_OFF_LINE,
    Power.WITHDRAW,
    Power.STAND_DOWN,
    Power.RESOLVE_DELIVERY,
    Power.LIFT_HOLD,
)


def person(name: str, *powers: Power, deputies: Sequence[str] = (), **bounds: Any) -> Person:
    """A person with these powers, all within the same bounds."""
    grants = [Grant(id=f"{name}/{power}", power=power, **bounds) for power in powers]
    title = name.replace("-", " ").title()
    return Person(id=name, name=f"Test {title}", role=title, grants=tuple(grants), deputies=tuple(deputies))


def people() -> dict[str, Person]:
    """By night the director on call commands, by day the chief operating officer; a line needs two of them."""
    everybody = [
        person(COMMANDER, *COMMAND_POWERS, hours=Hours.OUT_OF_HOURS, rota="on-call"),
        person(OFFICER, *COMMAND_POWERS, hours=Hours.IN_HOURS),
        person(WRITER, Power.DRAFT_LINE, Power.SIGN_OFF_LINE, Power.AMPLIFY, Power.WITHDRAW),
        person(SIGNER, Power.APPROVE_TEMPLATE, Power.SIGN_OFF_LINE),
        person(NURSE),
    ]
    return {one.id: one for one in everybody}


def template(**changes: Any) -> Template:
    """An approved template in two languages, with everything that may have to follow its holding message."""
    plain: dict[str, Any] = {
        "id": "major-incident",
        "title": "Major incident",
        "hazards": ("transport-crash",),
        "types": (IncidentType.MAJOR,),
        "channels": ("website", "social"),
        "what": {"en": "major incident", "cy": "digwyddiad mawr"},
        "slots": {"place": Slot(about="where", kind=SlotKind.PLACE), "time": Slot(about="when", kind=SlotKind.TIME)},
        "texts": {
            Purpose.HOLDING: {
                "en": "A major incident was declared at {place} at {time}. Next update by {next_update}.",
                "cy": "Cyhoeddwyd digwyddiad mawr yn {place} am {time}. Diweddariad nesaf erbyn {next_update}.",
            },
            Purpose.CORRECTION: {"en": "We said {time}. That was wrong.", "cy": "Dywedasom {time}. Roedd yn anghywir."},
            Purpose.WITHDRAWAL: {"en": "We withdraw our last post.", "cy": "Rydym yn tynnu ein neges yn ôl."},
            Purpose.ALL_CLEAR: {"en": "The incident is over.", "cy": "Mae'r digwyddiad ar ben."},
        },
        "owner": WRITER,
        "review_on": date(2026, 12, 31),
    }
    return approved(Template(**{**plain, **changes}))


def take_back(**changes: Any) -> Template:
    """The words that take a partner's post back."""
    texts = {
        "en": "{partner} has changed a post. Please do not rely on it.",
        "cy": "Mae {partner} wedi newid neges. Peidiwch â dibynnu arni.",
    }
    plain = {"id": "take-back", "hazards": ("partner-post",), "types": (), "slots": {}}
    return template(**{**plain, "texts": {Purpose.WITHDRAWAL: texts}, **changes})


def approved(one: Template, **changes: Any) -> Template:
    """The template with a second person's yes to exactly this content."""
    plain = {
        "by": SIGNER,
        "at": NOW - timedelta(days=30),
        "content_hash": one.content_hash(),
        "expires_at": NOW + timedelta(days=300),
    }
    return one.model_copy(update={"approval": Approval(**{**plain, **changes})})


def hold(**changes: Any) -> Hold:
    plain = {"id": "cause", "field": HeldField.CAUSE, "about": "why it happened", "holders": (COMMANDER, OFFICER)}
    return Hold(**{**plain, **changes})


def channel(name: str, **changes: Any) -> ChannelEntry:
    return ChannelEntry(**{"id": name, "kind": "memory", "title": name.title(), "owner": WRITER, **changes})


def partner(**changes: Any) -> Partner:
    plain: dict[str, Any] = {
        "id": "ambulance",
        "name": "Vale Ambulance",
        "category": "ambulance",
        "account_id": "did:vale:1",
        "domain": "vale-ambulance.example",
        "channels": ("social",),
        "approved_by": WRITER,
        "registered_by": SIGNER,
    }
    return Partner(**{**plain, **changes})


@cache
def word_lists() -> WordLists:
    """The product's own."""
    return read_wording(data_folder()).words


def register(**changes: Any) -> Register:
    """The whole register; `changes` replace any part of it."""
    night = Shift(
        rota="on-call", person=COMMANDER, starts_at=NOW - timedelta(hours=5), ends_at=NOW + timedelta(hours=9)
    )
    plain: dict[str, Any] = {
        "trust": "Vale Hospitals",
        "languages": ("en", "cy"),
        "hours": WorkingHours(bank_holidays=(date(2026, 12, 25), date(2026, 12, 28))),
        "people": people(),
        "rota": (night,),
        "channels": {
            one.id: one for one in (channel("website"), channel("social", characters_max=SOCIAL_CHARACTERS_MAX))
        },
        "partners": {"ambulance": partner()},
        "templates": {"major-incident": template(), "take-back": take_back()},
        "holds": {"cause": hold()},
        "places": {"ashby": KnownPlace(id="ashby", names={"en": "Ashby General", "cy": "Ashby General"})},
        "words": word_lists(),
    }
    return Register(**{**plain, **changes})


def methane(**changes: Any) -> Methane:
    plain: dict[str, Any] = {
        "major_incident": True,
        "exact_location": "Ashby Junction",
        "type_of_incident": "transport crash",
    }
    return Methane(**{**plain, **changes})


def declaration(**changes: Any) -> Declare:
    plain: dict[str, Any] = {
        "name": "Ashby coach crash",
        "type": IncidentType.MAJOR,
        "level": 4,
        "methane": methane(),
        "hashtags": ("#AshbyCrash",),
    }
    return Declare(**{**plain, **changes})


def holding(**changes: Any) -> Release:
    """A release of the example's template; a correction mends the time."""
    slots = MENDED if changes.get("purpose") is Purpose.CORRECTION else SLOTS
    return Release(**{"template": "major-incident", "slots": slots, "next_update_at": NEXT_UPDATE, **changes})


def line(**changes: Any) -> DraftLine:
    plain: dict[str, Any] = {
        "texts": {"en": "The coach crash at Ashby Junction at 22:15: our teams are ready. Next word by 23:30."},
        "channels": ("website", "social"),
        "what": {"en": "coach crash"},
        "where": "Ashby Junction",
        "when": "22:15",
        "next_update_at": NEXT_UPDATE,
        "expires_at": NEXT_UPDATE,
    }
    return DraftLine(**{**plain, **changes})


def credit(**changes: Any) -> Credit:
    plain: dict[str, Any] = {
        "partner": "ambulance",
        "partner_name": "Vale Ambulance",
        "account_id": "did:vale:1",
        "post_id": "post-1",
    }
    return Credit(**{**plain, **changes})


def command(body: CommandBody, by: str = COMMANDER, **changes: Any) -> Command:
    """An order to the incident, given now; its identifier derives from all that is in it."""
    plain = {"mode": LIVE, "subject": SUBJECT, "at": NOW, "by": by, "body": body, **changes}
    return Command(**{"id": derive_id("cmd", *plain.values()), **plain})


def order(body: CommandBody, state: State | None = None, by: str = COMMANDER, **changes: Any) -> Order:
    """An order with what it is judged by; `register` and `now` may be given."""
    told = changes.pop("register", None) or register()
    now = changes.pop("now", NOW)
    state = state or Incident(id=INCIDENT, mode=changes.get("mode", LIVE))
    plain = {"at": now, "mode": state.mode, "subject": state.subject, **changes}
    return Order(command(body, by, **plain), state, told, now)


def after(state: AnyState, bodies: Iterable[FactBody], cause: Command | None = None, at: datetime = NOW) -> AnyState:
    """The state after these facts."""
    return fold_all(state, facts_of(state, bodies, cause, at))


def facts_of(state: State, bodies: Iterable[FactBody], cause: Command | None = None, at: datetime = NOW) -> list[Fact]:
    """The bodies as sealed facts that follow the state's last one."""
    previous, found = state.head, []
    for sequence, body in enumerate(bodies, state.sequence + 1):
        plain = Fact(
            id=f"fact-{state.id}-{sequence}",
            mode=state.mode,
            subject=state.subject,
            sequence=sequence,
            at=at,
            by=cause.by if cause else COMMANDER,
            cause=cause.id if cause else f"cmd-{sequence}",
            body=body,
            previous=previous,
        )
        found.append(seal(plain))
        previous = found[-1].hash
    return found


def carried_out(state: AnyState, *orders: CommandBody, by: str = COMMANDER, **changes: Any) -> AnyState:
    """The state after these orders, one after another."""
    for body in orders:
        asked = order(body, state, by, **changes)
        state = after(state, answer(asked), asked.command, asked.now)
    return state


def judged(order: Order, run: str = "run-1", version: str = "v1") -> tuple[Sequence[Fact], Incident]:
    """The facts that an order about an incident gives, and the incident after them."""
    facts, after = judge(order, run=run, register_version=version)
    assert isinstance(after, Incident)
    return facts, after


def declared(mode: str = LIVE, **changes: Any) -> Incident:
    """An incident that was declared just now."""
    return carried_out(Incident(id=INCIDENT, mode=mode), declaration(**changes))


def released(mode: str = LIVE, **changes: Any) -> Incident:
    """A declared incident whose holding message was released on its channels."""
    return carried_out(declared(mode), holding(**changes))


def first_delivery(incident: Incident) -> str:
    return next(iter(incident.deliveries))


def claim(incident: Incident, attempt: int = 1, run: str = "run-1") -> ClaimDelivery:
    return ClaimDelivery(delivery_id=first_delivery(incident), attempt=attempt, run=run)


def outcome(incident: Incident, word: Any, attempt: int = 1, **changes: Any) -> RecordOutcome:
    return RecordOutcome(delivery_id=first_delivery(incident), attempt=attempt, outcome=word, **changes)


def kinds(bodies: Iterable[FactBody]) -> list[str]:
    """What happened, in short."""
    return [body.kind for body in bodies]


def reasons(bodies: Sequence[FactBody]) -> str:
    """Every reason of a refusal in one text; empty where it was none."""
    found: Mapping[str, Any] = bodies[0].model_dump() if bodies else {}
    return "; ".join(found.get("reasons", ()))
