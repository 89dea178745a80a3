"""The responders' network: who is in the incident, who leads, and the steps of the crisis process that are done."""

from collections.abc import Iterable, Iterator, Sequence

from streams.decisions.authority.order import Order
from streams.decisions.authority.powers import may
from streams.decisions.verdict import Allowed, Refused, Verdict, any_of, reasons_of
from streams.values import Power
from streams.why import because
from streams.words.facts import FactBody
from streams.words.incident import Methane
from streams.words.network.entries import Responder, Step
from streams.words.network.orders import (
    BringIn,
    LeadSet,
    ResponderJoined,
    ResponderLeft,
    SetLead,
    StepTicked,
    StepUnticked,
    TakeOut,
    TickStep,
    UntickStep,
)
from streams.words.register.entries import Register

MAY_KEEP = (Power.DECLARE, Power.DRAFT_LINE)
"""Those who command and those who write: any of these powers is enough."""
NAMED_BY_REPORT = "report/emergency-services"
"""The rule by which a responder is in because a report names it, or because the report is its own."""


def bring_in(order: Order, body: BringIn) -> Sequence[FactBody]:
    """Bring a responder in; one that is in already changes nothing."""
    found = order.register.responders.get(body.responder)
    if found is None:
        return order.refused(stranger(body.responder, order.register))
    if found.id in order.incident.network.present:
        form = "{responder} is in the incident already: nothing is to be done"
        return order.refused(because("responder-in", form, responder=found.name))
    verdict = _may_keep(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [ResponderJoined(responder=found.id, name=found.name, rule=verdict.rule)]


def take_out(order: Order, body: TakeOut) -> Sequence[FactBody]:
    """Take a responder out. A report that names it later does not bring it in again: only a person does."""
    present = order.incident.network.present
    if body.responder not in present:
        form = "{responder} is not in the incident: those that are: {known}"
        return order.refused(because("responder-out", form, responder=body.responder, known=_listed(present)))
    verdict = _may_keep(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    name = present[body.responder]
    return [ResponderLeft(responder=body.responder, name=name, reason=body.reason, rule=verdict.rule)]


def set_lead(order: Order, body: SetLead) -> Sequence[FactBody]:
    """Note who leads; a responder that was not in the incident is from now on."""
    network, found = order.incident.network, order.register.responders.get(body.responder)
    name = network.present.get(body.responder) or (found.name if found else None)
    if name is None:
        return order.refused(stranger(body.responder, order.register))
    if network.lead == body.responder:
        return order.refused(
            because("leads-already", "{responder} leads already: nothing is to be done", responder=name)
        )
    verdict = _may_keep(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    is_in = body.responder in network.present
    joined = [] if is_in else [ResponderJoined(responder=body.responder, name=name, rule=verdict.rule)]
    return [*joined, LeadSet(responder=body.responder, name=name, before=network.lead_name, rule=verdict.rule)]


def tick_step(order: Order, body: TickStep) -> Sequence[FactBody]:
    """Tick a step off; one that is ticked stays as it is."""
    step = _step(order, body.step)
    if step is None:
        return order.refused(_no_step(order, body.step))
    if tick := order.incident.network.ticked.get(step.id):
        who = order.register.called(tick.by)
        form = "{person} ticked the step {step} off already: nothing is to be done"
        return order.refused(because("step-ticked", form, person=who, step=step.id))
    verdict = _may_keep(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    return [StepTicked(step=step.id, title=step.title_in(_language(order)), rule=verdict.rule)]


def untick_step(order: Order, body: UntickStep) -> Sequence[FactBody]:
    """Take a tick back, with the reason."""
    step = _step(order, body.step)
    if step is None:
        return order.refused(_no_step(order, body.step))
    if step.id not in order.incident.network.ticked:
        return order.refused(
            because("step-unticked", "the step {step} is not ticked off: nothing is to be done", step=step.id)
        )
    verdict = _may_keep(order)
    if isinstance(verdict, Refused):
        return [verdict.fact(body.kind)]
    title = step.title_in(_language(order))
    return [StepUnticked(step=step.id, title=title, reason=body.reason, rule=verdict.rule)]


def named_by(order: Order, methane: Methane, *, whose: Responder | None = None) -> Iterator[ResponderJoined]:
    """The responders that a report brings in: the one whose report it is, and those that its E names.

    One that a person took out stays out.
    """
    network = order.incident.network
    named = [whose, *(_meant(words, order.register) for words in methane.emergency_services)]
    for found in dict.fromkeys(one.id for one in named if one):
        if found not in network.present and found not in network.taken_out:
            yield ResponderJoined(responder=found, name=order.register.responders[found].name, rule=NAMED_BY_REPORT)


def stranger(responder: str, register: Register) -> str:
    """Why a responder that is not on the register cannot be named, and what to do."""
    form = "{responder} is not among the responders of the register ({known}): name one of them, or have it written "
    form += "into responders.yaml"
    return because("responder-unknown", form, responder=responder, known=_listed(register.responders))


def _meant(words: str, register: Register) -> Responder | None:
    """The responder that these words of a report name: by identifier or name, else the first of that category."""
    said = words.casefold().strip()
    responders = list(register.responders.values())
    by_name = (one for one in responders if said in {one.id.casefold(), one.name.casefold()})
    by_category = (one for one in responders if one.category.casefold() in said.replace("-", " ").split())
    return next(by_name, None) or next(by_category, None)


def _may_keep(order: Order) -> Verdict:
    return may_with_any(order, MAY_KEEP)


def may_with_any(order: Order, powers: Sequence[Power]) -> Verdict:
    """Whether the person may give the order by any of these powers; a refusal names those who could."""
    verdicts = [may(order.command.by, order.act(power), register=order.register) for power in powers]
    refused = [one for one in verdicts if isinstance(one, Refused)]
    allowed = next((one for one in verdicts if isinstance(one, Allowed)), None)
    return allowed or Refused(list(dict.fromkeys(reasons_of(*refused))), any_of(*refused))


def _step(order: Order, name: str) -> Step | None:
    return next((one for one in _steps(order) if one.id == name), None)


def _steps(order: Order) -> Sequence[Step]:
    return order.incident.network.steps_now(is_over=order.incident.over is not None)


def _no_step(order: Order, name: str) -> str:
    steps = [one.id for one in _steps(order)]
    if not steps:
        form = "there is no step {step}: when this incident was declared, the trust had no list in steps.yaml"
        return because("no-steps", form, step=name)
    return because(
        "no-step", "there is no step {step} in this incident: the steps are {known}", step=name, known=", ".join(steps)
    )


def _language(order: Order) -> str:
    return order.register.languages[0]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
