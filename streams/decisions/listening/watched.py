"""Watched: by what a post names us: the trust's name, its sites and its accounts, all from the register."""

from collections.abc import Iterator

from streams.decisions.listening.vocabulary import words_of
from streams.decisions.wording.welsh import mutated
from streams.words.register.entries import Register

OF_A_NAME = (
    "nhs foundation trust",
    "nhs trust",
    "foundation trust",
    "trust",
    "university health board",
    "health board",
)
"""People leave out how a trust's name ends; the longest comes first."""
LETTERS_MIN = 4
ACCOUNT_OPTIONS = ("handle", "account", "page", "account_id")
"""What the settings of a channel call the account itself."""


def watched(register: Register) -> tuple[str, ...]:
    """The folded terms. A site is a place of the gazetteer with a postcode, or with places of its own below it.

    A phrase is found as a hashtag too, and with its first word mutated as Welsh does it. A name of one short word would
    find everything, so it counts from four letters on.
    """
    flat = {" ".join(words_of(one)) for one in _names(register)}
    phrases = {one for one in flat if " " in one}
    joined = {one.replace(" ", "") for one in phrases}
    changed = {form for one in phrases for form in mutated(one)}
    return tuple(sorted(one for one in flat | joined | changed if len(one) >= LETTERS_MIN))


def _names(register: Register) -> Iterator[str]:
    yield from _of_trust(register.trust)
    above = {name.rpartition("/")[0] for name in register.places}
    for place in register.places.values():
        if "/" not in place.id and (place.postcodes or place.id in above):
            yield from place.names.values()
    for channel in register.channels.values():
        yield from (channel.options[name] for name in ACCOUNT_OPTIONS if channel.options.get(name))


def _of_trust(name: str) -> Iterator[str]:
    yield name
    plain = " ".join(words_of(name))
    ending = next((one for one in OF_A_NAME if plain.endswith(f" {one}")), None)
    if ending and " " in (short := plain.removesuffix(f" {ending}")):
        yield short
