"""What a message says happened, held against what was reported: a misfit is put before the signer, and refuses nothing.

Only the report of the declaration counts: every judgement of the incident, also a later one, has it at hand.
"""

from collections.abc import Iterable, Iterator, Mapping

from streams.decisions.authority.order import Order
from streams.signs import folded
from streams.words.incident import Declare
from streams.words.register.entries import Template


def misfits(order: Order, what: Mapping[str, str], *, template: Template | None = None) -> Iterator[str]:
    """A doubt if the words are about another hazard than the report; nothing if no template knows the report's hazard.

    `what` names what happened, by language; without a `template` its own words say which hazard that is.
    """
    declaration, templates = order.incident.declaration, order.register.messages.values()
    if declaration is None:
        return
    said = _words_of(declaration)
    meant = [template] if template else [one for one in templates if _is_named(one, map(folded, what.values()))]
    is_known = any(_is_named(one, [said]) for one in templates)
    if meant and is_known and not any(_is_named(one, [said]) for one in meant):
        hazards = ", ".join(declaration.methane.hazards) or "not reported"
        yield (
            f"it is about {next(iter(what.values()), 'something else')}, and what was declared is "
            f"{declaration.methane.type_of_incident} (hazards: {hazards}): see whether it fits"
        )


def _words_of(declaration: Declare) -> str:
    methane = declaration.methane
    kind = f"{declaration.type} incident"
    words = [declaration.name, kind, methane.type_of_incident, *methane.hazards, *declaration.words]
    return folded(" ".join(words).replace("-", " "))


def _is_named(template: Template, texts: Iterable[str]) -> bool:
    hazards = [*(hazard.replace("-", " ") for hazard in template.hazards), *template.what.values()]
    named = [folded(one) for one in hazards]
    return any(hazard in text for text in texts for hazard in named)
