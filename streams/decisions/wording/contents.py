"""Contents: what a final text may not hold, asked when it is ordered and when it is signed; and what is only suspected.

Right before it is sent only the holds are looked at again, since one may have been placed meanwhile.
A reason names what was found by kind and place; it repeats only the signs of a placeholder.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from streams.decisions.wording.held_fields import held
from streams.decisions.wording.listed_names import listed, spelled_out
from streams.decisions.wording.message_checks import Remark, findings, rule_of
from streams.decisions.wording.personal_data import IDENTIFYING, personal_data, suspected_data
from streams.decisions.wording.placeholders.search import gaps, suspected
from streams.decisions.wording.renderer import text_called, unmarked
from streams.values import Language, Power
from streams.why import Because, Gap, because
from streams.words.holds import LEADS, TONIGHTS_LEAD, HeldField, Hold, Holds
from streams.words.register.entries import Register
from streams.words.register.partners import Partner
from streams.words.register.wording import Weight
from streams.words.release import Message

SPEAKERS: Mapping[str, str] = {
    "police": because("the-police", "the police"),
    "ambulance": because("the-ambulance", "the ambulance service"),
    "fire": because("the-fire-service", "the fire and rescue service"),
    TONIGHTS_LEAD: because("the-lead", "the agency that leads this incident"),
}
"""What partners of these categories are called in a sentence; of the others the category is named."""
SAYS = {
    HeldField.NAMES: because("says-names", "names a person"),
    HeldField.CASUALTIES: because("says-casualties", "says how many were hurt or died"),
    HeldField.CAUSE: because("says-cause", "says why it happened"),
    HeldField.CONDITION: because("says-condition", "says how patients are"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One string of a message that becomes public, with what it is judged by.

    `text` is without an exercise mark, so that places are those of the words as written; `called` says which it is.
    `partner` is the category of the partner whose words these are; None where they are ours.
    `passes` says that holds do not keep them back, except those on names.
    `language` is None where the words are of no one language.
    """

    message: Message
    register: Register
    called: str
    text: str
    partner: str | None
    passes: bool
    language: Language | None = None


def _texts(message: Message, register: Register) -> Iterator[Judged]:
    """Every string of the message that becomes public, to be judged: texts, titles, and hashtags word by word."""
    partner, passes = None, False
    if message.credit:
        registered = register.partners.get(message.credit.partner)
        partner = registered.category if registered else "unknown"
        passes = registered is not None and passes_holds(registered)
    for form, language, _ in message.written():
        text = unmarked(message.text_for(language, form))
        yield Judged(message, register, text_called(language, form), text, partner, passes, language)
    if message.picture:
        file = message.picture.file
        for language, shown in message.picture.alternative_text.items():
            called = because("text-picture", "the {language} alternative text of {file}", language=language, file=file)
            yield Judged(message, register, called, shown, partner, passes, language)
        called = because("text-credit", "the credit of {file}", file=file)
        yield Judged(message, register, called, message.picture.credit, None, passes=False)
    for language, title in message.titles.items():
        called = because("text-title", "the {language} title", language=language)
        yield Judged(message, register, called, title, partner, passes, language)
    # The hashtags are ours, also under a partner's words.
    for hashtag in message.hashtags:
        called = because("text-hashtag", "the hashtag {hashtag}", hashtag=hashtag)
        yield Judged(message, register, called, spelled_out(hashtag), None, passes=False)


def public_hashtags(hashtags: Sequence[str], register: Register, *, holds: Holds, year: int) -> tuple[str, ...]:
    """Those of an incident's hashtags that may be public: without personal data and without what a hold keeps back."""
    in_force = holds.in_force(register.holds)
    return tuple(one for one in hashtags if not _is_kept_back(one, in_force, register, year))


def _is_kept_back(hashtag: str, in_force: Sequence[Hold], register: Register, year: int) -> bool:
    words = spelled_out(hashtag)
    return (
        any(True for _ in personal_data(words, register, year=year))
        or any(held(hold.field, words, register=register) for hold in in_force)
        or any(listed(words, frozenset(hold.names), salt=hold.salt) for hold in in_force if hold.names)
    )


