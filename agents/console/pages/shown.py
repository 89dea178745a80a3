"""A message as the public of each channel reads it, byte for byte; channels that show the same come together."""

from collections.abc import Sequence
from dataclasses import dataclass

from streams.decisions.wording.shown.renderings import Rendering, renderings
from streams.words.register.entries import Register
from streams.words.release import Message


@dataclass(frozen=True, slots=True)
class ReadText:
    """One text that is read on these channels; `too_long` names those that do not take so much."""

    channels: Sequence[str]
    languages: Sequence[str]
    subject: str | None
    text: str
    figures: Sequence[str]
    too_long: Sequence[str]


def shown_on(message: Message, register: Register, *, mode: str) -> Sequence[ReadText]:
    """Every text, in the order of the message's channels."""
    together: dict[tuple[str | None, str, tuple[str, ...]], list[tuple[str, Rendering]]] = {}
    for name in message.channels:
        if entry := register.channels.get(name):
            for one in renderings(message, entry, mode=mode):
                together.setdefault((one.subject, one.text, one.languages), []).append((name, one))
    return [
        ReadText(
            [name for name, _ in found],
            languages,
            subject,
            text,
            [_told(name, one) for name, one in found if one.figures],
            [name for name, one in found if any(figure.is_over for figure in one.figures)],
        )
        for (subject, text, languages), found in together.items()
    ]


def _told(name: str, one: Rendering) -> str:
    figures = [f"{figure.length} {figure.unit}{f' of {figure.most}' if figure.most else ''}" for figure in one.figures]
    return f"{name}: {', '.join(figures)}"
