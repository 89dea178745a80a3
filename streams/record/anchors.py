"""Anchors: how far every chain had come at a moment, noted in a place outside.

A record that was rewritten with fitting hashes, or cut off at its end, looks whole: only an anchor shows it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from streams.chain import subject_of
from streams.values import Frozen, Mode, Subject, Utc, digest


class Head(Frozen):
    """The last fact of a chain: its number in the chain and its hash."""

    sequence: int = Field(ge=1)
    hash: str


class Anchor(Frozen):
    """The heads of all chains of a mode at a moment. `digest` covers every other field."""

    version: Literal[1] = 1
    mode: Mode
    at: Utc
    heads: Mapping[str, Head]
    digest: str = ""

    def sealed(self) -> "Anchor":
        """The anchor with its digest."""
        return self.model_copy(update={"digest": self.content()})

    def content(self) -> str:
        """Hash of the anchor without its digest."""
        return digest(self.model_dump(mode="json", exclude={"digest"}))


def anchor_of(mode: str, stored: Iterable[Mapping[str, Any]], *, at: Utc) -> Anchor:
    """The anchor of these stored facts, which are in log order."""
    heads = {
        subject.key: Head(sequence=one["sequence"], hash=one["hash"]) for one in stored if (subject := subject_of(one))
    }
    return Anchor(mode=mode, at=at, heads=heads).sealed()


def missing(anchors: Iterable[Anchor], subject: Subject, *, stored: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A sentence for each anchored head that the stored facts of this incident do not hold."""
    # A record that is no fact may hold anything as its number.
    hashes = {number: one.get("hash") for one in stored if isinstance(number := one.get("sequence"), int)}
    for number, anchor in enumerate(anchors, 1):
        head = anchor.heads.get(subject.key)
        if anchor.digest != anchor.content():
            yield f"anchor {number} of {anchor.at:%Y-%m-%d %H:%M:%S} UTC: it is not as it was written; it was changed"
        elif head is not None and hashes.get(head.sequence) != head.hash:
            what = "another fact stands there" if head.sequence in hashes else "it is not here any more"
            yield (
                f"fact {head.sequence} of {subject.called}: {what}, and anchor {number} of "
                f"{anchor.at:%Y-%m-%d %H:%M:%S} UTC knew it; the record was cut off or written anew"
            )
