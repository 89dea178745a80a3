"""Tags offered: which hashtags of the public we may propose as our own words, and why we may not propose the others.

Each passes what a public hashtag passes. A tag is one word, so it is also read as two words, cut at each place.
Words are recognised, not meaning: a tag that is left out by mistake can still be typed.
"""

from collections.abc import Iterator, Sequence

from streams.decisions.authority.order import Order
from streams.decisions.listening.tags.heard import TagLook
from streams.decisions.wording.contents import SAYS
from streams.decisions.wording.held_fields import held
from streams.decisions.wording.listed_names import listed, spelled_out, words_of
from streams.decisions.wording.personal_data import personal_data
from streams.signs import folded
from streams.subjects.incident import Incident
from streams.values import sentence
from streams.words.facts import FactBody
from streams.words.holds import Hold
from streams.words.listening.tags import TAGS_OFFERED, NoteTags, TagsNoted, TagUse, TagWithheld
from streams.words.register.entries import Register

ABUSIVE = "abusive"
"""The word list of what is no hashtag of ours."""
TITLES = ("mr", "mrs", "ms", "mx", "dr", "prof", "sgt", "pc")
NAME_MIN = 3
LISTED_MAX = 30
"""A longer tag is looked through for listed names up to so many signs."""
NAMES_A_PERSON, IS_ABUSIVE, IS_PERSONAL = "it may name a person", "it has abusive words", "it holds personal data"


def unfit(tag: str, incident: Incident, *, register: Register, year: int) -> str | None:
    """Why this folded hashtag is not to be proposed for an incident; None if it may be."""
    plain = tag.removeprefix("#")
    abusive = tuple(folded(one).replace(" ", "") for one in register.words.words(ABUSIVE))
    if abusive and (plain.startswith(abusive) or plain.endswith(abusive)):
        return IS_ABUSIVE
    readings = [*_readings(tag)]
    if any(True for one in readings for _ in personal_data(one, register, year=year)):
        return IS_PERSONAL
    if _names_somebody(plain, incident, register=register):
        return NAMES_A_PERSON
    for hold in incident.holds.in_force(register.holds):
        if any(held(hold.field, one, register=register) for one in readings):
            return f"it {SAYS[hold.field]}: held back by the hold {hold.id}"
        if _lists(hold, spelled_out(tag)):
            return NAMES_A_PERSON
    return None


def order_of(look: TagLook, register: Register) -> NoteTags:
    """The order that puts what a look found before the commander."""
    tags = []
    for one in look.found:
        partner = register.partners.get(one.partner or "")
        tags.append(
            TagUse(
                tag=one.tag,
                people=one.people,
                minutes=one.minutes,
                before=one.before,
                partner=partner.id if partner else None,
                partner_name=partner.name if partner else None,
            )
        )
    withheld = [
        TagWithheld(people=one.people, minutes=one.minutes, reason=sentence(one.unfit or ""))
        for one in look.withheld[:TAGS_OFFERED]
    ]
    return NoteTags(tags=tuple(tags), withheld=tuple(withheld), overtook=look.overtook)


def note_tags(order: Order, body: NoteTags) -> Sequence[FactBody]:
    """What may not be proposed by now is left out again, since a hold may have been placed meanwhile."""
    found = {one: unfit(one.tag, order.incident, register=order.register, year=order.now.year) for one in body.tags}
    tags = tuple(one for one, reason in found.items() if reason is None)
    withheld = [
        TagWithheld(people=one.people, minutes=one.minutes, reason=sentence(reason))
        for one, reason in found.items()
        if reason
    ]
    overtook = body.overtook
    if overtook and unfit(overtook, order.incident, register=order.register, year=order.now.year):
        overtook = None
    return [TagsNoted(tags=tags, withheld=(*body.withheld, *withheld)[: 2 * TAGS_OFFERED], overtook=overtook)]


def _readings(tag: str) -> Iterator[str]:
    """The words that people may read in it."""
    whole = spelled_out(tag)
    yield whole
    yield from (f"{whole[:place]} {whole[place:]}" for place in range(2, len(whole) - 1))


def _names_somebody(plain: str, incident: Incident, *, register: Register) -> bool:
    """Whether it has a title with a name, or the name of somebody on the register; places are ours to name."""
    people = ("".join(words_of(one.name)) for one in register.people.values())
    if any(len(name) > NAME_MIN and name in plain for name in people):
        return True
    given = [name for place in register.places.values() for name in place.names.values()]
    if incident.declaration:
        given += [incident.declaration.name, incident.declaration.methane.exact_location, *incident.declaration.words]
    own = tuple(word for name in given for word in words_of(name) if len(word) > NAME_MIN)
    begins = next((one for one in sorted(TITLES, key=len, reverse=True) if plain.startswith(one)), None)
    return begins is not None and len(plain) >= len(begins) + NAME_MIN and not plain.startswith(own)


def _lists(hold: Hold, whole: str) -> bool:
    """Whether a name of the hold's list is in it: as one word, two or three."""
    if not hold.names:
        return False
    places = range(2, min(len(whole), LISTED_MAX) - 1)
    cut = [f"{whole[:one]} {whole[one:]}" for one in places]
    cut += [f"{whole[:one]} {whole[one:other]} {whole[other:]}" for one in places for other in places if one < other]
    return any(listed(one, frozenset(hold.names), salt=hold.salt) for one in (whole, *cut))
