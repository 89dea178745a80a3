"""Renderings: what the public of a channel reads of a message, byte for byte.

The approver is shown them, the limits are held against them, and the adapters send them: one function makes them all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from streams.decisions.channels.card import ChannelKind, Languages
from streams.decisions.channels.kinds import LETTERS, SITE, kind_of, language_of
from streams.decisions.channels.lengths import BYTES, CODE_POINTS, Counter
from streams.decisions.wording.renderer import text_called
from streams.decisions.wording.shown import letters
from streams.values import Form, Language, digest
from streams.why import because
from streams.words.register.entries import ChannelEntry, Register, StillPicture
from streams.words.release import Message


@dataclass(frozen=True, slots=True)
class Figure:
    """How long a text is as its channel counts, and the most that it takes; None: the channel has no limit."""

    called: str
    length: int
    unit: str
    most: int | None

    @property
    def is_over(self) -> bool:
        """Whether it is longer than the channel takes."""
        return self.most is not None and self.length > self.most


@dataclass(frozen=True, slots=True)
class Rendering:
    """One post, letter, text message or article of a page: its words, in these languages.

    `subject` is the line above the words, where there is one; `figures` are the lengths that count; `picture` is None
    where the words are all.
    """

    languages: tuple[Language, ...]
    text: str
    figures: tuple[Figure, ...]
    subject: str | None = None
    picture: StillPicture | None = None


def renderings(message: Message, entry: ChannelEntry, *, mode: str) -> Sequence[Rendering]:
    """What the public of this channel reads of the message, in the order in which it is sent; none for no known kind.

    Where a network shares a partner's own post, these are the words of the copy that goes out if it cannot.
    """
    kind = kind_of(entry)
    if kind is None or not message.texts:
        return []
    languages = spoken_on(message, entry)
    apart = kind.languages is Languages.APART or kind.name == SITE.name
    parts = [(one,) for one in languages] if apart else [languages]
    return [_rendering(message, entry, kind, part, mode) for part in parts]


def spoken_on(message: Message, entry: ChannelEntry) -> tuple[Language, ...]:
    """The languages of the message that this channel shows, in the order in which it shows them.

    What must go out in any language is taken in one that it has by a channel that speaks another.
    """
    if one := language_of(entry):
        return (one if one in message.texts else min(message.texts),)
    kind = kind_of(entry)
    if kind is None or kind.by_hand or kind.languages is Languages.APART:
        return tuple(message.texts)
    return tuple(languages_of(message, entry.options.get("languages", "en").split(",")))


def languages_of(message: Message, order: Sequence[str]) -> Sequence[str]:
    """The languages of a message in the order of the place; languages that the place does not name come last."""
    known = [language for language in order if language in message.texts]
    return [*known, *sorted(set(message.texts) - set(known))]


def one_text(message: Message, languages: Sequence[Language], *, form: Form) -> str:
    """The words in these languages, one below the other."""
    return "\n\n".join(message.text_for(language, form) for language in languages)


def shown_digest(message: Message, register: Register, *, mode: str) -> str:
    """Digest of all that a person is shown before a yes: the words, and how each channel's public reads them."""
    shown = {
        name: [
            [one.subject, one.text, one.picture is not None]
            for one in renderings(message, register.channels[name], mode=mode)
        ]
        for name in message.channels
        if name in register.channels
    }
    return digest([message.words(), shown])


def _rendering(
    message: Message, entry: ChannelEntry, kind: ChannelKind, languages: tuple[Language, ...], mode: str
) -> Rendering:
    figures = [*_figures(message, entry, kind, languages)]
    if kind.name in LETTERS:
        return Rendering(
            languages,
            letters.body(message, languages, trust=entry.options.get("trust")),
            tuple(figures),
            letters.subject(message, languages, mode=mode),
        )
    text = one_text(message, languages, form=kind.form)
    if len(languages) > 1:
        counted = dict.fromkeys([kind.counter, CODE_POINTS] if kind.together_max else [kind.counter])
        figures += [
            Figure(because("all-of-it", "all of it"), one.count(text), one.unit, _most_together(kind, one))
            for one in counted
        ]
    title = message.titles.get(languages[0]) if kind.name == SITE.name else None
    return Rendering(languages, text, tuple(figures), title, message.picture if kind.pictures else None)


def _most_together(kind: ChannelKind, counter: Counter) -> int | None:
    return kind.together_max if counter == CODE_POINTS else None


def _figures(
    message: Message, entry: ChannelEntry, kind: ChannelKind, languages: Sequence[Language]
) -> Iterator[Figure]:
    """Each language by itself, since a limit is for one text; with its hashtags, as it is sent."""
    limit = min((one for one in (kind.limit, entry.characters_max) if one), default=None)
    counted: list[tuple[Counter, int | None]] = [(kind.counter, limit)]
    if kind.bytes_max:
        counted.append((BYTES, kind.bytes_max))
    for language in languages:
        form = kind.form if language in message.short_texts else Form.LONG
        text, called = message.text_for(language, form), text_called(language, form)
        yield from (Figure(called, counter.count(text), counter.unit, most) for counter, most in counted)
