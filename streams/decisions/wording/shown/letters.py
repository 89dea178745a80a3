"""A letter: its subject, and its body in every language."""

from collections.abc import Mapping, Sequence

from streams.decisions.wording.renderer import MARKS
from streams.values import Language, Purpose, is_drill, sentence
from streams.words.release import Message

SUBJECT_CHARACTERS_MAX = 200
BETWEEN = "\n\n* * *\n\n"
PURPOSES: Mapping[str, Mapping[Purpose, str]] = {
    "en": {
        Purpose.HOLDING: "First statement",
        Purpose.LINE: "Update",
        Purpose.CORRECTION: "Correction",
        Purpose.WITHDRAWAL: "Withdrawal",
        Purpose.ALL_CLEAR: "All clear",
        Purpose.AMPLIFICATION: "Partner’s message",
        Purpose.PLANNED: "Announcement",
    },
    "cy": {
        Purpose.HOLDING: "Datganiad cyntaf",
        Purpose.LINE: "Diweddariad",
        Purpose.CORRECTION: "Cywiriad",
        Purpose.WITHDRAWAL: "Tynnu’n ôl",
        Purpose.ALL_CLEAR: "Popeth yn glir",
        Purpose.AMPLIFICATION: "Neges partner",
        Purpose.PLANNED: "Cyhoeddiad",
    },
}


def subject(message: Message, languages: Sequence[Language], *, mode: str) -> str:
    """The title and what the letter is, on one line; a drill is marked before anything else.

    Where it is too long the title is cut: the mark and what the letter is stay whole.
    """
    marks = [MARKS.get(language, MARKS["en"]) for language in languages] if is_drill(mode) else []
    kinds = [PURPOSES.get(language, PURPOSES["en"])[message.purpose] for language in languages]
    titles = [message.titles[language] for language in languages if language in message.titles]
    before, after = ": ".join(dict.fromkeys(marks)), " / ".join(dict.fromkeys(kinds))
    title = sentence(" / ".join(dict.fromkeys(titles))) if titles else ""
    room = SUBJECT_CHARACTERS_MAX - len(f"{before}: : {after}")
    return ": ".join(part for part in (before, title[:room].rstrip(" –/"), after) if part)


def body(message: Message, languages: Sequence[Language], *, trust: str | None) -> str:
    """The long texts, one below the other, and the trust's name below all."""
    texts = [message.text_for(language) for language in languages]
    signature = f"\n\n-- \n{trust}\n" if trust else "\n"
    return BETWEEN.join(texts) + signature