def passes_holds(partner: Partner) -> bool:
    """Whether holds other than those on names let its posts through: as its entry says, else by its category."""
    return partner.category in LEADS if partner.passes_holds is None else partner.passes_holds


def contents_faults(message: Message, register: Register, *, holds: Holds) -> Iterator[str]:
    """Every certain placeholder, piece of personal data and held field in these texts: what, where, and what to do."""
    in_force = holds.in_force(register.holds)
    for judged in _texts(message, register):
        yield from _placeholders(judged)
        yield from _personal(judged)
        yield from _refused(judged)
        for hold in in_force:
            yield from _held(judged, hold)


def held_back(message: Message, register: Register, *, holds: Holds, but: HeldField | None = None) -> Iterator[str]:
    """What the holds in force, `but` those on one field, keep back of these texts: where, and who may lift the hold."""
    in_force = [one for one in holds.in_force(register.holds) if one.field is not but]
    for judged in _texts(message, register) if in_force else ():
        for hold in in_force:
            yield from _held(judged, hold)


def doubts(message: Message, register: Register, *, holds: Holds) -> Iterator[str]:
    """What the word lists suspect of these texts, to be shown to the person who signs; a partner's words are theirs."""
    held_fields = [hold.field for hold in holds.in_force(register.holds)]
    free = [field for field in HeldField if field not in held_fields]
    for judged in _texts(message, register):
        if judged.partner is not None:
            continue
        for gap in suspected(judged.text, register.words):
            yield because("may-be-unfinished", "{text} may be unfinished: {gap}", text=judged.called, gap=str(gap))
        for found in suspected_data(judged.text, judged.register):
            place = _place(found.start, found.end)
            form = "{text} may hold {found} ({place}): {advice}"
            yield because("may-hold", form, text=judged.called, found=found.kind, place=place, advice=found.advice)
        for field in free:
            for start, end in held(field, judged.text, register=register):
                form, place = "{text} {says} ({place}), and no hold keeps that back now", _place(start, end)
                yield because("says-unheld", form, text=judged.called, says=SAYS[field], place=place)
        yield from (_remark_on(judged, finding) for finding in _checked(judged, "warning"))


def advice(message: Message, register: Register) -> Iterator[str]:
    """What the checks advise on these texts, for a person who looks at them before any order; it refuses nothing."""
    for judged in _texts(message, register):
        yield from (_remark_on(judged, finding) for finding in _checked(judged, "advice"))


def _remark_on(judged: Judged, finding: Remark) -> str:
    """What a check found here; where the trust's own list says it, the list is in English."""
    if not isinstance(finding.says, Because) or not isinstance(finding.advice, Because):
        return f"{judged.called} {finding}"
    gaps: dict[str, Gap] = {"text": judged.called, "says": finding.says, "advice": finding.advice}
    if finding.span is None:
        return because("remarked", "{text} {says}: {advice}", **gaps)
    return because("remarked-at", "{text} {says} ({place}): {advice}", **gaps, place=_place(*finding.span))


def _checked(judged: Judged, weight: Weight) -> Iterator[Remark]:
    """What the checks find here that weighs this much by the register's table."""
    partner = judged.partner is not None
    for finding in findings(judged.text, judged.language, register=judged.register):
        if rule_of(finding.check, judged.register).weight(partner=partner) == weight:
            yield finding


def _refused(judged: Judged) -> Iterator[str]:
    for finding in _checked(judged, "refusal"):
        able = [one.called for one in judged.register.people.values() if one.is_granted(Power.CHANGE_REGISTER)]
        yield _refused_by_check(judged, finding, tuple(able))


