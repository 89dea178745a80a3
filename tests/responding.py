"""Responders and steps of a crisis process for tests: a register that has them, and incidents in which they act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from streams.subjects.incident import Incident
from streams.words.incident import Report
from streams.words.network.entries import Responder, ResponderContact, Step
from streams.words.orders import CommandBody
from streams.words.register.entries import Register
from tests import builders
from tests.builders import COMMANDER, INCIDENT, LIVE, NOW

NUMBER = "01632 960700"


def responder(name: str, category: str, **changes: Any) -> Responder:
    contact = ResponderContact(role="control room", telephone=NUMBER, email=f"control@{name}.example")
    return Responder(id=name, name=f"Vale {name.title()}", category=category, contacts=(contact,), **changes)


def responders() -> dict[str, Responder]:
    """Two police forces, of which the first is the usual one, an ambulance service that is a partner, and a council."""
    everybody = (
        responder("police", "police"),
        responder("rail-police", "police"),
        responder("ambulance", "ambulance", partner="ambulance"),
        responder("council", "council"),
    )
    return {one.id: one for one in everybody}


def step(name: str, **changes: Any) -> Step:
    plain: dict[str, Any] = {
        "id": name,
        "title": {"en": f"Do {name}", "cy": f"Gwnewch {name}"},
        "who": {"en": "the officer on call", "cy": "y swyddog ar alwad"},
    }
    return Step(**{**plain, **changes})


def steps() -> dict[str, Step]:
    """One is due at once and waits for a person when it is late, one is due later and does not, one is never due."""
    everybody = (
        step("switchboard", due_minutes=10, attention=True),
        step("lead-agency", due_minutes=15, hint={"en": "Ring their press desk."}),
        step("debrief"),
    )
    return {one.id: one for one in everybody}


def register(**changes: Any) -> Register:
    return builders.register(**{"responders": responders(), "steps": steps(), **changes})


def declared(**changes: Any) -> Incident:
    """An incident that was declared just now, with the steps of the list."""
    return builders.carried_out(Incident(id=INCIDENT, mode=LIVE), builders.declaration(**changes), register=register())


def given(incident: Incident, *orders: CommandBody, by: str = COMMANDER, at: datetime = NOW) -> Incident:
    """The incident after these orders; none of them is refused."""
    for body in orders:
        refused = answered(incident, body, by=by, at=at)
        assert "command_refused" not in refused, (body, refused)
        name = f"cmd-{incident.sequence}-{body.kind}"
        incident = builders.carried_out(incident, body, by=by, register=register(), now=at, id=name)
    return incident


def answered(incident: Incident, body: CommandBody, *, by: str = COMMANDER, at: datetime = NOW) -> Sequence[str]:
    """What an order gives, in short, the incident being what it is."""
    name = f"cmd-{incident.sequence}-{body.kind}"
    facts, _ = builders.judged(builders.order(body, incident, by, register=register(), now=at, id=name))
    return builders.kinds([one.body for one in facts])


def report(responder: str | None = None, **letters: Any) -> Report:
    return Report(methane=builders.methane(**letters), responder=responder)
