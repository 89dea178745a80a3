"""A message as the public of each channel reads it, byte for byte; channels that show the same come together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypedDict

from agents.console.signing import Offer
from streams.decisions.authority.order import Order
from streams.decisions.authority.turns import begin, could_say_yes
from streams.decisions.sign_off.links import path_to
from streams.decisions.wording.shown.renderings import Figure, Rendering, renderings
from streams.words.register.entries import Register, StillPicture
from streams.words.release import LineDrafted, Message
from streams.words.sign_off import SignOffSought

PICTURE_BYTES_MAX = 5_000_000


class _Beside(TypedDict, total=False):
    pictured: Sequence[str]
    bare: Sequence[str]
    shows: Mapping[str, str]
    picture: str
    picture_at: str


@dataclass(frozen=True, slots=True)
class ReadText:
    """One text that is read on these channels, by their titles; `too_long` names those that do not take so much.

    `figures` are its lengths as each of them counts.
    If the message has a picture, `pictured` and `bare` are the channels with and without it, `shows` its alternative
    text in these languages, and `picture` the name of its file with whose work it is; `picture_at` is where the page
    finds it, if it is not too large for a telephone.
    `reaches` says of the channels whose audience the register knows how many people it is.
    """

    channels: Sequence[str]
    languages: Sequence[str]
    subject: str | None
    text: str
    figures: Sequence[tuple[str, Sequence[Figure]]]
    too_long: Sequence[str]
    pictured: Sequence[str] = ()
    bare: Sequence[str] = ()
    shows: Mapping[str, str] = field(default_factory=dict)
    picture: str = ""
    picture_at: str = ""
    reaches: Sequence[str] = ()


def shown_on(message: Message, register: Register, *, mode: str) -> Sequence[ReadText]:
    """Every text, in the order of the message's channels."""
    known = {one.title: one.audience for one in register.channels.values() if one.audience}
    together: dict[tuple[str | None, str, tuple[str, ...]], list[tuple[str, Rendering]]] = {}
    for name in message.channels:
        if entry := register.channels.get(name):
            for one in renderings(message, entry, mode=mode):
                together.setdefault((one.subject, one.text, one.languages), []).append((entry.title, one))
    return [
        ReadText(
            [name for name, _ in found],
            languages,
            subject,
            text,
            [(name, one.figures) for name, one in found if one.figures],
            [name for name, one in found if any(figure.is_over for figure in one.figures)],
            reaches=[f"{name}: {known[name]}" for name, _ in found if name in known],
            **_beside(message, found, languages),
        )
        for (subject, text, languages), found in together.items()
    ]


@dataclass(frozen=True, slots=True)
class WouldBeAsked:
    """Who says yes to a draft: the people of a chain, who are `paged` in this order, or all those who could."""

    names: Sequence[str]
    paged: bool


def would_be_asked(offered: Offer, order: Order) -> WouldBeAsked | None:
    """Who is asked for a yes once the draft of this offer is handed in; None if it would be refused."""
    draft = next((one.message for one in offered.facts if isinstance(one, LineDrafted)), None)
    if draft is None:
        return None
    order = replace(order, command=offered.given)  # Somebody may say it on the telephone.
    sought = next((one for one in begin(order, draft) if isinstance(one, SignOffSought)), None)
    if sought:
        return WouldBeAsked([*dict.fromkeys(one.name for one in sought.asked)], paged=True)
    return WouldBeAsked(could_say_yes(order, draft, but=order.command.by), paged=False)


def _beside(message: Message, found: Sequence[tuple[str, Rendering]], languages: Sequence[str]) -> _Beside:
    picture = message.picture
    if picture is None:
        return {}
    return {
        "pictured": [name for name, one in found if one.picture],
        "bare": [name for name, one in found if one.picture is None],
        "shows": {one: picture.alternative_text[one] for one in languages if one in picture.alternative_text},
        "picture": f"{picture.file} ({picture.credit})",
        "picture_at": path_to("pictures", picture.digest) if is_shown(picture) else "",
    }


def is_shown(picture: StillPicture) -> bool:
    """Whether the console shows it, and not only its name: a telephone on a poor line could not load a larger one."""
    return 0 < picture.size_bytes <= PICTURE_BYTES_MAX
