"""Templates in words: which texts there are, what each says, and what fills its slots."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from streams.decisions.authority import freshness
from streams.decisions.authority.keys import awaits_keys
from streams.decisions.verdict import reasons_of
from streams.decisions.wording.message_checks import findings, reading_age, rule_of
from streams.decisions.wording.renderer import text_called
from streams.decisions.wording.slot_values import choices_of
from streams.telling.deliveries import told_picture
from streams.telling.facts import apart
from streams.values import Form, Purpose
from streams.words.register.entries import Chain, Register, Template

OFFERED_SHOWN = 6


def told_templates(register: Register, now: datetime) -> Iterator[str]:
    """Every template with its first words and its slots, in a few lines each."""
    for template in register.templates.values():
        yield from map(apart, _head(template, register, now=now))
        first = [Purpose.HOLDING] if Purpose.HOLDING in template.texts else list(template.texts)
        yield from map(apart, _texts(template, first))
        yield from map(apart, _checked(template, register, first))
        yield from map(apart, _slots(template, register, most=OFFERED_SHOWN))


def told_template(template: Template, register: Register, *, now: datetime) -> Iterator[str]:
    """One template with all its texts, in every language and form, and all that its slots take."""
    yield from map(apart, _head(template, register, now=now))
    yield from map(apart, _texts(template, list(template.texts)))
    yield from map(apart, _checked(template, register, list(template.texts)))
    yield from map(apart, _slots(template, register, most=None))


def told_whole(template: Template, register: Register, *, now: datetime) -> Iterator[str]:
    """All that an approval of this template covers: the same, with its picture, its hashtags and its hash."""
    yield from told_template(template, register, now=now)
    yield from (f"  what happened {language}: {what}" for language, what in template.what.items())
    if template.picture:
        yield from (f"  {line}" for line in told_picture(template.picture))
    yield f"  hashtags {' '.join(template.hashtags) or 'none'}; content {template.content_hash()}"


def told_checks(register: Register) -> Iterator[str]:
    """What the message checks say of every text of every template: reading ages, and what was found."""
    for template in register.templates.values():
        for line in _checked(template, register, list(template.texts)):
            yield apart(f"template {template.id}: {line.strip()}")


def told_unapproved(register: Register) -> Iterator[str]:
    """Which templates wait for their first yes, in a register in which nobody has a key yet; else they are faults."""
    waiting = [one.id for one in register.templates.values() if one.approval is None]
    if waiting and awaits_keys(register):
        yield (
            "no template goes out in live before a second person approved it, see `holdingline approve`; "
            f"these wait for that yes: {', '.join(waiting)}"
        )


def told_delegation(chain: Chain, register: Register) -> Iterator[str]:
    """What goes out if none of the chain's people answers, in whose name, and after whom."""
    given = chain.delegated
    if given is None:
        return
    yield f"chain {chain.id}: {chain.title}"
    asked = [register.called(step.person) if step.person else f"the rota {step.rota}" for step in chain.steps]
    yield f"if none of these answers: {', then '.join(asked)}"
    by = register.called(given.delegated_by)
    yield f"the {given.purpose} text of template {given.template} goes out, as {by} delegates"
    yield from (f"slot {{{name}}}: {value}" for name, value in given.slots.items())
    template = register.templates.get(given.template)
    for form in Form:
        texts = template.in_form(form).get(given.purpose, {}) if template else {}
        for language, text in texts.items():
            yield f"{'short ' if form is Form.SHORT else ''}{language}: {text}"
    yield f"content {chain.delegation_hash()}"


def _head(template: Template, register: Register, *, now: datetime) -> Iterator[str]:
    yield f"{template.id}: {template.title}, on {', '.join(template.channels)}"
    yield f"  for {', '.join(template.hazards)}{_types(template)}"
    yield f"  owned by {register.called(template.owner)}, to be reviewed by {template.review_on:%d %B %Y}"
    if given := template.approval:
        zone = register.hours.zone
        day, end = given.at.astimezone(zone), given.expires_at.astimezone(zone)
        yield f"  approved by {register.called(given.by)} on {day:%d %B %Y}, until {end:%d %B %Y}"
    yield from (
        f"  NOT usable: {reason}" for reason in reasons_of(freshness.template_faults(template, register, now=now))
    )


def _types(template: Template) -> str:
    return f"; in an incident that is {' or '.join(template.types)}" if template.types else ""


def _texts(template: Template, purposes: Sequence[Purpose]) -> Iterator[str]:
    for purpose in purposes:
        for form in Form:
            for language, text in template.in_form(form).get(purpose, {}).items():
                yield f"  {'short ' if form is Form.SHORT else ''}{purpose} {language}: {text}"


def _checked(template: Template, register: Register, purposes: Sequence[Purpose]) -> Iterator[str]:
    """The reading ages of these texts, and each finding with its weight; a slot counts as the one word of its name."""
    written = [
        (f"{purpose}: {text_called(language, form)}", language, text.replace("{", "").replace("}", ""))
        for purpose in purposes
        for form in Form
        for language, text in template.in_form(form).get(purpose, {}).items()
    ]
    ages = [(called, reading_age(text, language)) for called, language, text in written]
    if told := [f"{called} {age}" for called, age in ages if age is not None]:
        yield f"  reading age, in years: {', '.join(told)}"
    for called, language, text in written:
        for finding in findings(text, language, register=register):
            yield f"  {rule_of(finding.check, register).weight(partner=False)}: {called} {finding}"


def _slots(template: Template, register: Register, *, most: int | None) -> Iterator[str]:
    for name, slot in template.slots.items():
        values = choices_of(slot, register)
        more = f"; and {len(values) - most} more" if most is not None and len(values) > most else ""
        yield f"  --slot {name}=...  {slot.about} ({'; '.join(values[:most])}{more})"
    yield "  --next-update ...  when the next word comes, as 23:30 or +30m"
