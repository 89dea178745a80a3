"""The first word as each kind of channel would have shown it, side by side, also kinds that the trust does not have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.exercise.played import Played
from streams.decisions.channels.card import Languages
from streams.decisions.channels.kinds import KINDS, speaking
from streams.decisions.wording.shown.renderings import Figure, Rendering, renderings
from streams.words.register.entries import ChannelEntry
from streams.words.release import Message, MessageAuthorised

WIDTH = 80
NAME, LANGUAGES, FIGURE = 12, 6, 12


@dataclass(frozen=True, slots=True)
class OnKind:
    """What the public of one kind of channel reads: all its posts, or its one letter, message or page."""

    kind: str
    parts: Sequence[Rendering]

    @property
    def over(self) -> Sequence[Figure]:
        """The lengths that are more than this kind takes: such a message is refused before anybody signs it."""
        return [figure for part in self.parts for figure in part.figures if figure.is_over]


def beside(played: Played) -> Sequence[OnKind]:
    """The first message of our own on every kind of channel that there is; empty if none was signed off."""
    message = _first(played)
    if message is None:
        return []
    return [OnKind(kind, [*_parts(message, kind, played)]) for kind in speaking()]


def table(shown: Sequence[OnKind]) -> Iterator[str]:
    """The same in lines of at most 80 characters: a row for each post, with its length and how it begins."""
    if shown:
        yield f"{'channel':<{NAME}} {'in':<{LANGUAGES}} {'length':>{FIGURE}}  the first word begins"
    for one in shown:
        for part in one.parts:
            figure = _telling(part)
            length = f"{figure.length}/{figure.most}" if figure.most is not None else f"{figure.length}"
            row = f"{one.kind[:NAME]:<{NAME}} {'+'.join(part.languages)[:LANGUAGES]:<{LANGUAGES}} {length:>{FIGURE}}"
            mark = (
                "! too long: refused before a yes" if figure.is_over else " ".join((part.subject or part.text).split())
            )
            yield f"{row}  {_cut(mark, WIDTH - len(row) - 2)}"


def _first(played: Played) -> Message | None:
    authorised = (fact.body.message for fact in played.facts if isinstance(fact.body, MessageAuthorised))
    return next((message for message in authorised if message.credit is None), None)


def _parts(message: Message, kind: str, played: Played) -> Iterator[Rendering]:
    """A kind that speaks one language has a channel for each."""
    languages = ",".join(message.texts)
    one_each = KINDS[kind].languages is Languages.ONE
    for options in [{"language": one} for one in message.texts] if one_each else [{"languages": languages}]:
        entry = ChannelEntry(id=kind, kind=kind, title=kind, owner="report", options={"trust": played.trust, **options})
        yield from renderings(message, entry, mode=played.mode)


def _telling(part: Rendering) -> Figure:
    """The length that says most: one over its limit, else the whole, else the first."""
    return next((one for one in part.figures if one.is_over), part.figures[-1 if len(part.languages) > 1 else 0])


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"
