"""Templates in words: which texts there are, what each says, and what fills its slots."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from streams.decisions.authority import freshness
from streams.decisions.verdict import reasons_of
from streams.decisions.wording.slot_values import offered
from streams.telling.facts import apart
from streams.values import Form, Purpose
from streams.words.register.entries import Register, Template

OFFERED_SHOWN = 6


def told_templates(register: Register, now: datetime) -> Iterator[str]:
    """Every template with its first words and its slots, in a few lines each."""
    for template in register.templates.values():
        yield from map(apart, _head(template, register, now))
        yield from map(apart, _texts(template, [Purpose.HOLDING]))
        yield from map(apart, _slots(template, register, most=OFFERED_SHOWN))


def told_template(template: Template, register: Register, *, now: datetime) -> Iterator[str]:
    """One template with all its texts, in every language and form, and all that its slots take."""
    yield from map(apart, _head(template, register, now))
    yield from map(apart, _texts(template, list(template.texts)))
    yield from map(apart, _slots(template, register, most=None))


def _head(template: Template, register: Register, now: datetime) -> Iterator[str]:
    yield f"{template.id}: {template.title}, on {', '.join(template.channels)}"
    yield f"  for {', '.join(template.hazards)}{_types(template)}"
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


def _slots(template: Template, register: Register, *, most: int | None) -> Iterator[str]:
    for name, slot in template.slots.items():
        values = offered(slot, register)
        more = f"; and {len(values) - most} more" if most is not None and len(values) > most else ""
        yield f"  --slot {name}=...  {slot.about} ({'; '.join(values[:most])}{more})"
    yield "  --next-update ...  when the next word comes, as 23:30 or +30m"
