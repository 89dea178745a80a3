"""Message policy: what a text must say, what it must not hold, and how long it may be on each kind of channel."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from streams.decisions.channels.card import APART_MAX, Languages
from streams.decisions.channels.kinds import kind_of, language_of, speaking
from streams.decisions.wording.contents import contents_faults, doubts
from streams.decisions.wording.patterns import TEXTS_KEPT
from streams.decisions.wording.renderer import is_marked, text_called
from streams.decisions.wording.shown.renderings import renderings
from streams.signs import folded, hashtags_in
from streams.values import PROSE_CHARACTERS_MAX, Form, Purpose, is_drill
from streams.why import Gap, because
from streams.words.holds import Holds
from streams.words.register.entries import Register
from streams.words.release import Message

NO_HOLDS = Holds()
HASHTAGS_MAX = 3
DOUBTS_MAX = 20
"""So many doubts are shown one by one; who meets more reads the whole text again."""
MUST_SAY = frozenset({Purpose.HOLDING, Purpose.LINE})


@dataclass(frozen=True, slots=True)
class Says:
    """The words by which a text says what happened, where and when, in each language, and when the next word comes.

    Of the names for `where` one is enough. `next_update` may be in parts: a time, and a day that need not stand beside
    it.
    """

    what: Mapping[str, str]
    where: Mapping[str, tuple[str, ...]]
    when: Mapping[str, str]
    next_update: Mapping[str, Sequence[str]]


def faults(
    message: Message, register: Register, *, mode: str, says: Says | None = None, holds: Holds = NO_HOLDS
) -> tuple[str, ...]:
    """Every reason why this message may not go out unchanged; empty if it may. `holds` are the incident's own."""
    return tuple(
        dict.fromkeys(
            [
                *_languages(message, register),
                *_spoken(message, register),
                *contents_faults(message, register, holds=holds),
                *_hashtags(message),
                *_lengths(message, register, mode),
                *_pictures(message, register),
                *_marks(message, mode),
                *(_elements(message, says) if says else ()),
            ]
        )
    )


def doubted(message: Message, register: Register, *, holds: Holds = NO_HOLDS, others: Iterable[str] = ()) -> Message:
    """The message with what is suspected of its words, sealed: a yes to it is given in view of these doubts.

    `others` are doubts from elsewhere than the words themselves.
    """
    found = [*dict.fromkeys((*others, *doubts(message, register, holds=holds)))]
    form, left_out = "and {count} doubts more: read the text again", len(found) - DOUBTS_MAX
    more = [because("doubts-more", form, count=left_out)] if left_out > 0 else []
    return message.with_doubts([*found[:DOUBTS_MAX], *more])


def too_long(texts: Mapping[str, str], form: Form = Form.LONG) -> tuple[str, ...]:
    """Why these texts are more than any message may hold, on whatever channel; empty where they are not."""
    return tuple(
        because(
            "too-long",
            "{text} has {length} characters, no message takes more than {most}: shorten it",
            text=text_called(language, form),
            length=len(text),
            most=PROSE_CHARACTERS_MAX,
        )
        for language, text in texts.items()
        if len(text) > PROSE_CHARACTERS_MAX
    )


def kept_hashtags(hashtags: Iterable[str], texts: Iterable[str] = ()) -> tuple[str, ...]:
    """The first of these hashtags that fit beside those of the texts, none twice, each beginning with a capital."""
    inside = [hashtags_in(text) for text in texts]
    there = frozenset[str]().union(*inside)
    fresh = {folded(one): f"#{one[1:2].upper()}{one[2:]}" for one in reversed([*hashtags]) if folded(one) not in there}
    room = HASHTAGS_MAX - max(map(len, inside), default=0)
    return tuple(reversed(fresh.values()))[: max(room, 0)]


def _hashtags(message: Message) -> Iterator[str]:
    """More hashtags than help anybody to find it, and those that a screen reader cannot read word by word."""
    if message.credit:
        return
    added = {folded(one) for one in message.hashtags}
    for form, language, text in message.written():
        if (count := len(added | hashtags_in(text))) > HASHTAGS_MAX:
            called = text_called(language, form)
            yield because(
                "many-tags",
                "{text} has {count} hashtags: keep the {most} that say most, one of them for that of the incident",
                text=called,
                count=count,
                most=HASHTAGS_MAX,
            )
    for one in message.hashtags:
        if one[1:2].islower():
            tag_form = "{hashtag} is read out as one word: begin each word in it with a capital letter"
            yield because("tag-capitals", tag_form, hashtag=one)


def _languages(message: Message, register: Register) -> Iterator[str]:
    if message.credit:
        return
    wanted = register.languages if message.template else register.languages[:1]
    for language in wanted:
        if language not in message.texts:
            form = "the text in {language} is missing: write it, every language of the trust goes out together"
            yield because("text-missing", form, language=language)
        elif message.short_texts and language not in message.short_texts:
            form = "the short text in {language} is missing: write it, or leave out those in other languages"
            yield because("short-missing", form, language=language)
    for language in dict.fromkeys([*message.texts, *message.short_texts]):
        if language not in register.languages:
            form = "the trust does not speak {language}: leave that text out, or add the language to the register"
            yield because("not-spoken", form, language=language)


