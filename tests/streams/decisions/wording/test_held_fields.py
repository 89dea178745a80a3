"""Words that tell of people hurt, of how many, of why and of how they are, are found in both languages."""

import pytest

from streams.decisions.wording.held_fields import held
from streams.words.holds import HeldField
from tests import builders

REGISTER = builders.register()
TOLD = {
    HeldField.CASUALTIES: """
        Twelve people were injured in the crash.
        We are treating 12 patients.
        There are 3 fatalities.
        At least two people have died.
        No one was hurt.
        There are no reports of injuries.
        Dozens of people are hurt.
        The death toll is rising.
        We have received patients, 14 of them children.
        5 dead, 7 missing
        Casualties: 7
        1,200 people were injured.
        A coach crash kills 4 and injures many others.
        A number of people were taken to hospital.
        Mae tri o bobl wedi'u hanafu.
        Anafwyd 12 o bobl.
        Rydym yn trin 12 o gleifion.
        Nid oes neb wedi'i anafu.""",
    HeldField.CONDITION: """
        Two are in a critical condition.
        The driver has died.
        A woman is seriously ill.
        He is in intensive care.
        Their injuries are life-threatening injuries.
        He suffered burns.
        A child has sadly died.
        A man was found dead.
        Several bodies were found.
        Mae un mewn cyflwr difrifol.
        Bu farw dyn.""",
    HeldField.CAUSE: """
        The fire was caused by an electrical fault.
        The crash happened because of ice.
        The fire was due to arson.
        The cause of the fire was a cigarette.
        Terrorists are responsible.
        The driver is to blame.
        The outage was due to human error.
        Achoswyd y tân gan nam trydanol.""",
    HeldField.NAMES: """
        Mr Alun Prys is safe.
        Dr Smith said so.
        A 34-year-old man from here.
        A man, aged 34, is here.
        He has been named as a local teacher.
        Dynes 42 oed.""",
}
UNTOLD = """
    We declared a major incident at 22:31. Call 111 or 999 if you are hurt.
    We do not yet know how many people are hurt.
    We do not yet know the cause. Police are investigating the cause.
    Nid yw'r achos yn hysbys eto.
    Our teams are caring for people from the coach crash at 22:31. We will say more by 23:30.
    Clinics are cancelled because of the major incident.
    Critical incident declared at level 4.
    People aged 65 and over should stay in.
    Dr Test Comms Lead leads. Two hospitals are open.
    Due to high demand, waits are long.
    We are moving patients to 2 other hospitals.
    If you are missing a relative, call 01632 960099.
    The last patient has arrived and the emergency services have left."""


def sentences(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("field", "text"), [(field, text) for field, told in TOLD.items() for text in sentences(told)])
def test_what_tells_of_it_is_found(field: HeldField, text: str) -> None:
    spans = held(field, text, register=REGISTER)
    assert spans
    assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize("text", sentences(UNTOLD))
def test_what_a_trust_says_first_is_let_through(text: str) -> None:
    """What is not known may be named as such, and numbers of other things may be given."""
    assert [field for field in HeldField if held(field, text, register=REGISTER)] == []
