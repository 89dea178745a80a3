"""The hash chain of a subject's facts: what makes a changed, dropped or reordered record visible.

The hash of a fact is SHA-256 over the canonical form of its stored JSON without the field `hash`.
It is taken from what was stored, not from a model, so an upcast fact still verifies.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from streams.values import Subject, digest
from streams.words.facts import Fact

START = "0" * 64


def seal(fact: Fact) -> Fact:
    """Give a fact its hash; `previous` must be in place."""
    return fact.model_copy(update={"hash": digest(fact.model_dump(mode="json", exclude={"hash"}))})


def is_sealed(fact: Fact) -> bool:
    """Whether a fact of this release has the hash of its own content."""
    return fact.hash == seal(fact).hash


def hash_of(stored: Mapping[str, Any]) -> str:
    """Hash a stored fact without its field `hash`."""
    return digest({name: value for name, value in stored.items() if name != "hash"})


def subject_of(stored: Mapping[str, Any]) -> Subject | None:
    """The subject of a fact as it is stored; None where it names none."""
    try:
        return Subject.model_validate(stored.get("subject"))
    except ValidationError:
        return None


def called(stored: Mapping[str, Any]) -> str:
    """The subject of a stored fact in a sentence."""
    subject = subject_of(stored)
    return subject.called if subject else "no subject"


def faults(stored: Iterable[Mapping[str, Any]]) -> list[str]:
    """Walk the stored facts of ONE subject in log order; a sentence for every place where the chain is broken.

    A chain does not show that its LAST facts were cut off, nor that all of it was rewritten with matching hashes:
    to find that, compare its head with one from elsewhere, such as a backup or the table.
    """
    found: list[str] = []
    previous, sequence = START, 0
    for fact in stored:
        at = f"fact {fact.get('sequence')} of {called(fact)}"
        if fact.get("sequence") != sequence + 1:
            found.append(f"{at}: fact {sequence + 1} should stand here; one was dropped, added or moved")
        elif fact.get("previous") != previous:
            found.append(f"{at}: it does not follow the fact before it; one was changed or replaced")
        if fact.get("hash") != hash_of(fact):
            found.append(f"{at}: its content does not match its hash; it was changed")
        numbered = fact.get("sequence")
        previous, sequence = str(fact.get("hash")), numbered if isinstance(numbered, int) else sequence + 1
    return found
