"""What a second person says yes to, in lines: every text of a template, or the message that a chain delegates."""

from collections.abc import Iterator

from streams.values import Form
from streams.words.register.entries import Chain, Register, Template


def told_template(template: Template, register: Register) -> Iterator[str]:
    """All that an approval of this template covers: who owns it, where it goes out, its slots and every text."""
    yield f"template {template.id}: {template.title}"
    yield f"owned by {register.called(template.owner)}, to be reviewed by {template.review_on:%d %B %Y}"
    yield f"on {', '.join(template.channels)}; for {', '.join([*template.hazards, *template.types])}"
    if template.hashtags:
        yield f"hashtags {' '.join(template.hashtags)}"
    for language, what in template.what.items():
        yield f"what happened, {language}: {what}"
    for name, slot in template.slots.items():
        choices = f", one of {', '.join(slot.choices)}" if slot.choices else ""
        yield f"slot {{{name}}}: {slot.kind}{choices}, {slot.about}"
    for form in Form:
        for purpose, texts in template.in_form(form).items():
            for language, text in texts.items():
                yield f"{'short ' if form is Form.SHORT else ''}{purpose}, {language}: {text}"
    yield f"content {template.content_hash()}"


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
