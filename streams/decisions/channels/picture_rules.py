"""Which pictures each kind takes, and what becomes of one if its words are corrected; a kind without a row has none."""

from collections.abc import Mapping
from dataclasses import dataclass

OLD = frozenset({"image/png", "image/jpeg"})
STILL = OLD | {"image/webp"}
MOVES = frozenset({"image/gif"})


@dataclass(frozen=True, slots=True)
class PictureRule:
    """Which pictures a kind takes: media types, and bytes of the file. Each takes 1,000 characters that tell of one.

    A correction has no picture of its own: `corrected` says what becomes of the one that the first words had.
    """

    types: frozenset[str]
    bytes_max: int
    corrected: str


RULES: Mapping[str, PictureRule] = {
    # On the night everybody loads the page, most of them on a phone.
    "site": PictureRule(STILL | MOVES, 1_000_000, "it stays with the first words, which are marked as corrected"),
    "bluesky": PictureRule(STILL, 1_000_000, "it stays with the first words, which the correction answers"),
    "mastodon": PictureRule(STILL | MOVES, 8_000_000, "it goes with the first words"),
    "x": PictureRule(STILL, 5_000_000, "it goes with the first words if X takes the edit, else both stay"),
    "facebook": PictureRule(OLD, 4_000_000, "it stays, beside the corrected words"),
    "linkedin": PictureRule(OLD | MOVES, 5_000_000, "it stays, beside the corrected words"),
    "slack": PictureRule(OLD | MOVES, 5_000_000, "it goes with the first words"),
}