def _spoken(message: Message, register: Register) -> Iterator[str]:
    """Channels of one language whose language the message lacks. A withdrawal goes out in what there is."""
    if message.credit or message.purpose is Purpose.WITHDRAWAL:
        return
    for name in message.channels:
        channel = register.channels.get(name)
        language = language_of(channel) if channel else None
        if language and language not in message.texts:
            form = "channel {channel} speaks {language}: write the text in {language}, or leave {channel} out"
            yield because("channel-speaks", form, channel=name, language=language)


def _lengths(message: Message, register: Register, mode: str) -> Iterator[str]:
    for name in message.channels:
        channel = register.channels.get(name)
        if channel is None:
            form = "there is no channel {channel} on the register: choose one of {known}"
            yield because("no-channel", form, channel=name, known=", ".join(register.channels))
        elif (kind := kind_of(channel)) is None:
            form = "channel {channel} is of kind {sort}, there are {known}: leave {channel} out"
            yield because("no-such-kind", form, channel=name, sort=channel.kind, known=", ".join(speaking()))
        else:
            has_short_form = kind.form is Form.LONG or message.short_texts or message.credit
            if kind.languages is Languages.APART and (count := len(message.texts)) > APART_MAX:
                form = "the message has {count} languages, {channel} takes {most}: leave a language or {channel} out"
                yield because("many-languages", form, count=count, channel=name, most=APART_MAX)
            figures = [one for part in renderings(message, channel, mode=mode) for one in part.figures]
            for one in (figure for figure in figures if figure.is_over):
                form = "{text} has {length} {unit} with its hashtags, {channel} takes {most}: "
                form += "shorten it, or leave {channel} out"
                gaps: Mapping[str, Gap] = {
                    "text": one.called,
                    "length": one.length,
                    "unit": one.unit,
                    "channel": name,
                    "most": one.most or 0,
                }
                if has_short_form:
                    yield because("over", form, **gaps)
                else:
                    form += "; a short text, if it had one, would go there in its place"
                    yield because("over-without-short", form, **gaps)


def _pictures(message: Message, register: Register) -> Iterator[str]:
    """What keeps the picture from somebody who cannot see it, or from a channel that shows pictures."""
    picture = message.picture
    if picture is None:
        return
    for language in message.texts.keys() - picture.alternative_text.keys():
        form = "the picture {file} has no alternative text in {language}: write there what it shows"
        yield because("picture-unsaid", form, file=picture.file, language=language)
    for name in message.channels:
        kind = kind_of(register.channels[name]) if name in register.channels else None
        rule = kind.pictures if kind else None
        if rule is None:
            continue
        if picture.media_type not in rule.types:
            gaps = {
                "file": picture.file,
                "sort": picture.media_type,
                "channel": name,
                "known": ", ".join(sorted(rule.types)),
            }
            form = "the picture {file} is {sort}, {channel} takes {known}: convert it, or leave {channel} out"
            yield because("picture-kind", form, **gaps)
        if picture.size_bytes > rule.bytes_max:
            form = (
                "the picture {file} has {size} bytes, {channel} takes {most}: make it smaller, or leave {channel} out"
            )
            size, most = picture.size_bytes, rule.bytes_max
            yield because("picture-size", form, file=picture.file, size=size, channel=name, most=most)


def _marks(message: Message, mode: str) -> Iterator[str]:
    for form, language, text in message.written():
        if is_drill(mode) is not is_marked(text):
            called, what = text_called(language, form), "lacks the" if is_drill(mode) else "carries an"
            mark_form = f"{{text}} {what} exercise mark in mode {{mode}}: render it again in the mode it is meant for"
            if is_drill(mode):
                yield because("mark-lacks", mark_form, text=called, mode=mode)
            else:
                yield because("mark-there", mark_form, text=called, mode=mode)


def _elements(message: Message, says: Says) -> Iterator[str]:
    if message.purpose not in MUST_SAY:
        return
    for form, language, text in message.written():
        said = _words(text)
        wanted: list[tuple[str, Sequence[str]]] = [
            ("what", [says.what.get(language, "")]),
            ("where", says.where.get(language, ())),
            ("when", [says.when.get(language, "")]),
            *(("next", [words]) for words in says.next_update.get(language, [""])),
        ]
        for element, names in wanted:
            named = [one for one in names if one]
            if not any(_words(one) in said for one in named):
                yield _LACKS[element](text=text_called(language, form), missing=tuple(named) or "nothing given")


@lru_cache(TEXTS_KEPT)
def _words(text: str) -> str:
    return " ".join(folded(text).split())


_LACKS: Mapping[str, Callable[..., str]] = {
    "what": lambda **gaps: because("lacks-what", "{text} does not say what happened ({missing}): name it", **gaps),
    "where": lambda **gaps: because("lacks-where", "{text} does not say where ({missing}): name the place", **gaps),
    "when": lambda **gaps: because("lacks-when", "{text} does not say when ({missing}): give the time", **gaps),
    "next": lambda **gaps: because(
        "lacks-next", "{text} does not say when the next word comes ({missing}): promise a time", **gaps
    ),
}
