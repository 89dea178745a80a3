"""The offline pack: what a person needs to speak for the trust by hand while none of its machines answers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from streams.decisions.authority import freshness
from streams.decisions.authority.powers import Act, may
from streams.decisions.channels.kinds import PLATFORM
from streams.decisions.verdict import Allowed, reasons_of
from streams.decisions.wording.slot_values import choices_of
from streams.values import Form, Frozen, Identifier, Language, Power, Purpose, Utc
from streams.words.register.entries import ChannelEntry, Register, Template

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
LETTERS_SHOWN = 4
CHOICES_SHOWN = 40
NEEDED = (Power.DECLARE, Power.RELEASE_HOLDING, Power.SIGN_OFF_LINE, Power.WITHDRAW)
"""The powers for which a person is looked for on the night."""
TO_WHOM = ("recipients", "recipients_file")
"""Options that name people outside: they are printed with the telephone numbers only."""
_SHORT = "Log in on a telephone and write the short text as a new post; a correction answers that post."
_LONG = (
    "Log in on a telephone, open the trust's page and write the long text as a new post; mend that post if it is wrong."
)
BY_HAND: Mapping[str, str] = {
    "site": "Ask the people who keep the trust's website to put the words at the top of its first page.",
    "email": "Send the words from any mailbox of the trust, one mail to each address.",
    "notify-email": "Send the words from any mailbox of the trust, one mail to each address.",
    "sms": "Send the short text from a telephone of the trust; a network may stop a sender after 20 equal ones.",
    "bluesky": _SHORT,
    "mastodon": _SHORT,
    "x": _SHORT,
    "facebook": _LONG,
    "linkedin": _LONG,
    "slack": "Open the workspace on a telephone and write the long text in the channel.",
    "teams": "Open the team on a telephone and write the long text; it is the trust's own, so it may be down too.",
    "by-hand": "Open the link on a telephone and write the words there, as on every other night.",
}
"""How a person reaches a channel of each kind without us."""


class PackText(Frozen):
    """One text of a template: its `parts` are words and, at every second place, the name of a gap."""

    purpose: Purpose
    form: Form
    language: Language
    parts: tuple[str, ...]


class PackSlot(Frozen):
    """A gap to fill by hand, with what may stand there; empty `choices` mean that it is written freely."""

    name: str
    about: str
    choices: tuple[str, ...]


class PackTemplate(Frozen):
    """A template that may go out now. `letters` follow from its content: two people compare them on the telephone."""

    id: Identifier
    title: str
    letters: str
    hazards: tuple[str, ...]
    channels: tuple[str, ...]
    texts: tuple[PackText, ...]
    slots: tuple[PackSlot, ...]


class PackChannel(Frozen):
    """A channel and how a person reaches it. `people` can log in; `to` are those who get the words."""

    title: str
    platform: str
    how: str
    people: tuple[str, ...]
    link: str | None
    to: str | None


class Pack(Frozen):
    """All of it, but the incidents: true at `made_at`, and too old after `too_old_at`."""

    made_at: Utc
    too_old_at: Utc
    templates: tuple[PackTemplate, ...]
    unusable: tuple[str, ...]
    channels: tuple[PackChannel, ...]
    now: Mapping[Power, tuple[str, ...]]


def pack_of(register: Register, now: datetime) -> Pack:
    """What this register lets people say and do at this moment; templates that may not go out are only named."""
    templates = [*register.messages.values()]
    faults = {one.id: reasons_of(freshness.template_faults(one, register, now=now)) for one in templates}
    return Pack(
        made_at=now,
        too_old_at=now + timedelta(days=register.pack_lasts_days),
        templates=tuple(_template(one, register) for one in templates if not faults[one.id]),
        unusable=tuple(reason for reasons in faults.values() for reason in reasons[:1]),
        channels=tuple(_channel(one, register) for one in register.channels.values()),
        now={power: tuple(_able(power, register, now)) for power in NEEDED},
    )


def _able(power: Power, register: Register, now: datetime) -> Iterator[str]:
    """Who has the power now. Whether they have a key does not matter: where no machine answers, nobody signs."""
    for person in register.people.values():
        if isinstance(may(person.id, Act(power, now), register=register), Allowed):
            yield person.called


def letters_of(content_hash: str) -> str:
    """Four letters that follow from a hash: enough to see that two people hold the same text, and not to prove it."""
    number, found = int(content_hash, 16), ""
    for _ in range(LETTERS_SHOWN):
        number, place = divmod(number, len(LETTERS))
        found += LETTERS[place]
    return found


def _template(template: Template, register: Register) -> PackTemplate:
    return PackTemplate(
        id=template.id,
        title=template.title,
        letters=letters_of(template.content_hash()),
        hazards=template.hazards,
        channels=tuple(_title(name, register) for name in template.channels),
        texts=tuple(_texts(template)),
        slots=tuple(
            PackSlot(name=name, about=slot.about, choices=tuple(choices_of(slot, register)[:CHOICES_SHOWN]))
            for name, slot in template.slots.items()
        ),
    )


def _texts(template: Template) -> Iterator[PackText]:
    for purpose in template.texts:
        for form in Form:
            for language, text in template.in_form(form).get(purpose, {}).items():
                parts = tuple(re.split(r"\{([a-z_]+)\}", text))
                yield PackText(purpose=purpose, form=form, language=language, parts=parts)


def _channel(entry: ChannelEntry, register: Register) -> PackChannel:
    people: Sequence[str] = [entry.owner, *entry.reach]
    to = [entry.options[name] for name in TO_WHOM if entry.options.get(name)]
    return PackChannel(
        title=entry.title,
        platform=entry.options.get(PLATFORM, entry.kind),
        how=BY_HAND.get(entry.kind, "Ask its owner how to write there by hand."),
        people=tuple(register.called(name) for name in dict.fromkeys(people)),
        link=entry.options.get("url"),
        to="; ".join(to) or None,
    )


def _title(name: str, register: Register) -> str:
    return register.channels[name].title if name in register.channels else name