def _refused_by_check(judged: Judged, finding: Remark, able: tuple[str, ...]) -> str:
    form = "; register/checks.yaml refuses what the check {check} finds, "
    form += "and a person who looks after the register{such} could make it a warning there"
    if not isinstance(finding.says, Because) or not isinstance(finding.advice, Because) or not able:
        such = f", such as {' or '.join(able)}," if able else ""
        return f"{judged.called} {finding}{form.format(check=finding.check, such=such)}"
    form = form.format(check="{check}", such=", such as {able},")
    gaps: dict[str, Gap] = {"text": judged.called, "says": finding.says, "advice": finding.advice}
    gaps |= {"check": finding.check, "able": able}
    if finding.span is None:
        return because("check-refuses", "{text} {says}: {advice}" + form, **gaps)
    return because("check-refuses-at", "{text} {says} ({place}): {advice}" + form, **gaps, place=_place(*finding.span))


def _placeholders(judged: Judged) -> Iterator[str]:
    """A partner's brackets are theirs."""
    if judged.partner is None:
        for gap in gaps(judged.text):
            form = "{text} still holds {gap}: fill it with what is known, or leave that sentence out"
            yield because("still-holds", form, text=judged.called, gap=str(gap))


def _personal(judged: Judged) -> Iterator[str]:
    """A partner may give its own numbers and addresses to the public."""
    for found in personal_data(judged.text, judged.register, year=judged.message.expires_at.year):
        if judged.partner is None or found.kind in IDENTIFYING:
            form = "{text} holds {found} ({place}): {advice}"
            yield because(
                "holds-personal",
                form,
                text=judged.called,
                found=found.kind,
                place=_place(found.start, found.end),
                advice=found.advice,
            )


def _held(judged: Judged, hold: Hold) -> Iterator[str]:
    """The lead agencies speak for themselves, except of a person, whether a list has the name or not."""
    passes = judged.passes and hold.field is not HeldField.NAMES
    found = [] if passes else held(hold.field, judged.text, register=judged.register)
    if hold.names:
        found += listed(judged.text, frozenset(hold.names), salt=hold.salt)
    for start, end in dict.fromkeys(found):
        form = "{text} {says} (characters {start} to {end}), which the hold {hold} keeps back: "
        form += "take it out, or have {able} lift the hold"
        gaps: dict[str, Gap] = {"text": judged.called, "says": SAYS[hold.field], "start": start + 1, "end": end}
        gaps |= {"hold": hold.id, "able": able_to_lift(hold, judged.register)}
        if hold.first_word:
            yield because(
                "held-until", form + " once {speakers} has said it", **gaps, speakers=_speakers(hold, SPEAKERS)
            )
        else:
            yield because("held", form, **gaps)


def keeps_back(hold: Hold, message: Message, *, register: Register) -> bool:
    """Whether this hold would keep these words back."""
    return any(True for judged in _texts(message, register) for _ in _held(judged, hold))


def lifters(hold: Hold, register: Register) -> str:
    """Who may lift a hold, by name and role, in a sentence."""
    return " or ".join(able_to_lift(hold, register))


def able_to_lift(hold: Hold, register: Register) -> tuple[str, ...]:
    """Who may lift a hold, by name and role: any of these; its holders, once they may, if no person can."""
    known = [register.people[name] for name in hold.holders if name in register.people]
    able = tuple(one.called for one in known if one.is_granted(Power.LIFT_HOLD))
    form = "{people}, once the register grants them {power},"
    return able or (because("once-granted", form, people=tuple(hold.holders), power=Power.LIFT_HOLD),)


def first_speakers(hold: Hold, lead: str | None = None) -> tuple[str, ...]:
    """Whose word the held field waits for: any of these; none if it waits for none.

    `lead` is what the agency is called that leads, where that is known.
    """
    named = {**SPEAKERS, TONIGHTS_LEAD: because("which-leads", "{name} (which leads)", name=lead)} if lead else SPEAKERS
    return _speakers(hold, named)


def _speakers(hold: Hold, named: Mapping[str, str]) -> tuple[str, ...]:
    form = "a partner of category {category}"
    return tuple(named.get(one) or because("a-partner", form, category=one) for one in hold.first_word)


def _place(start: int, end: int) -> str:
    return because("place-of", "characters {start} to {end}", start=start + 1, end=end)
