"""Which power lets words of each purpose out."""

from collections.abc import Mapping

from streams.values import Power, Purpose

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
