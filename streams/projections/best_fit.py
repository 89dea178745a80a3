"""Which template fits: by what the reports of an incident say, and for words that follow others, by those."""

from collections.abc import Mapping, Sequence

from streams.decisions.wording.renderer import PARTNER, gaps_of
from streams.signs import folded
from streams.subjects.incident import Incident
from streams.values import Purpose
from streams.words.register.entries import Register, Template
from streams.words.release import Message


def by_fit(
    register: Register, incident: Incident, *, purpose: Purpose = Purpose.HOLDING, follows: Message | None = None
) -> Mapping[str, Template]:
    """The templates that have such words: those first whose hazard the reports name, then by type of incident.

    For a partner's post those come first that name its partner.
    """
    declaration = incident.declaration
    said = folded(" ".join(_words_of_reports(incident)))

    def misfit(one: Template) -> tuple[bool, bool, bool]:
        credits_partner = any(PARTNER in gaps_of(text) for text in one.texts[purpose].values())
        named = any(folded(word) in said for word in (*one.hazards, *one.what.values()))
        fits_type = not one.types or (declaration is not None and declaration.type in one.types)
        return credits_partner is not bool(follows and follows.credit), not named, not fits_type

    able = [one for one in register.messages.values() if purpose in one.texts]
    return {one.id: one for one in sorted(able, key=misfit)}


def _words_of_reports(incident: Incident) -> Sequence[str]:
    words = [incident.declaration.name] if incident.declaration else []
    for one in incident.reports:
        words += [one.type_of_incident, one.exact_location, *one.hazards]
    return words
