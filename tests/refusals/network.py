"""Refusals about the responders' network: who is in, who leads, and which steps are done."""

from streams.decisions.desk.network_orders import MAY_KEEP
from streams.words.holds import LiftHold
from streams.words.network.orders import BringIn, SetLead, TakeOut, TickStep, UntickStep
from tests import builders, responding
from tests.builders import COMMANDER, NURSE, WRITER
from tests.refusals.case import Case, Could, case

COULD = Could(MAY_KEEP)
DECLARED = responding.declared()
WITH_POLICE = responding.given(DECLARED, SetLead(responder="police"))
TICKED = responding.given(DECLARED, TickStep(step="debrief"))
TOLD = responding.register()
BRING, OUT, LEAD = (
    BringIn(responder="council"),
    TakeOut(responder="police", reason="they left"),
    SetLead(responder="ambulance"),
)
TICK, UNTICK = TickStep(step="debrief"), UntickStep(step="debrief", reason="it was another one")
AWAITED = {"cause": builders.hold(waits_for=("fire", "coastguard"))}
LEADS_FIRST = {"cause": builders.hold(waits_for=("lead",))}
LIFT = LiftHold(hold="cause", reason="they said why")
NETWORK: tuple[Case, ...] = (
    case("navy is not among the responders of the register (police, ", BringIn(responder="navy"), register=TOLD),
    case("have it written into responders.yaml", SetLead(responder="navy"), register=TOLD),
    case("navy is not among the responders", responding.report("navy"), register=TOLD),
    case("Vale Police is in the incident already", BringIn(responder="police"), WITH_POLICE, register=TOLD),
    case(
        "council is not in the incident: those that are: police", TakeOut(responder="council", reason="r"), WITH_POLICE
    ),
    case("Vale Police leads already", SetLead(responder="police"), WITH_POLICE, register=TOLD, id="again"),
    case(
        "no step tea in this incident: the steps are switchboard, lead-agency, debrief", TickStep(step="tea"), DECLARED
    ),
    case("the steps are switchboard, ", UntickStep(step="tea", reason="r"), DECLARED),
    case("the trust had no list in steps.yaml", TickStep(step="tea"), builders.declared()),
    case(f"({COMMANDER.replace('-', ' ').title()}) ticked the step debrief off already", TICK, TICKED, id="again"),
    case("the step debrief is not ticked off: nothing", UNTICK, DECLARED),
    case(
        "comes from the fire and rescue service or a partner of category coastguard first",
        LIFT,
        register=builders.register(holds=AWAITED),
    ),
    case(
        "once the agency that leads this incident has said it",
        builders.line(texts={"en": "It was caused by ice."}),
        by=WRITER,
        register=builders.register(holds=LEADS_FIRST),
    ),
    case("it is not noted which one does: holdingline set-lead", LIFT, register=builders.register(holds=LEADS_FIRST)),
    case(
        "comes from Vale Police (which leads) first: name the post of theirs",
        LIFT,
        WITH_POLICE,
        register=responding.register(holds=LEADS_FIRST),
    ),
    *(
        case(f"has no power to {MAY_KEEP[0]}", body, state, by=NURSE, register=TOLD, could=COULD)
        for body, state in (
            (BRING, DECLARED),
            (OUT, WITH_POLICE),
            (LEAD, WITH_POLICE),
            (TICK, DECLARED),
            (UNTICK, TICKED),
        )
    ),
)
