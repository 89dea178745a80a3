"""Which power lets words of each purpose out."""

from collections.abc import Mapping

from streams.values import Power, Purpose
from streams.words.release import Message

POWER_FOR: Mapping[Purpose, Power] = {
    Purpose.HOLDING: Power.RELEASE_HOLDING,
    Purpose.CORRECTION: Power.RELEASE_HOLDING,
    Purpose.ALL_CLEAR: Power.RELEASE_HOLDING,
    Purpose.WITHDRAWAL: Power.WITHDRAW,
    Purpose.LINE: Power.SIGN_OFF_LINE,
    Purpose.AMPLIFICATION: Power.AMPLIFY,
    Purpose.PLANNED: Power.RELEASE_HOLDING,
}
"""Withdrawing asks for less: its power is given to more people (rule 7 of the design)."""


def power_for(message: Message) -> Power:
    """The power that lets this message out: a correction in its own words takes what a line takes."""
    return Power.SIGN_OFF_LINE if in_own_words(message) else POWER_FOR[message.purpose]


def in_own_words(message: Message) -> bool:
    """Whether this corrects another message in words that nobody approved before."""
    return message.purpose is Purpose.CORRECTION and message.template is None
